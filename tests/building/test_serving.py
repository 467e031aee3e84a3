"""The server of `build.py serve` does what a good static host does."""

import gzip
import http.client
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPResponse
from pathlib import Path

import brotli
import pytest

from building.compression import compress_all, compressed
from building.serving import Served, free_port, serve_site

SCRIPT = b"export const numbers = [1, 2, 3];\n" * 50
HASHED = "assets/kernel-0123456789ab.js"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    site = tmp_path / "site"
    (site / "assets").mkdir(parents=True)
    (site / "index.html").write_text("<!doctype html><title>home</title>")
    (site / HASHED).write_bytes(SCRIPT)
    (site / "assets/a-0123456789ab.wasm").write_bytes(b"\0asm")
    (site / "assets/p-1.0-py3-none-any-0123456789ab.whl").write_bytes(b"PK")
    (site / ".build").write_text("hidden")
    (tmp_path / "secret").write_text("outside")
    return site


@pytest.fixture
def uncompressed(site: Path, tmp_path: Path) -> Iterator[Served]:
    """The site, of which nothing has been compressed yet."""
    with serve_site(site, home=tmp_path / "compressed") as served:
        yield served


@pytest.fixture
def served(site: Path, tmp_path: Path, uncompressed: Served) -> Served:
    """The site, compressed."""
    compress_all((path for path in site.rglob("*") if path.is_file()), tmp_path / "compressed")
    return uncompressed


def ask(served: Served, path: str, method: str = "GET", **headers: str) -> tuple[HTTPResponse, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
    try:
        connection.request(
            method, path, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )
        answer = connection.getresponse()
        return answer, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("accept", "encoding", "decode"),
    [
        ("gzip, deflate, br", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("identity", None, bytes),
    ],
)
def test_text_is_sent_in_the_best_encoding_that_the_client_takes(
    served: Served, accept: str, encoding: str | None, decode: object
) -> None:
    answer, body = ask(served, f"/{HASHED}", Accept_Encoding=accept)
    assert answer.getheader("Content-Encoding") == encoding
    assert decode(body) == SCRIPT  # type: ignore[operator]
    assert answer.getheader("Vary") == "Accept-Encoding"


def test_a_file_is_sent_as_it_is_until_a_compressed_form_is_ready(
    uncompressed: Served, site: Path, tmp_path: Path
) -> None:
    answer, body = ask(uncompressed, f"/{HASHED}", Accept_Encoding="gzip, br")
    assert (answer.getheader("Content-Encoding"), body) == (None, SCRIPT)
    before = answer.getheader("ETag")
    compressed(site / HASHED, "gzip", tmp_path / "compressed")
    answer, body = ask(uncompressed, f"/{HASHED}", Accept_Encoding="gzip, br")
    assert (answer.getheader("Content-Encoding"), gzip.decompress(body)) == ("gzip", SCRIPT)
    assert answer.getheader("ETag") != before


@pytest.mark.parametrize(
    ("path", "mime"),
    [
        ("/", "text/html; charset=utf-8"),
        (f"/{HASHED}", "text/javascript; charset=utf-8"),
        ("/assets/a-0123456789ab.wasm", "application/wasm"),
        ("/assets/p-1.0-py3-none-any-0123456789ab.whl", "application/octet-stream"),
    ],
)
def test_each_kind_of_file_has_its_type(served: Served, path: str, mime: str) -> None:
    answer, _ = ask(served, path)
    assert (answer.status, answer.getheader("Content-Type")) == (200, mime)
    assert answer.getheader("Access-Control-Allow-Origin") == "*"


def test_hashed_files_are_kept_for_good_and_the_others_asked_for_again(served: Served) -> None:
    assert "immutable" in (ask(served, f"/{HASHED}")[0].getheader("Cache-Control") or "")
    assert ask(served, "/index.html")[0].getheader("Cache-Control") == "no-cache"


def test_a_file_that_the_client_has_is_not_sent_again(served: Served) -> None:
    tag = ask(served, "/")[0].getheader("ETag")
    assert tag is not None
    answer, body = ask(served, "/", If_None_Match=tag)
    assert (answer.status, body) == (304, b"")


def test_head_says_what_get_would_without_the_body(served: Served) -> None:
    whole, content = ask(served, f"/{HASHED}")
    head, body = ask(served, f"/{HASHED}", "HEAD")
    assert body == b""
    assert head.getheader("Content-Length") == str(len(content)) == whole.getheader("Content-Length")


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/../secret",
        "/%2e%2e/secret",
        "/assets/..%2f..%2f..%2fsecret",
        "/.build",
        "/assets/",
        "/assets",
        "/a%00b",
    ],
)
def test_nothing_else_is_there(served: Served, path: str) -> None:
    answer, body = ask(served, path)
    assert answer.status == 404
    assert b"outside" not in body


def test_a_link_out_of_the_site_is_not_followed(served: Served, site: Path) -> None:
    (site / "way-out").symlink_to(site.parent / "secret")
    assert ask(served, "/way-out")[0].status == 404


def test_the_site_can_be_mounted_below_a_prefix(site: Path) -> None:
    with serve_site(site, prefix="/courses/lab") as served:
        assert served.url.endswith("/courses/lab/")
        assert ask(served, "/courses/lab/")[0].status == 200
        assert ask(served, "/")[0].status == 404
        assert ask(served, "/courses/laboratory/")[0].status == 404


def test_fifty_clients_at_once_are_served(served: Served) -> None:
    with ThreadPoolExecutor(50) as clients:
        answers = list(clients.map(lambda _: ask(served, f"/{HASHED}", Accept_Encoding="br"), range(200)))
    assert {(answer.status, brotli.decompress(body)) for answer, body in answers} == {(200, SCRIPT)}


def test_a_taken_port_is_passed_over() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert free_port(port) != port
