"""guides.html and guide-<lab>.html, in every language: what a teacher prints. Plain pages, no script."""

import json
import re
from functools import cache, partial
from html import escape, unescape
from pathlib import Path
from urllib.parse import urlencode

from attention_lab.guides.checking import filled
from attention_lab.guides.reading import guide_of
from attention_lab.guides.saying import html_of
from attention_lab.kit.catalogue import lessons
from attention_lab.kit.texts import ENGLISH, _, learn, speaking
from building.ascii import html_in_ascii
from building.bundle import WEB
from building.guide_page import guide_body, in_html, table
from building.paths import ROOT
from building.stamps import digest, made, tree_digest
from building.templates import fill_template
from building.texts import compiled, lacking, languages, own_name, runs_right_to_left

STYLES = "guide.css"
INDEX = "guides"
#: The folders of what is made: pages for the site and the folder, and the same for the single file.
PAGES, INSIDE = "pages", "inside"

OURS = re.compile(
    r'href="(index|teach|check|guides|guide-\w+)(?:\.([a-zA-Z-]+))?\.html(?:\?([^"#]*))?((?:#[^"]*)?)"'
)
"""A link to a page of the lab, as guides write it."""


def page_of(lab: str) -> str:
    """The name of a guide's page, without language and ending."""
    return f"guide-{lab}"


def file_of(page: str, language: str) -> str:
    """The file that a page is in a language."""
    return f"{page}.html" if language == ENGLISH else f"{page}.{language}.html"


def inside_of(language: str) -> str:
    """The file that holds all guides of a language for the single file."""
    return "guides.json" if language == ENGLISH else f"guides.{language}.json"


@cache
def spoken() -> tuple[str, ...]:
    """The languages that guides are made in: those that are finished."""
    return (ENGLISH, *(each for each in languages() if not lacking(each)))


def guides() -> Path:
    """Two folders with the guides of every language; made anew when a lab, a guide or a text has changed."""
    package = ROOT / "pyapp"
    files = [path for path in package.rglob("*") if path.suffix in {".py", ".md", ".npz", ".json", ".txt"}]
    files += [WEB / name for name in (STYLES, "guide.html", "guides.md")]
    files += [*(ROOT / "building").glob("guide*.py"), ROOT / "building" / "ascii.py"]
    files += [ROOT / "building" / "texts.py", *(ROOT / "texts").glob("*.po")]

    def make(folder: Path) -> None:
        for name in (PAGES, INSIDE):
            (folder / name).mkdir()
        styles = (WEB / STYLES).read_text(encoding="utf-8")
        (folder / PAGES / STYLES).write_text(styles, encoding="utf-8")
        for language in spoken():
            pages = all_pages(language)
            for name, text in pages.items():
                (folder / PAGES / file_of(name, language)).write_text(text, encoding="utf-8")
            told = {"styles": styles, "pages": {name: inside(text, language) for name, text in pages.items()}}
            (folder / INSIDE / inside_of(language)).write_text(json.dumps(told), encoding="utf-8")

    return made("guides", digest(tree_digest(files, ROOT)), make)


def all_pages(language: str = ENGLISH) -> dict[str, str]:
    """Every page in a language, by name."""
    if language != ENGLISH:
        learn(language, compiled(language, guides=True))
    with speaking(language):
        pages = {
            page_of(lesson.name): _page(
                page_of(lesson.name),
                _("Guide: {lab}", lab=lesson.title),
                guide_body(lesson, guide_of(lesson.name)) + _foot(lesson.name, language),
                language,
            )
            for lesson in lessons()
        }
        pages[INDEX] = _page(INDEX, _("Guides for teachers"), index_body(), language)
    return {name: html_in_ascii(text) for name, text in pages.items()}


def index_body() -> str:
    """All guides, in the order of the course."""
    rows = [
        f'<tr><th scope="row"><a href="{page_of(each.name)}.html">{in_html(each.title)}</a></th>'
        f"<td>{in_html(each.question)}</td><td>{in_html(each.part)}</td><td>{each.minutes}</td></tr>"
        for each in lessons()
    ]
    heads = (_("Guide"), _("The question of the lab"), _("Part"), _("Minutes alone"))
    values = {f"guide_{each.name}": f"[{each.title}]({page_of(each.name)}.html)" for each in lessons()}
    text = (WEB / "guides.md").read_text(encoding="utf-8")
    main = html_of(text, partial(filled, numbers=values | {"guides": "@guides@"}))
    return main.replace("<p>@guides@</p>", table(heads, rows))


def _foot(lab: str, language: str) -> str:
    """Where a sheet of paper comes from."""
    asked = "" if language == ENGLISH else "?" + urlencode({"language": language})
    there = f"index.html{asked}#lab={lab}"
    said = _("Attention Lab, {page}. The lab: {address}", page=file_of(page_of(lab), language), address=there)
    return f'\n<p class="foot">{escape(said)}</p>'


def _page(name: str, title: str, main: str, language: str) -> str:
    template = (WEB / "guide.html").read_text(encoding="utf-8")
    values = {
        "language": language,
        "direction": "rtl" if runs_right_to_left(language) else "ltr",
        "title": escape(title),
        "styles": STYLES,
        "main": _menu(name, language) + spoken_link(main, language),
    }
    return fill_template(template, values)


def _menu(name: str, language: str) -> str:
    """The same page in the other languages."""
    others = {each: escape(own_name(each)) for each in spoken() if each != language}
    links = [
        f'<a href="{file_of(name, each)}" hreflang="{each}" lang="{each}">{called}</a>'
        for each, called in others.items()
    ]
    return f'<nav class="where" aria-label="{_("Languages")}">{" ".join(links)}</nav>\n' if links else ""


# Links: they keep the language


def spoken_link(html: str, language: str) -> str:
    """Let the links to pages of the lab lead to the language."""
    return html if language == ENGLISH else OURS.sub(partial(_spoken, language=language), html)


def _spoken(found: re.Match[str], *, language: str) -> str:
    page, _named, query, part = found.groups()
    if page.startswith("guide"):
        return f'href="{file_of(page, language)}"'
    asked = "&amp;".join([*filter(None, [query]), urlencode({"language": language})])
    return f'href="{page}.html?{asked}{part}"'


def inside(page: str, language: str) -> dict[str, str]:
    """A page as the single file holds it: its links go to parts of that file."""
    title, main = (between(page, f"<{each}>", f"</{each}>") for each in ("title", "main"))
    return {"title": unescape(title), "main": OURS.sub(partial(_inside, language=language), main)}


def between(text: str, before: str, after: str) -> str:
    """What stands between two marks."""
    return text.partition(before)[2].partition(after)[0].strip()


def _inside(found: re.Match[str], *, language: str) -> str:
    page, named, query, part = found.groups()
    if page.startswith("guide") and (named or language != ENGLISH):
        query = urlencode({"language": named or ENGLISH})
    part = part if page == "index" else f"#page={page}"
    return f'href="{f"?{query}" if query else ""}{part or "#"}"'
