"""guides.html and guide-<lab>.html: what a teacher prints. Plain pages without a script."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from html import escape
from pathlib import Path
from typing import TypeAlias
from urllib.parse import parse_qsl

from markdown_it import MarkdownIt

from attention_lab.guides.checking import CODE, filled, numbers_of, printed, problems
from attention_lab.guides.keys import Answer, at_the_end, predictions
from attention_lab.guides.reading import ABOUT, LEVELS, OPENER, QUESTIONS, SECTIONS, Guide, Part, guide_of
from attention_lab.guides.showing import opened
from attention_lab.kit.blocks.writing import figures
from attention_lab.kit.catalogue import lessons, tasks_for
from attention_lab.kit.lab import settings_of
from attention_lab.kit.lesson import Lesson
from attention_lab.kit.markup import Math
from attention_lab.kit.settings import Choice, Index, Setting
from building.ascii import html_in_ascii
from building.bundle import WEB
from building.errors import BuildError
from building.paths import ROOT
from building.stamps import digest, made, tree_digest
from building.templates import fill_template

Text: TypeAlias = Callable[[str], str]
"""Makes HTML of a text of a guide, with its numbers."""

STYLES = "guide.css"
INDEX = "guides.html"
ROUNDS = (
    "As the questions stand when the lab is opened",
    "After “New numbers” was pressed once",
    "After “New numbers” was pressed twice",
)


LINE = '<div class="line"></div>'
FEW_LINES, MANY_LINES = 2, 6
NOTE = "<p>Computed by the code of the lab. What is closed does not print: open what you want on paper.</p>"


def page_of(lab: str) -> str:
    """The name of a guide's page."""
    return f"guide-{lab}.html"


def guides() -> Path:
    """The folder of all guides, with their style sheet; computed anew when a lab or a guide has changed."""
    package = ROOT / "pyapp"
    files = [path for path in package.rglob("*") if path.suffix in {".py", ".md", ".npz", ".json", ".txt"}]
    files += [WEB / name for name in (STYLES, "guide.html", "guides.md")]
    files += [ROOT / "building" / "guides.py", ROOT / "building" / "ascii.py"]

    def make(folder: Path) -> None:
        for name, text in all_pages().items():
            (folder / name).write_text(text, encoding="utf-8")

    return made("guides", digest(tree_digest(files, ROOT)), make)


def all_pages() -> dict[str, str]:
    """Every page, and the style sheet, by name."""
    pages = {page_of(lesson.name): guide_page(lesson, guide_of(lesson.name)) for lesson in lessons()}
    pages[INDEX] = index_page()
    styles = (WEB / STYLES).read_text(encoding="utf-8")
    return {name: html_in_ascii(text) for name, text in pages.items()} | {STYLES: styles}


def guide_page(lesson: Lesson, guide: Guide) -> str:
    """The guide of one lab; BuildError where something in it does not hold."""
    wrong = problems(guide)
    if wrong:
        raise BuildError(f"{lesson.name}/guide.md: " + "; ".join(wrong))
    text = partial(_text, numbers=numbers_of(guide))
    more = [title for title in guide.sections if title not in SECTIONS]
    body = [
        f'<p class="where"><a href="{INDEX}">Guides for teachers</a></p>',
        f"<h1>{escape(lesson.title)}</h1>",
        f'<p class="lead">{escape(lesson.question)}</p>',
        f'<p class="open"><a href="{_address(lesson.name, "")}">Open the lab</a> '
        f'<a class="screen" href="index.html?present=1#lab={lesson.name}">Open it on the projector</a> '
        f"{len(lesson.steps)} steps, about {lesson.minutes} minutes for a student alone.</p>",
        _section("Aim", text(guide.aim) + _list(lesson.objectives, "Afterwards students can")),
        _section("Before the lesson", text(guide.bring)),
        _section("50 minutes", _plan(lesson.name, guide.fifty, text)),
        _section("20 minutes", _plan(lesson.name, guide.twenty, text), "part short"),
        _section(ABOUT, text(guide.sections[ABOUT])),
        _section("What students believe, what the lab shows", _beliefs(guide, text)),
        _section(QUESTIONS, text(guide.sections[QUESTIONS])),
        *(_section(title, text(guide.sections[title])) for title in more),
        _section("Rubric for the last question of the exit ticket", _rubric(guide, text)),
        _section("Answer key", _key(lesson.name, guide, text), "part key"),
        _tasks(lesson.name),
        _section("Opener without computers", text(guide.sections[OPENER]), "sheet"),
        _section("Exit ticket", _ticket(guide, text), "sheet"),
        f'<p class="foot">Attention Lab, {page_of(lesson.name)}. The lab: {_address(lesson.name, "")}</p>',
    ]
    return _page(f"Guide: {lesson.title}", "\n".join(body))


