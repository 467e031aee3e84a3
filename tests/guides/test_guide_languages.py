"""The guides in other languages: nothing is left in English, and numbers and links are the English ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from string import Formatter

import pytest

from attention_lab.guides.checking import DIGITS, LINK
from attention_lab.guides.reading import guide_of
from attention_lab.guides.saying import html_of, messages_of, texts_of
from attention_lab.guides.showing import shown
from attention_lab.kit import texts as kit_texts
from attention_lab.kit.catalogue import names
from attention_lab.kit.texts import learn, speaking
from building.guides import INDEX, all_pages, between, file_of, inside, page_of
from building.texts import LONG, MIRRORED, catalogue, compiled, is_of_guides, languages, messages
from tests.lab.test_every_text import left

SYMBOLS = {"d_k"}


@pytest.fixture(scope="module", autouse=True)
def _forgetting() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kit_texts, "_catalogues", {})
        yield


@pytest.fixture(scope="module")
def english() -> dict[str, str]:
    return all_pages()


@pytest.fixture(scope="module")
def longer() -> dict[str, str]:
    return all_pages(LONG)


def read(page: str) -> list[str]:
    """The texts of a page, but for programs and names of other languages."""
    main = re.sub(r"<(code|pre|nav)\b.*?</\1>", " ", between(page, "<main>", "</main>"), flags=re.DOTALL)
    return [unescape(each) for each in re.findall(r">([^<]+)<", re.sub(r"</?(em|strong|sub|sup)>", "", main))]


@pytest.mark.parametrize("name", [INDEX, *map(page_of, names())])
def test_nothing_of_a_guide_is_left_in_english(longer: dict[str, str], name: str) -> None:
    said = re.sub(r"\s+", " ", " ".join(read(longer[name])))
    assert [word for word in left(said) if word not in SYMBOLS] == []
    assert said.count("⟦") > 30
    assert "{" not in said
    assert f'lang="{LONG}" dir="ltr"' in longer[name]


@pytest.mark.parametrize("name", names())
def test_numbers_of_a_guide_are_those_of_the_english_one(
    english: dict[str, str], longer: dict[str, str], name: str
) -> None:
    one, other = (re.sub("[⟦⟧~]", "", " ".join(read(pages[page_of(name)]))) for pages in (english, longer))
    one, other = (re.findall(r"\d+(?:\.\d+)?", text) for text in (one, other))
    assert one == other


def test_a_number_is_found_by_its_english_name_in_every_language() -> None:
    rule = "step=gradient > Facts / stuck, not divided"
    learn(LONG, compiled(LONG, guides=True))
    before = shown("scale", rule)
    with speaking(LONG):
        assert shown("scale", rule) == before
        assert shown("scale", "step=law > predict / answer / 0").startswith("⟦")


def test_links_keep_the_language_and_a_guide_leads_to_the_same_one_in_english(longer: dict[str, str]) -> None:
    page = longer["guide-masks"]
    assert f'href="index.html?language={LONG}#lab=masks&amp;step=leak' in page
    assert f'href="index.html?present=1&amp;language={LONG}#lab=masks"' in page
    assert f'href="guides.{LONG}.html"' in page
    assert '<a href="guide-masks.html" hreflang="en" lang="en">English</a>' in page
    assert f'href="teach.html?language={LONG}"' in longer[INDEX]


@pytest.mark.full  # that pages have the direction of their language is asked of that of long words
def test_a_guide_runs_from_the_right_in_a_language_that_does() -> None:
    assert 'dir="rtl"' in all_pages(MIRRORED)["guide-start"]


def test_the_single_file_has_the_same_page_with_links_into_itself(
    english: dict[str, str], longer: dict[str, str]
) -> None:
    one, other = inside(english["guide-masks"], "en"), inside(longer["guide-masks"], LONG)
    assert one["title"] == "Guide: What may look at what · Attention Lab"
    assert 'href="#page=guides"' in one["main"]
    assert 'href="?present=1#lab=masks"' in one["main"]
    assert f'href="?language={LONG}#page=guides"' in other["main"]
    assert f'href="?language={LONG}#lab=masks&amp;step=leak' in other["main"]
    assert 'href="?language=en#page=guide-masks"' in other["main"]
    assert 'href="#"' in inside(english[INDEX], "en")["main"]
    for name, page in english.items():
        assert ".html" not in " ".join(re.findall(r'href="[^"]*"', inside(page, "en")["main"])), name


def test_a_file_is_named_by_its_language() -> None:
    assert (file_of("guides", "en"), file_of("guide-masks", "es")) == ("guides.html", "guide-masks.es.html")


def test_a_paragraph_an_item_and_a_cell_are_one_text_each() -> None:
    source = "One\nparagraph.\n\n- An *item*.\n\n| a head | `code` |\n|---|---|\n| 12 | {n} |\n"
    assert [*messages_of(source)] == ["One paragraph.", "An *item*.", "a head"]
    assert "<td>7</td>" in html_of(source, lambda text: text.replace("{n}", "7"))


def test_what_only_guides_say_does_not_weigh_on_the_page() -> None:
    aim = guide_of("scale").aim
    assert aim.encode() not in compiled(LONG)
    assert aim.encode() in compiled(LONG, guides=True)


def of_guides() -> list[str]:
    found = [m.id for m in messages() if m.id and all(is_of_guides(place) for place, _ in m.locations)]
    return [each for each in found if isinstance(each, str)]


@pytest.mark.parametrize("language", languages())
def test_a_translation_of_a_guide_says_the_same_numbers_names_and_links(language: str) -> None:
    told = catalogue(language)
    wrong = []
    for text in {*of_guides(), *(each for name in names() for each in texts_of(guide_of(name)))}:
        said = told.get(text)
        if said is None or not said.string:
            continue
        for what in (digits, places, links):
            if what(text) != what(str(said.string)):
                wrong.append((text, said.string))
    assert wrong == []


def digits(text: str) -> list[str]:
    return sorted(DIGITS.findall(LINK.sub("", text)))


def places(text: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(text)}


def links(text: str) -> list[str]:
    return sorted(re.findall(r"\]\(([^)]*)\)", text))
