"""The lab about the price of attention: each number again in plain Python, each claim put to the test."""

import math
import re
from itertools import count

import numpy as np
import pytest

from attention import PUBLISHED_MODELS, Profile
from attention_lab.kit import frame
from attention_lab.kit.blocks import Amount
from attention_lab.kit.predict import is_open, predict
from attention_lab.kit.scene import made
from attention_lab.labs.price import lab as module
from attention_lab.labs.price.counted import KINDS, compared, intensities, slope
from attention_lab.labs.price.lab import LAYERS, NODES, Price, size
from attention_lab.labs.price.measured import LENGTHS, fastest, one_round
from tests.lab.helpers import blocks


def make(**changes):
    lab = Price()
    lab.apply({"guesses": {"doubling": 2}, **changes})
    assert lab.message is None
    return lab


def facts(lab):
    return {fact["name"]: fact for fact in blocks(lab)["Facts"]["facts"]}


def offered(lab):
    return [item["name"] for group in frame.controls(lab, lab.scene())["groups"] for item in group["items"]]


def series(lab):
    return {line["name"]: line for line in blocks(lab)["Lines"]["series"]}


def a_round(factor=1.0):
    """A round as it would be, had it taken 1 ns a pair."""
    seconds = tuple(factor * 1e-9 * n * n for n in LENGTHS)
    linear = tuple(64 * n for n in LENGTHS)
    return {"whole table": Profile(LENGTHS, seconds, linear), "in blocks": Profile(LENGTHS, seconds, linear)}


# Counted


@pytest.mark.parametrize(("n", "d"), [(16, 64), (1024, 512), (131072, 4096)])
def test_projections_take_four_n_d_d_and_pairs_two_n_n_d(n, d):
    found = facts(make(n=n, d_model=d))
    assert found["scores and values"]["value"] == 2 * n * n * d
    assert found["projections"]["value"] == 4 * n * d * d
    assert found["scores and values"]["note"] == "× 4 when n doubles"
    assert found["projections"]["note"] == "× 2 when n doubles"


@pytest.mark.parametrize("d", [64, 512, 4096])
def test_below_two_d_words_the_projections_cost_more(d):
    def dearer(n):
        return facts(make(n=n, d_model=d))["dearer here"]["text"]

    assert (dearer(2 * d - 1), dearer(2 * d), dearer(2 * d + 1)) == ("projections", "equal", "scores")


def test_the_curve_is_hidden_until_the_learner_has_guessed():
    lab = Price()
    assert len(series(lab)["scores and values"]["x"]) == 1
    assert "Facts" not in blocks(lab)
    lab.apply({"guesses": {"doubling": 0}})
    line = series(lab)["scores and values, 2n²d"]
    assert line["y"] == [2 * x * x * 512 for x in line["x"]]


@pytest.mark.parametrize(("n", "heads", "block"), [(512, 8, 128), (16, 1, 32), (131072, 32, 512)])
def test_the_bytes_are_those_of_weights_and_output(n, heads, block):
    lab = make(step="memory", n=n, heads=heads, block=block)
    found = facts(lab)
    assert found["whole table"]["text"] == size(4 * (heads * n * n + n * 512))
    assert found["in blocks"]["text"] == size(4 * (heads * min(n, block) ** 2 + n * 512))
    assert found["multiplications"]["value"] == 2 * n * n * 512


def test_a_block_that_holds_the_whole_table_spares_nothing():
    def spared(**changes):
        return facts(make(step="memory", heads=1, **changes))["in blocks"]["note"]

    assert spared(n=512, block=512) == spared(n=16, block=32) == "one block holds the whole table"
    assert spared(n=513, block=512) == "hardly less"
    assert spared(n=131072, block=128) == "257 times less"


def test_sizes_are_written_in_powers_of_1024():
    assert [size(each) for each in (12, 2048, 3 * 2**20, 40 * 2**30)] == [
        "12 bytes",
        "2 KiB",
        "3 MiB",
        "40 GiB",
    ]


