"""The line of `bench classroom`: fair to visitors, as fast as it says; visits in the order of the first."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import pytest

from bench._fair_line import Answered, FairLine, served_fairly
from bench._visits import Connection, recorded, replay

SIZE = 100_000
FILES = 6
MEGABITS = 8.0

Result = TypeVar("Result")


def by_itself(work: Coroutine[Any, Any, Result]) -> Result:
    """Run it in a thread: a browser of other tests may have a loop of events in this one."""
    with ThreadPoolExecutor(1) as other:
        return other.submit(asyncio.run, work).result()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(FILES):
        (tmp_path / f"{number}.png").write_bytes(bytes([number]) * SIZE)
    return tmp_path


def test_a_visitor_with_six_connections_gets_no_more_than_one_with_one(folder: Path) -> None:
    line = FairLine(MEGABITS, 0.0)

    async def at_once(port: int) -> float:
        many = [Connection(port, "127.0.1.1") for _ in range(FILES)]
        await asyncio.gather(*(each.get(f"/{i}.png") for i, each in enumerate(many)))
        for each in many:
            each.close()
        return time.perf_counter()

    async def in_turn(port: int) -> float:
        one = Connection(port, "127.0.1.2")
        for i in range(FILES):
            assert await one.get(f"/{i}.png") == (200, bytes([i]) * SIZE)
        one.close()
        return time.perf_counter()

    async def both(port: int) -> tuple[float, float]:
        return await asyncio.gather(at_once(port), in_turn(port))

    with served_fairly(line, folder) as (_, port):
        begin = time.perf_counter()
        slower = max(by_itself(both(port))) - begin
    assert slower >= 2 * FILES * SIZE * 8 / (MEGABITS * 1e6)
    assert sum(each.size for each in line.answered) == 2 * FILES * SIZE
    many, one = ([each.end for each in line.answered if each.visitor == f"127.0.1.{n}"] for n in (1, 2))
    assert sum(end < max(many) for end in one) > 1, "six connections went before one"


def test_a_visit_is_repeated_in_its_order_and_with_its_pauses(folder: Path) -> None:
    told = [
        Answered("x", "/0.png", 10.0, 10.2, SIZE),
        Answered("x", "/1.png", 10.5, 10.9, SIZE),  # 0.3 s after the page
        Answered("x", "/2.png", 10.5, 10.8, SIZE),
        Answered("x", "/3.png", 11.0, 11.4, SIZE),  # 0.1 s after the second
    ]
    visit = recorded(told, begin=9.9, interactive=11.0)
    assert [sorted(each.after) for each in visit.asked] == [[], [0], [0], [0, 1, 2]]
    assert [each.pause for each in visit.asked] == pytest.approx([0.1, 0.3, 0.3, 0.1])
    assert (visit.bytes, visit.pause) == (3 * SIZE, pytest.approx(0.1))
    line = FairLine(800, 0.0)
    with served_fairly(line, folder) as (_, port):
        seconds = by_itself(replay(visit, port, "127.0.1.3"))
    assert seconds >= 0.5, "0.1, 0.3 and 0.1 s"
    came = {each.path: each for each in line.answered}
    assert came["/1.png"].begin >= came["/0.png"].end
    assert came["/3.png"].begin >= max(came["/1.png"].end, came["/2.png"].end)
