import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attention import (
    CausalModel,
    ConfigError,
    KVCache,
    LayerCache,
    NumberError,
    ShapeError,
    generate,
    generation_steps,
)
from attention.cache import FIRST_CAPACITY
from tests.attention.oracles import sample


def keys_and_values(seq: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    return sample(seed, 2, 3, seq, 5), sample(seed + 1, 2, 3, seq, 7)


def small_model(**changes) -> CausalModel:
    sizes = {"vocab_size": 11, "d_model": 6, "num_heads": 3, "d_ff": 10, "n_layers": 2, "max_len": 23}
    return CausalModel(**sizes | changes)


class Scripted:
    """A model that gives the same logits at every position, and remembers what it was shown."""

    max_len, vocab_size = 50, 4

    def __init__(self, logits: list[float]) -> None:
        self.logits, self.shown = np.array(logits), []

    def __call__(self, ids, cache=None):
        self.shown.append(np.asarray(ids).tolist())
        return np.tile(self.logits, (len(ids), 1))

    def new_cache(self) -> KVCache:
        return KVCache(1)


def test_what_is_appended_comes_back_in_order_whatever_the_pieces():
    k, v = keys_and_values(41)
    for cuts in ((0, 41), (0, 1, 2, 41), (0, 16, 17, 33, 41), tuple(range(42))):
        cache = LayerCache()
        for start, end in itertools.pairwise(cuts):
            got_k, got_v = cache.append(k[:, :, start:end], v[:, :, start:end])
            assert cache.length == end
            np.testing.assert_array_equal(got_k, k[:, :, :end])
            np.testing.assert_array_equal(got_v, v[:, :, :end])


def test_bytes_count_what_is_held_and_room_is_at_most_twice_that():
    cache = KVCache(n_layers=3)
    assert cache.n_bytes == cache.capacity_bytes == cache.length == 0
    for n in range(1, 70):
        for layer in cache.layers:
            layer.append(*keys_and_values(1))
        assert cache.n_bytes == 3 * 2 * 3 * n * (5 + 7) * 8
        room = max(FIRST_CAPACITY, 1 << (n - 1).bit_length())
        assert cache.capacity_bytes == 3 * 2 * 3 * room * (5 + 7) * 8


def test_what_was_appended_is_a_copy_and_keeps_its_dtype():
    k, v = (array.astype(np.float32) for array in keys_and_values(2))
    cache = LayerCache()
    cache.append(k, v)
    k[...] = 0
    got, _ = cache.append(*(array.astype(np.float32) for array in keys_and_values(1)))
    assert got.dtype == np.float32
    assert (got[:, :, :2] == keys_and_values(2)[0].astype(np.float32)).all()


def test_truncating_forgets_the_end_and_only_the_end():
    k, v = keys_and_values(7)
    cache = LayerCache()
    cache.append(k, v)
    cache.truncate(4)
    got, _ = cache.append(*keys_and_values(1, seed=9))
    np.testing.assert_array_equal(got, np.concatenate([k[:, :, :4], keys_and_values(1, seed=9)[0]], axis=2))
    with pytest.raises(ConfigError, match="length must be a whole number from 0 to 5, got 6"):
        cache.truncate(6)


@pytest.mark.parametrize(
    ("k_shape", "v_shape", "name"),
    [((3, 3, 1, 5), (3, 3, 1, 7), "k"), ((2, 3, 1, 4), (2, 3, 1, 7), "k"), ((2, 3, 1, 5), (2, 3, 1, 5), "v")],
)
def test_keys_and_values_that_do_not_continue_the_cache_are_refused_and_change_nothing(
    k_shape, v_shape, name
):
    cache = LayerCache()
    cache.append(*keys_and_values(3))
    with pytest.raises(
        ShapeError, match=rf"^{name} has shape .*, which does not continue a cache of \(2, 3, 3, "
    ):
        cache.append(np.ones(k_shape), np.ones(v_shape))
    assert cache.length == 3


def test_greedy_generation_takes_the_likeliest_each_time_as_a_loop_does():
    model = small_model(seed=5)
    ids = [4, 1]
    for _ in range(13):
        ids.append(int(model(ids)[-1].argmax()))
    assert generate(model, [4, 1], 13) == generate(model, [4, 1], 13, use_cache=False) == ids


def test_with_a_cache_each_token_passes_through_once():
    model = Scripted([0, 3, 1, 2])
    assert generate(model, [3, 0], 3) == [3, 0, 1, 1, 1]
    assert model.shown == [[3, 0], [1], [1]]
    without = Scripted([0, 3, 1, 2])
    generate(without, [3, 0], 3, use_cache=False)
    assert without.shown == [[3, 0], [3, 0, 1], [3, 0, 1, 1]]


def test_temperature_divides_the_logits_and_a_step_shows_what_it_was_chosen_from():
    step = next(generation_steps(Scripted([0, 3, 1, 2]), [0], 1, temperature=2, seed=1))
    expected = np.exp(np.array([0, 1.5, 0.5, 1.0]))
    np.testing.assert_allclose(step.probabilities, expected / expected.sum(), rtol=0, atol=1e-15)


def test_tokens_are_drawn_as_often_as_their_probability_says():
    drawn = generate(Scripted([0, 3, 1, 2]), [0], 49, temperature=1, seed=3)[1:]
    for seed in range(40):
        drawn += generate(Scripted([0, 3, 1, 2]), [0], 49, temperature=1, seed=seed + 4)[1:]
    p = np.exp([0, 3, 1, 2]) / np.exp([0, 3, 1, 2]).sum()
    n = len(drawn)
    for token in range(4):  # five standard deviations of a count
        assert abs(drawn.count(token) - n * p[token]) < 5 * np.sqrt(n * p[token] * (1 - p[token]))


@pytest.mark.parametrize(
    ("top_p", "kept"),
    [(0.1, [1]), (0.5, [1]), (0.51, [1, 0]), (0.75, [1, 0]), (0.76, [1, 0, 2]), (1, [1, 0, 2, 3])],
)
def test_top_p_leaves_the_fewest_that_have_it_together_and_of_equals_the_first(top_p, kept):
    logits = np.log([0.25, 0.5, 0.125, 0.125])
    step = next(generation_steps(Scripted(logits), [0], 1, temperature=1, top_p=top_p))
    expected = np.zeros(4)
    expected[kept] = np.exp(logits)[kept] / np.exp(logits)[kept].sum()
    np.testing.assert_allclose(step.probabilities, expected, rtol=0, atol=1e-12)
    assert set(generate(Scripted(logits), [0], 40, temperature=1, top_p=top_p)) - {0} <= set(kept)


def test_a_top_p_of_1_leaves_out_none_of_any_probability():
    step = next(generation_steps(Scripted([0.0, -40.0, -41.0, -300.0]), [0], 1, temperature=1, top_p=1.0))
    assert (step.probabilities > 0).all()


def test_top_p_counts_after_temperature_and_among_the_top_k():
    logits = np.log([0.25, 0.5, 0.125, 0.125])
    step = next(generation_steps(Scripted(logits), [0], 1, temperature=1, top_k=3, top_p=0.8))
    np.testing.assert_allclose(step.probabilities, [1 / 3, 2 / 3, 0, 0], rtol=0, atol=1e-12)  # 4/7 + 2/7
    step = next(generation_steps(Scripted(logits), [0], 1, temperature=0.5, top_p=0.7))
    np.testing.assert_allclose(step.probabilities, [0, 1, 0, 0], rtol=0, atol=1e-12)  # 16/22 alone


def test_top_k_leaves_the_k_likeliest_and_of_equals_the_first():
    step = next(generation_steps(Scripted([2, 3, 2, 2]), [0], 1, temperature=1, top_k=2))
    np.testing.assert_allclose(step.probabilities, [1 / (1 + np.e), np.e / (1 + np.e), 0, 0], atol=1e-15)
    assert set(generate(Scripted([2, 3, 2, 2]), [0], 40, temperature=9, top_k=2)) == {0, 1}


def test_top_1_is_greedy_and_a_tiny_temperature_nearly_is():
    model = small_model(seed=5)
    greedy = generate(model, [4, 1], 13)
    assert generate(model, [4, 1], 13, temperature=1, top_k=1, seed=8) == greedy
    assert generate(model, [4, 1], 13, temperature=1e-300, seed=8) == greedy


def test_the_same_seed_draws_the_same_with_and_without_a_cache_and_another_draws_otherwise():
    model = small_model(seed=5)
    drawn = generate(model, [4], 20, temperature=2, seed=8)
    assert drawn == generate(model, [4], 20, temperature=2, seed=8, use_cache=False)
    assert drawn != generate(model, [4], 20, temperature=2, seed=9)


@pytest.mark.parametrize(
    ("ids", "number", "options", "error", "message"),
    [
        ([1, 2], 22, {}, ConfigError, "ids and max_new_tokens come to 24 positions, but the model has 23"),
        ([1], -1, {}, ConfigError, "max_new_tokens must be a whole number of at least 0, got -1"),
        ([1], 1, {"temperature": -1}, ConfigError,
         "temperature must be a finite number of at least 0, got -1"),
        ([1], 1, {"temperature": "hot"}, ConfigError,
         "temperature must be a finite number of at least 0, got 'hot'"),
        ([1], 1, {"temperature": float("inf")}, ConfigError,
         "temperature must be a finite number of at least 0, got inf"),
        ([1], 1, {"top_p": 0}, ConfigError, "top_p must be a number above 0, at most 1, got 0"),
        ([1], 1, {"top_p": 90}, ConfigError, "top_p must be a number above 0, at most 1, got 90"),
        ([1], 1, {"top_k": 0}, ConfigError, "top_k must be a whole number from 1 to 11, got 0"),
        ([1], 1, {"top_k": 12}, ConfigError, "top_k must be a whole number from 1 to 11, got 12"),
        ([[1, 2]], 1, {}, ShapeError, "ids must have one axis (seq,), got shape (1, 2)"),
        ([1], 1, {"seed": -1}, ConfigError, "seed must be a whole number from 0 to 4294967295, got -1"),
        ([11], 1, {}, NumberError, "ids holds 11 at (0,), expected whole numbers from 0 to 10"),
        ([], 1, {}, ShapeError, "ids has shape (0,), expected at least one whole number"),
    ],
)  # fmt: skip
def test_what_cannot_be_generated_from_is_refused_by_name(ids, number, options, error, message):
    with pytest.raises(error) as caught:
        generate(small_model(), ids, number, **options)
    assert str(caught.value) == message


def test_no_new_token_gives_the_ids_back():
    assert generate(small_model(), [4, 1], 0) == [4, 1]


def test_a_cache_needs_a_layer():
    with pytest.raises(ConfigError, match="n_layers must be a whole number of at least 1, got 0"):
        KVCache(0)


def test_a_cache_of_float32_that_gets_float64_holds_float64_from_then_on():
    k, v = keys_and_values(3)
    cache = LayerCache()
    cache.append(k[:, :, :2].astype(np.float32), v[:, :, :2].astype(np.float32))
    got_k, got_v = cache.append(k[:, :, 2:], v[:, :, 2:])
    np.testing.assert_array_equal(got_k[:, :, :2], k[:, :, :2].astype(np.float32))
    np.testing.assert_array_equal(got_k[:, :, 2:], k[:, :, 2:])
    assert got_k.dtype == got_v.dtype == np.float64
    last, _ = cache.append(np.zeros((2, 3, 1, 5), np.float32), np.zeros((2, 3, 1, 7), np.float32))
    np.testing.assert_array_equal(last[:, :, :3], got_k)
    assert last.dtype == np.float64


@pytest.mark.parametrize("v_shape", [(2, 3, 1, 7), (2, 1, 2, 7), (3, 2, 7)])
def test_keys_and_values_that_do_not_belong_together_are_refused_and_change_nothing(v_shape):
    cache = LayerCache()
    with pytest.raises(ShapeError, match=r"^k has shape \(2, 3, 2, 5\), but v has .*: all but the last"):
        cache.append(np.ones((2, 3, 2, 5)), np.ones(v_shape))
    assert cache.length == cache.capacity_bytes == 0


def test_a_cache_cannot_be_cut_to_more_than_every_layer_holds():
    cache = KVCache(n_layers=2)
    cache.layers[0].append(*keys_and_values(5))
    cache.layers[1].append(*keys_and_values(3))
    assert cache.length == 3
    with pytest.raises(ConfigError, match="length must be a whole number from 0 to 3, got 4"):
        cache.truncate(4)
    cache.truncate(3)
    assert [layer.length for layer in cache.layers] == [3, 3]


def test_ids_are_looked_at_before_a_token_is_asked_for():
    with pytest.raises(NumberError, match=r"ids holds 11 at \(1,\), expected whole numbers from 0 to 10"):
        generation_steps(small_model(), [1, 11], 0)


def test_nothing_is_moved_while_there_is_room():
    cache = LayerCache()
    first, _ = cache.append(*keys_and_values(1))
    last, _ = cache.append(*keys_and_values(FIRST_CAPACITY - 1))
    assert np.shares_memory(first, last)


def test_of_many_equals_the_first_k_stay():
    class Even(Scripted):
        vocab_size = 100

    step = next(generation_steps(Even([1.0, 2.0] * 50), [0], 1, temperature=1, top_k=70))
    assert np.flatnonzero(step.probabilities[0::2]).tolist() == list(range(20))
    assert (step.probabilities[1::2] > 0).all()


def test_large_logits_and_a_tiny_temperature_do_not_overflow():
    step = next(generation_steps(Scripted([1e10, 3e10, 1e10, 2e10]), [0], 1, temperature=1e-300))
    assert step.probabilities.tolist() == [0, 1, 0, 0]


def test_what_is_not_said_is_greedy_and_drawn_from_seed_0():
    model = Scripted([0, 3, 1, 2])
    assert generate(model, [0], 5) == generate(model, [0], 5, temperature=0)
    assert generate(model, [0], 30, temperature=9) == generate(model, [0], 30, temperature=9, seed=0)
    assert generate(model, [0], 30, temperature=9) != generate(model, [0], 30, temperature=9, seed=1)


@given(st.integers(1, 9), st.floats(0.1, 5), st.integers(0, 2**32 - 1))
def test_with_any_setting_the_cache_changes_no_token(top_k, temperature, seed):
    model, options = small_model(seed=seed), {"temperature": temperature, "top_k": top_k, "seed": seed}
    with_cache = generate(model, [4, 1], 7, **options)
    assert with_cache == generate(model, [4, 1], 7, **options, use_cache=False)
    assert with_cache[:2] == [4, 1]
    assert len(with_cache) == 9
