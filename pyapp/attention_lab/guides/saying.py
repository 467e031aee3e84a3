"""What a guide says, in the language that is spoken: each paragraph, item, heading and cell is one text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from attention_lab.guides.reading import Guide
from attention_lab.kit.texts import _

NAME = re.compile(r"\{([a-z][a-z0-9_]*)\}")
"""A number, or a link, that is computed."""
CODE = re.compile(r"`[^`]*`")
WORD = re.compile(r"[^\W\d_]")


@cache
def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def messages_of(markdown: str) -> Iterator[str]:
    """Yield the texts of a piece of Markdown, each as it is looked up."""
    for token in _reader().parse(markdown):
        if token.type == "inline" and (text := _one_line(token)):
            yield text


def texts_of(guide: Guide) -> Iterator[str]:
    """Yield the texts of a guide."""
    yield from guide.sections
    for each in guide.texts:
        yield from messages_of(each)


def _one_line(token: Token) -> str:
    """The text of a paragraph, item, heading or cell; "" where no word of it is for a translator."""
    text = " ".join(token.content.split("\n"))
    return text if WORD.search(CODE.sub("", NAME.sub("", text))) else ""


def html_of(markdown: str, fill: Callable[[str], str]) -> str:
    """Return Markdown as HTML: said in the language that is spoken, then with what `fill` puts in."""
    reader, env = _reader(), dict[str, object]()
    tokens = reader.parse(markdown, env)
    for token in tokens:
        if token.type == "inline":
            text = _one_line(token)
            token.content = fill(_(text) if text else token.content)
            token.children = []
            reader.inline.parse(token.content, reader, env, token.children)
    html: str = reader.renderer.render(tokens, reader.options, env)
    html = re.sub(r' style="[^"]*"', "", html)
    return html.replace("<th></th>", "<td></td>").replace("<pre>", '<pre tabindex="0">')
