"""administrators.html: what those need to know who put the lab on a host. Figures come from the build."""

import math
import re
import tomllib
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path

from markdown_it import MarkdownIt

from building.artefacts import Artefact
from building.budget import NOT_MEASURED, megabytes, weigh
from building.bundle import WEB, oldest_in_words
from building.licences import PAGE, SHIPPED
from building.paths import ROOT
from building.templates import fill_template

HOW_TO_MEASURE = "`python3 build.py` measures them, and makes the other forms."
#: Where a table of figures begins: its first column has no name.
_NO_NAME = "\n<thead>\n<tr>\n<td></td>"
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"\s+content="([^"]+)">')
#: What stands in a template's policy until the build knows the hashes.
HASHES = {
    "{{script_hashes}}": "(hashes of its scripts)",
    "{{style_hash}}": "(hash of its styles)",
    "{{supported_hash}}": "(hash of the script in it)",
    "{{ahead_hash}}": "(hash of the script in it)",
}
WAYS = {
    "first_visit": "start from the memory snapshot",
    "first_visit_plain": "plain start, over a slow line",
    "minilm_on_demand": "the real transformer, only if a learner asks for it",
}


def administrators_page(
    artefacts: Mapping[str, Artefact],
    visits: Mapping[str, Iterable[Path]],
    brought: Mapping[str, Iterable[Path]],
    styles: str,
    build: str,
    *,
    measured: bool = True,
) -> str:
    """The page, with the style sheet at `styles`; `visits`: the files that a visit asks for, by its way;
    `brought`: those that a page brings itself, "plain" without the memory snapshot, "all" with it.
    Whether the files are compressed, and so can be weighed, `measured` says."""
    shipped = [found for found in artefacts.values() if found.group in SHIPPED]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    values = {
        "build": build,
        "sizes": _sizes(visits, measured),
        "forms": _forms(forms_bytes(brought if measured else {})),
        "policies": "\n\n".join(f"{form}:\n\n```\n{policy}\n```" for form, policy in policies().items()),
        "browsers": oldest_in_words(),
        "licence": project["license"],
        "parts": str(len(shipped) + 1),  # and Python, inside the runtime
        "licences": ", ".join(sorted({"PSF-2.0", *(found.licence for found in shipped)})),
    }
    text = fill_template((WEB / "administrators.md").read_text(encoding="utf-8"), values)
    return PAGE.format(
        title="For administrators", name="page", styles=escape(styles), icon="icon.svg", main=_html(text)
    )


def policies() -> dict[str, str]:
    """The policy of each form, as its page has it."""
    texts = {
        "The lab on a host": (WEB / "index.html").read_text(encoding="utf-8"),
        "The pages beside it, like this one": PAGE,
        "The folder, and both course packages (SCORM 1.2 and 2004)": (WEB / "folder.html").read_text(
            encoding="utf-8"
        ),
        "`attention-lab.html`, the one file": (WEB / "single.html").read_text(encoding="utf-8"),
    }
    found = {form: POLICY.search(text) for form, text in texts.items()}
    return {form: _with_words(policy[1]) for form, policy in found.items() if policy}


def _with_words(policy: str) -> str:
    for placeholder, words in HASHES.items():
        policy = policy.replace(placeholder, words)
    return policy.replace("; ", ";\n")


def _sizes(visits: Mapping[str, Iterable[Path]], measured: bool) -> str:
    rows = ["| | brotli | gzip | as stored |", "|---|--:|--:|--:|"]
    for way, files in visits.items():
        total = weigh(files, measured=measured)
        figures = (megabytes(total[encoding]) for encoding in ("brotli", "gzip", "raw"))
        rows.append(f"| {WAYS[way]} | {' | '.join(figures)} |")
    return "\n".join(rows if measured else [*rows, "", HOW_TO_MEASURE])


def forms_bytes(brought: Mapping[str, Iterable[Path]]) -> dict[str, int | str]:
    """What each form weighs, about: gzip, which is a third more as text; zips undo that third."""
    gzip = {which: weigh(files)["gzip"] for which, files in brought.items()}

    def about(which: str, factor: float = 1) -> int | str:
        size = gzip.get(which)
        return math.ceil(size * factor) if isinstance(size, int) else NOT_MEASURED

    return {
        "attention-lab.html": about("plain", 4 / 3),
        "attention-lab-folder.zip": about("all"),
        "attention-lab-scorm12.zip, attention-lab-scorm2004.zip, each": about("plain"),
    }


def _forms(sizes: Mapping[str, int | str]) -> str:
    """The same as a table, to the megabyte."""

    def told(size: int | str) -> str:
        return f"{math.ceil(size / 1e6)} MB" if isinstance(size, int) else size

    names = {name: re.sub(r"[\w-]+\.(html|zip)", r"`\g<0>`", name) for name in sizes}
    return "\n".join(
        ["| | about |", "|---|--:|", *(f"| {names[name]} | {told(size)} |" for name, size in sizes.items())]
    )


def _html(text: str) -> str:
    """Markdown as HTML that keeps to the page's policy; what scrolls can be scrolled by keyboard, too."""
    html: str = MarkdownIt().enable("table").render(text)
    html = re.sub(r' style="[^"]*"', "", html)
    html = html.replace("<th></th>", "<td></td>").replace("<pre>", '<pre tabindex="0">')
    return html.replace(f"<table>{_NO_NAME}", f'<table class="figures">{_NO_NAME}')
