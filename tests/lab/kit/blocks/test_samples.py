"""Every sample of the gallery: what each block says holds for all of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from attention_lab.kit.blocks import Block
from tests.lab.gallery.samples import SAMPLES

RENDERERS = Path(__file__).parents[4] / "pyapp" / "attention_lab" / "widgets" / "js" / "blocks"
ALL = [
    pytest.param(block, id=f"{name}-{i}")
    for name, blocks in SAMPLES.items()
    for i, block in enumerate(blocks)
]


@pytest.mark.parametrize("block", ALL)
def test_a_view_is_json_without_nan_and_names_its_block(block: Block) -> None:
    view = json.loads(json.dumps(block.view(), allow_nan=False))
    assert view["block"] == type(block).__name__
    assert view["alt"] == block.described()


@pytest.mark.parametrize("block", ALL)
def test_a_picture_is_said_in_one_sentence_that_starts_with_its_name(block: Block) -> None:
    said = block.described()
    if type(block).__name__ in ("Facts", "Actions"):
        assert said == ""  # text already
    else:
        assert said.startswith(block.view()["label"])
        assert "nan" not in said.split()
        assert "inf" not in said.split()
        assert "\n" not in said


@pytest.mark.parametrize("block", ALL)
def test_no_long_array_travels_that_is_not_drawn(block: Block) -> None:
    assert len(json.dumps(block.view())) < 200_000


@pytest.mark.parametrize("name", SAMPLES)
def test_each_kind_of_block_has_samples_of_its_own_and_a_renderer(name: str) -> None:
    assert {type(block).__name__ for block in SAMPLES[name]} == {name}
    assert len(SAMPLES[name]) >= 2
    text = (RENDERERS / f"{name}.js").read_text(encoding="utf-8")
    assert "export const element" in text
    assert "render" in text


def test_every_block_that_can_be_made_is_in_the_gallery() -> None:
    def below(kind: type[Block]) -> set[str]:
        return {kind.__name__} | {name for each in kind.__subclasses__() for name in below(each)}

    new = {each.__name__ for each in Block.__subclasses__() if "Sample" not in each.__name__}
    assert set(SAMPLES) <= below(Block)
    assert set(SAMPLES) <= new