@pytest.mark.parametrize("kernel", [2, 3, 5])
def test_the_reach_grows_as_the_prose_says(kernel):
    def after(kind):
        found = facts(make(step="reach", kind=kind, kernel=kernel)).values()
        return [fact["value"] for fact in found]

    steps = range(1, LAYERS + 1)
    assert after("attention") == [NODES] * LAYERS
    assert after("recurrence") == [NODES] * LAYERS
    assert after("convolution") == [min(NODES, i * (kernel - 1) + 1) for i in steps]
    assert after("dilated") == [min(NODES, kernel**i) for i in steps]


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_kernel_is_offered_only_where_it_changes_what_is_reached(kind):
    small, large = (make(step="reach", kind=kind, layer=1, circle=11, kernel=kernel) for kernel in (2, 5))
    changed = blocks(small)["Path"]["lit"] != blocks(large)["Path"]["lit"]
    assert ("kernel" in offered(small)) == changed


@pytest.mark.parametrize("step", Price().lesson.ids)
def test_what_can_be_chosen_is_named_on_the_screen(step):
    lab = make(step=step)
    for group in (frame.controls(lab, lab.scene()) or {"groups": []})["groups"]:
        for item in group["items"]:  # buttons have no name of their own: the title of their group is seen
            assert item["type"] != "segmented" or group["title"].lower().startswith(item["label"])


def test_every_box_can_be_picked_and_lights_only_what_lies_below_it():
    for kind in KINDS:
        for layer in range(LAYERS + 1):
            path = blocks(make(step="reach", kind=kind, layer=layer, circle=3))["Path"]
            assert path["chosen"] in path["lit"]
            assert max(path["lit"]) < (layer + 1) * NODES
            assert path["layers"][layer][3]["set"] == {"layer": layer, "circle": 3}


@pytest.mark.parametrize(("n", "d", "k"), [(512, 512, 3), (100, 64, 5), (131072, 64, 2)])
def test_the_layers_are_compared_by_the_formulas_of_the_paper(n, d, k):
    rows = {row["name"]: [cell["value"] for cell in row["cells"]]
            for row in blocks(make(step="layers", n=n, d_model=d, kernel=k))["Table"]["rows"]}  # fmt: skip
    assert rows["attention"] == [2 * n * n * d, 1, 1]
    assert rows["attention with projections"] == [2 * n * n * d + 4 * n * d * d, 1, 1]
    assert rows["convolution"] == [k * n * d * d, 1, math.ceil((n - 1) / (k - 1))]
    assert rows["dilated convolution"][2] == next(i for i in count(1) if k**i >= n)
    assert rows["recurrence"] == [2 * n * d * d, n, n]


@pytest.mark.parametrize("k", [2, 3, 5])
@pytest.mark.parametrize("d", [64, 512, 4096])
def test_below_n_equal_to_d_attention_alone_multiplies_least_and_its_work_grows_fastest(d, k):
    for n in (16, d - 1):
        work = {name: costs[0] for name, costs in compared(n, d, k).items()}
        twice = {name: costs[0] / work[name] for name, costs in compared(2 * n, d, k).items()}
        assert all(work["attention"] < each for name, each in work.items() if name != "attention")
        assert all(twice["attention"] > each for name, each in twice.items() if name != "attention")
    assert compared(d, d, k)["attention"][0] == compared(d, d, k)["recurrence"][0]


# Measured


def test_nothing_is_measured_before_the_button_is_pressed(monkeypatch):
    monkeypatch.setattr(module, "one_round", lambda: pytest.fail("measured unasked"))
    lab = make(step="live")
    assert "Nothing" in blocks(lab)
    lab.restore({"runs": 5})
    assert lab.runs == 0
    lab.apply_link({"step": "live", "runs": "5"})
    assert lab.runs == 0


def test_a_badge_says_how_many_rounds_were_measured_once_there_is_one(monkeypatch):
    monkeypatch.setattr(module, "one_round", a_round)
    lab = make(step="live")
    assert made(lab.scene().badge) is None
    for runs, said in ((1, "1 round on"), (2, "2 rounds on")):
        lab.apply({"runs": runs})
        assert made(lab.scene().badge).paragraphs[0][0].startswith(said)


