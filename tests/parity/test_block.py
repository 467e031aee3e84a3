"""`TransformerBlock` against `nn.TransformerEncoderLayer` and `nn.TransformerDecoderLayer`."""

import pytest

from attention import transformer_block_from_torch
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


@pytest.mark.parametrize("case", range(CASES))
@pytest.mark.parametrize("decoder", [False, True], ids=["encoder", "decoder"])
def test_values_and_gradients_are_those_of_pytorch(case, decoder):
    rng, dtype = generator(case), dtype_of(case)
    batch, seq, seq_memory, heads = size(rng, 4), size(rng), size(rng), size(rng, 4)
    d_model = heads * size(rng, 5) + heads * (heads == 1)  # LayerNorm of one number is 0 and has no slope
    norm, activation = str(rng.choice(["pre", "post"])), str(rng.choice(["relu", "gelu"]))
    eps = float(10 ** rng.uniform(-5, -1))
    kind = torch.nn.TransformerDecoderLayer if decoder else torch.nn.TransformerEncoderLayer
    module = kind(
        d_model,
        heads,
        dim_feedforward=size(rng, 13),
        activation=activation,
        layer_norm_eps=eps,
        batch_first=True,
        norm_first=norm == "pre",
        bias=bool(rng.random() < 0.7),
    )
    module = shaken(module, rng, dtype)
    rows = [normal(rng, batch, seq, d_model, dtype=dtype)]
    square, keys = square_mask(rng, seq, seq), key_mask(rng, batch, seq)
    ours_masks = {"mask": joined(square, keys)}
    if decoder:
        rows.append(normal(rng, batch, seq_memory, d_model, dtype=dtype))
        memory_square, memory_keys = square_mask(rng, seq, seq_memory), key_mask(rng, batch, seq_memory)
        ours_masks["memory_mask"] = joined(memory_square, memory_keys)
        their_masks = {
            "tgt_mask": inverted(square),
            "tgt_key_padding_mask": inverted(keys),
            "memory_mask": inverted(memory_square),
            "memory_key_padding_mask": inverted(memory_keys),
        }
    else:
        their_masks = {"src_mask": inverted(square), "src_key_padding_mask": inverted(keys)}
    grad_output = normal(rng, batch, seq, d_model, dtype=dtype)

    inputs = [tensor(each, gradient=True) for each in rows]
    theirs = module(*inputs, **their_masks)
    theirs.backward(tensor(grad_output))

    settings = {"norm": norm, "activation": activation, "eps": eps}
    block = transformer_block_from_torch(module.state_dict(), heads, **settings)
    named = dict(zip(("x", "memory"), rows, strict=False))
    trace = block.trace(**named, **ours_masks)
    ours = block.backward(trace, grad_output)

    assert_near("output", block(**named, **ours_masks), theirs, dtype)
    assert_near("output", trace.output, theirs, dtype)
    assert len(ours.inputs) == len(inputs)
    for name, our, their in zip(named, ours.inputs, inputs, strict=True):
        assert_near(f"gradient of {name}", our, their.grad, dtype)
    expected = transformer_block_from_torch(gradients(module), heads, **settings).parameters()
    assert ours.parameters.keys() == expected.keys()
    for name, their in expected.items():
        if not (module.norm1.bias is None and name.startswith("norm") and name.endswith("bias")):
            assert_near(f"gradient of {name}", ours.parameters[name], their, dtype)
