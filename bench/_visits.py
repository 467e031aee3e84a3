"""Visits without a browser: what one asked for, and others that ask for the same in the same order."""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass

from bench._fair_line import Answered

CONNECTIONS = 6  # of one browser to one host


class Connection:
    """One connection that is kept for the next request."""

    def __init__(self, port: int, source: str = "127.0.0.1") -> None:
        self.port, self.source = port, source
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str) -> tuple[int, bytes]:
        if self.streams is None:
            self.streams = await asyncio.open_connection(
                "127.0.0.1", self.port, limit=1 << 20, local_addr=(self.source, 0)
            )
        reader, writer = self.streams
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip, deflate, br\r\n\r\n".encode()
        )
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        status = int(head.split(" ", 2)[1])
        if length := re.search(r"(?i)content-length: (\d+)", head):
            return status, await reader.readexactly(int(length[1]))
        body = b""
        while size := int((await reader.readline()).split(b";")[0], 16):  # in chunks
            body += await reader.readexactly(size)
            await reader.readline()
        await reader.readline()
        return status, body

    def close(self) -> None:
        if self.streams:
            self.streams[1].close()


@dataclass(frozen=True)
class Asked:
    """One request of a visit: it went out so many seconds after the last of those that were there by then."""

    path: str
    size: int
    after: frozenset[int]
    pause: float


@dataclass(frozen=True)
class Recording:
    """What a browser asked for in a visit; when it was interactive, as a request that asks for nothing."""

    asked: tuple[Asked, ...]
    interactive: Asked

    @property
    def bytes(self) -> int:
        """What the line carries until the page is interactive."""
        return sum(self.asked[each].size for each in self.interactive.after)

    @property
    def pause(self) -> float:
        """Seconds from the last of these bytes until it was interactive."""
        return self.interactive.pause


def recorded(answered: list[Answered], begin: float, interactive: float) -> Recording:
    """The order in which a visit asked, from what the server saw; times are of one clock."""
    met = sorted(answered, key=lambda each: each.begin)

    def as_asked(path: str, size: int, at: float) -> Asked:
        after = frozenset(i for i, each in enumerate(met) if each.end <= at)
        last = max((met[i].end for i in after), default=begin)
        return Asked(path, size, after, max(0.0, at - last))

    asked = tuple(as_asked(each.path, each.size, each.begin) for each in met)
    return Recording(asked, as_asked("", 0, interactive))


async def replay(recording: Recording, port: int, source: str) -> float:
    """Visit in the same order, with the same pauses, over six connections; seconds until interactive.

    It goes on until everything is there that the browser fetched, as others wait for the line meanwhile.
    """
    begin = time.perf_counter()
    loop = asyncio.get_running_loop()
    done = [loop.create_future() for _ in recording.asked]
    free: asyncio.LifoQueue[Connection] = asyncio.LifoQueue()
    connections = [Connection(port, source) for _ in range(CONNECTIONS)]
    for connection in reversed(connections):
        free.put_nowait(connection)

    async def when(asked: Asked) -> None:
        await asyncio.gather(*(done[each] for each in asked.after))
        await asyncio.sleep(asked.pause)

    async def ask(number: int, asked: Asked) -> None:
        await when(asked)
        connection = await free.get()
        status, body = await connection.get(asked.path)
        free.put_nowait(connection)
        if (status, len(body)) != (200, asked.size):
            raise RuntimeError(f"{asked.path}: {status}, {len(body)} bytes and not {asked.size}")
        done[number].set_result(None)

    async def wait() -> float:
        await when(recording.interactive)
        return time.perf_counter() - begin

    try:
        async with asyncio.TaskGroup() as group:
            told = group.create_task(wait())
            for number, asked in enumerate(recording.asked):
                group.create_task(ask(number, asked))
        return told.result()
    finally:
        for connection in connections:
            connection.close()
