import numpy as np
import pytest

from attention import (
    BertEncoder,
    ConfigError,
    FullyMaskedRowError,
    MaskError,
    NumberError,
    ShapeError,
    WeightsError,
)
from tests.attention.oracles import TOLERANCE, sample
from tests.attention.test_importing import gelu, layer_norm, linear

VOCAB, POSITIONS, TYPES, D_MODEL, HEADS, D_FF, LAYERS = 13, 11, 3, 6, 3, 7, 2


def bert_state(prefix="", norms=("weight", "bias"), dtype=np.float64):
    d, f = D_MODEL, D_FF
    shapes = {
        "embeddings.word_embeddings.weight": (VOCAB, d),
        "embeddings.position_embeddings.weight": (POSITIONS, d),
        "embeddings.token_type_embeddings.weight": (TYPES, d),
        f"embeddings.LayerNorm.{norms[0]}": (d,),
        f"embeddings.LayerNorm.{norms[1]}": (d,),
    }
    for i in range(LAYERS):
        layer = f"encoder.layer.{i}."
        for name, d_out, d_in in [
            ("attention.self.query", d, d),
            ("attention.self.key", d, d),
            ("attention.self.value", d, d),
            ("attention.output.dense", d, d),
            ("intermediate.dense", f, d),
            ("output.dense", d, f),
        ]:
            shapes |= {f"{layer}{name}.weight": (d_out, d_in), f"{layer}{name}.bias": (d_out,)}
        for name in ("attention.output", "output"):
            shapes |= {f"{layer}{name}.LayerNorm.{part}": (d,) for part in norms}
    return {
        prefix + name: sample(100 + i, *shape).astype(dtype) for i, (name, shape) in enumerate(shapes.items())
    }


def bert_rows(state, ids, mask, types, eps):
    """BERT for one sentence, from its arrays in their own layout: x, then the output of each layer."""
    x = (
        state["embeddings.word_embeddings.weight"][ids]
        + state["embeddings.position_embeddings.weight"][: len(ids)]
        + state["embeddings.token_type_embeddings.weight"][types]
    )
    steps = [layer_norm(state, "embeddings.LayerNorm.", x, eps)]
    d_k = D_MODEL // HEADS
    for i in range(LAYERS):
        x, layer, heads = steps[-1], f"encoder.layer.{i}.", []
        q, k, v = (linear(state, f"{layer}attention.self.{name}.", x) for name in ("query", "key", "value"))
        for head in range(HEADS):
            columns = slice(head * d_k, (head + 1) * d_k)
            exponentials = np.exp(q[:, columns] @ k[:, columns].T / np.sqrt(d_k)) * mask
            heads.append(exponentials / exponentials.sum(-1, keepdims=True) @ v[:, columns])
        attended = linear(state, f"{layer}attention.output.dense.", np.concatenate(heads, -1))
        x = layer_norm(state, f"{layer}attention.output.LayerNorm.", x + attended, eps)
        inner = gelu(linear(state, f"{layer}intermediate.dense.", x))
        x = x + linear(state, f"{layer}output.dense.", inner)
        steps.append(layer_norm(state, f"{layer}output.LayerNorm.", x, eps))
    return steps


IDS = np.array([[3, 12, 0, 7, 3], [5, 5, 1, 0, 0], [9, 2, 8, 0, 0]])
MASK = np.array([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0], [1, 0, 1, 0, 1]])
TOKEN_TYPES = np.array([[0, 0, 0, 1, 1], [0, 2, 1, 0, 0], [0, 0, 0, 0, 0]])


@pytest.mark.parametrize("eps", [1e-12, 1e-2])
def test_an_imported_encoder_gives_berts_rows_layer_by_layer(eps):
    state = bert_state()
    bert = BertEncoder.from_state_dict(state, HEADS, eps)
    trace = bert.trace(IDS, MASK, TOKEN_TYPES)
    for b, (ids, mask, types) in enumerate(zip(IDS, MASK, TOKEN_TYPES, strict=True)):
        expected = bert_rows(state, ids, mask, types, eps)
        ours = [trace.x[b], *(block.output[b] for block in trace.blocks)]
        for row, other in zip(ours, expected, strict=True):
            assert np.abs(row - other).max() < TOLERANCE * 1000
        assert np.abs(trace.output[b] - expected[-1]).max() < TOLERANCE * 1000


def test_the_output_alone_is_the_traces():
    bert = BertEncoder.from_state_dict(bert_state(), HEADS)
    assert np.array_equal(bert(IDS, MASK, TOKEN_TYPES), bert.trace(IDS, MASK, TOKEN_TYPES).output)


