"""`BertEncoder` against the same encoder made of PyTorch's modules, under BERT's names."""

import numpy as np
import pytest

from attention import BertEncoder
from tests.parity.cases import assert_near, dtype_of, generator, key_mask, shaken, size, tensor, torch

nn = torch.nn


class Named(nn.Module):
    """A module that only holds others, so that their names nest as in BERT."""

    def __init__(self, /, **parts):  # one of BERT's parts is called self
        super().__init__()
        for name, part in parts.items():
            self.add_module(name, part)


class Layer(nn.Module):
    def __init__(self, d_model, heads, d_ff, eps):
        super().__init__()
        self.heads = heads
        linear, norm = nn.Linear, nn.LayerNorm
        names = ("query", "key", "value")
        self.attention = Named(
            self=Named(**{name: linear(d_model, d_model) for name in names}),
            output=Named(dense=linear(d_model, d_model), LayerNorm=norm(d_model, eps)),
        )
        self.intermediate = Named(dense=linear(d_model, d_ff))
        self.output = Named(dense=linear(d_ff, d_model), LayerNorm=norm(d_model, eps))

    def forward(self, x, mask):
        q, k, v = (
            part(x).unflatten(-1, (self.heads, -1)).transpose(-2, -3)
            for part in self.attention.get_submodule("self").children()
        )
        heads = nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        out = self.attention.output
        x = out.LayerNorm(x + out.dense(heads.transpose(-2, -3).flatten(-2)))
        inner = nn.functional.gelu(self.intermediate.dense(x))
        return self.output.LayerNorm(x + self.output.dense(inner))


class Bert(nn.Module):
    def __init__(self, sizes, layers, d_model, heads, d_ff, eps):
        super().__init__()
        words, positions, types = sizes
        self.embeddings = Named(
            word_embeddings=nn.Embedding(words, d_model, padding_idx=0),
            position_embeddings=nn.Embedding(positions, d_model),
            token_type_embeddings=nn.Embedding(types, d_model),
            LayerNorm=nn.LayerNorm(d_model, eps),
        )
        self.embeddings.register_buffer("position_ids", torch.arange(positions)[None])
        self.encoder = Named(layer=nn.ModuleList(Layer(d_model, heads, d_ff, eps) for _ in range(layers)))
        self.pooler = Named(dense=nn.Linear(d_model, d_model))

    def forward(self, ids, types, mask):
        tables = self.embeddings
        x = tables.word_embeddings(ids) + tables.token_type_embeddings(types)
        x = tables.LayerNorm(x + tables.position_embeddings(tables.position_ids[0, : ids.shape[-1]]))
        steps = [x]
        for layer in self.encoder.layer:
            steps.append(layer(steps[-1], None if mask is None else mask[:, None, None, :]))
        return steps


@pytest.mark.parametrize("case", range(200))
def test_every_layer_of_an_encoder_gives_what_pytorch_gives(case):
    rng, dtype = generator(case), dtype_of(case)
    words, positions, types, heads = size(rng, 30), size(rng), size(rng, 3), size(rng, 4)
    d_model, eps = heads * (size(rng, 5) + (heads == 1)), 1e-12
    module = Bert((words, positions, types), size(rng, 4), d_model, heads, size(rng, 13), eps)
    module = shaken(module, rng, dtype)
    batch, seq = size(rng, 4), size(rng, positions)
    ids, token_types = rng.integers(0, words, (batch, seq)), rng.integers(0, types, (batch, seq))
    mask = key_mask(rng, batch, seq)

    theirs = module(tensor(ids), tensor(token_types), None if mask is None else tensor(mask))
    prefix = "bert." if case % 2 else ""
    bert = BertEncoder.from_state_dict(
        {prefix + name: each for name, each in module.state_dict().items()}, heads, eps
    )
    trace = bert.trace(ids, mask, token_types)

    for i, (ours, step) in enumerate(
        zip([trace.x, *(block.output for block in trace.blocks)], theirs, strict=True)
    ):
        assert_near(f"output of layer {i}", ours, step, dtype)
    assert np.array_equal(trace.output, trace.blocks[-1].output)
    assert_near("output", bert(ids, mask, token_types), theirs[-1], dtype)
