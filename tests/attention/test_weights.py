import contextlib
import io
import json
import math
import sys
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from attention import Layer, WeightsError, weights
from attention.weights import HEADER_LIMIT, load, load_metadata, save
from tests.attention.oracles import sample

TYPES = [np.dtype(code) for code in ("f8", "f4", "f2", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "?")]
A_FEW_KILOBYTES = 40_000  # what Python and NumPy need for a small file, with room


def file_of(header, data=b"", n=None):
    """The bytes of a file: a header, said to be `n` bytes long, and what follows it."""
    raw = header if isinstance(header, bytes) else header.encode()
    return (len(raw) if n is None else n).to_bytes(8, "little") + raw + data


def described(dtype="F32", shape="[2]", offsets="[0,8]", name="w_q"):
    return f'"{name}":{{"dtype":"{dtype}","shape":{shape},"data_offsets":{offsets}}}'


def saved(state, metadata=None):
    file = io.BytesIO()
    save(file, state, metadata)
    return file.getvalue()


def refusal(source):
    """The message of a refusal that took little memory (the least of three: other threads take some)."""
    peaks = []
    for _ in range(3):
        tracemalloc.start()
        try:
            with pytest.raises(WeightsError) as caught:
                load(source)
            peaks.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()
    assert min(peaks) < A_FEW_KILOBYTES + 40 * len(source)
    message = str(caught.value)
    assert len(message) < 1000
    return message


def texts():
    """Letters that JSON or UTF-8 writes in ways of their own (all of Unicode takes Pyodide nine seconds)."""
    return st.text(st.sampled_from('aß_.\u4e2d\U0001f41f"\\/\n\x01\x7f\u2028[{'), max_size=5)


def arrays():
    shapes = hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=5)
    return st.sampled_from(TYPES).flatmap(lambda dtype: hnp.arrays(dtype, shapes))


# What a file looks like


def test_the_bytes_of_a_small_file_are_these():
    header = (
        b'{"__metadata__":{"seed":"7"},"b":{"dtype":"F64","shape":[1,2],"data_offsets":[0,16]},'
        b'"a":{"dtype":"F32","shape":[],"data_offsets":[16,20]},'
        b'"d":{"dtype":"BOOL","shape":[3],"data_offsets":[20,23]}}     '
    )
    numbers = bytes.fromhex("000000000000f03f 0000000000000040 00004040 01 00 01")
    assert len(header) % 8 == 0
    state = {"a": np.float32(3), "d": np.array([True, False, True]), "b": np.array([[1.0, 2.0]])}
    assert saved(state, {"seed": "7"}) == len(header).to_bytes(8, "little") + header + numbers


def test_the_widest_types_come_first_and_then_names_in_order():
    state = {f"{name}{dtype.kind}{dtype.itemsize}": np.zeros(1, dtype) for dtype in TYPES for name in "ba"}
    order = ["u8", "i8", "f8", "f4", "u4", "i4", "f2", "u2", "i2", "i1", "u1", "b1"]
    assert list(load(saved(state))) == [f"{name}{code}" for code in order for name in "ab"]


def test_arrays_that_are_not_rows_of_little_endian_numbers_are_written_as_such():
    columns = np.asfortranarray(np.arange(15.0).reshape(3, 5)).astype(">f8")[:, ::2]
    assert saved({"w": columns}) == saved({"w": np.ascontiguousarray(columns, "<f8")})


def test_bf16_is_read_as_the_float32_with_the_same_upper_half():
    data = np.array([0x3F80, 0xC020, 0x7F80, 0x0001, 0x8000], "<u2").tobytes()
    read = load(file_of("{" + described("BF16", "[5]", "[0,10]") + "}", data))["w_q"]
    assert read.dtype == np.float32
    assert read.tolist() == [1.0, -2.5, math.inf, 2.0**-133, 0.0]
    assert math.copysign(1, read[4]) == -1