def test_the_trace_adds_up():
    bert = BertEncoder.from_state_dict(bert_state(), HEADS)
    trace = bert.trace(IDS, MASK, TOKEN_TYPES)
    assert np.array_equal(trace.embedded, trace.words + trace.positions + trace.types)
    assert trace.positions.shape == (5, D_MODEL)
    assert trace.mask.shape == (3, 1, 5)
    assert len(trace.blocks) == LAYERS
    assert not any(array.flags.writeable for array in (trace.ids, trace.x, trace.output, trace.words))


def test_an_intervention_sees_each_blocks_weights_and_the_blocks_after_it_see_what_changed():
    bert = BertEncoder.from_state_dict(bert_state(), HEADS)
    seen = []

    def cut(number, weights):
        seen.append((number, weights.shape))
        if number == 1:
            weights[:, 2, :, 0] = 0  # the last head may not look at the first token
        return weights

    plain, changed = bert.trace(IDS, MASK), bert.trace(IDS, MASK, intervene=cut)
    assert seen == [(number, (3, HEADS, 5, 5)) for number in range(LAYERS)]
    assert np.array_equal(changed.blocks[0].output, plain.blocks[0].output)
    before, after = (trace.blocks[1].attention.attention for trace in (plain, changed))
    assert not after.weights[:, 2, :, 0].any()
    assert np.array_equal(after.weights[:, :2], before.weights[:, :2])
    assert np.abs(after.head_outputs - after.weights @ after.v).max() < TOLERANCE
    assert np.abs(changed.output - plain.output).max() > 0.01


def test_one_sentence_needs_no_batch_and_no_mask_lets_all_attend():
    bert = BertEncoder.from_state_dict(bert_state(), HEADS)
    alone = bert(IDS[0])
    assert alone.shape == (5, D_MODEL)
    batch = bert(IDS[:1], MASK[:1], np.zeros((1, 5), int))
    assert np.abs(alone - batch[0]).max() < TOLERANCE


def test_padding_changes_nothing_for_the_tokens_before_it():
    bert = BertEncoder.from_state_dict(bert_state(), HEADS)
    padded = bert([3, 1, 4, 0, 0], [1, 1, 1, 0, 0])
    assert np.abs(padded[:3] - bert([3, 1, 4])).max() < TOLERANCE * 10
    assert np.abs(padded[:3] - bert([3, 1, 4, 7, 9], [True, True, True, False, False])[:3]).max() < TOLERANCE


def test_as_many_sentences_as_tokens_are_masked_each_by_its_own():
    """A mask (batch, seq) with batch equal to seq could be read as (seq_q, seq_k)."""
    bert = BertEncoder.from_state_dict(bert_state(), HEADS)
    mask = np.array([[1, 1, 1], [1, 1, 0], [1, 0, 0]])
    together = bert(IDS[:, :3], mask)
    for row, ids, real in zip(together, IDS[:, :3], mask, strict=True):
        assert np.abs(row - bert(ids, real)).max() < TOLERANCE


@pytest.mark.parametrize(
    "extra",
    [
        ["embeddings.position_ids"],
        ["pooler.dense.weight", "pooler.dense.bias"],
        ["cls.predictions.bias", "classifier.weight", "qa_outputs.bias", "embeddings.token_type_ids"],
    ],
)
def test_what_is_not_the_encoder_is_left_out(extra):
    state = bert_state() | {name: np.arange(4)[None] for name in extra}
    read = BertEncoder.from_state_dict(state, HEADS).parameters()
    expected = BertEncoder.from_state_dict(bert_state(), HEADS).parameters()
    assert read.keys() == expected.keys()
    assert all(np.array_equal(read[name], expected[name]) for name in read)


@pytest.mark.parametrize("norms", [("weight", "bias"), ("gamma", "beta")])
def test_names_may_begin_with_bert_and_norms_may_have_their_older_names(norms):
    state = bert_state("bert.", norms) | {"cls.predictions.bias": np.ones(3)}
    read = BertEncoder.from_state_dict(state, HEADS)
    assert np.array_equal(read(IDS), BertEncoder.from_state_dict(bert_state(), HEADS)(IDS))


