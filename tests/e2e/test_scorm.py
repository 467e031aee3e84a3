"""The packages in a course system: place and answers are kept, progress is reported, a visit goes on."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qs, urlencode
from xml.etree import ElementTree

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from building.artefacts import Store, load
from building.npm import unpack
from building.scorm import PACKAGES
from building.serving import serve_site
from tests.e2e.conftest import NewPage, Watch
from tests.e2e.lab import Lab, in_the_stepper
from tests.e2e.reference import Settings, matrices

DOGS = "The dogs are playing"
STEPS = (
    "embeddings",
    "qkv",
    "raw_scores",
    "scaled_scores",
    "masked_scores",
    "weights",
    "head_outputs",
    "recap",
)
HERE = Path(__file__).parent

Enter = Callable[..., tuple[Page, Lab]]

KEEP = """
([data, core]) => {
  const cmi = JSON.parse(JSON.stringify(api.cmi));
  Object.assign(cmi.core, core);
  sessionStorage.setItem(KEPT, JSON.stringify({ ...cmi, suspend_data: data }));
}
"""


@pytest.fixture(scope="module")
def scorm_again(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scorm-again")
    unpack(Store().get(load()["scorm-again"]), folder)
    return folder / "dist"


@pytest.fixture(scope="module")
def course_system(scorm_again: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A course system with both packages; its address. A page that is new to it starts with nothing kept."""
    folder = tmp_path_factory.mktemp("course")
    for file in (*(HERE / "lms").iterdir(), *(scorm_again / f"scorm{v}.min.js" for v in ("12", "2004"))):
        shutil.copyfile(file, folder / file.name)
    for version, package in PACKAGES.items():
        with zipfile.ZipFile(package) as archive:
            archive.extractall(folder / version)
    with serve_site(folder) as server:
        yield server.url


@pytest.fixture
def course(new_page: NewPage, course_system: str) -> Enter:
    """Open a package in the course system; the page of the system, and the lab in it.

    `kept` is what the system has kept of an earlier visit; `core` changes what it says of it (SCORM 1.2).
    """
    opened: list[Lab] = []  # the page of the system, once it is there

    def enter(
        version: str, *, kept: str | None = None, core: dict[str, str] | None = None, **options: str
    ) -> tuple[Page, Lab]:
        if opened:
            page = opened[0].page
            page.reload(wait_until="commit")
        else:
            outer = new_page(url=course_system)
            page = outer.page
            opened.append(outer)
            if kept is not None:
                page.goto(f"{course_system}?{urlencode({'version': version, 'item': 'about:blank'})}")
                page.evaluate(KEEP, [kept, core or {}])
            query = {"version": version, "item": in_the_stepper(f"{version}/index.html"), **options}
            page.goto(f"{course_system}?{urlencode(query)}", wait_until="commit")
        return page, in_its_frame(page, opened[0])

    return enter


def always(kept: str) -> list[Any]:
    """The packages, of which one is tried always."""
    return [each if each == kept else pytest.param(each, marks=pytest.mark.full) for each in PACKAGES]


def in_its_frame(page: Page, outer: Lab) -> Lab:
    """The lab in the one frame of a page, once it is ready."""
    frame = page.locator("iframe").element_handle().content_frame()
    assert frame is not None
    lab = Lab(cast(Any, frame), outer.url, outer.watch)
    lab.wait_ready()
    return lab


def committed(page: Page) -> dict[str, Any]:
    """What the course system has been given to keep."""
    result: dict[str, Any] = page.evaluate("() => committed()")
    return result


def kept(page: Page) -> dict[str, Any]:
    result: dict[str, Any] = json.loads(committed(page)["suspend_data"])
    return result


def wait_for_commit(page: Page, condition: str) -> None:
    """Wait until what was committed (`c`; of it `kept`, the suspend_data) fulfils a condition."""
    names = "const c = committed(); const kept = JSON.parse(c.suspend_data || '{}');"
    page.wait_for_function(f"() => {{ {names} return {condition} }}")


