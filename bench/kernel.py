"""The maths alone, in native Python and in Pyodide under Node: how fast, how much memory, how it grows.

Run: python3 build.py bench kernel [--repeats 40] [--parts heads ...] [--places native ...]
Prints, with the limit that each ratio must keep:

- heads: MultiHeadAttention beside the same maths as a loop over heads and as einsum, and the overhead of the
  trace; float64, self-attention.
- blockwise: blockwise_attention beside the plain form, in time and in peak memory (tracemalloc).
- generation: greedy generation with and without a cache, and how the time per token grows.

Within a place all forms take turns in one process, and the fastest of the repeats counts. Native NumPy gets
one thread, as it has in a browser. Fitted exponents p say that time or memory grows like n^p. Exits with 1 if
a limit is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench._limits import Limits
from building.artefacts import Store, load
from building.build import LOCK, unpack_runtime, wheel_folder
from building.locking import alone
from building.node_runner import run_node
from building.packages import PAGE
from building.wheels import Maker

NOISE = 0.1  # in a fitted exponent
HERE = Path(__file__).parent
Found = dict[str, Any]


def native(settings: str, threads: int) -> Found:
    """In a process of its own, since NumPy's number of threads is settled when it is imported."""
    program = "import sys; from bench._kernel_measure import run; print(run(sys.stdin.read()))"
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": str(threads), "OMP_NUM_THREADS": str(threads)}
    command = [sys.executable, "-c", program]
    done = subprocess.run(
        command, input=settings, stdout=subprocess.PIPE, encoding="utf-8", env=environment, check=True
    )
    found: Found = json.loads(done.stdout)
    return found


def pyodide(settings: str, threads: int) -> Found:
    """In the runtime and the wheels of the page, which has one thread."""
    with alone(LOCK):
        artefacts = load()
        files = Store().get_all(found for found in artefacts.values() if found.group in ("runtime", "page"))
        runtime = unpack_runtime(files["pyodide"])
        wheels = wheel_folder(Maker(artefacts, files, runtime).slim_all(PAGE), runtime)
    program = HERE / "_kernel_measure.py"
    answer = run_node(str(HERE / "kernel_pyodide.mjs"), runtime, wheels, program, stdin=settings)
    found: Found = json.loads(answer.splitlines()[-1])
    return found


PLACES: dict[str, Callable[[str, int], Found]] = {"native": native, "pyodide": pyodide}


def tell_heads(place: str, found: Found, limits: Limits) -> None:
    print(f"\n{place}: MultiHeadAttention, milliseconds of one call")
    print(f"{'n':>8}{'ours':>10}{'loops':>10}{'einsum':>10}{'best/ours':>12}{'trace/ours':>12}")
    worst = float("inf")
    columns = [found[name]["seconds"] for name in ("ours", "loops", "einsum", "trace")]
    for n, ours, loops, einsum, trace in zip(found["ours"]["lengths"], *columns, strict=True):
        ratio = min(loops, einsum) / ours
        worst = min(worst, ratio)
        times = "".join(f"{1000 * seconds:>10.3f}" for seconds in (ours, loops, einsum))
        print(f"{n:>8}{times}{ratio:>12.2f}{trace / ours:>12.2f}")
    tell_exponents(found, "ours", "loops", "einsum", "trace")
    limits.at_least(f"{place}: best of loops and einsum / ours, worst n", worst, 0.9)


def tell_blockwise(place: str, found: Found, limits: Limits) -> None:
    print(f"\n{place}: blockwise_attention, seconds and peak MB of one call")
    names = ("plain", "blockwise", "causal")
    print(f"{'n':>8}" + "".join(f"{name + ' s':>14}{'MB':>9}" for name in names))
    for i, n in enumerate(found["plain"]["lengths"]):
        pairs = [(found[name]["seconds"][i], found[name]["peak_bytes"][i] / 1e6) for name in names]
        print(f"{n:>8}" + "".join(f"{seconds:>14.4f}{mega:>9.2f}" for seconds, mega in pairs))
    tell_exponents(found, *names)
    n = found["plain"]["lengths"][-1]
    seconds, peak = (
        found["blockwise"][key][-1] / found["plain"][key][-1] for key in ("seconds", "peak_bytes")
    )
    limits.at_most(f"{place}: time of blockwise / plain at n = {n}", seconds, 1.5)
    limits.at_most(f"{place}: peak memory of blockwise / plain at n = {n}", peak, 1 / 20)


def tell_generation(place: str, found: Found, limits: Limits) -> None:
    print(
        f"\n{place}: generation, seconds for so many tokens, and milliseconds of each after the half of them"
    )
    print(f"{'tokens':>8}{'cached':>10}{'each':>10}{'uncached':>10}{'each':>10}{'ratio':>10}")
    for i, number in enumerate(found["numbers"]):
        cells, totals = "", []
        for name in ("cached", "uncached"):
            totals.append(found[name]["seconds"][i])
            each = f"{1000 * found[name]['per_token'][i - 1]:.3f}" if i else ""
            cells += f"{totals[-1]:>10.3f}{each:>10}"
        print(f"{number:>8}{cells}{totals[1] / totals[0]:>10.1f}")
    ratio = found["uncached"]["seconds"][-1] / found["cached"]["seconds"][-1]
    limits.at_least(f"{place}: uncached / cached for {found['numbers'][-1]} tokens", ratio, 10)
    exponent = found["cached"]["per_token_exponent"]
    limits.at_most(f"{place}: p in the time per cached token, n^p", exponent, 1 + NOISE)
    print(f"    time per uncached token grows like n^{found['uncached']['per_token_exponent']:.2f}")


def tell_exponents(found: Found, *names: str) -> None:
    for kind in ("time", "memory"):
        exponents = ", ".join(f"{name} {found[name][f'{kind}_exponent']:.2f}" for name in names)
        print(f"    {kind} grows like n^p, p fitted: {exponents}")


TELL: dict[str, Callable[[str, Any, Limits], None]] = {
    "heads": tell_heads,
    "blockwise": tell_blockwise,
    "generation": tell_generation,
}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeats", type=int, default=40, help="of the short calls; fewer for the long ones")
    parser.add_argument("--parts", nargs="+", choices=TELL, default=list(TELL))
    parser.add_argument("--places", nargs="+", choices=PLACES, default=list(PLACES))
    parser.add_argument("--d-model", type=int, default=128)
    parser.add_argument("--num-heads", type=int, default=8)
    parser.add_argument("--threads", type=int, default=1, help="of native NumPy; a browser has one")
    arguments = parser.parse_args()
    shape = {"d_model": arguments.d_model, "num_heads": arguments.num_heads}
    few = max(1, arguments.repeats // 8)
    settings = {
        "parts": arguments.parts,
        "heads": {**shape, "lengths": [16, 32, 64, 128, 256, 512], "repeats": arguments.repeats},
        "blockwise": {"d_k": 64, "lengths": [512, 1024, 2048, 4096], "repeats": few},
        "generation": {
            **shape, "tokens": 256, "d_ff": 4 * arguments.d_model, "n_layers": 2, "vocab_size": 101,
            "repeats": few,
        },
    }  # fmt: skip
    print(f"d_model {arguments.d_model}, {arguments.num_heads} heads; native: {arguments.threads} thread(s)")
    limits = Limits()
    for place in arguments.places:
        found = PLACES[place](json.dumps(settings), arguments.threads)
        for part in arguments.parts:
            TELL[part](place, found[part], limits)
    return limits.summary()


if __name__ == "__main__":
    sys.exit(main())
