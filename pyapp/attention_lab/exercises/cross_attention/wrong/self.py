"""Keys and values come from x: this is self-attention, and the memory is not used."""


def cross_attention(x, memory, w_q, w_k, w_v):
    """Let the rows of x gather from those of memory."""
    output, _ = attention(x @ w_q, x @ w_k, x @ w_v)
    return output