# There and back


@given(st.dictionaries(texts(), arrays(), max_size=4),
       st.dictionaries(texts(), texts(), max_size=3))  # fmt: skip
def test_what_is_saved_is_loaded_bit_for_bit(state, metadata):
    file = saved(state, metadata)
    read = load(file)
    assert read.keys() == state.keys()
    for name, array in state.items():
        assert (read[name].dtype, read[name].shape) == (array.dtype, array.shape)
        assert read[name].tobytes() == array.tobytes()
    assert load_metadata(file) == metadata
    assert saved(read, metadata) == file


@given(st.dictionaries(texts(), texts(), max_size=3), arrays())
def test_the_header_is_padded_so_that_numbers_start_at_a_multiple_of_eight(metadata, array):
    file = saved({"w": array}, metadata)
    assert int.from_bytes(file[:8], "little") % 8 == 0


def test_a_layers_weights_go_through_a_file_into_another_layer(tmp_path):
    class Two(Layer):
        def __init__(self, seed):
            self.w_q, self.gain = sample(seed, 3, 5), sample(seed + 1, 7).astype(np.float32)

    one, other = Two(1), Two(2)
    for path in (tmp_path / "a.safetensors", str(tmp_path / "b.safetensors")):
        save(path, one.state_dict())
        other.load_state_dict(load(path))
        assert (other.w_q == one.w_q).all()
        assert (other.gain == one.gain).all()


def test_bytes_of_any_kind_and_files_are_read_alike(tmp_path):
    file = saved({"w": np.arange(5.0)}, {"from": "here"})
    (tmp_path / "w").write_bytes(file)
    with (tmp_path / "w").open("rb") as opened:
        for source in (file, bytearray(file), memoryview(file), io.BytesIO(file), opened, tmp_path / "w"):
            assert load(source)["w"].tolist() == [0, 1, 2, 3, 4]
    assert load_metadata(io.BytesIO(file)) == {"from": "here"}


def test_loaded_arrays_are_the_callers_own():
    file = bytearray(saved({"w": np.arange(5.0), "b": np.zeros(3, bool)}))
    first, second = load(file), load(file)
    first["w"][:], first["b"][:] = 7, True
    file[-8:] = bytes(8)
    assert second["w"].tolist() == [0, 1, 2, 3, 4]
    assert not second["b"].any()


def test_text_beyond_ascii_is_written_as_utf_8():
    assert '{"é":"\U0001f41f\\n\\u0001\x7f"}'.encode() in saved({}, {"é": "\U0001f41f\n\x01\x7f"})


def test_a_stream_that_cannot_go_back_is_read():
    class Stream:
        def read(self):
            return saved({"w": np.arange(5.0)})

    assert load(Stream())["w"].tolist() == [0, 1, 2, 3, 4]


def test_an_empty_array_may_stand_where_another_starts_or_ends():
    parts = [("F64", "[0]", "[8,8]", "c"), ("F32", "[2]", "[0,8]", "b"), ("I8", "[3,0]", "[0,0]", "a")]
    read = load(file_of("{" + ",".join(described(*part) for part in parts) + "}", bytes(8)))
    assert {name: array.shape for name, array in read.items()} == {"a": (3, 0), "b": (2,), "c": (0,)}


def test_metadata_that_is_not_there_is_empty_and_an_empty_file_is_a_file():
    assert saved({}, {}) == b'\x18\0\0\0\0\0\0\0{"__metadata__":{}}     '
    assert saved({}) == b"\x08\0\0\0\0\0\0\0{}      "
    assert load(saved({})) == load_metadata(saved({})) == {}


def test_entries_may_stand_in_any_order_in_the_header():
    header = (
        "{"
        + described("F32", "[2]", "[1,9]", "late")
        + " , "
        + described("I8", "[1]", "[0,1]", "early")
        + "}\n"
    )
    read = load(file_of(header, b"\x05" + np.array([1.5, 2.5], "<f4").tobytes()))
    assert {name: array.tolist() for name, array in read.items()} == {"early": [5], "late": [1.5, 2.5]}


