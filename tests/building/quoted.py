"""What a script has in quotes, and what of that a learner would read. JavaScript, as far as that takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

HOLE = "\x01"
"""Stands for what is computed in a template."""

TOKEN = re.compile(
    r"""//[^\n]*|/\*.*?\*/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[\w$][\w$.?]*|\s+|.""", re.S
)
PATTERN = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\[\n])+/[a-z]*")
BEFORE_PATTERN = {*"(,=:[!&|?{};+-*%<>", "return", "of", "in", "case", "typeof", ""}
SAID_BY = {
    "aria-label",
    "aria-description",
    "aria-roledescription",
    "aria-valuetext",
    "title",
    "alt",
    "placeholder",
}


@dataclass(frozen=True)
class Quoted:
    """A string, or a template with holes."""

    line: int
    tag: str  # of a template: html, svg, or ""
    text: str
    before: tuple[str, str]  # the two tokens before it
    is_name: bool  # of a property

    @property
    def marked(self) -> bool:
        """Whether it is in the catalogue."""
        return self.before in (("t", "("), ("later", "("))


def quoted(script: str) -> list[Quoted]:
    """Everything in quotes, also within templates."""
    return _code(script, 0)[1]


def _code(script: str, at: int) -> tuple[int, list[Quoted]]:
    """What stands from `at` on, up to a closing brace that nobody has opened, and where that ends."""
    found: list[Quoted] = []
    tokens = ["", ""]
    depth = 0
    while at < len(script):
        line = script.count("\n", 0, at) + 1
        before = (tokens[-2], tokens[-1])
        if script[at] == "`":
            at, text, inner = _template(script, at + 1)
            tag = tokens[-1] if tokens[-1] in ("html", "svg") else ""
            found += [Quoted(line, tag, text, before, False), *inner]
            tokens.append("``")
            continue
        pattern = PATTERN.match(script, at) if tokens[-1] in BEFORE_PATTERN else None
        if pattern and not script.startswith(("//", "/*"), at):
            at = pattern.end()
            tokens.append("//")
            continue
        match = TOKEN.match(script, at)
        assert match, at
        token, at = match[0], match.end()
        if token == "}" and depth == 0:
            return at, found
        depth += (token == "{") - (token == "}")
        if token.isspace() or token.startswith(("//", "/*")):
            continue
        if token[0] in "\"'" and len(token) > 1:
            found.append(Quoted(line, "", token[1:-1], before, script.startswith(":", at)))
        tokens.append(token)
    return at, found


def _template(script: str, at: int) -> tuple[int, str, list[Quoted]]:
    text, found = "", list[Quoted]()
    while script[at] != "`":
        if script.startswith("${", at):
            at, inner = _code(script, at + 2)
            found += inner
            text += HOLE
        else:
            size = 2 if script[at] == "\\" else 1
            text += script[at : at + size]
            at += size
    return at + 1, text, found


class _Said(HTMLParser):
    """What of a piece of HTML is read, by eye or aloud."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.texts += [value or "" for name, value in attrs if name in SAID_BY]


def said_in(html: str) -> list[str]:
    """The texts of a template, and of the attributes that are read."""
    reader = _Said()
    reader.feed(html)
    reader.close()
    return reader.texts


IS_CODE = re.compile(
    r"""^[\[.#&(-]|[\[\]{}=<>]|--\w|\d(px|%|ch)|^\x01r?(px|em)$|:\x01|\x01:|^\w+(-[\w\x01]*)+$|(^|\s)\.\w|\w\.\w|/\w|\w/"""
)
"""Selectors, rules of style, names of files and media types."""
CODE_OF = re.compile(
    r"(^|\.)(closest|matches|querySelector(All)?|matchMedia|startsWith|includes|has|dispatchEvent|postMessage|import)$"
    r"|(Error|Mismatch)$|^failure\.(crash|runtime)$|^same$"
)
"""What is given to these is no text: selectors, names, and details for whoever reports a failure."""
PROSE = re.compile(r"[a-z]{2,} [a-z]+ [a-z]+ [a-z]{2,}")


def unmarked(script: str) -> Iterator[tuple[int, str]]:
    """The line and the words of everything that looks like a text and is none of the catalogue."""
    for each in quoted(script):
        if each.tag == "html":
            read = [text for text in said_in(each.text) if re.search(r"[^\W\d_]{2}", text)]
            yield from ((each.line, shown(text).strip()) for text in read)
        elif not each.tag and not each.marked and not each.is_name and looks_said(each):
            yield each.line, shown(each.text)


def shown(text: str) -> str:
    """A text as it stands in a list of exceptions."""
    return text.replace(HOLE, "{}")


def looks_said(each: Quoted) -> bool:
    """Whether a string has words: one with a capital, or several."""
    name, sign = each.before
    if (sign == "(" and CODE_OF.search(name)) or each.before in (("=", "="),) or name == "case":
        return False
    words = each.text.strip()
    if IS_CODE.search(words) and not PROSE.search(words):
        return False
    return bool(
        re.match(r"[A-Z][a-z]+$", words) or (re.search(r"\s|\x01", words) and re.search(r"[a-z]{2}", words))
    )