def test_each_press_measures_one_round_and_forgetting_empties_them(monkeypatch):
    rounds = iter([a_round(3.0), a_round(1.0), a_round(2.0)])
    monkeypatch.setattr(module, "one_round", lambda: next(rounds))
    lab = make(step="live")
    for pressed in (1, 2, 3):
        button = blocks(lab)["Actions"]["items"][0]
        lab.apply(button["set"])
        assert lab.runs == pressed
    np.testing.assert_allclose(
        series(lab)["whole table, n^2.00 ± 0.00"]["y"], [1e-6 * n * n for n in LENGTHS]
    )
    assert facts(lab)["time, whole table"]["text"] == "n^2.00"
    assert facts(lab)["memory, whole table"]["text"] == "n^1.00"
    lab.apply(blocks(lab)["Actions"]["items"][1]["set"])
    assert lab.runs == 0
    assert "Nothing" in blocks(lab)


def test_the_slope_and_its_error_are_those_of_numpys_fit():
    rng = np.random.default_rng(3)
    values = [1e-6 * n**1.7 * math.exp(rng.normal(0, 0.1)) for n in LENGTHS]
    (p, _), covariance = np.polyfit(np.log(LENGTHS), np.log(values), 1, cov=True)
    fitted = slope(LENGTHS, values)
    assert fitted.exponent == pytest.approx(p)
    assert fitted.error == pytest.approx(math.sqrt(covariance[0, 0]))


def test_memory_measured_here_nears_the_square_whole_and_hardly_grows_in_blocks():
    clock = count()
    found = one_round(timer=lambda: next(clock))
    whole, blockwise = found["whole table"].peak_bytes, found["in blocks"].peak_bytes
    assert 1.7 < math.log(whole[-1] / whole[-2]) / math.log(LENGTHS[-1] / LENGTHS[-2]) < 2
    assert slope(LENGTHS, whole).exponent > 1.4
    assert slope(LENGTHS, blockwise).exponent < 0.5
    assert fastest([found], "whole table").lengths == LENGTHS


# Roofline and models


@pytest.mark.parametrize("n", [16, 512, 131072])
def test_intensities_are_flops_over_bytes(n):
    found = intensities(n, 64, 2)
    assert found["whole table"] == pytest.approx(4 * n * n * 64 / (2 * (4 * n * 64 + 4 * n * n)))
    assert found["in blocks"] == pytest.approx(n / 2)
    assert found["one new word"] == pytest.approx(4 * n * 64 / (2 * 64 * (2 * n + 2)))


def test_the_roof_is_the_lower_of_peak_and_bandwidth():
    lab = make(step="roof", peak=200, bandwidth=500)
    line = series(lab)["roof"]
    own = [min(200.0, 0.5 * x) for x in line["x"]]
    np.testing.assert_allclose(line["y"], own)
    assert blocks(lab)["Lines"]["marks"][0]["at"] == 400
    assert "waits for memory" in facts(lab)["one new word"]["note"]
    lab.apply({"peak": 1, "bandwidth": 10_000})
    assert "waits for arithmetic" in facts(lab)["in blocks"]["note"]


@pytest.mark.parametrize("n", [16, 131072])
@pytest.mark.parametrize(("peak", "bandwidth"), [(100, 1000), (2000, 10), (1, 10_000)])
def test_the_roof_has_slope_ridge_and_flat_and_goes_beyond_every_point(n, peak, bandwidth):
    found = series(make(step="roof", n=n, peak=peak, bandwidth=bandwidth))
    roof, ridge = found.pop("roof"), 1000 * peak / bandwidth
    spots = [ridge, *(each["x"][0] for each in found.values())]
    assert roof["x"][0] <= min(0.1, min(spots) / 2)
    assert roof["x"][-1] >= max(1e4, max(spots) * 2)
    assert roof["y"][0] < roof["y"][-1] == roof["y"][roof["x"].index(ridge)] == peak


