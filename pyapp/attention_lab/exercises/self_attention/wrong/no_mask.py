"""The mask is not handed on: every row looks at every row."""


class SelfAttention:
    """Let the rows of one sequence attend to each other."""

    def __init__(self, d_model):
        self.d_model = d_model

    def forward(self, x, mask=None):
        """Return (output, weights)."""
        return attention(x, x, x)