def test_brackets_in_names_and_metadata_are_text():
    state = {'[[[[{{"\\': np.arange(3.0), "\\": np.ones(2)}
    assert load(saved(state, {"[[[[": '{{{{"'})).keys() == state.keys()


# What cannot be written


@pytest.mark.parametrize(
    ("state", "metadata", "message"),
    [
        ({"w": np.ones(2, complex)}, None, "'w' has dtype complex128, expected one of U64, I64, F64, F32,"),
        ({"w": np.array(["a"])}, None, "'w' has dtype <U1, expected one of U64"),
        ({"w": np.array([None])}, None, "'w' has dtype object, expected one of U64"),
        ({"__metadata__": np.ones(2)}, None,
         "'__metadata__' cannot be the name of an array: the format keeps it for itself"),
        ({7: np.ones(2)}, None, "the name of an array must be text that UTF-8 can hold, got 7"),
        ({"\ud800": np.ones(2)}, None,
         "the name of an array must be text that UTF-8 can hold, got '\\ud800'"),
        ({}, {"seed": 7}, "metadata must be text that UTF-8 can hold, got 7"),
        ({}, {7: "seed"}, "the name of metadata must be text that UTF-8 can hold, got 7"),
    ],
    ids=lambda value: str(value)[:30],
)  # fmt: skip
def test_what_cannot_be_written_is_refused_by_name_and_leaves_the_older_file(
    tmp_path, state, metadata, message
):
    path = tmp_path / "w"
    path.write_bytes(b"older")
    with pytest.raises(WeightsError) as caught:
        save(path, state, metadata)
    assert str(caught.value).startswith(message)
    assert path.read_bytes() == b"older"


def test_a_header_over_the_limit_is_not_written(monkeypatch, tmp_path):
    monkeypatch.setattr(weights, "HEADER_LIMIT", 64)
    save(tmp_path / "w", {}, {"a": "b" * 36})
    with pytest.raises(WeightsError, match="the header needs 72 bytes, expected at most 64"):
        save(tmp_path / "w", {}, {"a": "b" * 45})
    assert load_metadata(tmp_path / "w") == {"a": "b" * 36}


@pytest.mark.parametrize("place", [None, 3, [b"a"]])
def test_what_is_no_place_is_refused(place):
    with pytest.raises(WeightsError, match="expected a path or a file, got"):
        load(place)
    with pytest.raises(WeightsError, match="expected a path or a file, got"):
        save(place, {})


def test_bytes_are_no_place_to_write_to():
    with pytest.raises(WeightsError, match="expected a path or a file, got bytes"):
        save(b"w", {})


# Damaged and hostile files


def test_a_file_cut_short_anywhere_is_refused():
    file = saved({"w_q": np.arange(3.0), "ok": np.ones(2, bool)}, {"seed": "7"})
    for length in range(len(file)):
        message = refusal(file[:length])
        if length < 8:
            assert message.startswith(f"the file has {length} bytes, expected at least the 8 that hold")
        elif length < 8 + int.from_bytes(file[:8], "little"):
            assert message.endswith("the file is cut short, or not in the safetensors format")
        else:
            assert message.startswith("the arrays need 26 bytes, but ")


def test_one_byte_too_many_is_refused():
    assert refusal(saved({"w": np.ones(3)}) + b"\0") == "the arrays need 24 bytes, but 25 follow the header"


@pytest.mark.parametrize("n", [HEADER_LIMIT + 1, 2**31, 2**32 + 2, 2**63, 2**64 - 1])
def test_a_header_length_over_the_limit_is_refused_and_nothing_is_read(n):
    message = refusal(file_of("{}", n=n))
    assert message.startswith(f"the header is said to have {n} bytes, expected at most 8000000: ")


