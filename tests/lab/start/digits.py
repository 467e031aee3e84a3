"""What vouches for the digits in this lab's texts."""

from attention_lab.kit.blocks import Pick
from attention_lab.kit.numbers import read
from attention_lab.labs.start.lab import Start
from tests.lab.vouching import sum_of_weights


def asked() -> tuple[float, float]:
    """The row and the column, counted from 1, whose product is the answer to the prediction."""
    lab = Start()
    lab.apply({"seed": 0})  # with which no two cells are alike
    a, b = lab.factors
    answer = read(lab._asked().answer[1])
    found = [(i + 1.0, j + 1.0) for i in range(2) for j in range(2) if a[i] @ b[:, j] == answer]
    assert len(found) == 1
    return found[0]


def beside(text: str) -> tuple[float, float]:
    """The row and the column, counted from 1, whose product is the option that is answered with this."""
    lab = Start()
    lab.apply({"seed": 0})  # with which both are among the options
    a, b = lab.factors
    predict = lab._asked()
    option = next(i for i, why in enumerate(predict.why) if text in "".join(map(str, why)))
    told = read(predict.options[option])
    return next((i + 1.0, j + 1.0) for i in range(2) for j in range(2) if a[i] @ b[:, j] == told)


def heads(kind: str) -> tuple[str, ...]:
    """What the rows or the columns of the question that is picked in are called, in their order."""
    picked = next(each for each in Start().questions() if isinstance(each, Pick))
    return tuple(getattr(picked, kind))


VOUCHED = {
    "weights that add up to 1": sum_of_weights,
    "The weights of one word add up to 1": sum_of_weights,
    "the weights of one word add up to 1": sum_of_weights,
    "All three together make 1": sum_of_weights,
    "This is row 1 times column 1": lambda: beside("the row above"),
    "This is row 2 times column 2": lambda: beside("the column beside it"),
    "Row 2 of {a} times column 1 of {b}": asked,
    "row 2, column 1": asked,
    "row 1": lambda: heads("rows").index("row 1") + 1,
    "row 2": lambda: heads("rows").index("row 2") + 1,
    "column 1": lambda: heads("columns").index("column 1") + 1,
    "column 2": lambda: heads("columns").index("column 2") + 1,
}
