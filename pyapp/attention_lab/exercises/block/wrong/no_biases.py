"""The biases of attention are left out: b_q, b_k, b_v and b_o."""


def multi_head(x, w, n_heads, mask=None):
    """Self-attention with several heads, and with biases."""
    q = split_heads(x @ w["w_q"], n_heads)
    k = split_heads(x @ w["w_k"], n_heads)
    v = split_heads(x @ w["w_v"], n_heads)
    heads, _ = attention(q, k, v, mask)
    return merge_heads(heads) @ w["w_o"]
