"""A step is done once for each content, and completely or not at all."""

from pathlib import Path

import pytest

from building.stamps import KEPT, digest, made, write_whole


def test_a_step_runs_once_for_a_key(tmp_path: Path) -> None:
    calls = []

    def make(folder: Path) -> None:
        calls.append(folder)
        (folder / "file").write_text("done")

    first = made("step", digest("a"), make, tmp_path)
    assert made("step", digest("a"), make, tmp_path) == first
    assert (first / "file").read_text() == "done"
    assert len(calls) == 1


def test_an_interrupted_step_leaves_nothing_and_is_done_by_the_next_run(tmp_path: Path) -> None:
    def interrupted(folder: Path) -> None:
        (folder / "half").write_text("written")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        made("step", digest("a"), interrupted, tmp_path)
    assert list((tmp_path / "step").iterdir()) == []
    folder = made("step", digest("a"), lambda folder: write_whole(folder / "whole", b"1"), tmp_path)
    assert [path.name for path in folder.iterdir()] == ["whole"]


def test_old_generations_are_forgotten(tmp_path: Path) -> None:
    for key in range(KEPT + 3):
        newest = made("step", digest(key), lambda folder: None, tmp_path)
    left = list((tmp_path / "step").iterdir())
    assert len(left) == KEPT
    assert newest in left


def test_a_digest_tells_apart_what_only_joins_to_the_same_text() -> None:
    assert digest("ab", "c") != digest("a", "bc")
