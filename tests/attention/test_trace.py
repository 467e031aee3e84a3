import dataclasses

import numpy as np
import pytest

from attention import (
    AttentionTrace,
    FullyMaskedRowError,
    MultiHeadTrace,
    PartialTrace,
    Stage,
    hand_built_projections,
    trace_attention,
    trace_self_attention,
)


def names(cls):
    return [field.name for field in dataclasses.fields(cls)]


def arrays_of(holder):
    values = [getattr(holder, name) for name in names(type(holder))]
    return [value for value in values if isinstance(value, np.ndarray)]


def one_trace():
    return trace_attention([[1.0, 0.0]], np.eye(2), np.eye(2), mask=[[True, True]])


def test_stages_are_the_fields_of_the_trace_in_order():
    assert [*(stage.value for stage in Stage), "scale"] == names(AttentionTrace)
    assert [stage.name for stage in Stage] == [stage.value.upper() for stage in Stage]


def test_a_stage_is_its_fields_name_so_that_it_can_be_looked_up():
    assert getattr(one_trace(), Stage.WEIGHTS).shape == (1, 2)
    assert f"{Stage.RAW_SCORES}" == "raw_scores"


def test_a_partial_trace_is_a_trace_up_to_softmax():
    assert names(PartialTrace) == [*names(AttentionTrace)[: names(AttentionTrace).index("weights")], "scale"]


def test_arrays_of_a_trace_are_read_only_copies():
    with pytest.raises(FullyMaskedRowError) as caught:
        trace_attention([[1.0]], [[1.0]], [[1.0]], mask=[[False]])
    whole = trace_self_attention(np.eye(3, 4), hand_built_projections(4, 2), n_heads=2)
    counts = []
    for holder in (one_trace(), caught.value.partial, whole, whole.attention):
        arrays = arrays_of(holder)
        counts.append(len(arrays))
        for array in arrays:
            assert array.base is None  # owns its numbers
            with pytest.raises(ValueError, match="read-only"):
                array[...] = 0
    assert counts == [9, 7, 8, 8]


def test_a_trace_is_frozen_has_slots_and_compares_by_identity():
    trace = one_trace()
    with pytest.raises(dataclasses.FrozenInstanceError):
        trace.weights = trace.raw_scores
    assert not hasattr(trace, "__dict__")
    assert trace == trace
    assert trace != one_trace()
    assert hash(trace) == hash(trace)


def test_a_multi_head_trace_holds_the_trace_of_its_heads():
    weights = [f"{kind}_{name}" for kind in "wb" for name in "qkvo"]
    assert names(MultiHeadTrace) == [
        "query",
        "key",
        "value",
        *weights,
        "attention",
        "concat",
        "output",
        "rotary",
    ]


def test_an_array_that_stands_in_several_fields_is_copied_once():
    trace = trace_self_attention(np.eye(3, 4), hand_built_projections(4, 2), n_heads=2)
    assert trace.query is trace.key is trace.value
    assert trace.output is trace.concat
