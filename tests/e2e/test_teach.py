"""The page for teachers, in site, folder and single file: what it promises is what students see."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qs, urljoin, urlsplit
from xml.etree import ElementTree

import numpy as np
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, Request, expect

from building.artefacts import axe_script
from building.paths import ROOT
from building.scorm import PACKAGES
from building.serving import serve_site
from tests.e2e.conftest import FORMS, Beside, NewPage
from tests.e2e.lab import Lab
from tests.e2e.test_embed import served_plainly
from tests.e2e.test_folder import unpacked_in
from tests.e2e.test_screens import check_axe, overflow
from tests.e2e.test_single import SINGLE


def taken(page: Page, what: str) -> str:
    """What there is to take along: a link, a snippet, launch parameters."""
    return page.locator(f"[data-take={what}] textarea").input_value()


def choose(page: Page) -> None:
    """Scores at d_k = 128, in a step further on; students may change nothing but the step."""
    page.get_by_label("Lab", exact=True).select_option("scale")
    page.get_by_label("Step", exact=True).select_option("harden")
    page.get_by_text("Settings of this lab").click()
    page.get_by_label("d_k", exact=True).fill("128")
    page.get_by_label("Divide by").check()
    for name in ("The lab", "The settings"):
        page.get_by_label(name, exact=True).check()


WORDS = [
    "Students see the lab “Why divide by √d_k”, open at step 4 of 7, “Softmax hardens”.",
    "d_k: 128.",
    "Divide by √d_k: switched on.",
    "All else is as the lab has it.",
    "They cannot change the lab and the settings.",
    "They can change the step and the sentence.",
    "5 exercises and questions count for the score, one point each.",
]


def shows_what_was_chosen(lab: Lab, title: str) -> None:
    """The lab in a frame: the step, the settings, and that they hold."""
    lab.wait_ready()
    expect(lab.page.locator(".screen")).to_have_attribute("data-lab", "scale")
    expect(lab.region("lesson").locator("h1")).to_contain_text(title)
    values = lab.page.evaluate(VALUES)
    assert (values["d_k"], values["divide"]) == (128, True)
    usable = "input:enabled, select:enabled, button:enabled:not([aria-disabled=true])"
    expect(lab.region("controls").locator(usable)).to_have_count(0)
    expect(lab.page.locator(".labs")).to_be_hidden()


VALUES = """() => Object.fromEntries(Bokeh.documents.at(-1).get_model_by_name("house").screens
    .find(({lab}) => lab === "scale").settings.map(({key, value}) => [key, value]))"""


def in_frame(outer: Lab, selector: str) -> Lab:
    frame = outer.page.locator(selector).element_handle().content_frame()
    assert frame is not None
    return Lab(cast(Any, frame), outer.url, outer.watch)


@pytest.mark.parametrize(
    "form", [FORMS[0], *(pytest.param(form, marks=pytest.mark.full) for form in FORMS[1:])]
)
def test_what_is_chosen_is_told_in_words_shown_live_and_taken_along(beside: Beside, form: str) -> None:
    outer = beside(form)
    page = outer.page
    choose(page)
    title = page.locator("#step option:checked").inner_text().partition(". ")[2]
    words = page.locator("#words p").all_inner_texts()
    assert words == [WORDS[0].replace("Softmax hardens", title), *WORDS[1:]]
    query = "lab=scale&step=harden&d_k=128&divide=1&lock=lab%2Csettings"
    assert taken(page, "link").endswith(f"?{query}")
    assert taken(page, "launch") == f"?{query}"
    page.get_by_role("button", name="See it live").click()
    lab = in_frame(outer, "iframe")
    shows_what_was_chosen(lab, title)
    page.locator("iframe").evaluate("(frame) => frame.scrollIntoView()")
    lab.go("gradient")
    page.get_by_role("button", name="Take what the frame shows").click()
    if form == "site":
        assert taken(page, "launch") == f"?{query.replace('harden', 'gradient')}"
    else:
        the_frame_cannot_be_looked_into(page)


def the_frame_cannot_be_looked_into(page: Page) -> None:
    told = page.get_by_text("A page that is opened from disk may not look into the frame")
    expect(told).to_be_attached()


@pytest.mark.full
def test_from_disk_what_the_frame_shows_cannot_be_taken(beside: Beside) -> None:
    outer = beside("single")
    outer.page.get_by_role("button", name="See it live").click()
    in_frame(outer, "iframe").wait_painted()
    outer.page.get_by_role("button", name="Take what the frame shows").click()
    the_frame_cannot_be_looked_into(outer.page)


def test_a_bad_part_of_a_link_is_told_and_the_rest_is_taken(beside: Beside) -> None:
    page = beside("site").page
    bad = "?lab=scale&step=foo&d_k=9999&divide=1&temperature=2&lock=text,x&theme=blue&nonsense=1&divide=1"
    page.get_by_label("begin with a link").fill(f"https://your.school/lab/{bad}")
    page.get_by_label("begin with a link").press("Enter")
    assert page.locator("#judged li").all_inner_texts() == [
        "“divide” stands in it twice.",
        "“Why divide by √d_k” has no step “foo”: "
        "it may be spread, law, soften, harden, gradient, keys or check.",
        "d_k is “9999”: it may be a whole number from 1 to 1024.",
        "“lock=x” locks nothing: it may be lab, step, text or settings.",
        "“theme=blue” is passed over: it may be light or dark.",
        "“nonsense” is nothing that “Why divide by √d_k” can be told: it is passed over.",
    ]
    assert taken(page, "launch") == "?lab=scale&step=spread&divide=1&temperature=2&lock=text"
    page.get_by_label("Temperature").fill("7")
    page.get_by_label("Temperature").press("Tab")
    expect(page.get_by_text("Temperature is “7”: it may be a number from 0.25 to 4.").first).to_be_visible()


COURSE = '<!doctype html><meta charset="latin-1"><title>A course</title><link rel="icon" href="data:,">\n{}\n'


@pytest.fixture
def hosted(site: str, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Put a form of the lab on a host; its address there."""
    with ExitStack() as hosts:

        def address(form: str) -> str:
            if form == "site":
                return site
            if form == "single":
                return hosts.enter_context(served_plainly(SINGLE.parent)) + SINGLE.name
            return hosts.enter_context(serve_site(unpacked_in(tmp_path / "host"))).url

        yield address


