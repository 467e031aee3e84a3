"""The division by the root of d_k: every number again in plain NumPy, every claim on several seeds."""

import json
import re
from functools import cache
from itertools import product

import numpy as np
import pytest

from attention import softmax_jacobian
from attention_lab.kit import frame
from attention_lab.kit.blocks import Amount, Block, Choice
from attention_lab.kit.blocks.base import plain
from attention_lab.kit.predict import is_open, predict
from attention_lab.kit.scene import made
from attention_lab.labs.scale.lab import DIVIDED, PLAIN, Scale
from attention_lab.labs.scale.measured import N_KEYS, Drawn, gradient_norms
from tests.lab.helpers import blocks

SEEDS = (1, 20, 1234)
EXACT = 1e-9
FLOAT32 = 1e-5  # scores are drawn and multiplied in float32


def make(**changes):
    lab = Scale()
    lab.apply(changes)
    assert lab.message is None
    return lab


def facts(lab):
    return {fact["name"]: fact for fact in blocks(lab)["Facts"]["facts"]}


@cache
def own_scores(seed, d_k):
    """The scores of 32 queries with 512 keys, in double precision."""
    rng = np.random.Generator(np.random.SFC64(seed))
    q = rng.standard_normal((32, 1024), dtype=np.float32).astype(float)
    k = rng.standard_normal((512, 1024), dtype=np.float32).astype(float)
    return q[:, :d_k] @ k[:, :d_k].T


