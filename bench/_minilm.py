"""The section "minilm" of bench/models.py: the real transformer's file, its figures, and its time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from attention import load_card
from bench._limits import Limits
from building.artefacts import Store, load
from building.build import LOCK, unpack_runtime, wheel_folder
from building.compression import compressed
from building.locking import alone
from building.minilm import ARTEFACT, minilm_file
from building.node_runner import run_node
from building.packages import PAGE
from building.wheels import Maker

HERE = Path(__file__).parent
PROGRAM = HERE / "_minilm_measure.py"
REPEATS = 15
Found = dict[str, Any]


def minilm(_: Sequence[str], limits: Limits) -> None:
    """Size, the card's figures, and a sentence of 16 tokens beside its matrix products alone."""
    artefacts = load()
    with alone(LOCK):
        files = Store().get_all(
            found for found in artefacts.values() if found.group in ("runtime", "page", "models")
        )
        file = minilm_file(artefacts, files)
        runtime = unpack_runtime(files["pyodide"])
        wheels = wheel_folder(Maker(artefacts, files, runtime).slim_all(PAGE), runtime)
    limits.at_most("MB, brotli", compressed(file, "br").stat().st_size / 1e6, 24)
    card = load_card("minilm")
    for figure in card.figures:
        print(f"    {figure.name} (card, on {figure.sentences} sentences): {figure.value:g}")
    print(f"    {ARTEFACT}: {card.parameters:,} parameters, {file.stat().st_size:,} bytes")
    for place, found in {"native": _native(file), "pyodide": _pyodide(file, runtime, wheels)}.items():
        times = ", ".join(
            f"{name} {1000 * found[name]:.1f} ms"
            for name in ("load", "products", "call", "trace", "word pieces")
        )
        print(f"{place}, {found['tokens']} tokens: {times}")
        for name in ("call", "trace"):
            ratio = found[name] / found["products"]
            if place == "pyodide":
                limits.at_most(f"{place}: {name} / its matrix products alone", ratio, 1.5)
            else:
                print(f"    {place}: {name} / its matrix products alone: {ratio:.2f}")


def _settings(file: Path, folder: Path | str) -> str:
    return json.dumps({"folder": str(folder), "file": file.name, "repeats": REPEATS})


def _native(file: Path) -> Found:
    program = "import sys; from bench._minilm_measure import run; print(run(sys.stdin.read()))"
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=_settings(file, file.parent),
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env=environment,
        check=True,
    )
    found: Found = json.loads(done.stdout)
    return found


def _pyodide(file: Path, runtime: Path, wheels: Path) -> Found:
    script = str(HERE / "kernel_pyodide.mjs")
    answer = run_node(script, runtime, wheels, PROGRAM, file.parent, stdin=_settings(file, "/data"))
    found: Found = json.loads(answer.splitlines()[-1])
    return found
