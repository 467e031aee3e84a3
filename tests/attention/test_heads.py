import ast
import inspect

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attention import (
    ConfigError,
    FullyMaskedRowError,
    NumberError,
    Projections,
    ShapeError,
    create_causal_mask,
    hand_built_embedding,
    hand_built_projections,
    heads,
    merge_heads,
    random_projections,
    split_heads,
    tokenize,
    trace_self_attention,
)
from tests.attention import oracles

SENTENCE = "The cat sat on the mat"


def default_trace(**options):
    x = hand_built_embedding(tokenize(SENTENCE), 4).x
    return trace_self_attention(x, hand_built_projections(4, 2), n_heads=2, **options)


def test_splitting_gives_each_head_its_own_columns():
    x = oracles.sample(0, 5, 21)
    split = split_heads(x, 3)
    assert split.shape == (3, 5, 7)
    for head in range(3):
        np.testing.assert_array_equal(split[head], x[:, 7 * head : 7 * head + 7])


@given(st.integers(1, 5), st.integers(1, 7), st.integers(1, 3), st.booleans())
def test_merging_undoes_splitting(n_heads, seq, d_k, batched):
    shape = (2, seq, n_heads * d_k) if batched else (seq, n_heads * d_k)
    x = oracles.sample(1, *shape)
    np.testing.assert_array_equal(merge_heads(split_heads(x, n_heads)), x)


@pytest.mark.parametrize(
    "split", [lambda n: split_heads(np.ones((3, 4)), n), lambda n: hand_built_projections(4, n)]
)
def test_heads_that_do_not_divide_d_model_are_refused_with_those_that_do(split):
    with pytest.raises(ConfigError) as caught:
        split(3)
    assert str(caught.value) == "n_heads 3 does not divide d_model 4: choose 1 or 2 or 4"


@pytest.mark.parametrize("n_heads", [0, -2, 2.0, True])
def test_the_number_of_heads_is_a_whole_number(n_heads):
    with pytest.raises(ConfigError, match="n_heads must be a whole number of at least 1, got "):
        split_heads(np.ones((3, 4)), n_heads)


def test_arrays_without_the_axes_of_heads_are_refused():
    with pytest.raises(ShapeError, match=r"x must end in the axes \(seq, d_model\), got shape \(4,\)"):
        split_heads([1, 2, 3, 4], 2)
    with pytest.raises(
        ShapeError, match=r"heads must end in the axes \(n_heads, seq, d_v\), got shape \(2, 3\)"
    ):
        merge_heads(np.ones((2, 3)))


def test_each_head_equals_plain_loops_on_its_own_columns():
    seq, d_model, n_heads, d_k = 5, 21, 3, 7
    x = oracles.sample(2, seq, d_model)
    projections = random_projections(d_model, n_heads, seed=3)
    mask = create_causal_mask(seq)
    trace = trace_self_attention(x, projections, n_heads, mask, scale=0.3)
    assert trace.attention.weights.shape == (n_heads, seq, seq)
    assert trace.concat.shape == (seq, d_model)
    for head in range(n_heads):
        columns = slice(head * d_k, (head + 1) * d_k)
        q, k, v = (
            oracles.matmul(x.tolist(), w[:, columns].tolist())
            for w in (projections.w_q, projections.w_k, projections.w_v)
        )
        for stage, values in oracles.attend(q, k, v, mask.tolist(), 0.3).items():
            np.testing.assert_allclose(
                getattr(trace.attention, stage)[head], values, rtol=0, atol=1e-11, err_msg=stage
            )
        np.testing.assert_array_equal(trace.concat[:, columns], trace.attention.head_outputs[head])


def test_the_trace_holds_what_went_in():
    x = hand_built_embedding(tokenize(SENTENCE), 4).x
    projections = hand_built_projections(4, 2)
    trace = trace_self_attention(x, projections, 2)
    for name in ("query", "key", "value"):
        np.testing.assert_array_equal(getattr(trace, name), x)
    assert trace.output is trace.concat
    for name in ("w_q", "w_k", "w_v"):
        np.testing.assert_array_equal(getattr(trace, name), getattr(projections, name))


@given(st.permutations(range(6)))
def test_without_positions_shuffling_the_sentence_shuffles_the_output(order):
    x = hand_built_embedding(tokenize(SENTENCE), 4).x
    shuffled = trace_self_attention(x[order], hand_built_projections(4, 2), 2).concat
    np.testing.assert_allclose(shuffled, default_trace().concat[order], rtol=0, atol=oracles.TOLERANCE)


def test_widths_of_queries_and_values_may_differ():
    projections = Projections(np.ones((3, 10)), np.ones((3, 10)), np.ones((3, 14)), "hand-built", None)
    trace = trace_self_attention(np.eye(5, 3), projections, n_heads=2)
    assert trace.attention.q.shape == (2, 5, 5)
    assert trace.attention.head_outputs.shape == (2, 5, 7)
    assert trace.concat.shape == (5, 14)


def test_batches_lead():
    trace = trace_self_attention(oracles.sample(5, 3, 5, 4), hand_built_projections(4, 2), n_heads=2)
    assert trace.attention.weights.shape == (3, 2, 5, 5)
    assert trace.concat.shape == (3, 5, 4)


def test_switching_a_head_off_empties_its_columns_and_no_others():
    def off(weights):
        weights[1] = 0
        return weights

    concat = default_trace(intervene=off).concat
    assert (concat[:, 2:] == 0).all()
    np.testing.assert_array_equal(concat[:, :2], default_trace().concat[:, :2])


def test_a_row_blocked_for_all_heads_is_named_for_each():
    mask = np.ones((6, 6), bool)
    mask[2] = False
    with pytest.raises(FullyMaskedRowError) as caught:
        default_trace(mask=mask)
    assert caught.value.rows == ((0, 2), (1, 2))
    assert caught.value.partial.q.shape == (2, 6, 2)


def test_x_that_does_not_fit_the_matrices_is_refused():
    with pytest.raises(ShapeError, match="x has d_model 3, but w_q has d_model 4"):
        trace_self_attention(np.ones((5, 3)), hand_built_projections(4, 2), 2)
    with pytest.raises(NumberError, match=r"x holds nan at \(0, 1\), expected finite numbers"):
        trace_self_attention([[0, np.nan]], hand_built_projections(2, 1), 1)


def test_q_k_and_v_are_assigned_once_each_on_one_line():
    """The page shows these lines beside the step."""
    tree = ast.parse(inspect.getsource(heads))
    function = next(
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name == "trace_self_attention"
    )
    lines = [ast.unparse(node) for node in ast.walk(function) if isinstance(node, ast.Assign)]
    for name in "qkv":
        assert lines.count(f"{name} = split_heads(x @ w_{name}, n_heads)") == 1
