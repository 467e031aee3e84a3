"""What vouches for the digits in this lab's texts."""

from attention_lab.labs.learn import asking
from tests.lab.vouching import sum_of_weights

(_, FEW), (FROM, SOME), (MORE, _) = asking._BOUNDS

VOUCHED = {
    "fewer than 4": lambda: FEW + 1,
    "4 to 20": lambda: (FROM, SOME),
    "21 to": lambda: MORE,
    "1 ÷ {pairs}: weights add up to 1": lambda: (sum_of_weights(), sum_of_weights()),
    "one question add up to 1": sum_of_weights,
    "−ln (1 ÷ {values})": sum_of_weights,
    "seeds 1 to 6": "test_without_scaling_it_is_slower_with_most_seeds_and_as_quick_with_some",
}
