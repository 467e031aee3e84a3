"""The command `python -m attention.train NAME`; it is not in the page's wheel."""

from dataclasses import replace

import numpy as np
import pytest

from attention import Reader, load
from attention.models import model_from_bytes, read_card
from attention.train.encoders import READER
from attention.train.recipe import Measurement, card_of, file_bytes, train

main = pytest.importorskip("attention.train.__main__")


def measured(model):
    """Stand for hours of measuring: one number of the weights."""
    return [Measurement("weight", float(abs(model.embedding.weight[5]).mean()), 7, threshold=0.01)]


QUICK = replace(READER, measure=measured, train=lambda model, seed, steps: iter(()))


def test_it_writes_weights_and_a_card_that_belong_together(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(main.RECIPES, "reader", QUICK)
    assert main.main(["reader", "--seeds", "3", "1", "--out", str(tmp_path)]) == 0
    card = read_card("reader", (tmp_path / "reader.card.toml").read_text(encoding="utf-8"))
    file = (tmp_path / "reader.safetensors").read_bytes()
    made = model_from_bytes("reader", file, card.sha256)
    assert card.seeds == (3, 1)
    assert card.shipped_seed == 3
    expected = Reader.random(3).embedding.weight.astype(np.float16)
    np.testing.assert_array_equal(made.embedding.weight, expected)
    assert "Reader, seed 1" in capsys.readouterr().out


def test_a_missed_threshold_is_told_and_ends_with_1(tmp_path, monkeypatch, capsys):
    high = replace(QUICK, measure=lambda model: [Measurement("weight", 0.5, 7, threshold=0.6)])
    monkeypatch.setitem(main.RECIPES, "reader", high)
    assert main.main(["reader", "--out", str(tmp_path)]) == 1
    assert "at least 0.6: MISSED" in capsys.readouterr().out


def test_what_is_measured_is_what_the_file_holds():
    trained = train(QUICK, seed=2)
    state = load(file_bytes(trained.model))
    assert all(np.array_equal(state[name], array) for name, array in trained.model.state_dict().items())


def test_the_card_counts_and_sets_random_weights_beside():
    trained = [train(QUICK, seed) for seed in (0, 4)]
    card = card_of(QUICK, trained, b"file")
    assert card.parameters == sum(array.size for array in Reader.random(0).parameters().values())
    figure = card.figure("weight")
    assert figure.seeds == tuple(round(each.measurements[0].value, 4) for each in trained)
    assert figure.value == figure.seeds[0]
    assert figure.random == pytest.approx(measured(Reader.random(0))[0].value, abs=1e-4)
