"""teach.html and check.html: the pages beside the lab, for teachers and for the computers of a room.

What they know of the labs comes from Python (attention_lab/teaching.py), and of sizes from the build, as JSON
in the page. The single file has that JSON, too, and shows the same views in the place of the lab.
"""

import json
from collections.abc import Mapping
from html import escape
from pathlib import Path

from attention_lab.kit.texts import ENGLISH, _, learn, speaking
from building.ascii import html_in_ascii, script_in_ascii
from building.budget import Weight
from building.bundle import OLDEST, WEB
from building.guides import file_of as guide_file
from building.guides import spoken
from building.templates import fill_template
from building.texts import compiled, of_the_pages

#: Of each page, its title.
PAGES = {"teach": "For teachers", "check": "Tech check"}
SCRIPT = "pages.js"
GUIDES = "guides"
#: What `bench classroom --write` measured: it is told beside what is reckoned.
MEASURED = Path(__file__).with_name("measured.json")
#: The element that holds what they know.
TOLD = "lab-pages"

#: What a device fetches, by the way in which it gets the lab; see building/site.py for the visits.
WAYS = {
    "first_visit": ("First visit, from the memory snapshot", ("brotli", "gzip", "raw")),
    "first_visit_plain": ("First visit, plain start (slow lines)", ("brotli",)),
}
ENCODINGS = {"brotli": "brotli", "gzip": "gzip", "raw": "as stored"}


def file_of(page: str) -> str:
    """The file that a page is, in the site and in the folder."""
    return f"{page}.html"


def places(form: str) -> dict[str, object]:
    """Where things are, seen from a page of this form; "" for the page itself."""
    if form == "single":
        return {"lab": "", "pages": {}, "administrators": None, "guides": {ENGLISH: f"#page={GUIDES}"}}
    return {
        "lab": "./" if form == "site" else "index.html",
        "pages": {page: file_of(page) for page in PAGES},
        "administrators": "administrators.html" if form == "site" else None,
        "guides": {language: guide_file(GUIDES, language) for language in spoken()},
    }


def what_pages_know(
    form: str,
    build: str,
    teaching: Mapping[str, object],
    sizes: list[dict[str, object]],
    languages: Mapping[str, Mapping[str, str | None]],
    probe: Mapping[str, object] | None = None,
) -> str:
    """The JSON of a form's pages. `probe` is a large file of the host, to try the line with.

    `languages` are those besides English, each with its script and its direction. Where the lab brings no
    host.js, the pages have its text, for the pages around the lab.
    """
    told = {
        "build": build,
        "form": form,
        "catalogue": teaching,
        "languages": languages,
        "oldest": _oldest(),
        "places": places(form),
        "probe": probe,
        "sizes": sizes,
        "measured": json.loads(MEASURED.read_text(encoding="utf-8")),
        "host": None if form == "site" else (WEB / "host.js").read_text(encoding="utf-8"),
    }
    return script_in_ascii(json.dumps(told)).replace("<", "\\u003c")


def sizes_of(visits: Mapping[str, Weight], forms: Mapping[str, int | str]) -> list[dict[str, object]]:
    """What each device fetches, in words, and how many bytes that is, or that it was not measured."""
    rows: list[dict[str, object]] = [
        {"what": words, "how": ENCODINGS[encoding], "bytes": visits[visit][encoding]}
        for visit, (words, encodings) in WAYS.items()
        for encoding in encodings
    ]
    return rows + [{"what": name, "how": "about", "bytes": size} for name, size in forms.items()]


def script_of(language: str) -> str:
    """What the script of a language is called, for the pages."""
    return f"pages.{language}.js"


def said_in(language: str, teaching: Mapping[str, object]) -> str:
    """The script of a language: what the pages say, and what they know of the labs, in that language."""
    texts = script_in_ascii(of_the_pages(language))
    known = script_in_ascii(json.dumps(teaching, ensure_ascii=False))
    return (
        f"globalThis.attentionLabTexts={{...globalThis.attentionLabTexts,...{texts}}};\n"
        f"globalThis.attentionLabTeaching={known};\n"
    )


def opening() -> str:
    """What a page says where its scripts do not run: no address tells it the language then."""
    said = {ENGLISH: _opening()}
    for language in spoken()[1:]:
        learn(language, compiled(language, guides=True))
        with speaking(language):
            said[language] = _opening()
    return "".join(
        f'<p class="opening" lang="{language}">{escape(words)}</p>'
        for language, words in said.items()
        if language == ENGLISH or words != said[ENGLISH]
    )


def _opening() -> str:
    return _(
        "This page needs scripts, and a browser of today: {oldest}, or a newer one. If nothing else appears "
        "here, one of the two is missing, and the lab cannot run either.",
        oldest=_oldest(),
    )


def _oldest() -> str:
    """The oldest browsers, without a word between them."""
    return ", ".join(
        f"{name} {version}" for names, version in OLDEST.items() for name in names.split(" and ")
    )


def page_html(page: str, told: str, styles: str, script: str, icon: str) -> str:
    """One of the pages, with the style sheet, the script and the icon at these addresses."""
    values = {
        "name": page,
        "title": PAGES[page],
        "told": told,
        "styles": escape(styles),
        "script": escape(script),
        "icon": escape(icon),
        "opening": opening(),
    }
    return html_in_ascii(fill_template((WEB / "page.html").read_text(encoding="utf-8"), values))
