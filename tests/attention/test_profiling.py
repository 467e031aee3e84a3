import math
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attention import (
    ConfigError,
    NumberError,
    Profile,
    fit_exponent,
    profile,
)

LENGTHS = [3, 7, 11, 101]


class Clock:
    """A clock that only the measured calls move."""

    def __init__(self):
        self.now = 0.0
        self.calls = []

    def __call__(self):
        return self.now

    def takes(self, name, seconds):
        """A subject whose calls take `seconds(n)`."""

        def subject(n):
            def call():
                self.calls.append((name, n))
                self.now += seconds(n)

            return call

        return subject


@given(st.floats(-3, 3), st.floats(0.01, 100))
def test_the_exponent_of_a_power_law_is_found(p, c):
    assert fit_exponent(LENGTHS, [c * n**p for n in LENGTHS]) == pytest.approx(p, abs=1e-12)


def test_an_exponent_by_hand():
    """In powers of 2, x = 0, 1, 2 and y = 0, 3, 3: slope (-1 * -2 + 1 * 1) / 2."""
    assert fit_exponent([1, 2, 4], [1, 8, 8]) == pytest.approx(1.5, abs=1e-12)


@pytest.mark.parametrize(
    ("lengths", "values", "error", "message"),
    [
        ([8], [1], ConfigError, "lengths must hold at least two different lengths, got [8]"),
        ([8, 8], [1, 2], ConfigError, "lengths must hold at least two different lengths, got [8, 8]"),
        ([8, 9, 10], [1, 2], ConfigError, "there are 3 lengths, but 2 values"),
        ([8, 9], [0, 2], NumberError, "lengths and values must be finite and above 0, got 0"),
        ([-8, 9], [1, 2], NumberError, "lengths and values must be finite and above 0, got -8"),
        ([8, 9], [1, math.inf], NumberError, "lengths and values must be finite and above 0, got inf"),
        ([8, 9], [1, math.nan], NumberError, "lengths and values must be finite and above 0, got nan"),
    ],
)
def test_what_no_line_goes_through_is_refused(lengths, values, error, message):
    with pytest.raises(error) as caught:
        fit_exponent(lengths, values)
    assert str(caught.value) == message


def test_seconds_are_those_of_one_call_at_each_length():
    clock = Clock()
    found = profile(clock.takes("", lambda n: 0.01 * n**2), LENGTHS, timer=clock)
    assert isinstance(found, Profile)
    assert found.lengths == tuple(LENGTHS)
    assert found.seconds == pytest.approx([0.01 * n**2 for n in LENGTHS], rel=1e-9)
    assert found.time_exponent == pytest.approx(2, abs=1e-9)


def test_calls_too_short_for_the_clock_are_repeated_until_it_can_be_read():
    clock = Clock()
    found = profile(clock.takes("", lambda n: 1e-6 * n), LENGTHS, repeats=1, timer=clock)
    assert found.seconds == pytest.approx([1e-6 * n for n in LENGTHS], rel=1e-6)


def test_calls_are_made_in_a_row_until_they_fill_the_least_time():
    clock = Clock()
    profile(clock.takes("", lambda n: 2.0**-10), [3, 5], repeats=1, min_seconds=2.0**-8, timer=clock)
    warm_up, in_a_row = 1, 1 + 2 + 4
    assert len(clock.calls) == 2 * (warm_up + in_a_row)


def test_a_clock_of_whole_milliseconds_still_measures_to_a_fifth():
    clock = Clock()

    def coarse():
        return math.floor(clock.now * 1000) / 1000

    found = profile(clock.takes("", lambda n: 1e-5 * n), LENGTHS, repeats=3, timer=coarse)
    assert found.seconds == pytest.approx([1e-5 * n for n in LENGTHS], rel=0.2)