@pytest.mark.parametrize("n", [3, HEADER_LIMIT])
def test_a_header_longer_than_the_file_is_refused_without_making_room_for_it(tmp_path, n):
    said = f"the header is said to have {n} bytes, but 2 follow"
    assert refusal(file_of("{}", n=n)).startswith(said)
    path = tmp_path / "w"
    path.write_bytes(file_of("{}", n=n))
    tracemalloc.start()
    with pytest.raises(WeightsError, match=said):
        load(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < A_FEW_KILOBYTES


TWO = described(name="a") + "," + described(offsets="[{},{}]", name="b")


@pytest.mark.parametrize(
    ("offsets", "message"),
    [
        ((4, 12), "'b' starts at byte 4, expected 8: arrays must follow each other without gap or overlap"),
        ((0, 8), "'b' starts at byte 0, expected 8"),
        ((9, 17), "'b' starts at byte 9, expected 8"),
        ((8, 15), "'b' of dtype F32 and shape [2] needs 8 bytes, but its data_offsets hold 7"),
        ((16, 8), "'b' has data_offsets [16, 8], expected [start, end] in bytes"),
        ((-8, 0), "'b' has data_offsets [-8, 0], expected [start, end] in bytes"),
        ((2**64, 2**64 + 8), f"'b' has data_offsets [{2**64}, {2**64 + 8}], expected [start, end] in bytes"),
        ((8.0, 16.0), "'b' has data_offsets [8.0, 16.0], expected [start, end] in bytes"),
    ],
)
def test_offsets_that_overlap_leave_gaps_or_make_no_sense_are_refused(offsets, message):
    header = "{" + TWO.replace("[{},{}]", f"[{offsets[0]},{offsets[1]}]") + "}"
    assert refusal(file_of(header, bytes(16))).startswith(message)


def test_the_first_array_starts_at_byte_0():
    assert refusal(file_of("{" + described(offsets="[8,16]") + "}", bytes(16))).startswith(
        "'w_q' starts at byte 8, expected 0"
    )


@pytest.mark.parametrize("offsets", ["[0]", "[0,8,8]", "8", "null", '"08"', "[false,8]", "{}"])
def test_offsets_of_another_kind_are_refused(offsets):
    message = refusal(file_of("{" + described(offsets=offsets) + "}", bytes(8)))
    assert message.startswith("'w_q' has data_offsets ")


@pytest.mark.parametrize(
    "shape",
    [
        "[6,715827883]",  # 2**32 + 2 elements: 2 in 32 bits
        "[239075442,77158673929]",  # 2**64 + 2: 2 in 64 bits
        "[4294967296,4294967296,2]",  # 2**65 elements: 0 in 64 bits
        "[2147483648,2147483648,2,2]",
        "[9223372036854775807,9223372036854775807]",
        "[65536,65536]",  # 0 in 32 bits
        "[1]",
        "[]",
        "[0]",
    ],
)
def test_a_shape_that_needs_another_number_of_bytes_is_refused_whatever_wraps_around(shape):
    message = refusal(file_of("{" + described(shape=shape) + "}", bytes(8)))
    if max(json.loads(shape), default=0) > sys.maxsize:  # a machine of 32 bits
        assert message.startswith("'w_q' has shape [")
    else:
        needed = 4 * math.prod(json.loads(shape))
        assert message.endswith(f"needs {needed} bytes, but its data_offsets hold 8")


@pytest.mark.parametrize(
    "shape",
    ["[-2]", "[-1,-2]", "[2.0]", "[2e0]", "[true,2]", '["2"]', "2", "null", "{}", '"2"',
     "[18446744073709551618]", str([1] * 33)],
)  # fmt: skip
def test_a_shape_that_is_not_sizes_is_refused(shape):
    message = refusal(file_of("{" + described(shape=shape) + "}", bytes(8)))
    assert message.startswith("'w_q' has shape ")
    assert "expected at most 32 whole numbers from 0 to " in message


def test_an_empty_array_with_an_impossible_axis_is_refused():
    header = "{" + described(shape="[0,4611686018427387904,4]", offsets="[0,0]") + "}"
    assert refusal(file_of(header)).startswith("'w_q' has shape [0, 4611686018427387904, 4], ")


@pytest.mark.parametrize("dtype", ["F8_E4M3", "f32", "C64", "", "object", "__class__", "F32 " * 2000])
def test_an_unknown_dtype_is_refused(dtype):
    message = refusal(file_of("{" + described(dtype) + "}", bytes(8)))
    assert message.startswith("'w_q' has dtype '")
    assert message.endswith("expected one of U64, I64, F64, F32, U32, I32, BF16, F16, U16, I16, I8, U8, BOOL")


@pytest.mark.parametrize("dtype", ["32", "null", "[]", '["F32"]', "{}"])
def test_a_dtype_that_is_not_text_is_refused(dtype):
    message = refusal(file_of("{" + described().replace('"F32"', dtype) + "}", bytes(8)))
    assert message.startswith("'w_q' has dtype ")


@pytest.mark.parametrize(
    "entry",
    ["3", "null", "[]", '"F32"', "{}", '{"dtype":"F32","shape":[2]}', '{"a":"b"}',
     '{"dtype":"F32","shape":[2],"data_offsets":[0,8],"more":1}'],
)  # fmt: skip
def test_an_entry_without_its_three_fields_is_refused(entry):
    message = refusal(file_of('{"w_q":' + entry + "}", bytes(8)))
    assert message.startswith("'w_q' must be described by dtype, shape and data_offsets, got ")


@pytest.mark.parametrize(
    "metadata", ["3", "null", "[]", '"text"', '{"seed":7}', '{"a":{}}', '{"a":"\\ud800"}']
)
def test_metadata_that_is_not_text_by_name_is_refused(metadata):
    assert refusal(file_of('{"__metadata__":' + metadata + "}")).startswith("metadata must be text ")


@pytest.mark.parametrize(
    "header",
    [
        "{" + described() + "," + described() + "}",
        '{"w_q":{"dtype":"F32","shape":[2],"shape":[2],"data_offsets":[0,8]}}',
        '{"__metadata__":{"a":"b"},"__metadata__":{"a":"b"}}',
        '{"__metadata__":{"a":"b","a":"c"}}',
        "{" + described() + "," + described(name="\\u0077_q") + "}",
    ],
)
def test_a_name_that_comes_twice_is_refused(header):
    message = refusal(file_of(header, bytes(8)))
    assert message.startswith("the header names '")
    assert message.endswith("' twice")


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (b"", "the header starts with b'', expected {"),
        (b"[]", "the header starts with b'[]', expected {"),
        (b" {}", "the header starts with b' {}', expected {"),
        (b"\xef\xbb\xbf{}", "the header starts with b'\\xef\\xbb\\xbf{}', expected {"),
        (b"{", "the header is not JSON in UTF-8: "),
        (b'{"a', "the header is not JSON in UTF-8: "),
        (b'{"a\\', "the header is not JSON in UTF-8: "),
        (b"{}}", "the header is not JSON in UTF-8: "),
        (b"{}{}", "the header is not JSON in UTF-8: "),
        (b"{}\0", "the header is not JSON in UTF-8: "),
        (b"{\0}\0", "the header is not JSON in UTF-8: "),
        (b'{"a":1,}', "the header is not JSON in UTF-8: "),
        (b"{'a':1}", "the header is not JSON in UTF-8: "),
        (b'{"a\n":1}', "the header is not JSON in UTF-8: "),
        (b'{"\xff":1}', "the header is not JSON in UTF-8: "),
        (b'{"\xed\xa0\x80":1}', "the header is not JSON in UTF-8: "),
        ("{}".encode("utf-16-le"), "the header is not JSON in UTF-8: "),
        (b'{"a":' + b"9" * 5000 + b"}", "the header is not JSON in UTF-8: "),
        (b'{"\\ud800":1}', "the name of an array must be text that UTF-8 can hold, got '\\ud800'"),
        (b'{"a":NaN}', "the header holds NaN, which JSON does not have"),
        (b'{"a":{"shape":[-Infinity]}}', "the header holds -Infinity, which JSON does not have"),
        (b'{"a":' + b"[" * 100_000, "the header is nested more than 3 deep"),
        (b'{"a":' * 100_000 + b"}" * 100_000, "the header is nested more than 3 deep"),
        (b'{"a":[[[]]]}', "the header is nested more than 3 deep"),
        (b'{"\\"' + b"[" * 9 + b'":' + b"[" * 9, "the header is nested more than 3 deep"),
    ],
    ids=lambda value: str(value)[:30],
)  # fmt: skip
def test_a_header_that_is_not_the_formats_json_is_refused(header, message):
    assert refusal(file_of(header)).startswith(message)


