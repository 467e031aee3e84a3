"""The forms in Firefox, with no way out of this machine: a widget is changed, and new numbers are read."""

from __future__ import annotations

import numpy as np

from tests.e2e.firefox import Bidi, FirefoxLab
from tests.e2e.reference import Settings, matrices
from tests.e2e.test_single import DOGS, SINGLE


def numbers_follow(tab: FirefoxLab) -> None:
    assert tab.fact("Document") == "as painted by the build"
    tab.go("weights")
    np.testing.assert_allclose(tab.matrix("weights"), matrices(Settings())["weights"], atol=1e-12)
    tab.type_sentence(DOGS)
    tab.choose("mask", "causal")
    expected = matrices(Settings(text=DOGS, mask="causal"))["weights"]
    np.testing.assert_allclose(tab.matrix("weights"), expected, atol=1e-12)


def test_the_site(in_firefox: FirefoxLab, site: str) -> None:
    tab = in_firefox.open(site)
    assert tab.fact("Start") == "from the memory snapshot"
    numbers_follow(tab)


def test_the_site_without_the_memory_snapshot(in_firefox: FirefoxLab, site: str) -> None:
    tab = in_firefox.open(site + "?boot=plain")
    assert tab.fact("Start").startswith("without the memory snapshot")
    numbers_follow(tab)


def test_the_single_file_from_disk(in_firefox: FirefoxLab) -> None:
    numbers_follow(in_firefox.open(SINGLE.as_uri()))


def test_a_breach_of_the_policy_would_be_seen(bidi: Bidi) -> None:
    tab = FirefoxLab(bidi).open(SINGLE.as_uri())
    tab.run("() => { new Image().src = 'http://elsewhere.invalid/x.png' }")
    tab.wait("html")
    tab.close()
    assert any("policy: img-src refused http://elsewhere.invalid" in event for event in tab.events)
