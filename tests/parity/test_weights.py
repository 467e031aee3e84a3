"""Weights files against the `safetensors` package, which is the reference implementation."""

import io
import json

import numpy as np
import pytest

from attention import WeightsError
from attention.weights import load, load_metadata, save

reference = pytest.importorskip(
    "safetensors.numpy",
    reason="safetensors is not installed: CONTRIBUTING.md says how to compare with it",
)

CASES = 300
TYPES = ["f8", "f4", "f2", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "?"]
LETTERS = list('ab.01_é\u4e2d\U0001f41f"\\\n\x01\x7f/{[')


def random_state(rng):
    def array():
        dtype = np.dtype(str(rng.choice(TYPES)))
        shape = tuple(rng.integers(0, 5, rng.integers(0, 4)).tolist())
        numbers = rng.integers(0, 256, (*shape, dtype.itemsize), dtype=np.uint8)
        return np.array(numbers[..., 0] > 99) if dtype.kind == "b" else numbers.view(dtype).reshape(shape)

    return {text(rng): array() for _ in range(rng.integers(0, 6))}


def text(rng):
    return "".join(rng.choice(LETTERS, rng.integers(0, 9)))


def saved(state, metadata):
    file = io.BytesIO()
    save(file, state, metadata)
    return file.getvalue()


@pytest.mark.parametrize("case", range(CASES))
def test_files_are_the_same_byte_for_byte_and_read_the_same_both_ways(case, tmp_path):
    rng = np.random.default_rng([7, case])
    state = random_state(rng)
    metadata = None if case % 3 == 0 else {text(rng): text(rng)}  # the reference shuffles several
    ours, theirs = saved(state, metadata), reference.save(state, metadata)
    assert ours == theirs
    (tmp_path / "w").write_bytes(ours)
    for read in (load(theirs), load(tmp_path / "w"), reference.load(ours)):
        assert read.keys() == state.keys()
        for name, array in state.items():
            assert (read[name].dtype, read[name].shape) == (array.dtype, array.shape)
            assert read[name].tobytes() == array.tobytes()
    assert load_metadata(theirs) == (metadata or {})


def test_bf16_is_read_as_pytorch_reads_it():
    from safetensors.torch import save as save_tensors

    from tests.parity.cases import torch

    halves = torch.arange(-(2**15), 2**15, dtype=torch.int32).to(torch.int16).view(torch.bfloat16)
    ours = load(save_tensors({"every number": halves}))["every number"]
    assert ours.dtype == np.float32
    assert np.array_equal(ours, halves.float().numpy(), equal_nan=True)


def refusals(file):
    ours = theirs = None
    try:
        load(file)
    except WeightsError as error:
        ours = str(error)
    try:
        reference.load(file)
    except Exception as error:  # the reference raises a type of its own, KeyError, ValueError, ...
        theirs = str(error) or repr(error)
    return ours, theirs


@pytest.mark.parametrize("case", range(CASES))
def test_what_the_reference_refuses_is_refused(case):
    """Not the other way round: duplicate names, for instance, are refused here and not there."""
    rng = np.random.default_rng([11, case])
    for _ in range(20):
        file = bytearray(saved(random_state(rng), {"a": "b"}))
        end = 8 + int.from_bytes(file[:8], "little")
        for _ in range(rng.integers(1, 3)):
            at = int(rng.integers(0, end))
            file[at] = int(rng.choice(list(b'0123456789-.,:[]{}" aeF')))
        ours, theirs = refusals(bytes(file))
        assert theirs is None or ours is not None, (bytes(file), theirs)


@pytest.mark.parametrize(
    ("header", "allowed"),
    [
        ('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', True),
        ('{"a":{"data_offsets":[0,4],"shape":[1],"dtype":"F32"}} \n', True),
        ('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"b":1}}', False),
        (" " + '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', False),
        ('{"__metadata__":null,"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', False),
        ('{"__metadata__":{"b":"c","b":"c"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', False),
        ('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
         False),
    ],
)  # fmt: skip
def test_of_what_the_reference_lets_through_this_is_refused(header, allowed):
    file = len(header).to_bytes(8, "little") + header.encode() + bytes(4)
    ours, theirs = refusals(file)
    assert theirs is None
    assert (ours is None) == allowed
    assert json.loads(header)
