"""Weights in files: the safetensors format, read and written in NumPy.

A file holds numbers and their names, and nothing that could be run:

    8 bytes    n, the length of the header, lowest byte first
    n bytes    {"w_q": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, ...} in JSON, then spaces
    the rest   the numbers of each array, row after row, each array where the one before it ends

(Hugging Face 2022, safetensors, "Format" in its README)

What a header says is checked against the length of the file before anything is made from it, so that a
damaged or hostile file costs a message and nothing else.
"""

from __future__ import annotations

import io
import json
import math
import os
import re
import reprlib
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal, NoReturn, TypeAlias

import numpy as np
import numpy.typing as npt

from attention.errors import WeightsError

__all__ = ["load", "load_metadata", "save"]

HEADER_LIMIT = 8_000_000  # bytes; the reference takes 100 MB, whose reading could take gigabytes in a browser
MAX_AXES = 32  # what every NumPy can hold

_METADATA = "__metadata__"
_FIELDS = ("dtype", "shape", "data_offsets")
_DEPTH = 3  # the header, an array in it, its shape

# Name in the file: type in NumPy. Arrays are written in this order, the widest first, and then by name.
_DTYPES = {
    "U64": "<u8",
    "I64": "<i8",
    "F64": "<f8",
    "F32": "<f4",
    "U32": "<u4",
    "I32": "<i4",
    "BF16": "<u2",  # the upper half of a float32; read as one, never written
    "F16": "<f2",
    "U16": "<u2",
    "I16": "<i2",
    "I8": "|i1",
    "U8": "|u1",
    "BOOL": "|u1",  # 0 or 1
}
_NAMES = {np.dtype(code): name for name, code in _DTYPES.items() if name not in ("BF16", "BOOL")}
_NAMES[np.dtype(bool)] = "BOOL"

Source: TypeAlias = "str | os.PathLike[str] | bytes | bytearray | memoryview | BinaryIO"
"""A path, the bytes themselves, or a file opened for reading bytes."""

_short = reprlib.Repr()
_short.maxstring = 100


def save(
    target: str | os.PathLike[str] | BinaryIO,
    state: Mapping[str, npt.ArrayLike],
    metadata: Mapping[str, str] | None = None,
) -> None:
    """Write named arrays to a file, with the same bytes as the reference implementation.

        n | header | numbers   (the safetensors format: Hugging Face 2022, "Format" in its README)

    All is checked before the file is opened: what cannot be written leaves an older file as it was.

    Args:
        target: a path, or a file opened for writing bytes.
        state: arrays of any shape by name, as from `layer.state_dict()`.
        metadata: what to say about them, for instance their provenance.

    Returns:
        None.

    Raises:
        WeightsError: `'w_q' has dtype complex128, expected one of U64, I64, F64, F32, ...`
        WeightsError: `'__metadata__' cannot be the name of an array: the format keeps it for itself`
        WeightsError: `metadata must be text that UTF-8 can hold, got 3`

    >>> file = io.BytesIO()
    >>> save(file, {"w_q": np.eye(2)}, metadata={"provenance": "hand-built"})
    >>> load(file.getvalue())["w_q"].tolist(), load_metadata(file.getvalue())
    ([[1.0, 0.0], [0.0, 1.0]], {'provenance': 'hand-built'})
    """
    arrays = {_checked_name(name): _checked_array(name, values) for name, values in state.items()}
    names = {name: _dtype_name(name, array.dtype) for name, array in arrays.items()}
    order = sorted(arrays, key=lambda name: (list(_DTYPES).index(names[name]), name))

    header: dict[str, Any] = {} if metadata is None else {_METADATA: _checked_metadata(dict(metadata))}
    end = 0
    for name in order:
        start, end = end, end + arrays[name].nbytes
        header[name] = dict(zip(_FIELDS, (names[name], arrays[name].shape, (start, end)), strict=True))
    raw = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    raw += b" " * (-len(raw) % 8)
    if len(raw) > HEADER_LIMIT:
        raise WeightsError(f"the header needs {len(raw)} bytes, expected at most {HEADER_LIMIT}")

    with _opened(target, "wb") as file:
        file.write(len(raw).to_bytes(8, "little") + raw)
        for name in order:
            file.write(arrays[name].astype(_DTYPES[names[name]], copy=False).tobytes())