@pytest.mark.parametrize("version", PACKAGES)
def test_the_manifest_lists_every_file(version: str) -> None:
    with zipfile.ZipFile(PACKAGES[version]) as archive:
        manifest = ElementTree.fromstring(archive.read("imsmanifest.xml"))
        files = set(archive.namelist()) - {"imsmanifest.xml"}
    listed = {node.attrib["href"] for node in manifest.iter() if node.tag.endswith("}file")}
    assert listed == files
    [resource] = [node for node in manifest.iter() if node.tag.endswith("}resource")]
    assert resource.attrib["href"] == "index.html"
    assert "sco" in resource.attrib.values()


@pytest.mark.parametrize("version", always("2004"))
def test_a_visit_is_reported_and_the_next_one_goes_on(course: Enter, version: str) -> None:
    page, lab = course(version)
    status = (
        (lambda: committed(page)["core"]["lesson_status"])
        if version == "1.2"
        else (lambda: committed(page)["completion_status"])
    )
    assert status() == "incomplete"
    for step in STEPS[:-1]:
        lab.go(step)
    lab.type_sentence(DOGS)
    lab.choose("mask", "causal")
    expected = matrices(Settings(text=DOGS, mask="causal"))["weights"]
    np.testing.assert_allclose(lab.matrix("weights"), expected, atol=1e-12)
    wait_for_commit(page, "kept.link?.includes('causal') && kept.link.includes('dogs')")
    assert status() == "incomplete", "one step is still to be seen"
    if version == "2004":
        assert float(committed(page)["progress_measure"]) == pytest.approx(1 - 1 / len(STEPS), abs=1e-3)
    page.evaluate("() => leave()")
    page.wait_for_function("() => ['Finish', 'Terminate'].includes(calls.at(-1))")
    page.evaluate("() => sessionStorage.setItem(KEPT, JSON.stringify(api.cmi))")
    core = committed(page)["core"] if version == "1.2" else committed(page)
    assert core["exit"] == "suspend"

    page, lab = course(version)
    assert lab.chips() == DOGS.split()
    np.testing.assert_allclose(lab.matrix("weights"), expected, atol=1e-12)
    lab.go(STEPS[-1])
    wait_for_commit(page, "(c.core?.lesson_status ?? c.completion_status) === 'completed'")
    assert lab.page.locator(".course-note").count() == 0


@pytest.mark.parametrize(
    ("version", "framed"),
    [
        pytest.param("1.2", False, marks=pytest.mark.full),
        ("2004", True),
        pytest.param("1.2", True, marks=pytest.mark.full),
        pytest.param("2004", False, marks=pytest.mark.full),
    ],
)
def test_a_course_that_opens_the_item_in_a_window_of_its_own_is_found(
    new_page: NewPage, course_system: str, version: str, framed: bool
) -> None:
    outer = new_page(url=course_system)
    item = in_the_stepper(f"{version}/index.html")
    item = f"player.html?{item}" if framed else item
    outer.page.goto(f"{course_system}?{urlencode({'version': version, 'item': item, 'window': ''})}")

    def enter() -> Lab:
        with outer.page.expect_popup() as window:
            outer.page.evaluate("() => void enter()")
        watch = Watch(window.value, course_system)
        watches.append(watch)
        lab = Lab(window.value, course_system, watch)
        if framed:
            return in_its_frame(window.value, lab)
        lab.wait_ready()
        return lab

    watches: list[Watch] = []
    lab = enter()
    assert lab.page.locator(".course-note").count() == 0, "the course is in reach"
    lab.go("weights")
    lab.type_sentence(DOGS)
    lab.choose("mask", "causal")
    wait_for_commit(outer.page, "kept.link?.includes('causal') && kept.link.includes('dogs')")
    outer.page.evaluate("() => leave()")
    outer.page.wait_for_function("() => ['Finish', 'Terminate'].includes(calls.at(-1))")
    core = committed(outer.page)["core"] if version == "1.2" else committed(outer.page)
    assert core["exit"] == "suspend"
    outer.page.reload()  # a new session of the system, with what it has kept
    lab = enter()
    assert lab.chips() == DOGS.split()
    expected = matrices(Settings(text=DOGS, mask="causal"))["weights"]
    np.testing.assert_allclose(lab.matrix("weights"), expected, atol=1e-12)
    for watch in watches:
        watch.check()


