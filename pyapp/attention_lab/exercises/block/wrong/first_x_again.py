"""The second sum adds the x from the very beginning. It should add what came out of the first half."""


def block(x, weights, n_heads, mask=None, norm_first=True, activation=relu, eps=1e-5):
    """Return the rows (..., seq, d_model) after one transformer block."""
    w = weights

    def norm_1(rows):
        return layer_norm(rows, w["gamma_1"], w["beta_1"], eps)

    def norm_2(rows):
        return layer_norm(rows, w["gamma_2"], w["beta_2"], eps)

    def feed_forward(rows):
        return activation(rows @ w["w_1"] + w["b_1"]) @ w["w_2"] + w["b_2"]

    if norm_first:
        h = x + multi_head(norm_1(x), w, n_heads, mask)
        return x + feed_forward(norm_2(h))
    h = norm_1(x + multi_head(x, w, n_heads, mask))
    return norm_2(x + feed_forward(h))