def index_page() -> str:
    """All guides, in the order of the course."""
    rows = [
        f'<tr><th scope="row"><a href="{page_of(each.name)}">{escape(each.title)}</a></th>'
        f"<td>{escape(each.question)}</td><td>{escape(each.part)}</td><td>{each.minutes}</td></tr>"
        for each in lessons()
    ]
    heads = ("Guide", "The question of the lab", "Part", "Minutes alone")
    values = {"guides": _table(heads, rows)}
    values |= {f"guide_{each.name}": f"[{each.title}]({page_of(each.name)})" for each in lessons()}
    text = fill_template((WEB / "guides.md").read_text(encoding="utf-8"), values | {"guides": "@guides@"})
    return _page("Guides for teachers", _markdown(text).replace("<p>@guides@</p>", values["guides"]))


def _page(title: str, main: str) -> str:
    template = (WEB / "guide.html").read_text(encoding="utf-8")
    return fill_template(template, {"title": escape(title), "styles": STYLES, "main": main})


def _section(title: str, body: str, kind: str = "part") -> str:
    return f'<section class="{kind}">\n<h2>{escape(title)}</h2>\n{body}\n</section>'


def _list(items: Sequence[str], lead: str) -> str:
    inner = "\n".join(f"<li>{escape(item)}</li>" for item in items)
    return f"<p>{lead}</p>\n<ul>\n{inner}\n</ul>"


def _table(heads: Sequence[str], rows: Sequence[str]) -> str:
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in heads)
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n" + "\n".join(rows) + "\n</tbody>\n</table>"


def _plan(lab: str, parts: Sequence[Part], text: Text) -> str:
    rows, start = [], 0
    for part in parts:
        end = start + part.minutes
        where = _link(lab, part.link) if part.link else '<span class="off">no computer</span>'
        rows.append(
            f'<tr><td class="when">{start}–{end}</td><td><strong>{escape(part.what)}</strong> {where}'
            f"{text(part.do)}</td></tr>"
        )
        start = end
    return _table(("Minutes", "What happens"), rows)


def _beliefs(guide: Guide, text: Text) -> str:
    rows = [
        f"<tr><td>{text(each.believe)}</td><td>{text(each.shows)}"
        f"<p>{_link(guide.lab, each.link)}</p></td></tr>"
        for each in guide.beliefs
    ]
    return _table(("Students believe", "The lab shows"), rows)


def _ticket(guide: Guide, text: Text) -> str:
    """The questions with lines to write on; more for the last one, which the rubric is for."""
    lines = [FEW_LINES] * (len(guide.exit) - 1) + [MANY_LINES]
    asked = "\n".join(
        f"<li>{text(each.ask)}{LINE * n}</li>" for each, n in zip(guide.exit, lines, strict=True)
    )
    return f'<p class="name">Name</p>\n<ol>\n{asked}\n</ol>'


def _key(lab: str, guide: Guide, text: Text) -> str:
    """What is right, each part behind a button of its own: printed only where it was opened."""
    ticket = "\n".join(f"<li>{text(each.answer)}</li>" for each in guide.exit)
    parts = [_behind("Exit ticket", f"<ol>\n{ticket}\n</ol>")]
    guessed = predictions(lab, guide.links)
    if guessed:
        said = "".join(
            f"<li><p><em>{escape(step)}.</em></p>{_answer(answer)}</li>" for step, answer in guessed
        )
        parts.append(_behind("Predictions in the lab", f"<ul>{said}</ul>"))
    for when, answers in zip(ROUNDS, at_the_end(lab), strict=False):
        listed = "".join(f"<li>{_answer(answer)}</li>" for answer in answers)
        parts.append(_behind(f"“Check yourself”. {when}", f"<ol>{listed}</ol>"))
    return "\n".join([NOTE, *parts])


