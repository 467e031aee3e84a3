"""The packages in a course system: place and answers are kept, progress is reported, a visit goes on."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
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
from tests.e2e.conftest import SITE, NewPage, Watch
from tests.e2e.lab import Lab, in_the_stepper
from tests.e2e.questions import QUESTIONS, solve
from tests.e2e.reference import Settings, matrices
from tests.e2e.test_boot import CONFIG
from tests.e2e.test_build import Exercise

DOGS = "The dogs are playing"
START = "index.html?lab=start&step=check&counts=start"
HERE = Path(__file__).parent

Enter = Callable[..., tuple[Page, Lab]]

KEEP = """
([data, core]) => {
  const cmi = JSON.parse(JSON.stringify(api.cmi));
  Object.assign(cmi.core, core);
  sessionStorage.setItem(KEPT, JSON.stringify({ ...cmi, suspend_data: data }));
}
"""


@contextmanager
def system_with(packages: Mapping[str, Path], folder: Path) -> Iterator[str]:
    """A course system with these packages, made in a folder; its address."""
    unpack(Store().get(load()["scorm-again"]), folder / "scorm-again")
    scripts = (folder / "scorm-again" / "dist" / f"scorm{version}.min.js" for version in ("12", "2004"))
    for file in (*(HERE / "lms").iterdir(), *scripts):
        shutil.copyfile(file, folder / file.name)
    for version, package in packages.items():
        with zipfile.ZipFile(package) as archive:
            archive.extractall(folder / version)
    with serve_site(folder) as server:
        yield server.url


def site_as_item(version: str, item: Path) -> None:
    """Put the site in a folder as an item of a course: unlike a package, it starts from the snapshot."""
    with zipfile.ZipFile(PACKAGES[version]) as archive:
        [script] = [name for name in archive.namelist() if name.endswith("/course.js")]
        code = archive.read(script).partition(b"\n;attentionLabWhole(")[0]
    told = {"url": "course.js", "bytes": len(code), "sha256": hashlib.sha256(code).hexdigest()}
    shutil.copytree(SITE, item)
    (item / told["url"]).write_bytes(code)
    assets = {**CONFIG["assets"], "course.js": told}
    config = {**CONFIG, "assets": assets, "course": {"version": version}, "pages": None, "offline": None}
    before, _, rest = (SITE / "index.html").read_text().partition('id="lab-config">')
    page = f'{before}id="lab-config">{json.dumps(config)}</script>{rest.partition("</script>")[2]}'
    (item / "index.html").write_text(page)


@pytest.fixture(scope="module")
def course_system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A course system with both packages, and with the site as an item of either kind.

    A page that is new to it starts with nothing kept.
    """
    folder = tmp_path_factory.mktemp("course")
    with system_with(PACKAGES, folder) as address:
        for version in PACKAGES:
            site_as_item(version, folder / f"site-{version}")
        yield address


