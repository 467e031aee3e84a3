"""The mask does not reach attention."""


def multi_head(x, w, n_heads, mask=None):
    """Self-attention with several heads, and with biases."""
    q = split_heads(x @ w["w_q"] + w["b_q"], n_heads)
    k = split_heads(x @ w["w_k"] + w["b_k"], n_heads)
    v = split_heads(x @ w["w_v"] + w["b_v"], n_heads)
    heads, _ = attention(q, k, v)
    return merge_heads(heads) @ w["w_o"] + w["b_o"]
