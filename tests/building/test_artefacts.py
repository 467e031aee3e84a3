"""Outside files are accepted on their hash only, from the first source that has them."""

import hashlib
import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from building import artefacts, sources
from building.artefacts import Artefact, Store
from building.errors import BuildError
from building.sources import Network, SourceError

CONTENT = b"the right bytes"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


def artefact(*given: dict[str, str], sha256: str = SHA256) -> Artefact:
    return Artefact("thing", "1.0", "thing.whl", sha256, "MIT", "https://example.org", "page", given)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sources that were asked, in order. `gives` is what a source has; without it, nothing."""
    asked: list[str] = []

    def fetch(wanted: object, source: dict[str, str], scratch: Path, network: Network) -> Path:
        asked.append(source["name"])
        if "gives" not in source:
            raise SourceError("it has nothing")
        file = scratch / "file"
        file.write_bytes(source["gives"].encode())
        return file

    monkeypatch.setitem(sources.FETCHERS, "fake", fetch)
    return asked


def fake(name: str, **rest: str) -> dict[str, str]:
    return {"kind": "fake", "name": name, **rest}


def test_sources_are_asked_in_order_until_one_has_the_right_bytes(tmp_path: Path, asked: list[str]) -> None:
    right = CONTENT.decode()
    wanted = artefact(fake("a"), fake("b", gives="wrong"), fake("c", gives=right), fake("d", gives=right))
    assert Store(tmp_path).get(wanted).read_bytes() == CONTENT
    assert asked == ["a", "b", "c"]


def test_a_file_in_the_cache_is_asked_of_no_source(tmp_path: Path, asked: list[str]) -> None:
    wanted = artefact(fake("a", gives=CONTENT.decode()))
    Store(tmp_path).get(wanted)
    Store(tmp_path).get(wanted)
    assert asked == ["a"]


def test_a_failure_names_the_file_each_source_and_its_reason(tmp_path: Path, asked: list[str]) -> None:
    with pytest.raises(BuildError) as failure:
        Store(tmp_path).get(artefact(fake("first"), fake("second", gives="wrong")))
    message = str(failure.value)
    assert "thing.whl" in message
    assert f"local cache {tmp_path}" in message
    assert "fake (name first): it has nothing" in message
    assert f"not {SHA256}" in message
    assert "fetch --import" in message


def test_a_wrong_hash_leaves_nothing_in_the_cache(tmp_path: Path, asked: list[str]) -> None:
    with pytest.raises(BuildError):
        Store(tmp_path).get(artefact(fake("a", gives="wrong")))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_an_interrupted_copy_leaves_nothing_in_the_cache(
    tmp_path: Path, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(source: Path, target: Path) -> None:
        Path(target).write_bytes(b"the ri")
        raise KeyboardInterrupt

    monkeypatch.setattr("shutil.copyfile", interrupted)
    wanted = artefact(fake("a", gives=CONTENT.decode()))
    with pytest.raises(KeyboardInterrupt):
        Store(tmp_path).get(wanted)
    assert not Store(tmp_path).has(wanted)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.fixture
def web() -> Iterator[str]:
    """A server that has the file, and answers 404 for anything else."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/thing.whl" else 404)
            self.end_headers()
            self.wfile.write(CONTENT if self.path == "/thing.whl" else b"not the file")

        def log_message(self, *arguments: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_missing_url_falls_back_to_the_next(tmp_path: Path, web: str) -> None:
    wanted = artefact({"kind": "url", "url": f"{web}/other"}, {"kind": "url", "url": f"{web}/thing.whl"})
    assert Store(tmp_path).get(wanted).read_bytes() == CONTENT


def test_a_host_out_of_reach_is_tried_once_in_a_run(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    wanted = artefact({"kind": "url", "url": f"http://127.0.0.1:{port}/thing.whl"})
    store = Store(tmp_path)
    with pytest.raises(BuildError, match="is out of reach"):
        store.get(wanted)
    with pytest.raises(BuildError, match="was out of reach before in this run"):
        store.get(wanted)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"group": "others"}, "unknown group"),
        ({"sha256": "abc"}, "is not one"),
        ({"sources": [{"kind": "carrier pigeon"}]}, "unknown kind"),
    ],
)
def test_a_mistake_in_the_manifest_is_named(tmp_path: Path, change: dict[str, object], message: str) -> None:
    row = {"name": "a", "version": "1", "file": "f", "licence": "MIT", "homepage": "h", "group": "page"}
    row |= {"sha256": SHA256, "sources": []} | change
    manifest = tmp_path / "artefacts.toml"
    manifest.write_text("[[artefact]]\n" + "\n".join(f"{key} = {toml(value)}" for key, value in row.items()))
    with pytest.raises(BuildError, match=message):
        artefacts.load(manifest)


def toml(value: object) -> str:
    return json.dumps(value).replace('"kind":', "kind =")
