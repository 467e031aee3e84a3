"""What vouches for the digits in this lab's texts."""

import numpy as np

from attention_lab.labs.build.lab import _number_at


def first_place() -> float:
    """The row, and the column, of the first cell, as it is told of and looked up."""
    array = np.array([[7.0, 8.0], [9.0, 10.0]])
    found = [
        (row, col)
        for row in range(2)
        for col in range(2)
        if _number_at(array, (row, col), row, col) == "7.000000"
    ]
    assert found == [(0, 0)]
    return float(found[0][0])


VOUCHED = {"counted from 0": first_place}
