"""The loader's patches match exactly once, or the build ends and says which and why."""

import pytest

from building.errors import BuildError
from building.patches import PATCHES, Patch, apply

PATCH = Patch("loader.js", "because", "old", "new")


def test_a_patch_replaces_the_one_place_that_it_names() -> None:
    assert apply((PATCH,), {"loader.js": "an old text"}) == {"loader.js": "an new text"}


@pytest.mark.parametrize("text", ["nothing", "old and old"])
def test_a_patch_that_does_not_match_exactly_once_ends_the_build(text: str) -> None:
    with pytest.raises(BuildError, match=r"times in loader\.js, not once: 'old'\nIts reason: because"):
        apply((PATCH,), {"loader.js": text})


def test_every_patch_says_why() -> None:
    assert all(len(patch.reason) > 40 for patch in PATCHES)