def test_the_fastest_of_the_repeats_is_kept():
    clock = Clock()
    waits = iter([0.1, 0.1, 0.5, 0.7, 0.2, 0.9, 0.4, 0.3])  # 3, 5, 3, 5, ...; the first two warm up

    def subject(n):
        def call():
            clock.now += next(waits)

        return call

    assert profile(subject, [3, 5], repeats=3, timer=clock).seconds == pytest.approx((0.2, 0.3))


def test_lengths_and_subjects_take_turns():
    clock = Clock()
    subjects = {name: clock.takes(name, lambda n: 1.0) for name in ("a", "b")}
    found = profile(subjects, [3, 5], repeats=2, timer=clock)
    assert list(found) == ["a", "b"]
    one_round = [("a", 3), ("b", 3), ("a", 5), ("b", 5)]
    assert clock.calls == 3 * one_round  # the first warms up


def test_input_is_made_once_for_each_length_and_not_measured():
    made, clock = [], Clock()

    def subject(n):
        made.append(n)
        clock.now += 1000
        kept = bytearray(10**6)
        return lambda: (setattr(clock, "now", clock.now + 1), len(kept))

    found = profile(subject, LENGTHS, timer=clock)
    assert made == LENGTHS
    assert found.seconds == pytest.approx([1.0] * len(LENGTHS))
    assert max(found.peak_bytes) < 10**5


def test_peak_bytes_are_the_most_that_was_held_at_once():
    clock = Clock()

    def subject(n):
        def call():
            clock.now += 1
            first = bytearray(1000 * n)
            del first
            return bytearray(500 * n), bytearray(300 * n)

        return call

    found = profile(subject, [101, 1009], timer=clock)
    assert found.peak_bytes == pytest.approx((101_000, 1_009_000), rel=0.03)
    assert found.memory_exponent == pytest.approx(1, abs=0.02)


def test_memory_that_is_watched_already_goes_on_being_watched():
    clock = Clock()
    tracemalloc.start()
    try:
        kept = bytearray(10**6)
        found = profile(clock.takes("", lambda n: 1.0), [3, 5], repeats=1, timer=clock)
        assert tracemalloc.is_tracing()
        assert max(found.peak_bytes) < 10**5, "what was there before does not count"
        assert len(kept) == 10**6
    finally:
        tracemalloc.stop()
    profile(clock.takes("", lambda n: 1.0), [3, 5], repeats=1, timer=clock)
    assert not tracemalloc.is_tracing()


def test_time_is_not_taken_while_memory_is_watched():
    watched, clock = [], Clock()

    def subject(n):
        def call():
            clock.now += 1
            watched.append(tracemalloc.is_tracing())

        return call

    profile(subject, [3, 5], repeats=2, timer=clock)
    assert watched == [True] * 2 + [False] * 4


def test_an_error_in_a_call_leaves_nothing_watched():
    def subject(n):
        return lambda: 1 / 0

    with pytest.raises(ZeroDivisionError):
        profile(subject, [3, 5])
    assert not tracemalloc.is_tracing()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"lengths": [8]}, "lengths must hold at least two different lengths, got [8]"),
        ({"lengths": []}, "lengths must hold at least two different lengths, got []"),
        ({"lengths": [0, 8]}, "each of lengths must be a whole number of at least 1, got 0"),
        ({"lengths": [3, 5], "repeats": 0}, "repeats must be a whole number of at least 1, got 0"),
        ({"lengths": [3, 5], "min_seconds": 0}, "min_seconds must be above 0, got 0"),
        ({"lengths": [3, 5], "min_seconds": math.nan}, "min_seconds must be above 0, got nan"),
        ({"lengths": [3, 5], "timer": lambda: 7.0}, "timer must go forward: 1048576 calls took no time"),
    ],
)
def test_what_cannot_be_measured_is_refused(options, message):
    with pytest.raises(ConfigError) as caught:
        profile(lambda n: lambda: None, **options)
    assert str(caught.value) == message