def own_rows(seed, d_k, n_keys, by):
    per_query = min(16, 512 // n_keys)
    rows = own_scores(seed, d_k)[:, : per_query * n_keys].reshape(32 * per_query, n_keys) / by
    raised = np.exp(rows - rows.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


def own_norms(weights):
    """The Frobenius norm of the Jacobian of each row, the Jacobian written out."""
    return np.array([np.linalg.norm(np.diag(w) - np.outer(w, w)) for w in weights])


# Numbers


@pytest.mark.parametrize(("seed", "d_k"), [(1, 64), (2, 1), (3, 1024), (4, 37)])
def test_the_spread_is_that_of_all_scores(seed, d_k):
    lab = make(seed=seed, d_k=d_k)
    scores = own_scores(seed, d_k)
    assert facts(lab)["spread"]["value"] == pytest.approx(scores.std(), rel=FLOAT32)
    assert facts(lab)["largest"]["value"] == pytest.approx(scores.max(), rel=FLOAT32)
    lab.apply({"divide": True})
    assert facts(lab)["spread"]["value"] == pytest.approx(scores.std() / d_k**0.5, rel=FLOAT32)


def test_the_histogram_counts_every_score_that_lies_in_the_picture():
    shown = blocks(make(d_k=256))["Histogram"]
    scores = own_scores(1, 256)
    inside = np.abs(scores) < 32
    assert sum(shown["series"][0]["counts"]) == pytest.approx(inside.sum(), abs=2)
    assert shown["series"][0]["outside"] == pytest.approx((~inside).sum(), abs=2)
    assert [mark["at"] for mark in shown["marks"]] == [-16, 16]


@pytest.mark.parametrize("changes", [{"d_k": 16}, {"d_k": 64}, {"d_k": 1024}, {"d_k": 1024, "divide": True}])
def test_scores_that_the_picture_does_not_reach_are_counted_beside_it(changes):
    shown = blocks(make(**changes))
    outside = shown["Histogram"]["series"][0]["outside"]
    note = next(fact["note"] for fact in shown["Facts"]["facts"] if fact["name"] == "largest")
    assert note == (f"{outside} of 16\u202f384 scores outside the picture" if outside else "")


def test_the_law_shows_the_measured_spread_beside_the_root_and_the_workshops_d():
    series = {line["name"]: line for line in blocks(make(step="law"))["Lines"]["series"]}
    x = np.array(series["√d_k"]["x"])
    assert x.tolist() == [2**i for i in range(11)]
    own = [own_scores(1, int(d_k)).std() for d_k in x]
    np.testing.assert_allclose(series["measured, not divided"]["y"], own, rtol=FLOAT32)
    np.testing.assert_allclose(series["measured, divided by √d_k"]["y"], own / np.sqrt(x), rtol=FLOAT32)
    np.testing.assert_allclose(series["√d_k"]["y"], np.sqrt(x), rtol=EXACT)
    np.testing.assert_allclose(series["d_k, as the workshop says"]["y"], x, rtol=EXACT)


def test_the_prose_calls_the_workshops_line_what_the_legend_calls_it():
    lab = make(step="law")
    line = next(each for each in blocks(lab)["Lines"]["series"] if each["y"] == each["x"])
    assert f"“{line['name']}”" in frame.lesson(lab, lab.scene())["html"]


@pytest.mark.parametrize(
    ("divide", "temperature", "row", "n_keys"), [(False, 1.0, 0, 8), (True, 1.0, 3, 8), (True, 0.5, 17, 64)]
)
def test_the_row_is_softmax_of_its_scores(divide, temperature, row, n_keys):
    lab = make(step="soften", divide=divide, temperature=temperature, row=row, n_keys=n_keys)
    weights = own_rows(1, 64, n_keys, temperature * (8 if divide else 1))[row]
    bars = blocks(lab)["Bars"]
    if n_keys == 8:
        np.testing.assert_allclose(bars["values"], weights, atol=FLOAT32)
    else:
        ordered = np.sort(weights)[::-1]
        np.testing.assert_allclose(bars["values"], [*ordered[:15], ordered[15:].sum()], atol=FLOAT32)
        assert bars["names"][-1] == "49 more"
    assert facts(lab)["largest weight"]["value"] == pytest.approx(weights.max(), abs=FLOAT32)
    bits = -(weights * np.log2(weights)).sum()
    assert facts(lab)["entropy"]["value"] == pytest.approx(bits, abs=1e-4)


@pytest.mark.parametrize("n_keys", [8, 64, 512])
def test_the_curves_over_d_k_are_means_of_all_rows(n_keys):
    for step, measure, of in (
        ("harden", "largest", lambda w: w.max(axis=1)),
        ("harden", "bits", lambda w: -(w * np.log2(np.maximum(w, 1e-300))).sum(axis=1)),
        ("gradient", "largest", own_norms),
    ):
        series = blocks(make(step=step, measure=measure, n_keys=n_keys))["Lines"]["series"]
        for line in series:
            for d_k, shown in list(zip(line["x"], line["y"], strict=True))[1::4]:  # d_k 4 and 1024
                by = d_k**0.5 if line["name"] == DIVIDED else 1.0
                own = of(own_rows(1, int(d_k), n_keys, by)).mean()
                assert shown == pytest.approx(own, abs=1e-4)


def test_the_curve_over_keys_is_the_mean_of_all_rows_at_the_chosen_d_k():
    for line in blocks(make(step="keys", d_k=100))["Lines"]["series"]:
        by = 10 if line["name"] == DIVIDED else 1
        own = [own_norms(own_rows(1, 100, n, by)).mean() for n in N_KEYS]
        np.testing.assert_allclose(line["y"], own, atol=1e-4)


def test_more_keys_of_a_seed_begin_with_those_that_were_there_whatever_was_asked_for_before():
    rng = np.random.Generator(np.random.SFC64(9))
    q = rng.standard_normal((32, 1024), dtype=np.float32)
    k = rng.standard_normal((512, 1024), dtype=np.float32)
    drawn = Drawn(9)
    for n in (128, 8, 129, 512, 16):
        np.testing.assert_array_equal(drawn.keys(n), k[:n])
    np.testing.assert_array_equal(drawn.q, q)
    lab = make(seed=9, step="gradient")  # few keys, and then all of the same seed
    assert blocks(lab)["Lines"]
    lab.apply({"step": "keys"})
    for line in blocks(lab)["Lines"]["series"]:
        by = 8 if line["name"] == DIVIDED else 1
        own = [own_norms(own_rows(9, 64, n, by)).mean() for n in N_KEYS]
        np.testing.assert_allclose(line["y"], own, atol=1e-4)


def test_the_curve_over_keys_holds_where_scores_spread_most():
    for line in blocks(make(step="keys", d_k=1024))["Lines"]["series"]:
        by = 32 if line["name"] == DIVIDED else 1
        own = [own_norms(own_rows(1, 1024, n, by)).mean() for n in N_KEYS]
        np.testing.assert_allclose(line["y"], own, atol=1e-4)


def test_the_short_form_of_the_norm_is_that_of_the_librarys_jacobian():
    weights = own_rows(5, 16, 8, 4.0)
    norms = np.sqrt((softmax_jacobian(weights) ** 2).sum(axis=(1, 2)))
    np.testing.assert_allclose(gradient_norms(weights), norms, rtol=EXACT)
    np.testing.assert_allclose(gradient_norms(weights), own_norms(weights), rtol=EXACT)


def test_the_share_of_stuck_rows_is_counted():
    lab = make(step="gradient")
    norms = own_norms(own_rows(1, 64, 8, 1.0))
    assert facts(lab)[f"stuck, {PLAIN}"]["text"] == f"{100 * (norms < 0.01).mean():.1f} %"
    assert facts(lab)[f"mean, {PLAIN}"]["value"] == pytest.approx(norms.mean(), abs=1e-4)


# What the prose says


@pytest.mark.parametrize("seed", SEEDS)
def test_scores_spread_like_the_root_of_d_k_and_not_like_d_k(seed):
    lab = make(seed=seed, step="law")
    np.testing.assert_allclose(lab.spreads[2:], np.sqrt([4 * 2**i for i in range(9)]), rtol=0.25)
    np.testing.assert_allclose(lab.spreads[-1], 32, rtol=0.05)


@pytest.mark.parametrize(("seed", "n_keys"), list(product(SEEDS, (8, 64, 512))))
def test_without_division_softmax_hardens_and_with_it_it_stays(seed, n_keys):
    lab = make(seed=seed, n_keys=n_keys, step="harden")
    plain_ones, divided = lab.over_widths.largest.mean(axis=-1).tolist()
    assert plain_ones == sorted(plain_ones)
    assert plain_ones[-1] > 0.8
    assert max(divided[1:]) - min(divided[1:]) < 0.06


@pytest.mark.parametrize("seed", SEEDS)
def test_dividing_gives_the_larger_gradient_with_few_keys_and_the_smaller_one_with_many(seed):
    lab = make(seed=seed, step="keys")
    plain_ones, divided = (dict(zip(N_KEYS, part, strict=True)) for part in lab.over_keys)
    assert divided[8] > 2 * plain_ones[8]
    assert abs(divided[64] - plain_ones[64]) < 0.07  # they cross about here
    assert plain_ones[512] > 2 * divided[512]
    assert list(divided.values()) == sorted(divided.values(), reverse=True)
    assert "Here dividing gives more at 8, 16" in lab.verdict
    assert "512 keys" in lab.verdict.split("Here not dividing gives more at")[1]


@pytest.mark.parametrize(("seed", "d_k"), list(product((1, 2), (2, 4, 64, 256, 1024))))
def test_the_verdict_tells_ties_from_what_the_rows_can_tell(seed, d_k):
    at = {"dividing": [], "not dividing": [], "close": []}
    for n in N_KEYS:
        divided, plain_ones = (own_norms(own_rows(seed, d_k, n, by)) for by in (d_k**0.5, 1))
        off = np.hypot(*(x.std(ddof=1) / len(x) ** 0.5 for x in (divided, plain_ones)))
        difference = divided.mean() - plain_ones.mean()
        close = abs(difference) < 2 * off
        at["close" if close else "dividing" if difference > 0 else "not dividing"].append(str(n))
    found = re.findall(
        r"Here (dividing|not dividing|it is too close)[a-z ]* at (.+?) keys\.",
        make(seed=seed, d_k=d_k, step="keys").verdict,
    )
    said = {which.split()[-1] if "close" in which else which: re.findall(r"\d+", n) for which, n in found}
    assert said == {which: n for which, n in at.items() if n}


def test_with_one_column_dividing_changes_nothing_and_the_verdict_says_so():
    lab = make(d_k=1, step="keys")
    np.testing.assert_array_equal(*lab.over_keys)
    assert lab.verdict == "Here dividing by 1 changes nothing."


@pytest.mark.parametrize(("d_k", "n_keys"), [(1, 8), (2, 8), (4, 64), (64, 8), (1024, 512)])
def test_of_the_rows_that_are_not_stuck_is_told_only_where_others_are(d_k, n_keys):
    weights = own_rows(1, d_k, n_keys, 1)
    stuck = own_norms(weights) < 0.01
    told = blocks(make(step="keys", d_k=d_k, n_keys=n_keys))["Prose"]["paragraphs"][1]
    told = "".join(told)
    assert f"{weights.max(axis=1).mean():.2f}, and" in told
    if stuck.any():
        others = weights[~stuck].max(axis=1).mean()
        assert f"there the largest weight is {others:.2f} on average" in told
    else:
        assert told.endswith("and 0 % of rows are stuck.")


@pytest.mark.parametrize("n_keys", [8, 64, 512])
def test_near_ties_get_rare_in_wide_heads(n_keys):
    for seed in SEEDS:
        narrow, wide = (make(seed=seed, n_keys=n_keys, d_k=d_k, step="keys") for d_k in (64, 1024))
        place = N_KEYS.index(n_keys)
        assert wide.over_keys[0][place] < narrow.over_keys[0][place]


@pytest.mark.parametrize("seed", SEEDS)
def test_with_more_keys_fewer_rows_are_stuck(seed):
    stuck = [
        (make(seed=seed, n_keys=n, step="gradient").here_softened.gradients[0] < 0.01).mean()
        for n in (8, 64, 512)
    ]
    assert stuck[0] > stuck[1]
    assert stuck[0] > stuck[2]


# Predictions


@pytest.mark.parametrize("seed", SEEDS)
def test_four_times_the_columns_spread_twice_as_wide(seed):
    asked = made(make(seed=seed).scene().predict)
    ratio = own_scores(seed, 256).std() / own_scores(seed, 64).std()
    assert [asked.options[i] for i in asked.right] == ["2 times"]
    assert asked.answer[1] == f"{ratio:.2f} times"
    assert len(asked.why) == len(asked.options)


@pytest.mark.parametrize(("seed", "n_keys"), list(product(SEEDS, (8, 64, 512))))
def test_which_gradient_is_larger_is_computed(seed, n_keys):
    asked = made(make(seed=seed, n_keys=n_keys, step="soften", temperature=3.0, d_k=5).scene().predict)
    divided, plain_ones = (own_norms(own_rows(seed, 64, n_keys, by)) for by in (8, 1))
    off = np.hypot(*(x.std(ddof=1) / len(x) ** 0.5 for x in (divided, plain_ones)))
    difference = divided.mean() - plain_ones.mean()
    expected = 2 if abs(difference) < 2 * off else int(difference < 0)
    assert asked.right == [expected]
    assert f"divided {divided.mean():.3f}, not divided {plain_ones.mean():.3f}" in asked.answer[0]
    if n_keys in (8, 512):
        assert expected == (0 if n_keys == 8 else 1)


def test_the_answer_waits_for_the_guess_and_stands_beside_it():
    lab = make(step="soften")
    asked = made(lab.scene().predict)
    assert is_open(lab, asked)
    lab.apply({"guesses": {asked.key: 1}})
    lab.apply({"step": "gradient"})
    shown = predict(lab, made(lab.scene().predict))
    assert shown["open"]
    assert shown["yours"]["right"] is False
    assert "one key" in shown["yours"]["why"][0]


# Settings


def test_each_setting_changes_what_it_should():
    lab = make(step="soften")
    start = lab.weights
    for changes in ({"d_k": 16}, {"divide": True}, {"temperature": 2.0}, {"row": 1}, {"seed": 2}):
        other = make(step="soften", **changes).weights
        assert other.shape == start.shape
        assert not np.allclose(other, start)
    assert make(step="soften", n_keys=32).weights.shape == (32,)


def test_a_temperature_of_the_root_of_d_k_is_the_division():
    plain_one = make(step="soften", d_k=16, temperature=4.0)
    divided = make(step="soften", d_k=16, divide=True)
    np.testing.assert_allclose(plain_one.weights, divided.weights, rtol=EXACT)


def test_the_temperature_holds_only_on_the_steps_that_show_it():
    hot, cold = make(step="keys", temperature=4.0), make(step="keys")
    np.testing.assert_allclose(hot.over_keys, cold.over_keys, rtol=0, atol=0)


@pytest.mark.parametrize("n_keys", [8, 64, 512])
def test_another_query_is_the_next_query_until_all_were_shown(n_keys):
    lab = make(step="soften", n_keys=n_keys)
    queries = []
    for _ in range(32):
        row = lab.in_rows.reshape(-1, n_keys)[lab.row]
        queries.append(int((lab.in_rows[:, :n_keys] == row).all(axis=1).nonzero()[0][0]))
        lab.apply(lab._next_row()["set"])
    assert queries == list(range(32))
    assert lab.row == 0


def test_another_query_goes_round():
    lab = make(step="soften", n_keys=512, row=31)
    lab.apply(lab._next_row()["set"])
    assert lab.row == 0
    lab.apply({"n_keys": 8, "row": 511})
    lab.apply({"n_keys": 512})
    assert lab.row == 511 % 32


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"d_k": 1, "n_keys": 512, "divide": True},
        {"d_k": 1024, "temperature": 0.25, "n_keys": 8},
        {"d_k": 1024, "temperature": 4.0, "n_keys": 512, "seed": 9999, "measure": "bits"},
    ],
)
def test_every_step_draws(changes):
    for step in Scale().lesson.ids:
        lab = make(**changes, step=step)
        scene = lab.scene()
        if isinstance(scene, Block):
            json.dumps(scene.view(), allow_nan=False)
            continue
        assert blocks(lab)
        prose = frame.lesson(lab, scene)["html"]
        assert "{" not in prose
        json.dumps(plain([frame.controls(lab, scene), frame.formula(scene)]), allow_nan=False)
        assert step == "check" or made(scene.badge).label == f"random, seed {lab.seed}"


