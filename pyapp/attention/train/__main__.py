"""Train one of the shipped models: `python -m attention.train reader --seeds 0 1 2 --ship`."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import attention.models
from attention.models.card import write_card
from attention.train.encoders import ORDINARY, READER
from attention.train.recipe import Recipe, card_of, file_bytes, train
from attention.train.translator import TRANSLATOR
from attention.train.writer import WRITER

RECIPES: dict[str, Recipe[Any]] = {recipe.name: recipe for recipe in (READER, ORDINARY, WRITER, TRANSLATOR)}


ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "VECLIB_MAXIMUM_THREADS": "1"}
"""For NumPy, as it is imported: two threads sum in another order, and small matrices are no faster."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, measure, and write NAME.safetensors and NAME.card.toml; 1 if a threshold is missed."""
    options = _parser().parse_args(arguments)
    recipe = RECIPES[options.name]
    folder = Path(attention.models.__file__).parent / "files" if options.ship else options.out
    folder.mkdir(parents=True, exist_ok=True)
    trained = []
    for seed in options.seeds or [options.seed]:
        print(f"{recipe.title}, seed {seed}", flush=True)
        trained.append(train(recipe, seed, options.steps, lambda line: print(line, flush=True)))
        print(f"  {trained[-1].seconds:.1f} s of processor time", flush=True)
    file = file_bytes(trained[0].model)
    card = card_of(recipe, trained, file)
    (folder / f"{recipe.name}.safetensors").write_bytes(file)
    (folder / f"{recipe.name}.card.toml").write_text(write_card(card), encoding="utf-8")

    print(f"{card.parameters:,} parameters, {len(file):,} bytes, in {folder}")
    for figure in card.figures:
        told = f"  {figure.name:32} {figure.seeds} random {figure.random}"
        if figure.threshold is not None:
            told += f", {'at most' if figure.at_most else 'at least'} {figure.threshold}"
        print(told + ("" if figure.holds else ": MISSED"))
    return 0 if all(figure.holds for figure in card.figures) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m attention.train", description=__doc__)
    parser.add_argument("name", choices=list(RECIPES))
    parser.add_argument("--seed", type=int, default=0, help="what start and sentences depend on")
    parser.add_argument("--seeds", type=int, nargs="+", help="several; the first is the one that is written")
    parser.add_argument("--steps", type=int, help="fewer or more than usual")
    parser.add_argument("--out", type=Path, default=Path(), help="where to write (default: here)")
    parser.add_argument("--ship", action="store_true", help="write into the package instead")
    return parser


if __name__ == "__main__":
    if ONE_THREAD.items() <= os.environ.items():
        sys.exit(main())
    sys.exit(subprocess.call([sys.executable, *sys.orig_argv[1:]], env=os.environ | ONE_THREAD))
