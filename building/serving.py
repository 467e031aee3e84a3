"""A static server for this machine: what a good host does, and no more."""

import contextlib
import email.utils
import functools
import http.server
import os
import re
import socket
import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from building.background import compressing
from building.compression import ENCODERS, place
from building.paths import INTERMEDIATE
from building.progress import note
from building.stamps import file_sha256

HASHED = re.compile(r"-[0-9a-f]{12}(\.[^/]+)?$")
MIME = {
    ".bin": "application/octet-stream",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".safetensors": "application/octet-stream",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".whl": "application/octet-stream",
    ".zip": "application/zip",
}
#: Wheels and the standard library are stored, not compressed (docs/adr/0004): they shrink on the way.
COMPRESSIBLE = {*MIME} - {".ico", ".png"}
FOR_A_YEAR = "public, max-age=31536000, immutable"
PORTS_TRIED = 50
QUIET_SECONDS = 30.0  # a client that has gone away without saying so gives its thread back


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256
    allow_reuse_address = os.name != "nt"  # on Windows it would let two servers share a port

    def __init__(self, *arguments: Any) -> None:
        self._open: set[Any] = set()  # connections, which browsers keep for their next request
        super().__init__(*arguments)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer it in a thread of its own."""
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """The client or the thread has finished with it."""
        self._open.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        """End for everybody: a server that has gone answers nobody, on no connection."""
        super().server_close()
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that closed the connection early is no error of ours."""


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers GET and HEAD for the files below one directory."""

    protocol_version = "HTTP/1.1"
    timeout = QUIET_SECONDS
    disable_nagle_algorithm = True  # the head of an answer does not wait for its body

    def __init__(self, *arguments: object, directory: Path, prefix: str, home: Path) -> None:
        self.directory = directory
        self.prefix = prefix
        self.home = home
        super().__init__(*arguments)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Send a file."""
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        """Send what GET would, without the body."""
        self._answer(with_body=False)

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing: the one line with the URL is to stay in sight."""

    def _answer(self, with_body: bool) -> None:
        file = self._file()
        if file is None:
            self._send(
                HTTPStatus.NOT_FOUND, {"Content-Type": "text/plain; charset=utf-8"}, b"Not found\n", with_body
            )
            return
        sha256 = _sha256(file)
        encoding = self._encoding(file, sha256)
        body = place(sha256, encoding, self.home) if encoding else file
        tag = f'"{sha256[:16]}{"-" + encoding if encoding else ""}"'
        headers = {
            "Content-Type": MIME.get(file.suffix, "application/octet-stream"),
            "Cache-Control": FOR_A_YEAR if HASHED.search(file.name) else "no-cache",
            "ETag": tag,
            "Last-Modified": email.utils.formatdate(file.stat().st_mtime, usegmt=True),
            "Vary": "Accept-Encoding",
        }
        if encoding:
            headers["Content-Encoding"] = encoding
        if tag in self.headers.get("If-None-Match", ""):
            self._send(HTTPStatus.NOT_MODIFIED, headers, b"", with_body=False)
        else:
            self._send(HTTPStatus.OK, headers, body, with_body)

    def _send(self, status: HTTPStatus, headers: dict[str, str], body: Path | bytes, with_body: bool) -> None:
        length = body.stat().st_size if isinstance(body, Path) else len(body)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("X-Content-Type-Options", "nosniff")
        if status is not HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(length))
        self.end_headers()
        if not with_body:
            return
        if isinstance(body, bytes):
            self.wfile.write(body)
            return
        self.deliver(body)

    def deliver(self, body: Path) -> None:
        """Send a file's bytes; what stands in for a slow line does it slowly."""
        with body.open("rb") as file:
            self.connection.sendfile(file)

    def _file(self) -> Path | None:
        """The file that the request means: none outside the directory, none hidden, no listing."""
        path = urllib.parse.unquote(urllib.parse.urlsplit(self.path).path, errors="surrogateescape")
        if not path.startswith(self.prefix) or "\0" in path or "\\" in path:
            return None
        parts = [part for part in path.removeprefix(self.prefix).split("/") if part]
        if any(part.startswith(".") or ":" in part for part in parts):
            return None
        file = self.directory.joinpath(*parts)
        if path.endswith("/"):
            file /= "index.html"
        if not file.resolve().is_relative_to(self.directory.resolve()) or not file.is_file():
            return None
        return file

    def _encoding(self, file: Path, sha256: str) -> str | None:
        """The best encoding that the client takes and that is ready; nobody waits for a compressor."""
        if file.suffix not in COMPRESSIBLE:
            return None
        accepted = {part.split(";")[0].strip() for part in self.headers.get("Accept-Encoding", "").split(",")}
        ready = (each for each in ENCODERS if each in accepted and place(sha256, each, self.home).is_file())
        return next(ready, None)


def _sha256(file: Path) -> str:
    """The file's digest, computed again only when the file is another: a class asks for all files at once."""
    status = file.stat()
    return _digest(file, status.st_ino, status.st_mtime_ns, status.st_size)


@functools.lru_cache(maxsize=1024)
def _digest(file: Path, *version: int) -> str:
    return file_sha256(file)


@dataclass(frozen=True)
class Served:
    """A running server."""

    url: str
    port: int


@contextmanager
def serve_site(
    directory: Path,
    prefix: str = "/",
    port: int = 0,
    home: Path = INTERMEDIATE / "compressed",
    handler: type[Handler] = Handler,
) -> Iterator[Served]:
    """Serve a directory below a path prefix while the context lasts; port 0 takes any free one."""
    prefix = f"/{prefix.strip('/')}/" if prefix.strip("/") else "/"
    server = _Server(
        ("127.0.0.1", port), functools.partial(handler, directory=Path(directory), prefix=prefix, home=home)
    )
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield Served(f"http://127.0.0.1:{server.server_port}{prefix}", server.server_port)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def serve_forever(directory: Path, port: int) -> None:
    """Serve until Ctrl-C; where the port is taken, the next free one."""
    free = free_port(port)
    if free != port:
        note(f"Port {port} is taken.")
    with serve_site(directory, port=free) as served:
        note(f"Attention Lab: {served.url}  (Ctrl-C to stop)")
        with contextlib.suppress(KeyboardInterrupt), compressing(directory):
            threading.Event().wait()


def free_port(wanted: int) -> int:
    for port in range(wanted, min(wanted + PORTS_TRIED, 65536)):
        with socket.socket() as probe:
            if os.name != "nt":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    return 0