@pytest.mark.parametrize("name", list(PUBLISHED_MODELS))
def test_the_bill_of_each_model_is_its_shapes(name):
    shape = PUBLISHED_MODELS[name]
    found = facts(make(step="models", model=name, n=1000, bytes_each=2))
    heads = shape.n_kv_heads or shape.n_heads
    cache = 2 * shape.n_layers * 1000 * heads * (shape.d_model // shape.n_heads) * 2
    expected = "none" if shape.family == "bert" else size(cache)
    assert found["cache of keys and values"]["text"] == expected
    assert found["scores, if kept whole"]["text"] == size(shape.n_heads * 1000 * 1000 * 2)
    assert found["parameters"]["value"] == pytest.approx(shape.total, rel=0.05)


@pytest.mark.parametrize("memory", [1, 24, 1024])
@pytest.mark.parametrize("name", ["GPT-2 small", "GPT-3 175B", "Llama 3 8B", "BERT base"])
def test_the_longest_text_is_what_fits_beside_the_weights(name, memory):
    shape = PUBLISHED_MODELS[name]
    lab = make(step="models", model=name, n=1000, bytes_each=2, memory_gib=memory)
    bill = facts(lab)[f"in {memory} GiB"]
    found = bill["text"]
    assert bool(bill["note"]) == ("words" in found)
    room = memory * 1024**3 - 2 * facts(lab)["parameters"]["value"]
    word = 2 * shape.n_layers * (shape.n_kv_heads or shape.n_heads) * (shape.d_model // shape.n_heads) * 2
    if room < 0:
        assert found == "not even its weights"
    elif shape.family == "bert":
        assert found == "its weights"
    else:
        assert int("".join(filter(str.isdigit, found))) == room // word


# Prediction, questions, the whole


def test_the_prediction_is_computed_and_says_why_each_option_tempts():
    lab = Price()
    scene = lab.scene()
    asked = made(scene.predict)
    assert is_open(lab, asked)
    assert [asked.options[i] for i in asked.right] == ["4 times"]
    assert len(asked.why) == len(asked.options)
    lab.apply({"guesses": {asked.key: 0}, "revealed": [asked.key]})
    assert predict(lab, made(lab.scene().predict))["answer"]["value"] == "4 times"


@pytest.mark.parametrize("fresh", range(50))
def test_each_question_takes_its_right_answer_and_no_hint_is_near_it(fresh):
    for question in make(step="check", fresh=fresh).questions():
        assert (
            question.judge(question.right if not isinstance(question, Amount) else str(question.right)).state
            == "right"
        )
        if isinstance(question, Amount):
            mistakes = [mistake for mistake, _ in question.hints]
            assert all(abs(mistake - question.right) > question.within for mistake in mistakes)
            assert len(set(mistakes)) == len(mistakes)


def test_the_answers_are_worked_out_again():
    asked = {question.id: question for question in make(step="check", fresh=7).questions()}
    numbers = {name: [int(part) for part in re.findall("[0-9]+", each.ask)] for name, each in asked.items()}
    assert asked["longer"].right == numbers["longer"][0] ** 2
    assert asked["crossing"].right == 2 * numbers["crossing"][0]
    layers, heads, d_k, of, words = numbers["cache"]
    assert asked["cache"].right == 2 * layers * heads * d_k * of * words
    kernel, deep = numbers["reach"]
    assert asked["reach"].right == deep * (kernel - 1) + 1


@pytest.mark.parametrize("changes", [{}, {"n": 16, "d_model": 64, "kernel": 5, "heads": 32, "block": 512},
                                     {"n": 131072, "d_model": 4096, "peak": 2000, "bandwidth": 10},
                                     {"layer": 99, "circle": 99, "kind": "recurrence"}])  # fmt: skip
def test_every_step_draws(changes):
    lab = make(**changes)
    for step in lab.lesson.ids:
        lab.apply({"step": step})
        assert blocks(lab)
        assert frame.lesson(lab, lab.scene())["title"] == lab.here.section
        assert frame.controls(lab, lab.scene()) is not None or not lab.scene().controls


def test_a_link_carries_the_state():
    lab = make(step="reach", kind="dilated", kernel=2, layer=2, circle=5, n=999, peak=7)
    other = Price()
    other.apply_link(lab.to_link())
    assert other.to_link() == lab.to_link()
    assert (other.kind, other.kernel, other.layer, other.circle, other.n) == ("dilated", 2, 2, 5, 999)
