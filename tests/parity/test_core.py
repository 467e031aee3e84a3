"""Scaled dot-product attention against `torch.nn.functional.scaled_dot_product_attention`."""

import numpy as np
import pytest

from attention import gelu, gelu_backward, scaled_dot_product_attention, trace_attention
from attention.grad import attention_backward
from tests.parity.cases import CASES, assert_near, dtype_of, random_attention, tensor, torch

sdpa = torch.nn.functional.scaled_dot_product_attention


@pytest.mark.parametrize("case", range(CASES))
def test_values_and_gradients_are_those_of_pytorch(case):
    q, k, v, mask, scale, grad_output = random_attention(case)
    trained = mask is not None and mask.dtype != bool
    inputs = [tensor(array, gradient=True) for array in (q, k, v)]
    their_mask = None if mask is None else tensor(mask, gradient=trained)
    theirs = sdpa(*inputs, attn_mask=their_mask, scale=scale)
    theirs.backward(tensor(grad_output))

    trace = trace_attention(q, k, v, mask, scale=scale)
    ours = attention_backward(trace, grad_output)

    assert_near("output", trace.head_outputs, theirs, dtype_of(case))
    output, weights = scaled_dot_product_attention(q, k, v, mask, scale=scale)
    assert np.array_equal(output, trace.head_outputs)
    assert np.array_equal(weights, trace.weights)
    for name, tensor_ in zip("qkv", inputs, strict=True):
        assert_near(f"gradient of {name}", getattr(ours, name), tensor_.grad, dtype_of(case))
    if trained:
        assert_near("gradient of mask", ours.mask, their_mask.grad, dtype_of(case))
    else:
        assert ours.mask is None


@pytest.mark.parametrize("case", range(CASES // 10))
def test_causal_is_pytorchs_causal_where_there_are_as_many_queries_as_keys(case):
    q, k, v, _, scale, _ = random_attention(case)
    seq = min(q.shape[-2], k.shape[-2])
    arrays = [array[..., :seq, :] for array in (q, k, v)]
    theirs = sdpa(*map(tensor, arrays), is_causal=True, scale=scale)
    output, _ = scaled_dot_product_attention(*arrays, causal=True, scale=scale)
    assert_near("output", output, theirs, dtype_of(case))


@pytest.mark.parametrize("case", range(CASES // 10))
def test_fewer_queries_than_keys_are_the_last_of_them(case):
    q, k, v, _, scale, _ = random_attention(case)
    q = q[..., : k.shape[-2], :]
    allowed = np.tri(q.shape[-2], k.shape[-2], k.shape[-2] - q.shape[-2], dtype=bool)
    theirs = sdpa(*map(tensor, (q, k, v)), attn_mask=tensor(allowed), scale=scale)
    output, _ = scaled_dot_product_attention(q, k, v, causal=True, scale=scale)
    assert_near("output", output, theirs, dtype_of(case))


@pytest.mark.parametrize("case", range(CASES // 10))
def test_both_forms_of_gelu_and_their_slopes_are_those_of_pytorch(case):
    x, grad_output = random_attention(case).q, random_attention(case).q[..., ::-1]
    for form in ("none", "tanh"):
        theirs = tensor(x, gradient=True)
        output = torch.nn.functional.gelu(theirs, approximate=form)
        output.backward(tensor(grad_output))
        assert_near(form, gelu(x, approximate=form), output, dtype_of(case))
        ours = gelu_backward(x, grad_output, approximate=form)
        assert_near(f"gradient of {form}", ours, theirs.grad, dtype_of(case))
