"""The pages beside the lab in other languages, and the guides in the single file."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from building.texts import LONG, MIRRORED
from tests.building.test_results import file
from tests.e2e.conftest import Beside, NewPage
from tests.e2e.test_screens import overflow
from tests.lab.test_every_text import left

#: What a page says, in its texts and in its attributes; not code, names of files and what others wrote.
SAID = """() => {
  const found = [document.title.split(" · ")[0]];
  const skipped = "code, bdi, script, style, textarea, iframe, nav.tongues, [data-data]";
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text; text = walker.nextNode())
    if (!text.parentElement.closest(skipped)) found.push(text.data);
  for (const name of ["placeholder", "aria-label", "title", "alt"])
    found.push(...[...document.querySelectorAll(`[${name}]`)].map((one) => one.getAttribute(name)));
  return found.filter((text) => text.trim());
}"""

#: Files, addresses, units and symbols.
DATA = re.compile(
    r"https?://\S+|(exercise|check):[\w:]+|[\w.-]+\.(html|zip|json|js)\b|\b(English|Español"
    r"|Attention Lab|Python|QR|SCORM|brotli|gzip|min|MB"
    r"|HTML|WebAssembly|https|nginx|F12|GET|d_k|Mbit|Chrome|Chromium|HeadlessChrome|Edge|Firefox|Safari|[0-9a-f]{16})\b"
)


def english(page: Page) -> list[str]:
    """What a page says that stands outside the brackets of a translation."""
    return left(DATA.sub("", " ".join(page.evaluate(SAID))))


def test_nothing_of_the_page_for_teachers_is_left_in_english(beside: Beside, tmp_path: Path) -> None:
    page = beside("site", "teach").page
    page.goto(f"{page.url}?language={LONG}")
    expect(page.locator("h1")).to_have_text("⟦Fór téáçhérš~⟧")
    link = (
        "?lab=scale&step=foo&d_k=9999&divide=1&temperature=2&lock=text,x&counts=y&theme=blue&other=1&divide=1"
    )
    page.locator("#pasted").fill(link)
    page.locator("#pasted").press("Enter")
    expect(page.locator("#judged li")).to_have_count(7)
    for name in ("embed", "counts", "present", "lock-step"):
        page.locator(f"#{name}").check()
    page.locator("#theme").select_option("dark")
    page.locator("#poll-codes").fill("K7M-4PX\nnothing")
    (tmp_path / "ada.json").write_text(json.dumps(file()))
    (tmp_path / "bad.json").write_text("{")
    (tmp_path / "bad.zip").write_bytes(b"PK\3\4 and no end")
    page.locator("#marking-files").set_input_files([*tmp_path.iterdir()])
    page.locator("#marking-all").check()
    page.locator("#package").set_input_files(tmp_path / "bad.zip")
    expect(page.locator("#packed")).to_contain_text("⟦")
    assert english(page) == []
    assert page.locator("#poll-tally li").count() == 2
    assert page.locator("html").get_attribute("lang") == LONG


def test_nothing_of_the_tech_check_is_left_in_english(beside: Beside) -> None:
    lab = beside("site", "check")
    page = lab.page
    page.goto(f"{page.url}?language={LONG}")
    lab.watch.expect("minilm", "ERR_ABORTED")
    page.locator("#run").click()
    page.locator("[data-test=processor]").wait_for()
    assert english(page) == []
    assert (
        page.get_by_role("link", name="⟦Fór téáçhérš~⟧").get_attribute("href")
        == f"teach.html?language={LONG}"
    )


def test_the_language_is_that_of_the_address_and_else_of_the_browser(new_page: NewPage) -> None:
    lab = new_page(locale=LONG)
    lab.page.goto(lab.url + "teach.html")
    expect(lab.page.locator("html")).to_have_attribute("lang", LONG)
    fetched: list[str] = []
    lab.page.on("request", lambda request: fetched.append(request.url))
    lab.page.goto(lab.url + "teach.html?language=en")
    expect(lab.page.locator("h1")).to_have_text("For teachers")
    assert not [each for each in fetched if "pages.en" in each or "pages.ar" in each]
    lab.page.goto(lab.url + f"check.html?language={MIRRORED}")
    expect(lab.page.locator("html")).to_have_attribute("dir", "rtl")
    assert overflow(lab.page) <= 0


def test_the_single_file_shows_the_guides_and_reads_them_when_they_are_asked_for(beside: Beside) -> None:
    page = beside("single", "teach").page
    packed = page.locator('script[data-file="guides.json"]')
    expect(packed).to_have_count(1)
    page.get_by_role("link", name="Guides for each lab").click()
    expect(page.locator("h1")).to_have_text("Guides for teachers")
    expect(packed).to_have_count(0)
    page.get_by_role("link", name="What may look at what").first.click()
    expect(page).to_have_title("Guide: What may look at what · Attention Lab")
    expect(page.locator("details")).to_have_count(5)
    assert page.locator("details[open]").count() == 0
    assert page.locator("main").evaluate("(main) => getComputedStyle(main).maxWidth") == "832px"
    link = page.get_by_role(
        "link", name="Step 4, The leak"
    ).first  # where it leads is opened in test_guides.py
    expect(link).to_have_attribute("href", re.compile(r"#lab=masks&step=leak"))


@pytest.mark.full
def test_a_guide_of_the_single_file_says_what_that_of_the_site_says(
    beside: Beside, new_page: NewPage, site: str
) -> None:
    page = beside("single", "guide-masks").page
    inside = page.locator("main").inner_text()
    other = new_page()
    other.page.goto(site + "guide-masks.html")
    assert inside == other.page.locator("main").inner_text()
