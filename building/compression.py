"""Files as a static host would send them: gzip and brotli, each made once for each content."""

import gzip
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import brotli

from building.paths import INTERMEDIATE
from building.stamps import file_sha256, write_whole

HOME = INTERMEDIATE / "compressed"

LARGE = 4 << 20  # from here on the best that brotli can do takes many seconds, and gains a tenth
LARGE_FOR_GZIP = 16 << 20  # which is quicker, and gains less
WINDOW = 24  # the widest that browsers decode
DENSE = {".safetensors"}  # weights in int8 hardly shrink, however long one tries: no time is given to it
BEST = "best"  # the ending of what says that a file was made with patience


def _brotli(data: bytes, best: bool, dense: bool) -> bytes:
    large = len(data) > LARGE
    quality = 5 if large and dense else 9 if large and not best else 11
    return bytes(brotli.compress(data, quality=quality, lgwin=WINDOW if large else 22))


def _gzip(data: bytes, best: bool, dense: bool) -> bytes:
    return gzip.compress(data, 6 if len(data) > LARGE_FOR_GZIP else 9, mtime=0)


ENCODERS: dict[str, Callable[[bytes, bool, bool], bytes]] = {"br": _brotli, "gzip": _gzip}


def place(sha256: str, encoding: str, home: Path = HOME) -> Path:
    """Where the file with this digest lies in one encoding, when that has been made."""
    return home / f"{sha256}.{encoding}"


def compressed(file: Path, encoding: str, home: Path = HOME, *, best: bool = False) -> Path:
    """The file in one encoding; `best`: as small as that can be made, though it takes minutes."""
    path = place(file_sha256(file), encoding, home)
    dense = file.suffix in DENSE
    patient = best and encoding == "br" and _size(file) > LARGE and not dense
    told = path.with_name(f"{path.name}.{BEST}")
    if not path.is_file() or (patient and not told.is_file()):
        write_whole(path, ENCODERS[encoding](file.read_bytes(), patient, dense))
        if patient:
            write_whole(told, b"")
    return path


def compress_all(files: Iterable[Path], home: Path = HOME, *, best: bool = False) -> None:
    """Make every encoding of every file that is not there yet, on all processors."""
    largest_first = sorted(files, key=_size, reverse=True)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        tasks = [(file, encoding) for file in largest_first for encoding in ENCODERS]
        list(pool.map(lambda task: compressed(task[0], task[1], home, best=best), tasks))


def compress_in_turn(files: Iterable[Path], home: Path = HOME) -> None:
    """The same, one after the other: the smallest are ready first, and a processor is left to others."""
    for file in sorted(files, key=_size):
        for encoding in ENCODERS:
            compressed(file, encoding, home)


def _size(file: Path) -> int:
    return file.stat().st_size
