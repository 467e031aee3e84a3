"""The class, on a small random model; tests/building/test_minilm.py looks at the trained one."""

import io

import numpy as np
import pytest

from attention import BertEncoder, WeightsError, save
from attention.models.minilm import N_HEADS, VOCABULARY, MiniLM
from attention.quantised import dequantise, quantise
from attention.wordpiece import SPECIAL, WordPiece

PIECES = [*SPECIAL, "the", "cat", "sat", "##s", "."]
SHAPES = {
    "embeddings.word_embeddings.weight": (len(PIECES), 24),
    "embeddings.position_embeddings.weight": (16, 24),
    "embeddings.token_type_embeddings.weight": (2, 24),
    "embeddings.LayerNorm.weight": (24,),
    "embeddings.LayerNorm.bias": (24,),
}
for layer in ("encoder.layer.0.", "encoder.layer.1."):
    for name, shape in {
        "attention.self.query": (24, 24),
        "attention.self.key": (24, 24),
        "attention.self.value": (24, 24),
        "attention.output.dense": (24, 24),
        "intermediate.dense": (31, 24),
        "output.dense": (24, 31),
    }.items():
        SHAPES |= {f"{layer}{name}.weight": shape, f"{layer}{name}.bias": shape[:1]}
    for name in ("attention.output.LayerNorm", "output.LayerNorm"):
        SHAPES |= {f"{layer}{name}.weight": (24,), f"{layer}{name}.bias": (24,)}
RNG = np.random.default_rng(3)
STATE = {name: RNG.normal(0, 0.5, shape).astype(np.float32) for name, shape in SHAPES.items()}
LINES = "".join(f"{piece}\n" for piece in PIECES).encode()


def written(state, **more):
    file = io.BytesIO()
    save(file, {**state, **more})
    return file.getvalue()


def model(**more):
    inside = {VOCABULARY: np.frombuffer(LINES, np.uint8)} | more
    return MiniLM.from_files(written(quantise(STATE), **inside))


def test_one_file_holds_the_weights_and_the_vocabulary():
    minilm = model()
    assert minilm.word_piece.vocabulary == tuple(PIECES)
    assert np.array_equal(minilm.bert.words.weight, dequantise(quantise(STATE))[next(iter(SHAPES))])
    assert {array.dtype for array in minilm.bert.parameters().values()} == {np.dtype(np.float32)}


def test_the_models_own_files_are_read_too():
    ids = {"embeddings.position_ids": np.arange(16)[None], "pooler.dense.bias": np.ones(24, np.float32)}
    minilm = MiniLM.from_files(written(STATE, **ids), LINES)
    assert np.array_equal(minilm.bert.words.weight, STATE[next(iter(SHAPES))])


def test_a_trace_holds_every_head_of_every_layer():
    trace = model().trace("The cats sat.")
    assert trace.tokens == ("[CLS]", "the", "cat", "##s", "sat", ".", "[SEP]")
    assert [layer.shape for layer in trace.layers] == [(N_HEADS, 7, 7)] * 2
    assert trace.output.shape == (7, 24)
    assert {layer.dtype for layer in trace.layers} == {np.dtype(np.float32)}


def test_the_sentence_vector_is_the_mean_of_the_rows_with_length_1():
    minilm = model()
    trace = minilm.trace("the cat")
    mean = sum(trace.output) / len(trace.output)
    assert np.abs(trace.sentence_vector - mean / np.sqrt((mean**2).sum())).max() < 1e-6
    assert np.abs(minilm("the cat") - trace.sentence_vector).max() < 1e-6


def test_what_a_learner_changes_is_computed_by_the_layers_after_it():
    minilm = model()

    def cut(layer, weights):
        if layer == 0:
            weights[5] = 0
        return weights

    plain, changed = minilm.trace("the cat sat"), minilm.trace("the cat sat", intervene=cut)
    assert not changed.layers[0][5].any()
    assert np.array_equal(changed.layers[0][:5], plain.layers[0][:5])
    assert np.abs(changed.layers[1] - plain.layers[1]).max() > 1e-3


def test_a_trace_shares_the_weights_and_nobody_can_change_them():
    minilm = model()
    trace = minilm.trace("the cat")
    assert trace.bert.blocks[1].feed_forward.w_1 is minilm.bert.blocks[1].feed_forward.first.w
    assert not any(array.flags.writeable for array in minilm.bert.parameters().values())


def test_a_text_of_more_tokens_than_positions_is_cut():
    trace = model().trace("cat " * 40)
    assert (len(trace.tokens), trace.pieces.dropped) == (16, 26)


def test_every_cut_of_a_file_is_refused_with_a_clear_text():
    whole = written(quantise(STATE), **{VOCABULARY: np.frombuffer(LINES, np.uint8)})
    for end in [0, 5, 100, len(whole) // 2, len(whole) - 1]:
        with pytest.raises(WeightsError):
            MiniLM.from_files(whole[:end])


def test_a_file_that_does_not_fit_is_refused():
    with pytest.raises(WeightsError, match=r"^the file has no vocabulary, and none was given$"):
        MiniLM.from_files(written(STATE))
    with pytest.raises(WeightsError, match=r"^the vocabulary is not text in UTF-8$"):
        MiniLM.from_files(written(STATE), b"\xff")
    with pytest.raises(
        WeightsError, match=r"^the vocabulary has 11 pieces, but the weights have rows for 10$"
    ):
        MiniLM.from_files(written(STATE), LINES + b"dog\n")
    with pytest.raises(WeightsError, match=r"^the state has no encoder\.layer\.0\."):
        MiniLM.from_files(written({name: STATE[name] for name in list(SHAPES)[:5]}), LINES)


def test_an_encoder_and_a_vocabulary_of_other_sizes_do_not_make_a_model():
    with pytest.raises(
        WeightsError, match=r"^the vocabulary has 10 pieces, but the weights have rows for 9$"
    ):
        MiniLM(BertEncoder(9, 24, N_HEADS, 7, 1), WordPiece(PIECES))