def _behind(title: str, body: str) -> str:
    return f"<details>\n<summary>{escape(title)}</summary>\n{body}\n</details>"


def _answer(answer: Answer) -> str:
    said = (
        f"<p>{_math(answer.ask)}</p><p><strong>{escape(answer.right)}.</strong> {_math(answer.because)}</p>"
    )
    wrong = "".join(f"<li>{_math(option)}: {_math(words)}</li>" for option, words in answer.tempting if words)
    return said + (f"<p>Tempting:</p><ul>{wrong}</ul>" if wrong else "")


def _rubric(guide: Guide, text: Text) -> str:
    rows = [
        f'<tr><th scope="row">{level}</th><td>{text(each.example)}</td><td>{text(each.why)}</td></tr>'
        for level, each in zip(LEVELS, guide.rubric, strict=True)
    ]
    return _table(("Level", "An answer of this level", "Why"), rows)


def _tasks(lab: str) -> str:
    tasks = tasks_for(lab)
    if not tasks:
        return ""
    items = [f'<a href="index.html{escape(href)}">{escape(title)}</a>' for title, href in tasks]
    return _section("To go on: exercises of this lab", f"<p>{', '.join(items)}</p>")


# Links


def _address(lab: str, link: str) -> str:
    return escape(f"index.html#lab={lab}" + (f"&{link}" if link else ""))


def _link(lab: str, link: str) -> str:
    """A link to a state, which says on paper, too, how to get there."""
    there = opened(lab, link)
    kinds = settings_of(type(there))
    told = []
    for name, _ in parse_qsl(link, keep_blank_values=True):
        kind, value = kinds[name], getattr(there, name)
        if name != "step":
            told.append(f"{kind.label or name}: {_named(kind, value)}")
    words = f"Step {there.place + 1}, {there.here.section}" + (f" ({'; '.join(told)})" if told else "")
    return f'<a class="state" href="{_address(lab, link)}">{escape(words)}</a>'


def _named(kind: Setting, value: object) -> str:
    """What the page calls a value."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(kind, Choice):
        return str(kind.options.get(value, value))
    if isinstance(kind, Index) and isinstance(value, int):
        return str(value + 1)
    if isinstance(value, int | float):
        return figures(value)
    if isinstance(value, str):
        return value
    return "as set in the link"


# Text


@cache
def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _markdown(text: str) -> str:
    html: str = _reader().render(text)
    html = re.sub(r' style="[^"]*"', "", html)
    return html.replace("<th></th>", "<td></td>").replace("<pre>", '<pre tabindex="0">')


def _text(text: str, *, numbers: Mapping[str, str]) -> str:
    """Markdown as HTML, with the numbers in it; below a program stands what it prints."""
    pieces = CODE.split(text)
    out = [filled(piece, numbers) if i % 2 == 0 else _run(piece) for i, piece in enumerate(pieces)]
    return _markdown("\n".join(out)).strip()


def _run(program: str) -> str:
    return f"```\n{program}```\n\nIt prints:\n\n```\n{printed(program)}```\n"


def _math(words: Math | str) -> str:
    """Formulas as HTML."""
    if isinstance(words, str):
        return escape(words)
    return "".join(_node(node) for node in words)


def _node(node: object) -> str:
    if not isinstance(node, dict):
        return escape(str(node))
    inner = escape(str(node.get("t", "")))
    for kind in ("sub", "sup"):
        if kind in node:
            return f"{inner}<{kind}>{_math(node[kind])}</{kind}>"
    if "root" in node:
        return f"√({_math(node['root'])})"
    return f"<em>{inner}</em>" if node.get("it") else inner
