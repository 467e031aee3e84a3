"""teach.html and check.html: the pages beside the lab, for teachers and for the computers of a room.

What they know of the labs comes from Python (attention_lab/teaching.py), and of sizes from the build, as JSON
in the page. The single file has that JSON, too, and shows the same views in the place of the lab.
"""

import json
from collections.abc import Mapping
from html import escape
from pathlib import Path

from building.ascii import html_in_ascii, script_in_ascii
from building.budget import Weight
from building.bundle import WEB, oldest_in_words
from building.templates import fill_template

#: Of each page, its title.
PAGES = {"teach": "For teachers", "check": "Tech check"}
SCRIPT = "pages.js"
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
        return {"lab": "", "pages": {}, "administrators": None, "guides": None}
    return {
        "lab": "./" if form == "site" else "index.html",
        "pages": {page: file_of(page) for page in PAGES},
        "administrators": "administrators.html" if form == "site" else None,
        "guides": "guides.html",
    }


def what_pages_know(
    form: str,
    build: str,
    teaching: Mapping[str, object],
    sizes: list[dict[str, object]],
    probe: Mapping[str, object] | None = None,
) -> str:
    """The JSON of a form's pages. `probe` is a large file of the host, to try the line with."""
    told = {
        "build": build,
        "form": form,
        "catalogue": teaching,
        "oldest": oldest_in_words(),
        "places": places(form),
        "probe": probe,
        "sizes": sizes,
    }
    return script_in_ascii(json.dumps(told)).replace("<", "\\u003c")


def sizes_of(visits: Mapping[str, Weight], forms: Mapping[str, int | str]) -> list[dict[str, object]]:
    """What each device fetches, in words, and how many bytes that is, or that it was not measured."""
    rows: list[dict[str, object]] = [
        {"what": f"{words}, {ENCODINGS[encoding]}", "bytes": visits[visit][encoding]}
        for visit, (words, encodings) in WAYS.items()
        for encoding in encodings
    ]
    return rows + [{"what": f"{name}, about", "bytes": size} for name, size in forms.items()]


def page_html(page: str, told: str, styles: str, script: str, icon: str) -> str:
    """One of the pages, with the style sheet, the script and the icon at these addresses."""
    values = {
        "name": page,
        "title": PAGES[page],
        "told": told,
        "styles": escape(styles),
        "script": escape(script),
        "icon": escape(icon),
        "oldest": escape(oldest_in_words()),
    }
    return html_in_ascii(fill_template((WEB / "page.html").read_text(encoding="utf-8"), values))