@pytest.mark.parametrize("unit", [b"[],", b"{},", b"0,", b'"",', b"[[]],", b'"a":{},', b"[0,[{}]],"])
@pytest.mark.parametrize("opening", [b'{"a":[', b'{"a":{"shape":[', b"{"])
def test_a_dense_header_takes_memory_in_proportion_to_its_bytes(opening, unit):
    refusal(file_of(opening + unit * 5000))


@pytest.mark.parametrize("text", ['"', '\\"', '"\\', "\\\\"])
def test_a_header_of_quotes_and_backslashes_is_refused_in_one_pass(text):
    refusal(file_of('{"' + text * 100_000))  # with a second pass at each quote this would take minutes


def test_a_long_name_is_not_repeated_whole():
    assert len(refusal(file_of("{" + described(shape="[3]", name="w" * 50_000) + "}", bytes(8)))) < 300


def test_a_truth_value_that_is_neither_0_nor_1_is_refused():
    header = "{" + described("BOOL", "[3]", "[0,3]") + "}"
    assert refusal(file_of(header, b"\0\1\2")) == "'w_q' holds 2, expected 0 and 1 in a BOOL"


@given(st.binary(max_size=200))
def test_bytes_of_any_kind_are_read_or_refused(noise):
    for file in (noise, file_of(noise), file_of(b"{" + noise + b"}")):
        with contextlib.suppress(WeightsError):
            load(file)


