"""The lab about writing: chances, draws and costs again in plain NumPy, each claim put to the test."""

import re

import numpy as np
import pytest

from attention import PUBLISHED_MODELS, KVCache, TextError, model_flops
from attention_lab.kit import frame
from attention_lab.kit.blocks import Amount
from attention_lab.kit.predict import is_open
from attention_lab.kit.scene import made
from attention_lab.labs.generate.lab import EXAMPLES, NEW, Generate, own_shape, writer
from tests.lab.helpers import blocks, blocks_of

ANNA = EXAMPLES["anna …"]


def make(**changes):
    lab = Generate()
    lab.apply({"guesses": {"cached-cost": 2}, **changes})
    assert lab.message is None
    return lab


def facts(lab):
    return {fact["name"]: fact for fact in blocks(lab)["Facts"]["facts"]}


def own_chances(words, temperature, top_k=None, top_p=1.0):
    """Softmax of the logits after the last word, cut by hand."""
    logits = writer().trace(words).model.logits[-1].astype(float)
    raised = np.exp((logits - logits.max()) / temperature)
    before = raised / raised.sum()
    order = sorted(range(len(before)), key=lambda i: -before[i])
    left = order[:top_k]
    total, kept = sum(before[i] for i in left), []
    for i in left:
        if kept and sum(before[j] for j in kept) / total >= top_p:
            break
        kept.append(i)
    after = np.zeros(len(before))
    after[kept] = before[kept] / before[kept].sum()
    return before, after


@pytest.mark.parametrize(
    ("temperature", "top_k", "top_p"), [(0.7, 0, 1.0), (1.0, 3, 1.0), (2.0, 8, 0.5), (0.3, 0, 0.6)]
)
def test_the_chances_are_softmax_cut_and_shared_out_again(temperature, top_k, top_p):
    lab = make(temperature=temperature, top_k=top_k, top_p=top_p)
    before, after = own_chances(lab.words, temperature, top_k or None, top_p)
    shown = blocks(lab)["Bars"]
    top = sorted(range(len(before)), key=lambda i: -before[i])[:10]
    np.testing.assert_allclose(shown["values"], before[top], atol=1e-9)
    np.testing.assert_allclose(shown["after"], after[top], atol=1e-9)
    assert facts(lab)["may be drawn"]["value"] == (after > 0).sum()
    assert facts(lab)["cut off"]["value"] == pytest.approx(before[after == 0].sum(), abs=1e-9)


def test_a_low_temperature_makes_it_sure_and_a_high_one_wild():
    likeliest = [facts(make(temperature=t))["likeliest"]["value"] for t in (0.2, 0.7, 1.5, 3.0)]
    assert likeliest == sorted(likeliest, reverse=True)
    assert likeliest[0] > 3 * likeliest[-1]


@pytest.mark.parametrize(("top_k", "top_p"), [(0, 1.0), (3, 1.0), (0, 0.5), (8, 0.05)])
def test_at_temperature_zero_the_likeliest_has_all_the_chance_and_no_other_may_be_drawn(top_k, top_p):
    lab = make(temperature=0.0, top_k=top_k, top_p=top_p)
    _, after = own_chances(lab.words, 1.0)
    shown, top = blocks(lab)["Bars"], sorted(range(len(after)), key=lambda i: -after[i])[:10]
    assert shown["names"] == [lab.trace.names[i] for i in top]
    assert shown["values"] == shown["after"] == [1.0] + [0.0] * 9
    assert shown["highlighted"] == [0]
    assert [facts(lab)[name]["value"] for name in ("may be drawn", "likeliest", "cut off")] == [1, 1.0, 0.0]
    lab.apply({"step": "write"})
    assert [blocks(lab)["Bars"][name] for name in ("names", "values")] == [shown["names"][:1], [1.0]]


def test_the_writer_looks_up_a_surname_that_the_text_has_said():
    lab = make(text=ANNA, temperature=1.0)
    assert blocks(lab)["Bars"]["names"][0] == "smith"
    lab.apply({"text": EXAMPLES["anna zorp …"]})
    assert blocks(lab)["Bars"]["names"][0] == "zorp"


def test_any_word_of_the_text_can_be_asked():
    lab = make(query=1, temperature=1.0)
    before, _ = own_chances(("the", "cat"), 1.0)
    np.testing.assert_allclose(blocks(lab)["Bars"]["values"][0], before.max(), atol=1e-6)


