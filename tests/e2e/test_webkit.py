"""The forms in WebKit, with no way out of this machine: a widget is changed, and new numbers are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.test_firefox import ON_MINILM, minilm_computes, numbers_follow
from tests.e2e.test_folder import unpacked_in
from tests.e2e.test_single import SINGLE
from tests.e2e.webkit import WebKitLab


def test_the_site_is_restored_from_the_memory_snapshot(in_webkit: WebKitLab, site: str) -> None:
    tab = in_webkit.open(site + "?boot=snapshot")
    assert tab.fact("Start") == "from the memory snapshot"
    numbers_follow(tab)


@pytest.mark.full(minutes=0.6)
def test_the_large_model_is_downloaded_and_computes(in_webkit: WebKitLab, site: str) -> None:
    minilm_computes(in_webkit.open(site + ON_MINILM))


@pytest.mark.full(minutes=0.6)
def test_the_site_without_the_memory_snapshot(in_webkit: WebKitLab, site: str) -> None:
    tab = in_webkit.open(site + "?boot=plain")
    assert tab.fact("Start").startswith("without the memory snapshot")
    numbers_follow(tab)


@pytest.mark.full(minutes=0.6)
def test_the_single_file_from_disk(in_webkit: WebKitLab) -> None:
    numbers_follow(in_webkit.open(SINGLE.as_uri()))


@pytest.mark.full(minutes=0.6)
def test_the_folder_from_disk(in_webkit: WebKitLab, tmp_path: Path) -> None:
    folder = unpacked_in(tmp_path)
    in_webkit.allow(folder.as_uri())
    tab = in_webkit.open((folder / "index.html").as_uri())
    assert tab.fact("Start") == "from the memory snapshot"
    numbers_follow(tab)
