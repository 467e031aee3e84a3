"""The texts of scripts: whatever a learner reads of them is marked, and said with all its values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from building.paths import ROOT
from tests.building.quoted import quoted, said_in, unmarked
from tests.building.test_texts import places

WIDGETS = ROOT / "pyapp" / "attention_lab" / "widgets" / "js"
WEB = ROOT / "web"
SCRIPTS = [*sorted(WIDGETS.rglob("*.js")), *sorted(WEB.rglob("*.js"))]

#: What looks like a text and is none: why, and which.
NOT_SAID = {
    "names of classes": {
        "asked {}",
        "path-node {} {} {}",
        "source top",
        "source left",
        "column read",
        "column look",
        "column check",
        "page tool",
        "course-note kept-note",
        "kernel-offer people",
    },
    "rules of style": {"linear-gradient(90deg, {})", "rgb({})", "underline wavy", "700 {}px {}"},
    "keys and kinds": {"Escape", "Ctrl+{}", "Byte", "Infinity", "Mismatch", "update failed"},
    "what calls a course, and what it keeps of a try": {
        "Finish",
        "Terminate",
        "Initialize",
        "Commit",
        "{} {}, the first {}{}",
        ", solution seen",
    },
    "names of files and of what is kept": {
        "exercise_{}.py",
        "attention-lab-{}.zip",
        "attention-lab-{}.json",
        "document-{}.json",
        "document-{}.{}.json",
        "{}-people",
        "{}-progress",
        "{}-code ",
        "attention-lab {} ",
        "{}chosen",
        "{}?files",
    },
    "for whoever marks a file of results": {
        "attention-lab results",
        "Self-reported: written by the learner's own browser, and whoever wants to can change it. "
        "To be sure, run: python -m attention_lab.grading --all FOLDER",
    },
    "a language by its own name": {"English"},
    "figures with their units": {"{} ms", "{}, Pyodide {}"},
    "details for whoever reports a failure": {
        "a model of another kind",
        "the worker's script did not load",
        "no answer for {} s",
        "side module",
        "table slot",
    },
    "of the service worker, which has no page to fetch a language for": {
        "Attention Lab: the browser has removed its copy of the lab from this device, "
        "and there is no connection. Connect and reload."
    },
    "of the pages for teachers: names, commands, a heading of a table that other programs read": {
        "Edge",
        "Firefox",
        "Chrome",
        "Safari",
        "guides.{}.json",
        "{} · Attention Lab",
        "{}-wrong",
        "python -m attention_lab.grading --all FOLDER",
        "https://your.school/lab/",
        "K7M-4PX",
        "present=1",
        "{} tries",
        "\\ufeff{}\\r\\n",
        "allow-scripts allow-same-origin allow-downloads",
        "{} min {} s",
        "python3 -m http.server 8000",
        "python3 build.py serve",
        "attention-lab-folder.zip",
        "index.html",
        "attention-lab.html",
        "http://",
    },
}
ALL_OF_IT = {"runner.worker.js": "what stays of the worker's globals, by name"}


def test_whatever_scripts_say_is_marked() -> None:
    known = set().union(*NOT_SAID.values())
    found = {
        (text, f"{path.relative_to(ROOT)}, line {line}")
        for path in SCRIPTS
        if path.name not in ALL_OF_IT
        for line, text in unmarked(path.read_text(encoding="utf-8"))
    }
    assert not sorted(where for text, where in found if text not in known)
    assert known == {text for text, _ in found}, "an exception that nothing needs"


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ('html`<p title="Your name">${t("Yours")} and mine</p>`', ["Your name", "{} and mine"]),
        ('html`<b class=\'one two\' aria-label=${x ? "Open it" : t("Close")}>${n}</b>`', ["Open it"]),
        ('say("It is kept"); say(later("It is kept"))', ["It is kept"]),
        ("const told = `${n} of ${all} tried`", ["{} of {} tried"]),
        ('button("Retry"); by.closest("main section"); if (key === "Escape") stop()', ["Retry"]),
        (
            'const a = {"Page up": 1, b: /it is "quoted"/}; f(1 / 2, "it is said") // not "this one"',
            ["it is said"],
        ),
    ],
)
def test_what_nobody_marked_is_found(script: str, found: list[str]) -> None:
    assert [text for _, text in unmarked(script)] == found


def test_texts_and_what_is_read_aloud_are_read_out_of_a_template() -> None:
    [piece] = quoted("html`<a href='x y' title='to it'>there</a>`")
    assert piece.tag == "html"
    assert said_in(piece.text) == ["to it", "there"]


CALL = re.compile(r"""(?<![\w.])(t|later)\((?:"((?:[^"\\]|\\.)+)"|([^")]*))(?:, (\{[^}]*\}|[\w.]+))?""")
NAME = re.compile(r"(?:[{,]\s*)(\w+)")


def calls(path: Path) -> Iterator[tuple[str, re.Match[str]]]:
    script = path.read_text(encoding="utf-8")
    for call in CALL.finditer(script):
        yield script[: call.start()], call


def test_every_text_of_a_script_is_a_constant_or_was_marked_where_it_stands() -> None:
    for path in SCRIPTS:
        for _, call in calls(path):
            assert not re.search(r"`| [+?] ", call[3] or ""), f"{path.name}: {call[0]}"


def test_the_places_of_a_text_are_filled() -> None:
    for path in SCRIPTS:
        for before, call in calls(path):
            text, values = call[2], call[4] or ""
            if text is None or call[1] == "later" or (values and not values.startswith("{")):
                continue
            given = set(NAME.findall(values))
            elements = places(text) - given
            where = f"{path.name}: {call[0]}"
            assert not elements or before.endswith("placed("), where
            after = path.read_text(encoding="utf-8")[call.end() : call.end() + 600]
            assert all(re.search(rf"[{{,\s]{name}: html`", after) for name in elements), where