@given(st.data())
def test_a_file_with_changed_bytes_is_read_or_refused(data):
    file = bytearray(saved({"w_q": np.arange(3.0), "ids": np.arange(5), "ok": np.ones(2, bool)}, {"a": "b"}))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(file) - 1))
        file[at] = data.draw(st.one_of(st.integers(0, 255), st.sampled_from(list(b'0123456789{}[]",:-'))))
    try:
        read = load(file)
    except WeightsError:
        return
    assert sum(array.nbytes for array in read.values()) == 24 + 5 * np.arange(5).itemsize + 2


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2**65) | st.floats() | st.sampled_from(["F32", "BOOL", "a"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["dtype", "shape", "data_offsets", "__metadata__", "a"]), inner)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["w", "__metadata__"]), VALUES), st.integers(0, 16))
def test_a_header_of_any_json_is_read_or_refused(header, n_bytes):
    with contextlib.suppress(WeightsError):
        load(file_of(json.dumps(header), bytes(n_bytes)))


def test_a_ragged_array_is_not_saved(tmp_path):
    with pytest.raises(WeightsError, match="'w' must be a full rectangle"):
        save(tmp_path / "w.safetensors", {"w": [[1.0], [1.0, 2.0]]})
    assert not (tmp_path / "w.safetensors").exists()
