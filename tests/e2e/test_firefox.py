"""The forms in Firefox, with no way out of this machine: a widget is changed, and new numbers are read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from attention.models.minilm import MiniLM
from building.serving import serve_site
from tests.e2e.conftest import SITE
from tests.e2e.experiments import FLOAT32, TIRED
from tests.e2e.firefox import Bidi, FirefoxLab
from tests.e2e.lab import BOOT_MS
from tests.e2e.reference import Settings, matrices
from tests.e2e.tab import Tab
from tests.e2e.test_offline import frame_of
from tests.e2e.test_optional import optional_file
from tests.e2e.test_single import DOGS, SINGLE


def numbers_follow(tab: Tab) -> None:
    assert tab.fact("Document") == "as painted by the build"
    tab.go("weights")
    np.testing.assert_allclose(tab.matrix("weights"), matrices(Settings())["weights"], atol=1e-12)
    tab.type_sentence(DOGS)
    tab.choose("mask", "causal")
    expected = matrices(Settings(text=DOGS, mask="causal"))["weights"]
    np.testing.assert_allclose(tab.matrix("weights"), expected, atol=1e-12)


# Ask for the download; resolves with what came of it.
DOWNLOAD = """
() => new Promise((resolve) => {
  const look = () => {
    const { state } = attentionLab.optional.minilm;
    if (["ready", "failed"].includes(state)) resolve(state);
  };
  addEventListener("attention-lab:optional", look);
  dispatchEvent(new CustomEvent("attention-lab:fetch", {detail: {name: "minilm"}}));
})
"""
ON_MINILM = "#lab=experiments&step=pronoun&sample=0&examined=minilm&table=1"


def minilm_computes(tab: Tab) -> None:
    """Download the large model in the lab of experiments, and read the head that it opens."""
    assert tab.run(DOWNLOAD, seconds=BOOT_MS / 1000) == "ready"
    tab.wait("[data-region=stage] [data-matrix=head]", BOOT_MS)
    tab.settle()
    layers = MiniLM.from_files(optional_file()).trace(TIRED).layers
    np.testing.assert_allclose(tab.matrix("head"), layers[5][11], atol=FLOAT32)


def test_the_site(in_firefox: FirefoxLab, site: str) -> None:
    tab = in_firefox.open(site + "?boot=snapshot")
    assert tab.fact("Start") == "from the memory snapshot"
    numbers_follow(tab)


@pytest.mark.full
def test_the_site_without_the_memory_snapshot(in_firefox: FirefoxLab, site: str) -> None:
    tab = in_firefox.open(site + "?boot=plain")
    assert tab.fact("Start").startswith("without the memory snapshot")
    numbers_follow(tab)


@pytest.mark.full
def test_the_single_file_from_disk(in_firefox: FirefoxLab) -> None:
    numbers_follow(in_firefox.open(SINGLE.as_uri()))


@pytest.mark.full
def test_the_large_model_is_downloaded_in_a_frame_with_the_strict_sandbox(
    in_firefox: FirefoxLab, site: str, tmp_path: Path
) -> None:
    frame_of(site + ON_MINILM, tmp_path, 'sandbox="allow-scripts"')
    with serve_site(tmp_path) as course:
        outside = f"http://localhost:{course.port}/"  # another site than 127.0.0.1
        for address in (site, outside):
            in_firefox.allow(address)
        minilm_computes(in_firefox.in_frame(outside))


@pytest.mark.full
def test_the_site_in_a_frame_of_another_site_with_the_strict_sandbox(
    in_firefox: FirefoxLab, site: str, tmp_path: Path
) -> None:
    frame_of(site, tmp_path, 'sandbox="allow-scripts"')
    with serve_site(tmp_path) as course:
        outside = f"http://localhost:{course.port}/"  # another site than 127.0.0.1
        for address in (site, outside):
            in_firefox.allow(address)
        lab = in_firefox.in_frame(outside)
        assert lab.run("() => self.origin") == "null"
        numbers_follow(lab)


@pytest.mark.full  # as in Chromium (test_offline.py)
def test_visited_once_the_site_works_without_its_server(in_firefox: FirefoxLab) -> None:
    with serve_site(SITE) as server:
        in_firefox.open(server.url + "?boot=snapshot")
        in_firefox.wait("html[data-offline=ready]", BOOT_MS)
        url = server.url
    in_firefox.open(url)
    assert in_firefox.fact("Start") == "from the memory snapshot"
    numbers_follow(in_firefox)


@pytest.mark.full
def test_a_breach_of_the_policy_would_be_seen(bidi: Bidi) -> None:
    tab = FirefoxLab(bidi).open(SINGLE.as_uri())
    tab.run("() => { new Image().src = 'http://elsewhere.invalid/x.png' }")
    tab.wait("html")
    tab.close()
    assert any("policy: img-src refused http://elsewhere.invalid" in event for event in tab.events)
