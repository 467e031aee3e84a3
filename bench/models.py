"""The trained models: what they can do, how fast they are, and how large.

Run: python3 build.py bench models [--sections files accuracy speed minilm] [--models reader ordinary ...]

- files: parameters, bytes and training time of each model; all files together must stay under 600,000 bytes.
- accuracy: every figure of a card, measured again on the file in the package, beside the card's and beside
  that of random weights; with the threshold that it must keep.
- speed: milliseconds for one sentence, traced, native and on one thread; beside what its matrix products
  alone take.

- minilm: size, figures and time of the real transformer, native and in Pyodide (bench/_minilm.py).

A section is one function of SECTIONS, a model's pass one line of PASSES. Exits with 1 if a limit is missed.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial

os.environ.setdefault("OMP_NUM_THREADS", "1")  # settled when NumPy is imported
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from attention import MODELS, Ordinary, Reader, Writer, load_card, load_model
from attention.models import file_of
from attention.train.__main__ import RECIPES
from bench._limits import Limits
from bench._minilm import minilm

MOST_BYTES = 600_000
CLAUSE = "the black cat eats the small red apple"
TEXT = "the cat in the park sat on the mat yesterday because it was very tired"

PASSES: dict[str, Callable[[], Callable[[], object]]] = {
    "reader": lambda: _pass_of(load_model("reader")),
    "ordinary": lambda: _pass_of(load_model("ordinary")),
    "writer": lambda: _pass_of(load_model("writer")),
    "translator": lambda: partial(load_model("translator").translate, CLAUSE.split()),
}
"""By model: makes what one sentence is computed by."""


def files(names: Sequence[str], limits: Limits) -> None:
    print(f"{'':12} {'parameters':>10} {'bytes':>9}  {'seeds':12} CPU seconds each")
    total = 0
    for name in names:
        card, size = load_card(name), len(file_of(name))
        total += size
        seeds = " ".join(map(str, card.seeds))
        print(f"{name:12} {card.parameters:10,} {size:9,}  {seeds:12} {' '.join(map(str, card.seconds))}")
    limits.at_most(f"bytes of {', '.join(names)} together", total, MOST_BYTES)


def accuracy(names: Sequence[str], limits: Limits) -> None:
    for name in names:
        card = load_card(name)
        print(f"{card.title}: {card.what}")
        for measured in RECIPES[name].measure(load_model(name)):
            figure = card.figure(measured.name)
            beside = f"card {figure.value:.3f}, random {figure.random}, {measured.sentences} times"
            told = f"{measured.name} ({beside})"
            if measured.threshold is None:
                print(f"    {told}: {measured.value:.3f}")
            elif measured.at_most:
                limits.at_most(told, measured.value, measured.threshold)
            else:
                limits.at_least(told, measured.value, measured.threshold)


def speed(names: Sequence[str], limits: Limits) -> None:
    for name in names:
        if name in PASSES:
            print(f"{name:12} {1000 * _fastest(PASSES[name]()):.2f} ms for one sentence")
    if "writer" in names:
        write = partial(load_model("writer").generate, TEXT.split()[:4], 24)
        cached, plain = _fastest(write, 10), _fastest(partial(write, use_cache=False), 10)
        told = f"{1000 * cached:.1f} ms for 24 words with a cache, {1000 * plain:.1f} ms without"
        print(f"    writer: {told}, {plain / cached:.1f} times as long")
    for name in ("reader", "ordinary"):
        if name in names:
            model = load_model(name)
            alone = _fastest(lambda model=model: _products(model, len(TEXT.split()) + 1))
            ratio = _fastest(_pass_of(model)) / alone
            print(
                f"    {name}: {ratio:.1f} times as long as its matrix products alone ({1000 * alone:.2f} ms)"
            )


SECTIONS: dict[str, Callable[[Sequence[str], Limits], None]] = {
    "files": files,
    "accuracy": accuracy,
    "speed": speed,
    "minilm": minilm,
}


def _pass_of(model: Reader | Ordinary | Writer) -> Callable[[], object]:
    return lambda: model.trace(TEXT.split())


def _products(model: Reader | Ordinary, seq: int) -> None:
    """The matrix products of one pass, and nothing else."""
    x = model.embedding.weight[:seq]  # (seq, d_model)
    for block in model.blocks:
        q, k, v = x @ block.attention.w_q, x @ block.attention.w_k, x @ block.attention.w_v
        for head in range(model.n_heads):
            part = slice(head * model.d_model // model.n_heads, (head + 1) * model.d_model // model.n_heads)
            q[:, part] @ k[:, part].T @ v[:, part]
        v @ block.attention.w_o
        x @ block.feed_forward.first.w @ block.feed_forward.second.w
    if isinstance(model, Reader):
        for w_q, w_k in zip(model.read.w_q, model.read.w_k, strict=True):
            (x @ w_q) @ (x @ w_k).T @ (x @ model.read.w_v) @ model.read.w_o
    else:
        x @ model.w_answer


def _fastest(call: Callable[[], object], repeats: int = 60) -> float:
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sections", nargs="+", choices=SECTIONS, default=list(SECTIONS))
    parser.add_argument("--models", nargs="+", choices=MODELS, default=list(MODELS))
    arguments = parser.parse_args()
    limits = Limits()
    for name in arguments.sections:
        print(f"\n{name}")
        SECTIONS[name](arguments.models, limits)
    return limits.summary()


if __name__ == "__main__":
    sys.exit(main())
