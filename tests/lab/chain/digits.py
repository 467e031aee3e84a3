"""What vouches for the digits in this lab's texts."""

from attention import attention_cost
from tests.lab.vouching import sum_of_weights


def hops() -> float:
    """The longest way from one word to another through attention."""
    return float(attention_cost(7, 7, d_k=3).path_length)


VOUCHED = {
    "the weights add up to 1": sum_of_weights,
    "equal and add up to 1": sum_of_weights,
    "even share, 1/n": sum_of_weights,
    "1 step": hops,
}
