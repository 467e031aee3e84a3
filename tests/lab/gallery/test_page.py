"""docs/blocks.md says what the blocks are."""

from __future__ import annotations

from tests.lab.gallery.page import PAGE, page


def test_the_page_of_blocks_is_as_the_blocks_are() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "python -m tests.lab.gallery.page writes it anew"
