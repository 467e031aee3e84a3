"""Scaled dot-product attention against `torch.nn.functional.scaled_dot_product_attention`."""

import numpy as np
import pytest

from attention import scaled_dot_product_attention, trace_attention
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

    trace = trace_attention(q, k, v, mask, scale)
    ours = attention_backward(trace, grad_output)

    assert_near("output", trace.head_outputs, theirs, dtype_of(case))
    output, weights = scaled_dot_product_attention(q, k, v, mask, scale)
    assert np.array_equal(output, trace.head_outputs)
    assert np.array_equal(weights, trace.weights)
    for name, tensor_ in zip("qkv", inputs, strict=True):
        assert_near(f"gradient of {name}", getattr(ours, name), tensor_.grad, dtype_of(case))
    if trained:
        assert_near("gradient of mask", ours.mask, their_mask.grad, dtype_of(case))
    else:
        assert ours.mask is None