@pytest.fixture
def course(new_page: NewPage, course_system: str) -> Enter:
    """Open the site as an item in the course system, or `package`; the page of the system, and the lab in it.

    The same script tells the course in both. `kept` is what the system has kept of an earlier visit;
    `core` changes what it says of it (SCORM 1.2).
    """
    opened: list[Lab] = []  # the page of the system, once it is there

    def enter(
        version: str,
        *,
        kept: str | None = None,
        core: dict[str, str] | None = None,
        package: bool = False,
        **options: str,
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
            home = version if package else f"site-{version}"
            item = in_the_stepper(f"{home}/{options.pop('item', 'index.html')}")
            query = {"version": version, "item": item, **options}
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


def status(page: Page) -> str:
    told = committed(page)
    return str(told["core"]["lesson_status"] if "core" in told else told["completion_status"])


def score(page: Page) -> dict[str, Any]:
    told = committed(page)
    result: dict[str, Any] = told["core"]["score"] if "core" in told else told["score"]
    return result


def interactions(page: Page) -> dict[str, tuple[str, str]]:
    """What the course has of each exercise and question: what came of it, and how."""
    told = list(committed(page)["interactions"].values())
    said = [each.get("student_response") or each.get("learner_response") for each in told]
    return {each["id"]: (each["result"], words) for each, words in zip(told, said, strict=True)}


RIGHT = {"1.2": "correct", "2004": "correct"}
WRONG = {"1.2": "wrong", "2004": "incorrect"}


@pytest.mark.parametrize(
    ("version", "package"),
    [  # the next test has a package
        ("2004", False),
        *(pytest.param(version, True, marks=pytest.mark.full) for version in PACKAGES),
    ],
)
def test_a_visit_is_reported_and_the_next_one_goes_on_until_everything_was_tried(
    course: Enter, version: str, package: bool
) -> None:
    page, lab = course(version, item=START, package=package)
    for step in ("welcome", "products", "check"):
        lab.go(step)
    wait_for_commit(page, "kept.labs?.start?.seen?.length === 3")
    assert status(page) == "incomplete", "clicks on Next complete nothing"
    note = lab.page.locator(".course-note")
    page.evaluate(REFUSE, [name_of(version, "SetValue" if version == "1.2" else "Commit")])
    last = QUESTIONS[-1]
    solve(lab, last, right=False)
    expect(note).to_contain_text("has not saved your last answers")
    page.evaluate(ACCEPT)
    expect(note).to_contain_text("has saved your place and answers again")  # by itself
    wait_for_commit(page, f"'check:start:{last.id}' in (kept.done ?? {{}})")
    name = f"check:start:{last.id}"
    assert interactions(page) == {name: (WRONG[version], "1 try, the first wrong")}
    solve(lab, last)
    solve(lab, QUESTIONS[0])
    wait_for_commit(page, "Object.keys(kept.done ?? {}).length === 2")
    expect(note).to_have_count(0)
    page.evaluate("() => leave()")
    page.wait_for_function("() => ['Finish', 'Terminate'].includes(calls.at(-1))")
    page.evaluate("() => sessionStorage.setItem(KEPT, JSON.stringify(api.cmi))")
    core = committed(page)["core"] if version == "1.2" else committed(page)
    assert (core["exit"], status(page)) == ("suspend", "incomplete")

    page, lab = course(version)  # the item that was left
    note = lab.page.locator(".course-note")
    points = lab.region("header").locator("[data-action=score]")
    expect(points).to_have_text(re.compile("Score: 2 of 4"))
    expect(lab.page.locator("[data-question] .right")).to_have_count(0)  # results are kept, answers are not
    for question in QUESTIONS[1:-1]:
        solve(lab, question)
    wait_for_commit(page, "(c.core?.lesson_status ?? c.completion_status) === 'completed'")
    assert float(score(page)["raw"]) == 100
    told = interactions(page)
    assert set(told) == {f"check:start:{each.id}" for each in QUESTIONS}
    assert told[name] == (RIGHT[version], "2 tries, the first wrong")
    if version == "2004":
        assert float(score(page)["scaled"]) == 1
        assert float(committed(page)["progress_measure"]) == 1
    assert note.count() == 0


@pytest.mark.parametrize("version", always("1.2"))
def test_an_item_with_a_passing_score_is_passed_from_that_score_on_and_never_fails(
    course: Enter, version: str
) -> None:
    page, lab = course(version, item=START, package=True, passing="75")

    def told() -> tuple[float, str, str]:
        """The score in per cent, what came of the item, and whether it was passed."""
        return float(score(page)["raw"]), status(page), str(committed(page).get("success_status", ""))

    solve(lab, QUESTIONS[0])
    wait_for_commit(page, "Object.keys(kept.done ?? {}).length === 1")
    untold = "" if version == "1.2" else "unknown"
    assert told() == (25, "incomplete", untold)
    solve(lab, QUESTIONS[1], right=False)
    solve(lab, QUESTIONS[2])
    solve(lab, QUESTIONS[3], right=False)
    wait_for_commit(page, "(c.core?.lesson_status ?? c.completion_status) === 'completed'")
    assert told() == (50, "completed", untold), "below the passing score nothing is failed"
    solve(lab, QUESTIONS[1])
    wait_for_commit(page, "Number((c.core ?? c).score.raw) === 75")
    assert told() == ((75, "passed", "") if version == "1.2" else (75, "completed", "passed"))
    if version == "2004":
        assert float(score(page)["scaled"]) == 0.75


@pytest.mark.full  # results are, in each visit
def test_the_first_program_that_fits_is_kept_with_the_course_and_the_results_always(course: Enter) -> None:
    page, lab = course("1.2", item="index.html?lab=build&step=write&exercise=scores")
    task = Exercise(lab, "")
    task.only_write()
    task.write("def scores(q, k):\n    return q\n")
    wait_for_commit(page, "kept.code?.scores?.includes('return q')")
    task.write("def scores(q, k):\n    return q\n" + "# é" * 2000)
    expect(lab.page.locator("[data-kept=device]")).to_contain_text("on this device only")
    wait_for_commit(page, "kept.link?.includes('exercise=scores') && !kept.code")
    codes = page.frames[1].evaluate(FULL)
    assert 3000 < page.evaluate("() => api.cmi.suspend_data.length") <= 4000
    kept_now = json.loads(page.evaluate("() => api.cmi.suspend_data"))
    assert len(kept_now["done"]) == codes["rows"]
    assert parse_qs(kept_now["link"])["exercise"] == ["scores"]
    assert codes["kept"] == ["scale"]  # not passed, and short enough


@pytest.mark.full  # as to any address that locks (test_embed.py)
def test_an_item_keeps_to_its_launch_parameters_whatever_was_kept_of_an_earlier_visit(course: Enter) -> None:
    earlier = {"link": "lab=stepper&step=weights&text=hi+you", "guesses": {}, "revealed": [], "seen": []}
    launch = "?lab=scale&step=harden&d_k=128&lock=lab,step,settings"
    page, lab = course("1.2", kept=json.dumps(earlier), item=f"index.html{launch}")
    expect(lab.page.locator(".screen")).to_have_attribute("data-lab", "scale")
    expect(lab.page.locator("[data-control=d_k] input").first).to_have_attribute("aria-valuetext", "128")
    wait_for_commit(page, "kept.link?.startsWith('lab=scale') && kept.labs?.scale?.seen?.includes('harden')")
    wait_for_commit(page, "c.core.lesson_status === 'completed'")  # the only step within reach was seen


@pytest.mark.full  # as one that opens it in a frame
@pytest.mark.parametrize("framed", [False, True])
@pytest.mark.parametrize("version", PACKAGES)
def test_a_course_that_opens_the_item_in_a_window_of_its_own_is_found(
    new_page: NewPage, course_system: str, version: str, framed: bool
) -> None:
    outer = new_page(url=course_system)
    item = in_the_stepper(f"site-{version}/index.html")
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
    for watch in watches:
        watch.check()


@pytest.mark.full
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
    _, lab = course("1.2", item=START, sandbox="allow-scripts")
    note = lab.page.locator(".course-note")
    expect(note).to_contain_text("Not connected to the course")
    for question in QUESTIONS:
        expect(note).not_to_contain_text("AL-")
        solve(lab, question)
    expect(note).to_contain_text(re.compile(r"Your completion code: AL-\d{8}-4of4-[0-9A-F]{8}"))


#: Let the course system refuse a call, from the page of the system.
REFUSE = """
(names) => {
  window.refused ??= {};
  for (const name of names) { refused[name] ??= api[name]; api[name] = () => "false"; }
}
"""
ACCEPT = "() => { for (const [name, call] of Object.entries(refused)) api[name] = call; }"


#: Tell the course of all that counts, tried often, and of three programs: one passed, one is too long.
FULL = """
() => {
  const shown = Bokeh.documents[0];
  const house = shown.get_model_by_name("house");
  const header = house.screens.find(({lab}) => lab === house.lab).regions.find(({kind}) => kind === "header");
  const {score} = JSON.parse(header.view);
  const rows = score.groups.flatMap((group) => group.rows);
  for (const row of rows) row.result = [999, false, row.id !== "exercise:scale", true];
  const programs = [["softmax", 900, 9], ["scale", 900, 1], ["scores", 4000, 5]].map(
    ([id, length, at]) => ({id, text: "x".repeat(length), at}));
  const {link, progress} = house;
  const told = {lab: "build", step: "write", link, score, progress, programs, counts: ""};
  const codes = attentionLabCourse.changed(told);
  return {rows: rows.length, kept: [...codes].filter(([, there]) => there).map(([id]) => id)};
}
"""


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


@pytest.mark.full
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


@pytest.mark.full
@pytest.mark.parametrize("mode", ["review", "browse"])
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
        '{"link": "lab=stepper&step=qkv", "guesses": {"constructor": 1, "__proto__": 0}, "revealed": [],'
        ' "seen": ["stepper/old_1"], "done": {"check:masks:pairs": 10, "check:masks:gone": 10, "x": -1}}',
        pytest.param("not even JSON", marks=pytest.mark.full),
        pytest.param(
            '{"link": 7, "guesses": [1], "revealed": {"a": {"constructor": 1}}, "seen": "all"}',
            marks=pytest.mark.full,
        ),
        pytest.param("[1, 2]", marks=pytest.mark.full),
    ],
)
def test_what_is_not_understood_is_set_aside_and_the_lab_starts(course: Enter, kept_data: str) -> None:
    page, lab = course("1.2", kept=kept_data)
    note = lab.page.locator(".kept-note")
    expect(note).to_contain_text("was not understood and is set aside")
    expect(note.get_by_role("link", name="Save it as a file")).to_have_attribute(
        "download", re.compile(".json")
    )
    lab.go("weights")
    np.testing.assert_allclose(lab.matrix("weights"), matrices(Settings())["weights"], atol=1e-12)
    assert status(page) == "incomplete"


#: More than the lab has now; as they are kept, and as an older build kept them.
OLD_STEPS = [f"old_{n}" for n in range(9)]


@pytest.mark.full  # what is not understood completes nothing either
@pytest.mark.parametrize(
    "known",
    [
        {"seen": [f"stepper/{step}" for step in OLD_STEPS], "guesses": {}, "revealed": []},
        {"labs": {"stepper": {"seen": OLD_STEPS}}},
    ],
)
def test_steps_of_an_older_build_complete_nothing(course: Enter, known: dict[str, Any]) -> None:
    item = "index.html?lab=stepper&lock=lab"  # nothing counts there but the steps that were seen
    page, lab = course("1.2", kept=json.dumps({"link": "lab=stepper&step=qkv", **known}), item=item)
    lab.go("weights")
    wait_for_commit(page, "kept.labs?.stepper?.seen?.includes('weights')")
    assert status(page) == "incomplete"