def test_the_words_written_are_those_of_the_library_with_the_cache_and_without():
    lab = make(step="write", written=NEW, seed=5)
    for use_cache in (True, False):
        own = writer().generate(lab.words, NEW, temperature=0.7, seed=5, use_cache=use_cache)
        assert own.words == lab.so_far


@pytest.mark.parametrize("text", [EXAMPLES["the cat …"], " ".join(["cat"] * 24)])
def test_behind_the_last_word_stand_the_chances_of_the_one_after_it(text):
    lab = make(step="write", text=text, written=NEW, temperature=1.0)
    before, _ = own_chances(lab.so_far, 1.0)
    assert len(lab.so_far) == len(lab.words) + NEW
    assert blocks(lab)["Bars"]["values"][0] == pytest.approx(before.max())


def test_only_words_that_may_be_drawn_stand_where_one_is_drawn():
    lab = make(step="write", top_k=3)
    assert len(blocks(lab)["Bars"]["names"]) == 3
    assert min(blocks(lab)["Bars"]["values"]) > 0


def test_words_of_the_text_can_be_picked_where_it_is_shown_what_follows_them():
    for step in ("next", "write", "cache", "columns"):
        lab = make(step=step)
        field = frame.sentence(lab, lab.scene())["field"]
        assert [len(field["chips"]), field["chips_label"]] == (
            [5, "What follows"] if step == "next" else [0, ""]
        )


def test_signs_are_explained_where_they_are_among_the_words():
    lab = make(text="zork saw blib")
    signs = [name for name in blocks(lab)["Bars"]["names"] if name.startswith("<")]
    assert signs
    assert all(sign in str(blocks(lab)["Prose"]) for sign in signs)
    assert "Prose" not in blocks(make())
    lab = make(step="write", text="dog", temperature=3.0, seed=1022)
    assert "<pad>" in blocks(lab)["Bars"]["names"]
    assert "<pad>" in str(blocks_of(lab)[3].view())


def test_another_seed_draws_other_words():
    texts = {make(step="write", written=NEW, seed=seed).so_far for seed in range(8)}
    assert len(texts) > 4


def test_the_cache_leaves_one_row_to_compute():
    lab = make(step="cache", written=3)
    anew, kept = (panel["matrix"] for panel in blocks(lab)["Grids"]["panels"])
    n = len(lab.words) + 1 + 3
    assert np.shape(anew["values"]) == (n, n)
    assert np.array_equal(np.array(anew["masked"]) == 0, np.tril(np.ones((n, n), dtype=bool)))
    assert not np.any(np.array(kept["masked"])[-1])
    assert np.all(np.array(kept["masked"])[:-1])
    np.testing.assert_allclose(kept["values"][-1], writer().trace(lab.so_far).layers[1][0][-1])


@pytest.mark.parametrize("written", [0, 3, 6])
def test_multiplications_and_bytes_are_those_of_the_writers_shapes(written):
    lab = make(step="cache", written=written)
    n, d, ff, vocab = len(lab.words) + 1 + written, 64, 96, len(writer().vocabulary)
    found = facts(lab)
    assert (
        found["without a cache"]["value"]
        == 2 * (4 * n * d * d + 2 * n * n * d + 2 * n * d * ff) + n * d * vocab
    )
    assert found["with the cache"]["value"] == 2 * (4 * d * d + 2 * n * d + 2 * d * ff) + d * vocab
    cache = writer().model.new_cache()
    assert isinstance(cache, KVCache)
    writer().model(writer().read(lab.so_far).ids, cache)
    assert found["kept"]["text"].replace("\u202f", "") == f"{cache.n_bytes} bytes"


def test_the_shape_of_the_writer_is_that_of_its_card():
    shape = own_shape()
    assert (shape.n_layers, shape.d_model, shape.n_heads, shape.d_ff) == (2, 64, 2, 96)


def test_a_new_word_adds_one_column_and_leaves_the_others_alone():
    def columns(written):
        panels = blocks(make(step="columns", text=ANNA, written=written))["Grids"]["panels"]
        return [np.array(panel["matrix"]["values"]) for panel in panels]

    for before, after in zip(columns(2), columns(3), strict=True):
        assert after.shape[1] == before.shape[1] + 1
        np.testing.assert_allclose(after[:, :-1], before, atol=1e-5)


