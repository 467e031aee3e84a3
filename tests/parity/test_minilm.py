"""all-MiniLM-L6-v2 in our classes against `transformers`' BertModel: tokens, all 72 heads, and the rows."""

from __future__ import annotations

import json
import zipfile
from typing import Any

import numpy as np
import pytest

from attention.models.minilm import MiniLM
from attention.weights import load as load_weights
from building.artefacts import Store, load
from building.minilm import ARTEFACT, INSIDE
from tests.attention.sentences import sentences
from tests.parity.cases import torch

transformers = pytest.importorskip("transformers", reason="transformers is not installed")
pytest.importorskip("tokenizers")

HARD = ["", "[MASK] is the capital of France.", "小猫 sits. " * 40, "word " * 600, "Ünïcödé ⁂ ﬁ ①", "x" * 101]


@pytest.fixture(scope="module")
def files() -> zipfile.ZipFile:
    return zipfile.ZipFile(Store().get(load()[ARTEFACT]))


@pytest.fixture(scope="module")
def ours(files: zipfile.ZipFile) -> MiniLM:
    return MiniLM.from_files(files.read(INSIDE + "model.safetensors"), files.read(INSIDE + "vocab.txt"))


@pytest.fixture(scope="module")
def theirs(files: zipfile.ZipFile) -> Any:
    config = transformers.BertConfig(**json.loads(files.read(INSIDE + "config.json")))
    config._attn_implementation = "eager"  # the one that hands out its weights
    model = transformers.BertModel(config).eval()
    state = {
        name: torch.from_numpy(array)
        for name, array in load_weights(files.read(INSIDE + "model.safetensors")).items()
    }
    missing, unexpected = model.load_state_dict(state, strict=False)
    assert (missing, set(unexpected) - {"embeddings.position_ids"}) == ([], set())
    return model


@pytest.mark.parametrize("text", [*sentences(60), *HARD])
def test_all_72_heads_and_all_rows_are_theirs(ours: MiniLM, theirs: Any, text: str) -> None:
    trace = ours.trace(text)
    with torch.no_grad():
        found = theirs(torch.tensor([trace.pieces.ids]), output_attentions=True, output_hidden_states=True)
    assert len(trace.layers) == len(found.attentions) == 6
    for layer, other in zip(trace.layers, found.attentions, strict=True):
        assert layer.shape == other[0].shape
        assert np.abs(layer - other[0].numpy()).max() <= 1e-4
    rows = [trace.bert.x, *(block.output for block in trace.bert.blocks)]
    for ours_, other in zip(rows, found.hidden_states, strict=True):
        assert np.abs(ours_ - other[0].numpy()).max() <= 1e-4 * max(1, float(other.abs().max()))
    pooled = found.last_hidden_state[0].mean(0)
    assert np.abs(trace.sentence_vector - (pooled / pooled.norm()).numpy()).max() <= 1e-5