@pytest.mark.parametrize(
    "form", [FORMS[0], *(pytest.param(form, marks=pytest.mark.full) for form in FORMS[1:])]
)
def test_a_snippet_in_the_strictest_sandbox_of_another_site_shows_what_was_promised(
    beside: Beside, new_page: NewPage, hosted: Callable[[str], str], tmp_path: Path, form: str
) -> None:
    lab_address = hosted(form)
    teacher = beside(form).page
    teacher.get_by_label("Address at which").fill(lab_address)
    choose(teacher)
    title = teacher.locator("#step option:checked").inner_text().partition(". ")[2]
    teacher.get_by_label("In a page of mine").check()
    teacher.get_by_label("strictest sandbox").check()
    text = taken(teacher, "snippet")
    assert 'sandbox="allow-scripts"\n' in text
    assert text.isascii()
    course_folder = tmp_path / "course"
    course_folder.mkdir()
    (course_folder / "index.html").write_text(COURSE.format(text), encoding="latin-1")
    shutil.copyfile(ROOT / "web" / "host.js", course_folder / "host.js")
    with served_plainly(course_folder) as course:
        outer = new_page(url=course.replace("127.0.0.1", "localhost"))
        outer.watch.allow(urljoin(lab_address, "."))
        outer.page.goto(outer.url, wait_until="commit")
        lab = in_frame(outer, "iframe.attention-lab")
        shows_what_was_chosen(lab, title)
        assert lab.page.evaluate("self.origin") == "null"
        inside = lab.page.evaluate(
            "() => Math.ceil(document.getElementById('app').getBoundingClientRect().height)"
        )
        expect(outer.page.locator("iframe")).to_have_attribute("height", str(inside))
        link = outer.page.get_by_role("link", name="in a window of its own").get_attribute("href") or ""
    assert link == taken(teacher, "link")
    assert parse_qs(urlsplit(link).query)["embed"] == ["1"]


@pytest.mark.parametrize("version", ["1.2", pytest.param("2004", marks=pytest.mark.full)])
def test_a_course_package_opens_as_the_page_has_told_it_to(
    beside: Beside, new_page: NewPage, tmp_path: Path, version: str
) -> None:
    page = beside("site").page
    choose(page)
    with page.expect_download() as download:
        page.locator("#package").set_input_files(PACKAGES[version])
    expect(page.locator("#packed")).to_contain_text("Saved")
    assert download.value.suggested_filename == f"{PACKAGES[version].stem}-scale-harden.zip"
    expect(page.locator("#packed")).to_contain_text(f"as {download.value.suggested_filename}, where")
    folder = tmp_path / "item"
    with zipfile.ZipFile(download.value.path()) as archive, zipfile.ZipFile(PACKAGES[version]) as before:
        assert archive.testzip() is None
        assert archive.namelist() == before.namelist()
        assert all(archive.read(n) == before.read(n) for n in archive.namelist() if n != "imsmanifest.xml")
        archive.extractall(folder)
    manifest = ElementTree.parse(folder / "imsmanifest.xml").getroot()
    item, resource = (manifest.find(f".//{{*}}{name}") for name in ("item", "resource"))
    assert item is not None
    assert resource is not None
    launch = f"{resource.get('href')}{item.get('parameters')}"
    assert launch == f"index.html{taken(page, 'launch')}"
    assert item.findtext("{*}title") == page.locator("#lab option:checked").inner_text().partition(" (")[0]
    with serve_site(folder) as server:
        learner = new_page(url=server.url)
        learner.page.goto(server.url + launch, wait_until="domcontentloaded")
        learner.wait_painted()
        expect(learner.page.locator(".screen")).to_have_attribute("data-lab", "scale")
        expect(learner.page.locator("html")).to_have_attribute("data-lock", "lab settings")
        expect(learner.page.locator(".labs")).to_be_hidden()


