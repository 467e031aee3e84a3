"""`MultiHeadAttention` against `torch.nn.MultiheadAttention`."""

import numpy as np
import pytest

from attention import multi_head_attention_from_torch
from tests.parity.cases import (
    CASES,
    assert_near,
    dtype_of,
    generator,
    gradients,
    inverted,
    joined,
    key_mask,
    normal,
    shaken,
    size,
    square_mask,
    tensor,
    torch,
)


def masks(rng, batch, heads, seq_q, seq_k, dtype):
    """One mask in our form, and the same as `attn_mask` and `key_padding_mask`."""
    square, keys = square_mask(rng, seq_q, seq_k), key_mask(rng, batch, seq_k)
    kind = rng.choice(["boolean", "biases", "of each head"])
    if kind == "boolean":
        return joined(square, keys), inverted(square), inverted(keys)
    shape = (seq_q, seq_k) if kind == "biases" else (batch, heads, seq_q, seq_k)
    biases = normal(rng, *shape, dtype=dtype)
    if square is not None:
        biases = np.where(square, biases, -np.inf).astype(dtype)
    return biases, tensor(biases.reshape(-1, seq_q, seq_k) if biases.ndim == 4 else biases), None


@pytest.mark.parametrize("case", range(CASES))
def test_values_weights_and_gradients_are_those_of_pytorch(case):
    rng, dtype = generator(case), dtype_of(case)
    batch, seq_q, seq_k, heads, d_k = size(rng, 4), size(rng), size(rng), size(rng, 4), size(rng, 5)
    d_model, itself = heads * d_k, rng.random() < 0.3
    module = shaken(
        torch.nn.MultiheadAttention(d_model, heads, bias=bool(rng.random() < 0.7), batch_first=True),
        rng,
        dtype,
    )
    query = normal(rng, batch, seq_q, d_model, dtype=dtype)
    if itself:
        rows, seq_k = [query], seq_q
    else:
        rows = [query, *(normal(rng, batch, seq_k, d_model, dtype=dtype) for _ in range(2))]
    mask, attn_mask, key_padding_mask = masks(rng, batch, heads, seq_q, seq_k, dtype)
    grad_output = normal(rng, batch, seq_q, d_model, dtype=dtype)

    inputs = [tensor(each, gradient=True) for each in rows]
    theirs, weights = module(
        *(inputs * 3 if itself else inputs),
        key_padding_mask=key_padding_mask,
        attn_mask=attn_mask,
        average_attn_weights=False,
    )
    theirs.backward(tensor(grad_output))

    mha = multi_head_attention_from_torch(module.state_dict(), heads)
    trace = mha.trace(*rows, mask=mask)
    ours = mha.backward(trace, grad_output)

    assert_near("output", mha(*rows, mask=mask), theirs, dtype)
    assert_near("output", trace.output, theirs, dtype)
    assert_near("weights", trace.attention.weights, weights, dtype)
    inputs_of_ours = [sum(ours.inputs)] if itself else ours.inputs
    for name, our, their in zip(("query", "key", "value"), inputs_of_ours, inputs, strict=False):
        assert_near(f"gradient of {name}", our, their.grad, dtype)
    expected = multi_head_attention_from_torch(gradients(module), heads).parameters()
    assert ours.parameters.keys() == expected.keys()
    for name, their in expected.items():
        assert_near(f"gradient of {name}", ours.parameters[name], their, dtype)
