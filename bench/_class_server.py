"""A class on loopback: every answer must be 200 and whole, and the same for every visitor."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import socket
import statistics
import subprocess
import tempfile
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench._visits import CONNECTIONS, Connection
from building.compression import compressed
from building.paths import ROOT
from building.serving import serve_site

LIMIT_SECONDS = 600

NGINX = """
pid {folder}/pid; worker_processes auto; user root;
events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; default_type application/octet-stream;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder};
  server {{ listen 127.0.0.1:{port}; root {site}; {settings} }}
}}
"""


@dataclass
class Tally:
    """What all visits got."""

    seconds: list[float] = field(default_factory=list)
    sent: int = 0
    checks: dict[str, int] = field(default_factory=dict)  # path -> checksum of its body
    problems: list[str] = field(default_factory=list)

    def note(self, path: str, status: int, body: bytes) -> None:
        self.sent += len(body)
        if status != 200:
            self.problems.append(f"{path}: status {status}")
        elif self.checks.setdefault(path, zlib.crc32(body)) != zlib.crc32(body):
            self.problems.append(f"{path}: not what the others got")


def files_of_a_visit(site: Path, start: str) -> list[str]:
    """The files in assets/ that a first visit asks for when Python starts in this way."""
    told = json.loads((site / "sw.js").read_text().split("\n", 1)[0].partition(" = ")[2].rstrip(";"))
    wanted = (None, start)
    return [e["url"] for e in told["files"] if e["url"].startswith("assets/") and e["start"] in wanted]


async def visit(port: int, files: list[str], tally: Tally) -> None:
    """One cold visit."""
    begin = time.perf_counter()
    connections = [Connection(port) for _ in range(CONNECTIONS)]
    waiting = list(reversed(files))

    async def work(connection: Connection) -> None:
        while waiting:
            path = f"/{waiting.pop()}"
            tally.note(path, *await connection.get(path))

    try:
        tally.note("/", *await connections[0].get("/"))
        await asyncio.gather(*map(work, connections))
        tally.seconds.append(time.perf_counter() - begin)
    except (OSError, EOFError, ValueError) as error:
        tally.problems.append(f"a visit broke off: {error!r}")
    finally:
        for connection in connections:
            connection.close()


async def lesson(port: int, files: list[str], visits: int) -> Tally:
    """Everybody at once."""
    tally = Tally()
    async with asyncio.timeout(LIMIT_SECONDS):
        await asyncio.gather(*(visit(port, files, tally) for _ in range(visits)))
    return tally


@contextmanager
def nginx(site: Path) -> Iterator[int]:
    """Nginx over the site, with what the README says; its port."""
    block = re.search(r"For nginx.*?\n\n```\n(.*?)```", (ROOT / "README.md").read_text(), re.S)
    assert block, "README.md has the settings for nginx"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        root = Path(shutil.copytree(site, Path(folder) / "site"))
        for file in (root / "assets").iterdir():  # gzip -k9
            shutil.copyfile(compressed(file, "gzip"), f"{file}.gz")
        config = Path(folder) / "nginx.conf"
        config.write_text(NGINX.format(folder=folder, port=port, site=root, settings=block[1]))
        command = ["nginx", "-c", str(config), "-e", f"{folder}/error.log"]
        subprocess.run(command, check=True)  # it goes to the background when it listens
        try:
            yield port
        finally:
            subprocess.run([*command, "-s", "quit"], check=True)


def report(name: str, tally: Tally, visits: int) -> bool:
    done = sorted(tally.seconds)
    if done:
        p95 = done[min(len(done) - 1, round(0.95 * len(done)))]
        times = f"median {statistics.median(done):6.2f} s   p95 {p95:6.2f} s"
        size = f"{tally.sent / visits / 1e6:6.2f} MB each"
        print(f"    {name:10s} {len(done)} of {visits} visits   {times}   {size}")
    for problem in sorted(set(tally.problems))[:10]:
        print(f"    {name:10s} {problem}")
    return len(done) == visits and not tally.problems


def run_server(site: Path, visits: int, start: str) -> bool:
    """From the built-in server and, where there is one, from nginx with the settings that README.md has."""
    files = files_of_a_visit(site, start)
    print(f"    {visits} visits at once, {len(files) + 1} files each ({start})", flush=True)
    with serve_site(site) as server:
        good = report("built-in", asyncio.run(lesson(server.port, files, visits)), visits)
    if shutil.which("nginx") is None:
        print("    nginx      is not here: apt-get install nginx-light")
        return good
    with nginx(site) as port:
        good &= report("nginx", asyncio.run(lesson(port, files, visits)), visits)
    return good
