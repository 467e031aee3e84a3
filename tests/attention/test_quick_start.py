"""The first lines that lessons on attention show, run as they stand; only imports and inputs are supplied."""

import numpy as np
import pytest


def test_a_lessons_minimal_example(capsys):
    from attention import simple_attention

    query = np.array([1, 0, 1])
    keys = np.array([[1, 0, 1], [0, 1, 0], [1, 1, 1]])
    values = np.array([[10, 20, 30], [1, 2, 3], [5, 10, 15]])

    result, attention_weights = simple_attention(query, keys, values)
    print(f"Attention weights: {attention_weights}")

    assert (result.shape, attention_weights.shape) == ((3,), (3,))
    assert capsys.readouterr().out == "Attention weights: [0.46831053 0.06337894 0.46831053]\n"


def test_a_workshops_quick_start(capsys):
    import numpy as np

    from attention import SimpleAttention

    attn = SimpleAttention(embed_dim=64, num_heads=4)
    x = np.random.default_rng(0).standard_normal((10, 64)).astype(np.float32)

    output = attn.self_attention(x)
    assert output.shape == (10, 64)

    output_causal = attn.self_attention(x, causal=True)
    assert output_causal.shape == (10, 64)
    assert (output_causal != output).any()
    np.testing.assert_allclose(output_causal[-1], output[-1], rtol=0, atol=1e-12)  # the last row sees all

    output, weights = attn.forward(x, return_weights=True)
    print(f"Weights shape: {weights.shape}")
    assert capsys.readouterr().out == "Weights shape: (4, 10, 10)\n"


@pytest.mark.parametrize("batch", [(), (2,)])
def test_a_courses_usage_example(batch):
    from attention import MultiHeadAttention, ScaledDotProductAttention, create_causal_mask

    seq_length = 10
    embeddings = np.random.default_rng(0).standard_normal((*batch, seq_length, 256))

    scaled_attn = ScaledDotProductAttention()
    multi_head_attn = MultiHeadAttention(embed_dim=256, num_heads=8)

    query = key = value = embeddings  # Self-attention
    output = multi_head_attn(query, key, value)
    assert output.shape == (*batch, 10, 256)

    causal_mask = create_causal_mask(seq_length)
    masked_output = multi_head_attn(query, key, value, mask=causal_mask)
    assert masked_output.shape == (*batch, 10, 256)
    np.testing.assert_allclose(masked_output[..., -1, :], output[..., -1, :], rtol=0, atol=1e-12)

    output, weights = scaled_attn(query, key, value)
    assert (output.shape, weights.shape) == ((*batch, 10, 256), (*batch, 10, 10))


def test_a_courses_embeddings_come_before_attention():
    from attention import Embedding, MultiHeadAttention, PositionalEncoding

    embeddings = PositionalEncoding(256)(Embedding(vocab_size=100, d_model=256)([[3, 1, 4], [1, 5, 9]]))
    assert MultiHeadAttention(embed_dim=256, num_heads=8)(embeddings).shape == (2, 3, 256)


def test_a_courses_self_attention_and_its_masks():
    from attention import (
        SelfAttention,
        create_bidirectional_mask,
        create_causal_mask,
        create_padding_mask,
        scaled_dot_product_attention,
    )

    seq_len, lengths, max_length = 5, [5, 3], 5
    x = np.random.default_rng(0).standard_normal((2, seq_len, 16))

    causal_mask = create_causal_mask(seq_len)
    padding_mask = create_padding_mask(lengths, max_length)
    bidirectional_mask = create_bidirectional_mask(seq_len)
    assert (causal_mask.shape, padding_mask.shape, bidirectional_mask.shape) == ((5, 5), (2, 1, 5), (5, 5))

    for mask in (None, causal_mask, padding_mask, bidirectional_mask):
        output, weights = SelfAttention(d_model=16).forward(x, mask)
        assert (output.shape, weights.shape) == ((2, 5, 16), (2, 5, 5))
        np.testing.assert_array_equal(output, scaled_dot_product_attention(x, x, x, mask)[0])


def test_a_courses_classes_are_made_with_these_arguments():
    from attention import MultiHeadAttention, TransformerBlock

    attention = MultiHeadAttention(d_model=16, num_heads=4)
    assert attention.d_k == 4
    block = TransformerBlock(d_model=16, num_heads=4, d_ff=64)
    assert block(np.ones((5, 16))).shape == (5, 16)