def test_what_is_too_long_for_the_course_is_shortened_by_us(course: Enter) -> None:
    page, lab = course("1.2")
    lab.go("weights")
    lab.type_sentence("é" * 900)  # one word; six characters each in a link
    expect(lab.page.locator(".course-note")).to_contain_text("longer than it can hold")
    wait_for_commit(page, "kept.link?.includes('step=weights') && !kept.link.includes('text=')")
    assert 0 < page.evaluate("() => longest") <= 4096
    assert parse_qs(kept(page)["link"])["step"] == ["weights"]
    lab.type_sentence(DOGS)
    wait_for_commit(page, "kept.link?.includes('dogs')")
    expect(lab.page.locator(".course-note")).to_have_count(0)


@pytest.mark.full
def test_what_a_course_gives_back_is_checked(course: Enter) -> None:
    hostile = {
        "link": "step=nonsense&text=%3Cimg%20src%3Dx%3E&n_heads=-1",
        "guesses": [7],
        "revealed": {"a": 1},
        "seen": 3,
    }
    _, lab = course("1.2", kept=json.dumps(hostile))
    assert lab.page.locator("#app img").count() == 0
    lab.go("weights")
    assert np.isfinite(lab.matrix("weights")).all()


def test_where_no_course_can_be_reached_the_learner_is_told_and_gets_a_code(course: Enter) -> None:
    _, lab = course("1.2", sandbox="allow-scripts")
    note = lab.page.locator(".course-note")
    expect(note).to_contain_text("Not connected to the course")
    for step in STEPS:
        lab.go(step)
    expect(note).to_contain_text("Your completion code: AL-")
    lab.go("head_outputs")
    expected = matrices(Settings(mask="causal"))["head_outputs"]  # the mask step has put one on
    np.testing.assert_allclose(lab.matrix("head_outputs"), expected, atol=1e-12)


#: Let the course system refuse a call, from the page of the system.
REFUSE = """
(names) => {
  window.refused ??= {};
  for (const name of names) { refused[name] ??= api[name]; api[name] = () => "false"; }
}
"""
ACCEPT = "() => { for (const [name, call] of Object.entries(refused)) api[name] = call; }"


GOES_AWAY = """
() => {
  const lost = API;
  delete window.API;
  for (const name of Object.keys(lost).filter((each) => each.startsWith("LMS")))
    lost[name] = () => { throw new Error("gone"); };
}
"""


def name_of(version: str, call: str) -> str:
    return f"LMS{call}" if version == "1.2" else call


@pytest.mark.crossed
@pytest.mark.parametrize("call", ["SetValue", "Commit"])
@pytest.mark.parametrize("version", PACKAGES)
def test_what_the_course_refuses_is_told_and_tried_again_until_it_is_saved(
    course: Enter, version: str, call: str
) -> None:
    page, lab = course(version)
    note = lab.page.locator(".course-note")
    page.evaluate(REFUSE, [name_of(version, call)])
    lab.go("weights")
    expect(note).to_contain_text("has not saved your last answers")
    page.evaluate(ACCEPT)
    expect(note).to_contain_text("has saved your place and answers again", timeout=20_000)  # by itself
    wait_for_commit(page, "kept.link?.includes('step=weights')")
    lab.go("qkv")
    wait_for_commit(page, "kept.link?.includes('step=qkv')")
    expect(note).to_have_count(0)