def test_what_is_no_course_package_is_told(beside: Beside, tmp_path: Path) -> None:
    page = beside("site").page
    other = tmp_path / "other.zip"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("imsmanifest.xml", "<manifest/>")
    for file in (other, Path(shutil.copyfile(ROOT / "README.md", tmp_path / "README.zip"))):
        page.locator("#package").set_input_files(file)
        expect(page.locator("#packed")).to_contain_text(f"“{file.name}” is no course package of the lab")


def test_the_qr_code_is_the_link(beside: Beside) -> None:
    page = beside("site").page
    page.get_by_label("begin with a link").fill("?lab=stepper&text=¿Qué+es+日本?&mask=causal&lock=text")
    page.get_by_label("begin with a link").press("Enter")
    picture = page.locator("svg.qr").screenshot()
    [found] = zxingcpp.read_barcodes(np.asarray(Image.open(io.BytesIO(picture)).convert("L")))
    assert found.text == taken(page, "link")
    page.get_by_label("begin with a link").fill(f"?lab=stepper&text={'日本語日本 ' * 30}")
    page.get_by_label("begin with a link").press("Enter")
    expect(page.get_by_text("This link is too long for a QR code")).to_be_visible()


SITES = """<!doctype html><title>A site</title><link rel="icon" href="data:,">
<iframe src="inner.html" sandbox="allow-scripts allow-popups" height="1200"></iframe>"""


@pytest.mark.full
def test_a_snippet_works_in_a_frame_in_a_frame_under_a_policy_without_scripts(
    beside: Beside, new_page: NewPage, site: str, tmp_path: Path
) -> None:
    teacher = beside("site").page
    teacher.get_by_label("Address at which").fill(site)
    choose(teacher)
    title = teacher.locator("#step option:checked").inner_text().partition(". ")[2]
    policy = f"default-src 'none'; img-src data:; frame-src {site}"
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    (tmp_path / "index.html").write_text(SITES)
    (tmp_path / "inner.html").write_text(meta + COURSE.format(taken(teacher, "snippet")))
    with served_plainly(tmp_path) as course:
        outer = new_page(url=course.replace("127.0.0.1", "localhost"))
        outer.watch.allow(site)
        outer.page.goto(outer.url, wait_until="commit")
        inner = outer.page.frame_locator("iframe").locator("iframe.attention-lab")
        frame = inner.element_handle().content_frame()
        assert frame is not None
        shows_what_was_chosen(Lab(cast(Any, frame), outer.url, outer.watch), title)
        assert frame.evaluate("self.origin") == "null"


def test_nothing_of_a_learner_is_in_any_request(new_page: NewPage) -> None:
    lab = new_page()
    asked: list[Request] = []
    lab.page.on("request", lambda request: asked.append(request))
    lab.open("?lab=stepper&step=weights")
    lab.type_sentence("Zebras yodel quietly")
    lab.choose("mask", "causal")
    lab.page.wait_for_load_state("networkidle")
    assert len(asked) > 5
    for request in asked:
        told = " ".join([request.url, *request.headers.values()]).lower()
        assert (request.method, request.post_data) == ("GET", None), request.url
        assert "zebras" not in told
        assert "?" not in request.headers.get("referer", "")


def test_the_front_door_leads_to_it_and_the_single_file_back(beside: Beside, new_page: NewPage) -> None:
    lab = new_page()
    lab.watch.expect("ERR_ABORTED")  # the lab is left while it loads
    lab.page.goto(lab.url, wait_until="domcontentloaded")
    lab.page.get_by_role("link", name="For teachers").first.click()
    lab.page.wait_for_url("**/teach.html")
    page = beside("single").page
    page.get_by_role("link", name="Tech check").click()
    page.locator("html[data-page=check]").wait_for(state="attached")
    page.get_by_role("link", name="The lab", exact=True).click()
    page.locator("html[data-painted]").wait_for(state="attached")


@pytest.mark.parametrize(
    ("scheme", "width"), [("dark", 360), pytest.param("light", 1440, marks=pytest.mark.full)]
)
@pytest.mark.parametrize("name", ["teach", "check"])
def test_the_pages_break_no_rule_and_fit_a_phone(beside: Beside, name: str, scheme: str, width: int) -> None:
    page = beside("site", name, viewport={"width": width, "height": 800}, color_scheme=scheme).page
    if name == "teach":
        page.get_by_label("begin with a link").fill("?lab=stepper&seed=-1&x=1")
        page.get_by_label("begin with a link").press("Enter")
        expect(page.locator("svg.qr")).to_be_visible()
    page.evaluate(Path(axe_script()).read_text())
    check_axe(page, f"{name}, {scheme}, {width} px")
    assert overflow(page) <= 0
    assert re.search(r"^[\x00-\x7f]*$", page.request.get(page.url).text()), "ASCII, whatever the host says"
