"""What `serve` compresses behind its answers: all of it, given time, and nothing once the server has gone."""

import gzip
import os
from pathlib import Path

from building.background import compressing
from building.compression import place
from building.stamps import file_sha256


def test_everything_below_the_folder_gets_its_compressed_forms(tmp_path: Path) -> None:
    file = tmp_path / "site" / "assets" / "script.js"
    file.parent.mkdir(parents=True)
    file.write_text("let it = 1;")
    with compressing(tmp_path / "site", tmp_path / "compressed") as process:
        assert process.wait() == 0
    ready = place(file_sha256(file), "gzip", tmp_path / "compressed")
    assert gzip.decompress(ready.read_bytes()) == file.read_bytes()
    assert place(file_sha256(file), "br", tmp_path / "compressed").is_file()


def test_it_ends_when_the_server_ends(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    with (tmp_path / "site" / "large").open("wb") as file:
        file.write(os.urandom(40 << 20))  # takes minutes
    with compressing(tmp_path / "site", tmp_path / "compressed") as process:
        assert process.poll() is None
    assert process.poll() == 0
    assert not list(tmp_path.glob("compressed/*.br"))
