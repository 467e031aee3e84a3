"""The guide of one lab, as HTML: what its guide.md says, with the numbers and the key of its lab."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from html import escape
from typing import TypeAlias
from urllib.parse import parse_qsl

from attention_lab.guides.checking import CODE, filled, numbers_of, printed, problems
from attention_lab.guides.keys import Answer, at_the_end, predictions
from attention_lab.guides.reading import ABOUT, LEVELS, OPENER, QUESTIONS, SECTIONS, Guide, Part
from attention_lab.guides.saying import html_of
from attention_lab.guides.showing import opened
from attention_lab.kit.blocks.writing import figures
from attention_lab.kit.catalogue import tasks_for
from attention_lab.kit.lab import settings_of
from attention_lab.kit.lesson import Lesson
from attention_lab.kit.markup import Math
from attention_lab.kit.settings import Choice, Index, Setting
from attention_lab.kit.texts import ENGLISH, _, lazy, speaking
from attention_lab.teaching import labels
from building.errors import BuildError

Text: TypeAlias = Callable[[str], str]
"""Makes HTML of a text of a guide, with its numbers."""

ROUNDS = (
    lazy("“Check yourself”. As the questions stand when the lab is opened"),
    lazy("“Check yourself”. After “New numbers” was pressed once"),
    lazy("“Check yourself”. After “New numbers” was pressed twice"),
)
LINE = '<div class="line"></div>'
FEW_LINES, MANY_LINES = 2, 6
NOTE = lazy("Computed by the code of the lab. What is closed does not print: open what you want on paper.")


def guide_body(lesson: Lesson, guide: Guide) -> str:
    """The guide of one lab; BuildError where something in it does not hold."""
    with speaking(ENGLISH):
        wrong = problems(guide)
    if wrong:
        raise BuildError(f"{lesson.name}/guide.md: " + "; ".join(wrong))
    text = partial(_text, numbers=numbers_of(guide))
    more = [title for title in guide.sections if title not in SECTIONS]
    body = [
        f'<p class="where"><a href="guides.html">{_("Guides for teachers")}</a></p>',
        f"<h1>{in_html(lesson.title)}</h1>",
        f'<p class="lead">{in_html(lesson.question)}</p>',
        f'<p class="open"><a href="{_address(lesson.name, "")}">{_("Open the lab")}</a> '
        f'<a class="screen" href="index.html?present=1#lab={lesson.name}">'
        f"{_('Open it on the projector')}</a> "
        f"{_alone(lesson)}</p>",
        _section(_("Aim"), text(guide.aim) + _list(lesson.objectives, _("Afterwards students can"))),
        _section(_("Before the lesson"), text(guide.bring)),
        _section(_("50 minutes"), _plan(lesson.name, guide.fifty, text)),
        _section(_("20 minutes"), _plan(lesson.name, guide.twenty, text), "part short"),
        _section(_(ABOUT), text(guide.sections[ABOUT])),
        _section(_("What students believe, what the lab shows"), _beliefs(guide, text)),
        _section(_(QUESTIONS), text(guide.sections[QUESTIONS])),
        *(_section(_(title), text(guide.sections[title])) for title in more),
        _section(_("Rubric for the last question of the exit ticket"), _rubric(guide, text)),
        _section(_("Answer key"), _key(lesson.name, guide, text), "part key"),
        _tasks(lesson.name),
        _section(_("Opener without computers"), text(guide.sections[OPENER]), "sheet"),
        _section(_("Exit ticket"), _ticket(guide, text), "sheet"),
    ]
    return "\n".join(body)


def _alone(lesson: Lesson) -> str:
    return _(
        "{n} steps, about {minutes} minutes for a student alone.",
        n=len(lesson.steps),
        minutes=lesson.minutes,
    )


def _section(title: str, body: str, kind: str = "part") -> str:
    return f'<section class="{kind}">\n<h2>{in_html(title)}</h2>\n{body}\n</section>'


def _list(items: Sequence[str], lead: str) -> str:
    inner = "\n".join(f"<li>{in_html(item)}</li>" for item in items)
    return f"<p>{lead}</p>\n<ul>\n{inner}\n</ul>"


def table(heads: Sequence[str], rows: Sequence[str]) -> str:
    head = "".join(f'<th scope="col">{in_html(each)}</th>' for each in heads)
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n" + "\n".join(rows) + "\n</tbody>\n</table>"


def _plan(lab: str, parts: Sequence[Part], text: Text) -> str:
    rows, start = [], 0
    for part in parts:
        end = start + part.minutes
        where = _link(lab, part.link) if part.link else f'<span class="off">{_("no computer")}</span>'
        rows.append(
            f'<tr><td class="when">{start}–{end}</td><td><strong>{in_html(_(part.what))}</strong> {where}'
            f"{text(part.do)}</td></tr>"
        )
        start = end
    return table((_("Minutes"), _("What happens")), rows)


def _beliefs(guide: Guide, text: Text) -> str:
    rows = [
        f"<tr><td>{text(each.believe)}</td><td>{text(each.shows)}"
        f"<p>{_link(guide.lab, each.link)}</p></td></tr>"
        for each in guide.beliefs
    ]
    return table((_("Students believe"), _("The lab shows")), rows)


def _ticket(guide: Guide, text: Text) -> str:
    """The questions with lines to write on; more for the last one, which the rubric is for."""
    lines = [FEW_LINES] * (len(guide.exit) - 1) + [MANY_LINES]
    asked = "\n".join(
        f"<li>{text(each.ask)}{LINE * n}</li>" for each, n in zip(guide.exit, lines, strict=True)
    )
    return f'<p class="name">{_("Name")}</p>\n<ol>\n{asked}\n</ol>'


def _key(lab: str, guide: Guide, text: Text) -> str:
    """What is right, each part behind a button of its own: printed only where it was opened."""
    ticket = "\n".join(f"<li>{text(each.answer)}</li>" for each in guide.exit)
    parts = [_behind(_("Exit ticket"), f"<ol>\n{ticket}\n</ol>")]
    guessed = predictions(lab, guide.links)
    if guessed:
        said = "".join(
            f"<li><p><em>{escape(step)}.</em></p>{_answer(answer)}</li>" for step, answer in guessed
        )
        parts.append(_behind(_("Predictions in the lab"), f"<ul>{said}</ul>"))
    for when, answers in zip(ROUNDS, at_the_end(lab), strict=False):
        listed = "".join(f"<li>{_answer(answer)}</li>" for answer in answers)
        parts.append(_behind(when, f"<ol>{listed}</ol>"))
    return "\n".join([f"<p>{NOTE}</p>", *parts])


def _behind(title: str, body: str) -> str:
    return f"<details>\n<summary>{in_html(title)}</summary>\n{body}\n</details>"


def _answer(answer: Answer) -> str:
    said = (
        f"<p>{_math(answer.ask)}</p><p><strong>{escape(answer.right)}.</strong> {_math(answer.because)}</p>"
    )
    wrong = "".join(f"<li>{_math(option)}: {_math(words)}</li>" for option, words in answer.tempting if words)
    return said + (f"<p>{_('Tempting:')}</p><ul>{wrong}</ul>" if wrong else "")


def _rubric(guide: Guide, text: Text) -> str:
    rows = [
        f'<tr><th scope="row">{level}</th><td>{text(each.example)}</td><td>{text(each.why)}</td></tr>'
        for level, each in zip(LEVELS, guide.rubric, strict=True)
    ]
    return table((_("Level"), _("An answer of this level"), _("Why")), rows)


def _tasks(lab: str) -> str:
    tasks = tasks_for(lab)
    if not tasks:
        return ""
    items = [f'<a href="index.html{escape(href)}">{in_html(title)}</a>' for title, href in tasks]
    return _section(_("To go on: exercises of this lab"), f"<p>{', '.join(items)}</p>")


# Links


def _link_to(lab: str, link: str) -> str:
    return f"index.html#lab={lab}" + (f"&{link}" if link else "")


def _address(lab: str, link: str) -> str:
    return escape(_link_to(lab, link))


def _link(lab: str, link: str) -> str:
    """A link to a state, which says on paper, too, how to get there."""
    there = opened(lab, link)
    kinds = settings_of(type(there))
    named = [name for name, _value in parse_qsl(link, keep_blank_values=True) if name != "step"]
    called = labels({name: kinds[name] for name in named})
    told = []
    for name in named:
        value = _named(kinds[name], getattr(there, name))
        told.append(_("as set in the link") if value is None else f"{called[name]}: {value}")
    words = _("Step {n}, {title}", n=there.place + 1, title=there.here.section)
    more = f" ({'; '.join(dict.fromkeys(told))})" if told else ""
    return f'<a class="state" href="{_address(lab, link)}">{escape(words + more)}</a>'


def _named(kind: Setting, value: object) -> str | None:
    """What the page calls a value; None for what is picked or drawn on the screen."""
    if isinstance(value, bool):
        return _("switched on") if value else _("switched off")
    if isinstance(kind, Choice):
        return str(kind.options.get(value, value))
    if isinstance(kind, Index) and isinstance(value, int):
        return str(value + 1)
    if isinstance(value, int | float):
        return figures(value)
    return value if isinstance(value, str) else None


# Text


def _text(text: str, *, numbers: Mapping[str, str]) -> str:
    """Markdown as HTML, with the numbers in it; below a program stands what it prints."""
    pieces = CODE.split(text)
    out = [piece if i % 2 == 0 else _run(piece) for i, piece in enumerate(pieces)]
    return html_of("\n".join(out), partial(filled, numbers=numbers)).strip()


def _run(program: str) -> str:
    return f"```\n{program}```\n\n{_('It prints:')}\n\n```\n{printed(program)}```\n"


def in_html(text: str) -> str:
    """A text, said now."""
    return escape(str(text))


def _math(words: Math | str) -> str:
    """Formulas as HTML."""
    if isinstance(words, str):
        return in_html(words)
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
