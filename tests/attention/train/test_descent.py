import numpy as np
import pytest

from attention import Adam, Gradients, Layer
from attention.models.translator import Translator
from attention.train.descent import DECAY, HIGHEST, WARMUP, descend, rate_of
from attention.train.translator import held_out_pairs, measure_translator, train_translator


class Bowl(Layer):
    """A loss whose bottom is at 3."""

    def __init__(self):
        self.w = np.full(2, 9.0)

    def gradients(self):
        return float(((self.w - 3) ** 2).sum()), Gradients((), {"w": 2 * (self.w - 3)})


def adam_of(bowl, highest):
    return Adam(bowl.parameters(), highest, weight_decay=DECAY)


def test_the_rate_rises_and_then_falls_to_a_fiftieth():
    rates = [rate_of(step, 4000, 0.01) for step in range(4001)]
    assert np.argmax(rates) == pytest.approx(WARMUP, abs=2)
    assert rates[0] == pytest.approx(0.01 / WARMUP, rel=1e-6)
    assert rates[-1] == pytest.approx(0.01 / 50, rel=1e-6)
    assert (np.diff(rates[WARMUP:]) < 0).all()
    assert np.argmax([rate_of(step, 500, 0.01) for step in range(500)]) == pytest.approx(50, abs=2)
    told = [rate_of(step, 500, 0.01, warmup=100) for step in range(500)]
    assert np.argmax(told) == pytest.approx(100, abs=4)
    assert told[0] == pytest.approx(0.01 / 100, rel=1e-4)


def test_going_downhill_ends_near_the_bottom_and_tells_each_loss():
    bowl = Bowl()
    told = list(descend(adam_of(bowl, 0.05), bowl.gradients, 1500))
    assert [each.step for each in told] == list(range(1, 1501))
    assert told[0].loss == 72
    assert told[-1].loss < 0.01
    np.testing.assert_allclose(bowl.w, 3, rtol=0, atol=0.1)


def test_a_weight_without_a_gradient_decays():
    bowl = Bowl()
    for _ in descend(adam_of(bowl, 1.0), lambda: (0.0, Gradients((), {"w": np.zeros(2)})), 2):
        pass
    kept = (1 - DECAY * rate_of(0, 2, 1.0)) * (1 - DECAY * rate_of(1, 2, 1.0))
    np.testing.assert_allclose(bowl.w, 9 * kept, rtol=1e-12)


def test_a_huge_gradient_counts_as_one_of_length_1():
    """One bad batch does not fill Adam's memory: it is clipped before."""
    ends = []
    for size in (1.0, 1e6):
        bowl, batches = Bowl(), iter([[size, 0.0], [0.0, -1.0], [0.6, 0.8]])
        adam = adam_of(bowl, HIGHEST)
        list(descend(adam, lambda batches=batches: (0.0, Gradients((), {"w": np.array(next(batches))})), 3))
        ends.append(bowl.w)
    np.testing.assert_allclose(ends[0], ends[1], rtol=0, atol=1e-9)


@pytest.mark.full
def test_a_translator_that_learns_for_a_few_seconds_gets_most_words_right():
    model = Translator.random(5)
    pairs = held_out_pairs(60)
    before = measure_translator(model, pairs)
    told = list(train_translator(model, 5, steps=200, learned=3000))
    after = measure_translator(model, pairs)
    assert told[-1].loss < 1.5 < told[0].loss / 3
    assert before.exact == 0
    assert after.exact > 0.05
    assert after.swapped_first > 0.5 > before.swapped_first + 0.2


def test_the_same_seed_trains_the_same_translator():
    models = [Translator.random(1), Translator.random(1)]
    for model in models:
        list(train_translator(model, 1, steps=3, learned=100))
    for name, weight in models[0].parameters().items():
        np.testing.assert_array_equal(weight, models[1].parameters()[name], err_msg=name)
