"""The matrices are transposed: rows are multiplied as x @ w, not as x @ w.T (which is how PyTorch
keeps them).
"""


class MultiHeadAttention:
    """Attend with several heads side by side, and mix what they found."""

    def __init__(self, d_model, n_heads, w_q, w_k, w_v, w_o):
        self.n_heads = n_heads
        self.w_q, self.w_k, self.w_v, self.w_o = w_q, w_k, w_v, w_o

    def __call__(self, query, key, value, mask=None):
        """Return the output (..., seq_q, d_model)."""
        q = split_heads(query @ self.w_q.T, self.n_heads)
        k = split_heads(key @ self.w_k.T, self.n_heads)
        v = split_heads(value @ self.w_v.T, self.n_heads)
        heads, _ = attention(q, k, v, mask)
        return merge_heads(heads) @ self.w_o.T
