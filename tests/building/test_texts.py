"""The catalogue: every text of the sources, and what is made of it."""

from __future__ import annotations

import ast
import io
import json
from dataclasses import replace
from gettext import GNUTranslations
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from building import texts
from building.bundle import WEB
from building.errors import BuildError
from building.languages import Language, all_languages, without_scripts
from building.texts import (
    LONG,
    MIRRORED,
    PSEUDO,
    PYAPP,
    begin,
    compiled,
    lacking,
    languages,
    messages,
    own_name,
    pseudo,
    update,
)

MARKS = {"_", "lazy", "phrase"}
ASKS = {"check", "call", "case", "made"}


def test_texts_of_python_of_labs_and_of_exercises_are_found() -> None:
    found = messages()
    assert "There is no setting {name}: reload the page." in found
    assert found.get("row").id == ("row", "rows")
    assert "Q, K, V, step by step" in found
    assert "Softmax" in found
    assert len(found) > 2000


def test_a_text_is_a_constant_whose_places_are_all_filled() -> None:
    for path in sorted(PYAPP.rglob("*.py")):
        if path.name == "texts.py":
            continue
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in MARKS:
                where = f"{path.relative_to(PYAPP)}, line {call.lineno}"
                assert not isinstance(call.args[0], ast.JoinedStr | ast.BinOp), f"{where}: not a constant"
                given = {keyword.arg for keyword in call.keywords}
                named = given or call.func.id == "phrase"
                if isinstance(call.args[0], ast.Constant) and named and None not in given:
                    assert places(call.args[0].value) == given, where


def test_what_the_models_raise_is_a_constant_whose_places_are_all_filled() -> None:
    found = messages()
    seen = 0
    for path in texts.of_library():
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(call, ast.Call)
                and isinstance(call.func, ast.Name)
                and call.func.id in texts.OF_LIBRARY
            ):
                where = f"{path.name}, line {call.lineno}"
                (text,) = call.args
                if call.func.id == "ConfigError" and isinstance(text, ast.JoinedStr):
                    continue  # for who writes code
                assert isinstance(text, ast.Constant), f"{where}: not a constant"
                assert places(text.value) == {keyword.arg for keyword in call.keywords}, where
                assert text.value in found, where
                seen += 1
    assert seen > 25


def test_what_is_asked_of_a_program_is_a_constant_or_a_text() -> None:
    found = messages()
    for path in sorted(PYAPP.glob("exercises/*/checks.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ASKS:
                where = f"{path.parent.name}, line {call.lineno}"
                first = call.args[0]
                assert not isinstance(first, ast.JoinedStr | ast.BinOp), f"{where}: not a constant"
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    assert first.value in found, where
    assert "Each row has a softmax of its own" in found
    assert "3 scores near 1000" in found
    wrong = (
        "All the numbers together sum to 1 here. Each row is to sum to 1 by itself: give the sum an axis, "
    )
    assert f"{wrong}axis=-1 with keepdims=True." in found


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", [*PSEUDO, *languages()])
def test_every_text_is_translated(language: str) -> None:
    assert not lacking(language)


def test_languages_are_offered_by_what_their_speakers_call_them() -> None:
    assert (own_name("es"), own_name("pt-BR"), own_name("de")) == ("Español", "Português (Brasil)", "Deutsch")
    offered = {code for code, each in all_languages().items() if each.released}
    assert offered == set(languages()), "and not those that are made of the sources"


@pytest.mark.parametrize("language", [*PSEUDO, *languages()])
def test_a_translation_has_the_places_of_its_text(language: str) -> None:
    for message in texts.catalogue(language):
        if message.id and message.string and "{" in message.id:
            assert places(message.string) == places(message.id), message.id


def test_the_languages_made_of_the_sources_show_where_a_text_begins_and_ends() -> None:
    assert pseudo("The spread of {d_k} [query]{.q}", LONG) == "⟦Thé špréád óf {d_k} [qúérý]{.q}~⟧"
    assert pseudo(" and `x`", LONG) == " ⟦áñd `x`~⟧"
    mirrored = GNUTranslations(io.BytesIO(compiled(MIRRORED)))
    assert mirrored.gettext("steps seen") == "⟦סתהטס סההנ⟧"
    assert mirrored.ngettext("row", "rows", 2).startswith("⟦")


def test_a_new_language_is_a_matter_of_filling_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "FOLDER", tmp_path)
    with pytest.raises(BuildError, match="no code of a language"):
        begin("Spanish")
    begin("es")
    path = tmp_path / "es.po"
    assert texts.languages() == ("es",)
    assert (tmp_path / "messages.pot").is_file()
    assert GNUTranslations(io.BytesIO(compiled("es"))).gettext("steps seen") == "steps seen"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace('msgid "steps seen"\nmsgstr ""', 'msgid "steps seen"\nmsgstr "pasos"'), "utf-8"
    )
    update()
    assert GNUTranslations(io.BytesIO(compiled("es"))).gettext("steps seen") == "pasos"
    assert len(lacking("es")) == len(messages()) - 1
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('msgid "steps seen"', '#, fuzzy\nmsgid "steps seen"'), "utf-8")
    assert "steps seen" in lacking("es"), "what is in doubt is not said"
    with path.open("rb") as file:
        assert len(read_po(file)) == len(messages())


def test_a_counted_word_whose_translation_has_one_form_only_is_said_in_english(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    of_old = texts.Catalog(locale="es")
    of_old.add("step", "paso")
    of_old.add("seed", "semilla")
    monkeypatch.setattr(texts, "catalogue", lambda _: of_old)
    spoken = GNUTranslations(io.BytesIO(texts.compiled("es")))
    assert [spoken.ngettext("step", "steps", n) for n in (1, 2)] == ["step", "steps"]
    assert spoken.gettext("seed") == "semilla"


def test_what_scripts_say_is_found_and_goes_to_the_page() -> None:
    script = (
        'html`<b title=${t("One \\"two\\"")}>${on ? t("{n} of 3", {n}) : nothing}</b>`; put("no"); a.t("no")'
    )
    assert texts.said_by(script) == ['One "two"', "{n} of 3"]
    told = json.loads(texts.of_the_page(LONG))
    assert told["Play all steps"] == "⟦Pláý áll štépš~⟧"
    assert "steps seen" not in told, "what Python says is not for the page"


def test_a_page_has_its_first_words_in_each_language(tmp_path: Path) -> None:
    opening, needs = texts.OPENING.findall((WEB / "index.html").read_text(encoding="utf-8"))
    assert opening.startswith("Attention Lab is opening")
    assert json.loads(texts.of_the_page(LONG))[opening] == pseudo(opening, LONG)
    said = tmp_path / "texts.he.json"
    said.write_text(json.dumps({needs: "JavaScript <&>"}), encoding="utf-8")
    whole = Language(tmp_path, said, None, "rtl", "Ivrit")
    spoken = {"he": whole, LONG: replace(whole, name=None)}
    assert without_scripts(spoken) == '<p class="opening" lang="he" dir="rtl">JavaScript &lt;&amp;&gt;</p>'
    assert without_scripts({}) == ""
