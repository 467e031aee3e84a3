"""What bench/_minilm.py runs, natively and in Pyodide: 16 tokens, and their matrix products alone."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from attention import MiniLM

TEXT = "The cat sat on the mat because it was tired and the bed far"  # 16 tokens


def run(settings: str) -> str:
    """Measure; `settings` and the answer are JSON."""
    asked = json.loads(settings)
    started = time.perf_counter()
    model = MiniLM.from_files(Path(asked["folder"], asked["file"]))
    load = time.perf_counter() - started
    seq = len(model.word_piece(TEXT))
    calls = {
        "products": lambda: products(model, seq),
        "call": lambda: model(TEXT),
        "trace": lambda: model.trace(TEXT),
        "word pieces": lambda: model.word_piece(TEXT),
    }
    return json.dumps({"load": load, "tokens": seq, **in_turns(calls, asked["repeats"])})


def products(model: MiniLM, seq: int) -> None:
    """Every matrix product of one pass, and nothing else."""
    bert = model.bert
    x = bert.positions.weight[:seq]  # (seq, d_model)
    heads = x.reshape(seq, 12, -1).swapaxes(0, 1).copy()  # (n_heads, seq, d_k)
    for block in bert.blocks:
        weights = block.attention
        for w in (weights.w_q, weights.w_k, weights.w_v, weights.w_o):
            x @ w
        heads @ heads.swapaxes(-1, -2) @ heads
        x @ block.feed_forward.first.w @ block.feed_forward.second.w


def in_turns(calls: dict[str, Callable[[], object]], repeats: int) -> dict[str, float]:
    """The fastest of each, in seconds; all take turns, so that a busy machine is busy for all."""
    found = dict.fromkeys(calls, np.inf)
    for _ in range(repeats):
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            found[name] = min(found[name], time.perf_counter() - start)
    return found