def load(source: Source) -> dict[str, npt.NDArray[Any]]:
    """Read the arrays of a file by name; `layer.load_state_dict` puts them into a layer.

        n | header | numbers   (the safetensors format: Hugging Face 2022, "Format" in its README)

    The numbers come as they are, nan and infinities, too. BF16, which NumPy does not have, comes as float32,
    which holds every number of it.

    Args:
        source: a path, the bytes themselves, or a file opened for reading bytes.

    Returns:
        Arrays by name, in the order in which they stand in the file; the caller's own to change.

    Raises:
        WeightsError: `the header is said to have 123 bytes, but 57 follow: the file is cut short, or not in
            the safetensors format`
        WeightsError: `'w_q' starts at byte 8, expected 16: arrays must follow each other without gap or
            overlap`
        WeightsError: `'w_q' has dtype 'F8_E4M3', expected one of U64, I64, F64, F32, ...`

    >>> header = b'{"gain":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'
    >>> load(len(header).to_bytes(8, "little") + header + np.float32(3).tobytes())
    {'gain': array([3.], dtype=float32)}
    """
    with _opened(source, "rb") as file:
        entries, _ = _read_header(file)
        return {entry.name: _read_array(file, entry) for entry in entries}


def load_metadata(source: Source) -> dict[str, str]:
    """Read what a file says about its arrays, without reading them.

        "__metadata__" in the header   (the safetensors format: Hugging Face 2022, "Format" in its README)

    Args:
        source: a path, the bytes themselves, or a file opened for reading bytes.

    Returns:
        Text by name; empty if the file says nothing.

    Raises:
        WeightsError: as `load`, for instance `metadata must be text by name, got [3]`

    >>> file = io.BytesIO()
    >>> save(file, {}, metadata={"trained on": "key-value lookup"})
    >>> load_metadata(file.getvalue())
    {'trained on': 'key-value lookup'}
    """
    with _opened(source, "rb") as file:
        return _read_header(file)[1]


@dataclass(frozen=True, slots=True)
class _Entry:
    """What the header says about one array, once it was checked."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    start: int
    end: int


@contextmanager
def _opened(place: Any, mode: Literal["rb", "wb"]) -> Iterator[BinaryIO]:
    if isinstance(place, str | os.PathLike):
        with Path(place).open(mode) as file:
            yield file
    elif mode == "rb" and isinstance(place, bytes | bytearray | memoryview):
        yield io.BytesIO(place)
    elif mode == "rb" and hasattr(place, "read"):
        yield io.BytesIO(place.read())
    elif mode == "wb" and hasattr(place, "write"):
        yield place
    else:
        raise WeightsError(f"expected a path or a file, got {type(place).__name__}")


def _read_header(file: BinaryIO) -> tuple[list[_Entry], dict[str, str]]:
    """Read the entries in the order of their numbers, and the metadata; the numbers come next in the file."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if size < 8:
        raise WeightsError(
            f"the file has {size} bytes, expected at least the 8 that hold its header's length"
        )
    n = int.from_bytes(file.read(8), "little")
    if n > HEADER_LIMIT:
        raise WeightsError(
            f"the header is said to have {n} bytes, expected at most {HEADER_LIMIT}: "
            "the file is not in the safetensors format"
        )
    if n > size - 8:
        raise WeightsError(
            f"the header is said to have {n} bytes, but {size - 8} follow: "
            "the file is cut short, or not in the safetensors format"
        )
    header = _parsed(file.read(n))
    metadata = _checked_metadata(header.pop(_METADATA, {}))
    entries = sorted(
        (_checked_entry(name, info) for name, info in header.items()), key=lambda e: (e.start, e.end)
    )
    end = 0
    for entry in entries:
        if entry.start != end:
            raise WeightsError(
                f"{_short.repr(entry.name)} starts at byte {entry.start}, expected {end}: "
                "arrays must follow each other without gap or overlap"
            )
        end = entry.end
    if end != size - 8 - n:
        raise WeightsError(f"the arrays need {end} bytes, but {size - 8 - n} follow the header")
    return entries, metadata


def _parsed(raw: bytes) -> dict[str, Any]:
    """Read the header's JSON, more strictly than Python does: no duplicates, no NaN, no deep nesting."""
    if not raw.startswith(b"{"):
        raise WeightsError(f"the header starts with {raw[:8]!r}, expected {{")
    if _deeper_than(_DEPTH, raw):
        raise WeightsError(f"the header is nested more than {_DEPTH} deep")
    try:
        header: dict[str, Any] = json.loads(
            raw.decode(), object_pairs_hook=_without_duplicates, parse_constant=_refuse_constant
        )
    except WeightsError:
        raise
    except ValueError as error:  # not UTF-8, not JSON, or a number of more digits than Python reads
        raise WeightsError(f"the header is not JSON in UTF-8: {error}") from None
    return header