def test_float32_stays_whatever_buffers_come_with_it():
    state = bert_state(dtype=np.float32) | {"embeddings.position_ids": np.arange(POSITIONS)[None]}
    bert = BertEncoder.from_state_dict(state, HEADS)
    assert {array.dtype for array in bert.parameters().values()} == {np.dtype(np.float32)}
    assert bert(IDS, MASK).dtype == np.float32


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"embeddings.word_embeddings.weight": None}, "the state has no embeddings.word_embeddings.weight"),
        ({"encoder.layer.0.attention.self.query.weight": None},
         "the state has no encoder.layer.0.attention.self.query.weight"),
        ({"encoder.layer.1.attention.self.query.weight": None},
         "the state has encoder.layer.1.attention.self.query.bias and 14 more that are not expected"),
        ({"encoder.layer.1.output.LayerNorm.bias": None},
         "the state has no encoder.layer.1.output.LayerNorm.bias"),
        ({"encoder.layer.3.output.dense.bias": np.ones(6)},
         "the state has encoder.layer.3.output.dense.bias that is not expected"),
        ({"embeddings.LayerNorm.weight": np.ones(4)},
         "embeddings.LayerNorm.weight has shape (4,), expected (6,)"),
        ({"embeddings.position_embeddings.weight": np.ones((11, 5))},
         "embeddings.position_embeddings.weight has shape (11, 5), expected (any, 6)"),
        ({"encoder.layer.1.output.dense.weight": np.ones((6, 6))},
         "encoder.layer.1.output.dense.weight has shape (6, 6), expected (6, 7)"),
        ({"encoder.layer.1.intermediate.dense.weight": np.ones((7, 7))},
         "encoder.layer.1.intermediate.dense.weight has shape (7, 7), expected (any, 6)"),
        ({"encoder.layer.0.attention.self.key.weight": np.ones((6, 5))},
         "encoder.layer.0.attention.self.key.weight has shape (6, 5), expected (6, 6)"),
    ],
)  # fmt: skip
def test_a_state_that_is_no_bert_is_refused_by_its_own_names(change, message):
    state = bert_state() | change
    with pytest.raises(WeightsError) as caught:
        BertEncoder.from_state_dict({name: a for name, a in state.items() if a is not None}, HEADS)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        ({"ids": []}, ShapeError, r"ids has shape \(0,\), expected at least one whole number"),
        ({"ids": [[1, 2], [3]]}, ShapeError, "ids must be a full rectangle"),
        ({"ids": 3}, ShapeError, r"ids must end in the axis \(seq,\), got shape \(\)"),
        ({"ids": [0] * 12}, ShapeError, "ids has 12 tokens, but there are 11 positions"),
        ({"ids": [1, 2, 3], "token_types": [0, 1]}, ShapeError,
         r"token_types has shape \(2,\), but ids has shape \(3,\)"),
        ({"ids": [1, 2, 3], "mask": [1, 1]}, MaskError, r"mask has shape \(2,\), but ids has shape \(3,\)"),
        ({"ids": [1, 2, 3], "mask": [0.5, 0, 0]}, MaskError, "mask holds 0.5"),
        ({"ids": [1, 2, 3], "mask": [0, 0, 0]}, FullyMaskedRowError,
         "the mask leaves no key for query row 0"),
        ({"ids": [1, 13]}, NumberError, r"ids holds 13 at \(1,\), expected whole numbers from 0 to 12"),
        ({"ids": [1, -1]}, NumberError, r"ids holds -1 at \(1,\), expected whole numbers from 0 to 12"),
        ({"ids": [1.0, 2.0]}, NumberError, "ids must hold whole numbers, got dtype float64"),
        ({"ids": [1, 2], "token_types": [0, 3]}, NumberError,
         r"token_types holds 3 at \(1,\), expected whole numbers from 0 to 2"),
        ({"ids": [1, 2], "token_types": [0, -1]}, NumberError,
         r"token_types holds -1 at \(1,\), expected whole numbers from 0 to 2"),
        ({"ids": [1, 2], "token_types": [0.0, 1.0]}, NumberError,
         "token_types must hold whole numbers, got dtype float64"),
    ],
)  # fmt: skip
def test_what_cannot_be_encoded_is_refused_by_name(call, error, message):
    bert = BertEncoder.from_state_dict(bert_state(), HEADS)
    with pytest.raises(error, match=message):
        bert(**call)
    with pytest.raises(error, match=message):
        bert.trace(**call)


def test_a_new_encoder_is_random_by_its_seed():
    one, same, other = (BertEncoder(5, 4, 2, 3, 2, max_len=7, seed=seed).state_dict() for seed in (1, 1, 2))
    assert all(np.array_equal(one[name], same[name]) for name in one)
    assert not np.array_equal(one["words.weight"], other["words.weight"])
    assert one["positions.weight"].shape == (7, 4)
    assert not np.array_equal(one["blocks.0.attention.w_q"], one["blocks.1.attention.w_q"])


@pytest.mark.parametrize("wrong", [{"n_layers": 0}, {"max_len": 0}, {"n_token_types": 0}, {"num_heads": 3}])
def test_settings_out_of_range_are_refused(wrong):
    settings = {"vocab_size": 5, "d_model": 4, "num_heads": 2, "d_ff": 3, "n_layers": 2}
    with pytest.raises(ConfigError):
        BertEncoder(**(settings | wrong))