@pytest.mark.full
def test_a_course_that_goes_away_half_way_is_told(course: Enter) -> None:
    page, lab = course("1.2")
    page.evaluate(GOES_AWAY)
    lab.go("weights")
    expect(lab.page.locator(".course-note")).to_contain_text("has not saved your last answers")


@pytest.mark.full
def test_a_page_that_comes_back_from_the_browsers_memory_goes_on_reporting(course: Enter) -> None:
    page, lab = course("1.2")
    lab.page.evaluate(
        """() => {
          dispatchEvent(new PageTransitionEvent("pagehide", {persisted: true}));
          dispatchEvent(new PageTransitionEvent("pageshow", {persisted: true}));
        }"""
    )
    lab.go("weights")
    wait_for_commit(page, "kept.link?.includes('step=weights')")
    page.evaluate("() => leave()")
    page.wait_for_function("() => calls.at(-1) === 'Finish'")


@pytest.mark.parametrize("version", always("1.2"))
def test_the_front_door_alone_does_not_complete_the_item(course: Enter, version: str) -> None:
    page, lab = course(version, item=f"{version}/index.html")
    for step in ("products", "check"):  # it opens at the first of its three
        lab.go(step)
    wait_for_commit(page, "kept.seen?.length === 3 && kept.seen.every((each) => each.startsWith('start/'))")
    status = (
        committed(page)["core"]["lesson_status"] if version == "1.2" else committed(page)["completion_status"]
    )
    assert status == "incomplete"


def test_steps_that_no_longer_exist_do_not_complete_the_item(course: Enter) -> None:
    old = [f"stepper/old_{n}" for n in range(6)]
    page, lab = course("1.2", kept=json.dumps({"link": "", "guesses": {}, "revealed": [], "seen": old}))
    lab.go("qkv")
    wait_for_commit(page, "kept.link?.includes('step=qkv')")
    assert committed(page)["core"]["lesson_status"] == "incomplete"


@pytest.mark.parametrize("mode", ["review", pytest.param("browse", marks=pytest.mark.full)])
def test_who_only_looks_changes_nothing_in_the_course(course: Enter, mode: str) -> None:
    before = json.dumps({"link": "step=weights", "guesses": {}, "revealed": [], "seen": []})
    page, lab = course("1.2", kept=before, core={"lesson_mode": mode, "lesson_status": "completed"})
    expect(lab.page.locator(".course-note")).to_contain_text(f"in its {mode} mode: nothing is reported")
    lab.go("qkv")
    page.evaluate("() => leave()")
    page.wait_for_function("() => calls.at(-1) === 'Finish'")
    assert "Commit" not in page.evaluate("() => calls")
    assert page.evaluate("() => api.cmi.suspend_data") == before


@pytest.mark.parametrize(
    "kept_data",
    [
        '{"link": "", "guesses": {"constructor": 1, "__proto__": 0}, "revealed": [], "seen": []}',
        pytest.param("not even JSON", marks=pytest.mark.full),
        pytest.param(
            '{"link": 7, "guesses": [1], "revealed": {"a": {"constructor": 1}}, "seen": "all"}',
            marks=pytest.mark.full,
        ),
        pytest.param("[1, 2]", marks=pytest.mark.full),
    ],
)
def test_what_is_not_understood_is_set_aside_and_the_lab_starts(course: Enter, kept_data: str) -> None:
    _, lab = course("1.2", kept=kept_data)
    note = lab.page.locator(".kept-note")
    expect(note).to_contain_text("was not understood and is set aside")
    expect(note.get_by_role("link", name="Save it as a file")).to_have_attribute(
        "download", re.compile(".json")
    )
    lab.go("weights")
    np.testing.assert_allclose(lab.matrix("weights"), matrices(Settings())["weights"], atol=1e-12)