def test_a_link_brings_the_state_back():
    lab = make(step="keys", d_k=300, divide=True, n_keys=128, temperature=0.5, row=7, measure="bits", seed=5)
    other = Scale()
    other.apply_link(lab.to_link())
    assert other.choices() == lab.choices()


# Questions


def worked_out(question):
    """Solve a question from its words alone."""
    numbers = [float(part) for part in _numbers(question.ask)]
    if question.id == "spread":
        return np.sqrt(numbers[1])
    if question.id == "ratio":
        return np.sqrt(numbers[0])
    if question.id == "weight":
        halves = np.exp(np.array(numbers[:2]) / 2)
        return halves[0] / halves.sum()
    return numbers[0] * (1 - numbers[0])


def _numbers(ask):
    words = ask if isinstance(ask, str) else "".join(part for part in ask if isinstance(part, str))
    return re.findall(r"\d+(?:\.\d+)?", words)


def test_the_questions_can_be_solved_and_their_hints_are_about_other_answers():
    for fresh in range(50):
        lab = make(fresh=fresh)
        asked = lab.questions()
        assert len(asked) == 5
        for question in asked:
            if isinstance(question, Choice):
                assert question.judge(question.right).state == "right"
                assert set(question.hints) == {1, 2}
                continue
            assert isinstance(question, Amount)
            answer = worked_out(question)
            assert question.judge(str(answer)).state == "right"
            for wrong, words in question.hints:
                verdict = question.judge(str(wrong))
                assert verdict.state == "wrong", (question.id, wrong)
                assert verdict.feedback == words or any(
                    abs(wrong - other) <= question.within for other, _ in question.hints if other != wrong
                )
