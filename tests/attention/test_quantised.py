import numpy as np
import pytest

from attention import NumberError, WeightsError
from attention.quantised import dequantise, quantise
from tests.attention.oracles import sample

MATRIX = sample(1, 5, 7)


def test_each_number_is_off_by_half_a_step_of_its_row_at_most():
    matrix = MATRIX * np.array([[1.0], [100.0], [0.01], [3.0], [1e-3]])
    back = dequantise(quantise({"w": matrix}))["w"]
    step = np.abs(matrix).max(axis=1, keepdims=True) / 127
    assert (np.abs(back - matrix) <= step * (0.5 + 127 / 2048)).all()  # float16 moves the scale, too
    assert np.abs(back - matrix).max() > 0


def test_a_matrix_takes_a_byte_a_number():
    small = quantise({"w": MATRIX})
    assert (small["w"].dtype, small["w"].shape, small["w.scale"].dtype) == (np.int8, (5, 7), np.float16)
    assert np.abs(small["w"]).max(axis=1).tolist() == [127] * 5
    assert small["w.kept"].shape == (0, 7)


def test_a_row_with_an_outlier_keeps_its_numbers():
    matrix = sample(2, 5, 101)
    matrix[3, 11] = 1000.0
    small = quantise({"w": matrix})
    assert small["w.kept_rows"].tolist() == [3]
    back = dequantise(small)["w"]
    assert np.array_equal(back[3], matrix[3].astype(np.float16).astype(np.float32))
    assert np.abs(back[3, :11] - matrix[3, :11]).max() < 0.002  # and not 1000 / 127 / 2


def test_rows_of_nothing_stay_nothing():
    assert not dequantise(quantise({"w": np.zeros((3, 2))}))["w"].any()


def test_what_is_no_matrix_comes_in_float16():
    small = quantise({"gain": [1.0, 0.1, -3.0]})
    assert small["gain"].dtype == np.float16
    assert dequantise(small)["gain"].tolist() == np.float32(np.float16([1, 0.1, -3])).tolist()


def test_everything_comes_back_in_float32():
    state = {"w": MATRIX, "b": MATRIX[0], "table": MATRIX.T}
    back = dequantise(quantise(state))
    assert {name: (array.shape, array.dtype) for name, array in back.items()} == {
        name: (array.shape, np.float32) for name, array in state.items()
    }


def test_numbers_that_cannot_be_written_are_refused():
    with pytest.raises(NumberError, match=r"^w holds nan at \(0, 2\), expected finite numbers$"):
        quantise({"w": [[1.0, 2.0, np.nan]]})
    with pytest.raises(NumberError, match=r"^b holds inf at \(1,\), too large for float16$"):
        quantise({"b": [1.0, 1e6]})
    with pytest.raises(NumberError, match=r"^w\.scale holds inf at \(0,\), too large for float16$"):
        quantise({"w": [[1e9, 1e9]]})


SMALL = quantise({"w": MATRIX})


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"w.scale": None}, "w is int8, but w.scale is missing"),
        ({"w.kept": None}, "w is int8, but w.kept is missing"),
        ({"w.scale": np.ones(3)}, "w.scale has shape (3,), expected (5,): one number for each row of w"),
        ({"w.scale": np.ones(5, int)}, "w.scale has dtype int64, expected real numbers"),
        ({"w.kept": np.ones((0, 3))}, "w.kept has shape (0, 3), expected (0, 7): rows of w"),
        (
            {"w.kept": np.ones((1, 7)), "w.kept_rows": np.array([5])},
            "w.kept_rows holds 5, but w has 5 rows",
        ),
        ({"w": MATRIX.astype(int)}, "w has dtype int64, expected int8, float16 or float32"),
        ({"w": np.int8([1, 2])}, "w.scale has shape (5,), expected (2,): one number for each row of w"),
    ],
)
def test_files_that_were_tampered_with_are_refused(changed, message):
    stored = {name: array for name, array in (SMALL | changed).items() if array is not None}
    stored = {
        name: array.astype(np.int64) if array.dtype.kind == "i" and array.dtype != np.int8 else array
        for name, array in stored.items()
    }
    with pytest.raises(WeightsError) as caught:
        dequantise(stored)
    assert str(caught.value) == message
