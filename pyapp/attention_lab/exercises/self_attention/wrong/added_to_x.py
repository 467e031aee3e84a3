"""The rows themselves were added to the output. That is what a block does around attention; here the
output alone is asked for.
"""


class SelfAttention:
    """Let the rows of one sequence attend to each other."""

    def __init__(self, d_model):
        self.d_model = d_model

    def forward(self, x, mask=None):
        """Return (output, weights)."""
        output, weights = attention(x, x, x, mask)
        return output + x, weights
