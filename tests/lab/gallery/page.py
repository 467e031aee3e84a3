"""Writes docs/blocks.md, from the blocks themselves and the gallery's samples."""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

from attention_lab.kit.blocks import BLOCKS, Block
from attention_lab.kit.catalogue import lab_class, names
from attention_lab.kit.lab import lesson_of
from attention_lab.kit.scene import block_of, made
from attention_lab.session import Session
from tests.lab.gallery.samples import SAMPLES

PAGE = Path(__file__).parents[3] / "docs" / "blocks.md"
HEAD = """# Blocks

Everything that a lab can put on the screen. A block is a frozen dataclass in `attention_lab/kit/blocks/`
with one renderer of the same name in `attention_lab/widgets/js/blocks/`; its table twin, words for screen
readers, export, keyboard, dark theme and print come with it. A lab returns blocks from its steps
(`Scene(look=[...], check=[...])`, see [CONTRIBUTING](../CONTRIBUTING.md)); nothing else is needed.

This page is written by `python -m tests.lab.gallery.page` from the classes and from the samples in
`tests/lab/gallery`; a test holds it to them.
"""


def page() -> str:
    """Return the whole page."""
    seen = first_seen()
    return HEAD + "".join(section(name, BLOCKS[name], seen.get(name)) for name in sorted(BLOCKS))


def section(name: str, kind: type[Block], seen: tuple[str, str] | None) -> str:
    """Return what there is to say of one block."""
    said = listed(inspect.getdoc(kind) or "")
    parts = [f"\n## {name}\n\n{said}\n", "\n| field | type | default |\n|---|---|---|\n"]
    parts += [
        f"| `{field.name}` | `{kind_of(field)}` | {default(field)} |\n" for field in dataclasses.fields(kind)
    ]
    if samples := [each.described() for each in SAMPLES.get(name, ()) if each.described()]:
        parts.append(f"\nOne of its samples says of itself: “{shortened(samples[0])}”\n")
    if seen:
        parts.append(f"\nIn use: lab `{seen[0]}`, step `{seen[1]}`.\n")
    return "".join(parts)


def listed(said: str) -> str:
    """Return a docstring with its arguments as a list."""
    what, _, arguments = said.partition("\nArgs:\n")
    return what + re.sub(r"(?m)^    (?=\w)([\w, ]+): ", r"- `\1`: ", f"\n{arguments}" if arguments else "")


def kind_of(field: dataclasses.Field[object]) -> str:
    """Return a field's type as the source spells it."""
    return str(field.type).replace("|", "\\|")


def default(field: dataclasses.Field[object]) -> str:
    """Return what a field is where nothing is said."""
    if field.default is not dataclasses.MISSING:
        return f"`{field.default!r}`".replace("|", "\\|")
    return "needed" if field.default_factory is dataclasses.MISSING else "empty"


def shortened(text: str, most: int = 240) -> str:
    """Return a sentence for screen readers, without what a page of Markdown would take for its own."""
    text = re.sub(r"([*_<\\])", r"\\\1", text)
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + " …"


def first_seen() -> dict[str, tuple[str, str]]:
    """Return the first step of the course that shows each block."""
    found: dict[str, tuple[str, str]] = {}
    for lab in names():
        session = Session(lab)
        for step in lesson_of(lab_class(lab)).ids:
            session.apply({"step": step})
            for block in shown(session):
                found.setdefault(type(block).__name__, (lab, step))
    return found


def shown(session: Session) -> Iterator[Block]:
    """Yield the blocks of the step that a session is in."""
    scene = session.current.scene()
    for place in (scene.look, scene.check):
        for each in made(place) or ():
            block = block_of(each)
            if isinstance(block, Block):
                yield block


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
