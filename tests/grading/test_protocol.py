"""Values travel as plain data; what comes is checked before it is believed."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest

from attention_lab.grading.protocol import Other, ProtocolError, Recipe, decode, encode


def back(value: Any) -> Any:
    return decode(json.loads(json.dumps(encode(value), allow_nan=False)))


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        0,
        -(2**63),
        1.5,
        math.inf,
        "text",
        "",
        [1, [2.0, "x"]],
        (1, (2,)),
        {"a": 1, 2: (3,)},
        [],
        (),
    ],
)
def test_a_plain_value_comes_back_as_it_was(value: Any) -> None:
    assert back(value) == value
    assert type(back(value)) is type(value)


@pytest.mark.parametrize("kind", ["?", "i1", "u2", "i4", "i8", "f2", "f4", "f8", "c16", ">f8", ">i4"])
@pytest.mark.parametrize("shape", [(), (0,), (2, 3, 5)])
def test_an_array_comes_back_with_its_shape_dtype_and_numbers(kind: str, shape: tuple[int, ...]) -> None:
    array = np.asarray(np.arange(math.prod(shape)).reshape(shape) * 7 % 5).astype(kind)
    assert back(array).shape == shape
    assert back(array).dtype == array.dtype.newbyteorder("<")
    assert (back(array) == array).all()


def test_what_is_not_laid_out_row_by_row_travels_all_the_same() -> None:
    array = np.arange(30.0).reshape(2, 3, 5)
    assert (back(array.T) == array.T).all()
    assert (back(np.broadcast_to(array[0], (7, 3, 5))) == array[0]).all()


def test_nan_and_infinities_travel() -> None:
    assert math.isnan(back(math.nan))
    assert np.isnan(back(np.array([1, np.nan, -np.inf]))[1])


def test_a_scalar_of_numpy_is_a_plain_number() -> None:
    for value, kind in ((np.float32(1.5), float), (np.int8(3), int), (np.bool_(True), bool)):
        assert type(back(value)) is kind


def test_what_does_not_travel_is_called_by_its_kind() -> None:
    assert back(x for x in [1]) == Other("generator")
    assert back(np.zeros((1, 1)).view(np.matrix)) == Other("numpy.matrix", "", (1, 1))
    assert back(np.ma.masked_array([1, 2])).kind == "numpy.MaskedArray"
    assert back(np.array([object()])) == Other("array of objects", "", (1,))
    assert back(10**5000) == Other("int", "a very large whole number")
    assert back(np.broadcast_to(0.0, (10**5, 10**5))).shape == (10**5, 10**5)


def test_no_code_of_a_value_runs_when_it_is_encoded() -> None:
    def bad(*args: object, **kwargs: object) -> Any:
        raise AssertionError("the value's own code ran")

    names = ("__eq__", "__array__", "__repr__", "__str__", "__len__", "__iter__", "__float__", "__bool__")
    names += ("__reduce__", "__getattribute__", "__instancecheck__", "__hash__", "__index__", "__format__")
    hostile = type("Hostile", (), dict.fromkeys(names, bad))
    assert back(hostile()) == Other("Hostile")
    array = type("Own", (np.ndarray,), dict.fromkeys(("__eq__", "__array__", "tobytes", "__repr__"), bad))
    assert back(np.zeros((2, 3)).view(array)) == Other("Own", "", (2, 3))
    for base, value in ((list, [1]), (dict, {1: 2}), (float, 1.0), (int, 1), (str, "x")):
        assert back(type("Own", (base,), dict.fromkeys(names, bad))(value)).kind == "Own"


def test_what_contains_itself_ends() -> None:
    own: list[Any] = []
    own.append(own)
    assert json.dumps(encode(own))
    wide: list[Any] = [[0] * 1000] * 1000
    assert len(json.dumps(encode(wide))) < 1_000_000


def test_a_function_travels_as_what_it_is_made_from() -> None:
    made = back(Recipe("next_of", {"table": np.eye(2), "fade": 0.5}))
    assert (made.kind, made.parts["fade"], made.parts["table"].tolist()) == ("next_of", 0.5, [[1, 0], [0, 1]])


@pytest.mark.parametrize(
    "plain",
    [
        {"dtype": "O", "shape": [1], "data": ""},
        {"dtype": "<f8", "shape": [2], "data": "AAAA"},
        {"dtype": "<f8", "shape": [-1], "data": ""},
        {"dtype": "<f8", "shape": [2**40], "data": ""},
        {"dtype": "<f8", "shape": ["2"], "data": ""},
        {"dtype": "<f8", "shape": [0], "data": "?"},
        {"dtype": "<f8", "shape": None, "data": ""},
        {"float": "7"},
        {"tuple": 3},
        {"dict": [[[], 1]]},
        {"nothing": 1},
        math.nan,
        {"function": {}},
        {"other": "x", "shape": [math.inf]},
        object(),
    ],
)
def test_what_is_not_of_this_making_is_refused(plain: Any) -> None:
    with pytest.raises(ProtocolError):
        decode(plain)


def test_lists_that_go_too_deep_are_refused() -> None:
    plain: Any = 1
    for _ in range(500):
        plain = [plain]
    with pytest.raises(ProtocolError):
        decode(plain)