def _deeper_than(limit: int, raw: bytes) -> bool:
    """Count brackets outside strings, so that JSON made to exhaust the stack is not parsed at all."""
    depth = 0
    for token in re.finditer(rb'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', raw, re.DOTALL):
        depth += {b"[": 1, b"{": 1, b"]": -1, b"}": -1}.get(token[0], 0)
        if depth > limit:
            return True
    return False


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise WeightsError(f"the header names {_short.repr(name)} twice")
        found[name] = value
    return found


def _refuse_constant(constant: str) -> NoReturn:
    raise WeightsError(f"the header holds {constant}, which JSON does not have")


def _checked_entry(name: str, info: object) -> _Entry:
    shown = _short.repr(_checked_name(name))
    if not isinstance(info, dict) or sorted(info) != sorted(_FIELDS):
        raise WeightsError(
            f"{shown} must be described by dtype, shape and data_offsets, got {_short.repr(info)}"
        )
    dtype, shape, offsets = (info[field] for field in _FIELDS)
    if not isinstance(dtype, str) or dtype not in _DTYPES:
        raise WeightsError(f"{shown} has dtype {_short.repr(dtype)}, expected one of {', '.join(_DTYPES)}")
    if not _are_sizes(shape) or len(shape) > MAX_AXES:
        raise WeightsError(
            f"{shown} has shape {_short.repr(shape)}, expected at most {MAX_AXES} whole numbers "
            f"from 0 to {sys.maxsize}"
        )
    if not _are_sizes(offsets) or len(offsets) != 2 or offsets[0] > offsets[1]:
        raise WeightsError(f"{shown} has data_offsets {_short.repr(offsets)}, expected [start, end] in bytes")
    itemsize = np.dtype(_DTYPES[dtype]).itemsize
    n_bytes, (start, end) = itemsize * math.prod(shape), offsets
    if n_bytes != end - start:
        raise WeightsError(
            f"{shown} of dtype {dtype} and shape {_short.repr(shape)} needs {n_bytes} bytes, "
            f"but its data_offsets hold {end - start}"
        )
    if itemsize * math.prod(size or 1 for size in shape) > sys.maxsize:  # empty, but too wide for NumPy
        raise WeightsError(f"{shown} has shape {_short.repr(shape)}, too large for this machine")
    return _Entry(name, dtype, tuple(shape), start, end)


def _are_sizes(values: object) -> bool:
    return isinstance(values, list) and all(type(v) is int and 0 <= v <= sys.maxsize for v in values)


def _checked_name(name: object) -> str:
    _require_text("the name of an array", name)
    if name == _METADATA:
        raise WeightsError(f"{_METADATA!r} cannot be the name of an array: the format keeps it for itself")
    return str(name)


def _checked_array(name: str, values: npt.ArrayLike) -> npt.NDArray[Any]:
    try:
        return np.asarray(values)
    except ValueError as error:
        raise WeightsError(f"{name!r} must be a full rectangle: {error}") from error


def _checked_metadata(metadata: object) -> dict[str, str]:
    if not isinstance(metadata, dict):
        raise WeightsError(f"metadata must be text by name, got {_short.repr(metadata)}")
    for name, value in metadata.items():
        _require_text("the name of metadata", name)
        _require_text("metadata", value)
    return metadata


def _require_text(what: str, value: object) -> None:
    if not isinstance(value, str) or re.search("[\ud800-\udfff]", value):  # half of a pair of UTF-16
        raise WeightsError(f"{what} must be text that UTF-8 can hold, got {_short.repr(value)}")


def _dtype_name(name: str, dtype: np.dtype[Any]) -> str:
    little = dtype.newbyteorder("<")
    if little not in _NAMES:
        written = ", ".join(code for code in _DTYPES if code != "BF16")
        raise WeightsError(f"{_short.repr(name)} has dtype {dtype}, expected one of {written}")
    return _NAMES[little]


def _read_array(file: BinaryIO, entry: _Entry) -> npt.NDArray[Any]:
    stored = np.frombuffer(file.read(entry.end - entry.start), _DTYPES[entry.dtype])
    if entry.dtype == "BOOL":
        if (stored > 1).any():
            raise WeightsError(f"{_short.repr(entry.name)} holds {stored.max()}, expected 0 and 1 in a BOOL")
        stored = stored.astype(bool)
    elif entry.dtype == "BF16":
        stored = (stored.astype("<u4") << 16).view("<f4")
    return stored.astype(stored.dtype.newbyteorder("=")).reshape(entry.shape)