@pytest.mark.parametrize("name", ["GPT-2 small", "Llama 3 8B", "GPT-3 175B"])
def test_a_pass_without_a_cache_is_the_models_whole_pass(name):
    row = next(
        row for row in blocks(make(step="models", length=1000))["Table"]["rows"] if row["name"] == name
    )
    cheap, anew, times, cache = (cell["value"] for cell in row["cells"])
    shape = PUBLISHED_MODELS[name]
    assert anew == pytest.approx(model_flops(shape, 1000) / 2 / 1e9)
    assert times == pytest.approx(anew / cheap)
    heads, d_k = shape.n_kv_heads or shape.n_heads, shape.d_model // shape.n_heads
    assert cache * 2**30 == 2 * shape.n_layers * 1000 * heads * d_k * 2


@pytest.mark.parametrize("length", [1024, 1025, 2049, 131_072])
def test_models_that_were_trained_for_shorter_texts_are_named_below_the_table(length):
    found = blocks(make(step="models", length=length))
    rows = {row["name"] for row in found["Table"]["rows"]}
    shorter = {name for name in rows if PUBLISHED_MODELS[name].max_len < length}
    assert {name for name in rows if re.search(rf"{name}\b", str(found.get("Prose")))} == shorter


def test_the_prediction_is_the_sum_of_projections_and_one_row():
    lab = Generate()
    lab.apply({"step": "cache"})
    asked = made(lab.scene().predict)
    assert is_open(lab, asked)
    assert "Lines" not in blocks(lab)
    own = 4 * 512**2 + 2 * 1001 * 512
    assert asked.right == [2]
    assert asked.answer[1] == asked.options[2] == f"{own / 1e6:.1f} million"
    assert len(asked.why) == len(asked.options) == len(set(asked.options))


@pytest.mark.parametrize("fresh", range(50))
def test_each_question_takes_its_right_answer_and_no_hint_is_near_it(fresh):
    asked = {question.id: question for question in make(step="check", fresh=fresh).questions()}
    for question in asked.values():
        assert (
            question.judge(str(question.right) if isinstance(question, Amount) else question.right).state
            == "right"
        )
        if isinstance(question, Amount):
            assert all(abs(mistake - question.right) > question.within for mistake, _ in question.hints)
    a, b, c, d = map(int, re.search(r"of (\d+), (\d+), (\d+), (\d+) %", asked["top-k"].ask).groups())
    assert a + b + c + d == 100
    assert a >= b >= c >= d > 0
    assert asked["top-k"].right == pytest.approx(100 * a / (a + b))
    width, layers = map(int, re.findall(r"\d+", asked["bytes"].ask)[:2])
    assert asked["bytes"].right == 2 * layers * width * 2
    assert asked["row"].right == int(re.match(r"\d+", asked["row"].ask)[0]) + 1


def test_half_of_the_bytes_is_told_both_ways_to_come_to_it():
    asked = next(each for each in make(step="check").questions() if each.id == "bytes")
    told = asked.judge(str(asked.right / 2)).feedback
    assert "keys or values" in told
    assert "2 bytes" in told


def test_a_text_that_cannot_be_read_says_why_and_how_many_words_have_to_go():
    for n in (9, 10, 13):
        lab = make(text=" ".join(f"zork{i}" for i in range(n)))
        for step in ("next", "write", "cache", "columns"):
            lab.apply({"step": step})
            assert f"{n} words that the model does not know" in blocks(lab)["Nothing"]["text"]
            assert f"at least {n - 8} of them" in blocks(lab)["Nothing"]["text"]
        with pytest.raises(TextError):
            writer().read((*["cat"] * (n - 9), *lab.words[n - 9 :]))
        lab.apply({"text": " ".join(["cat"] * (n - 8) + list(lab.words[n - 8 :])), "step": "next"})
        assert "Nothing" not in blocks(lab)


@pytest.mark.parametrize("changes", [{}, {"text": "cat", "temperature": 0.0, "top_k": 1, "top_p": 0.05},
                                     {"text": " ".join(["cat"] * 24), "written": 6, "temperature": 3.0},
                                     {"length": 131072}, {"query": 99}])  # fmt: skip
def test_every_step_draws(changes):
    lab = make(**changes)
    for step in lab.lesson.ids:
        lab.apply({"step": step})
        assert blocks(lab)
        assert frame.lesson(lab, lab.scene())["title"] == lab.here.section
        frame.controls(lab, lab.scene())


def test_a_link_carries_the_state():
    lab = make(step="cache", text=ANNA, temperature=1.3, top_k=3, top_p=0.9, seed=4, written=2, query=3)
    other = Generate()
    other.apply_link(lab.to_link())
    assert other.to_link() == lab.to_link()
    assert other.so_far == lab.so_far
