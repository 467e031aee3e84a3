"""The catalogue: every text that a learner reads, found in the sources by Babel, and its translations.

`texts/<language>.po` holds the translations; what a page or a host reads is made of them here. Two languages
are made of the sources alone, to see what a translation would show: one with long words in brackets, one that
runs from right to left.
"""

import ast
import io
import json
import re
import sys
from collections.abc import Collection, Container, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import IO, Any, TypeAlias

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from building.errors import BuildError
from building.paths import ROOT
from building.progress import note

FOLDER = ROOT / "texts"
PYAPP = ROOT / "pyapp" / "attention_lab"
LIBRARY = ROOT / "pyapp" / "attention"
MAKERS = tuple(ROOT / "building" / name for name in ("guide_page.py", "guides.py", "pages.py"))
Keywords: TypeAlias = Mapping[str, tuple[int, ...] | None]
Found: TypeAlias = tuple[int, str, tuple[str | None, ...], list[str]]
KEYWORDS: Keywords = {
    "_": None,
    "lazy": None,
    "phrase": None,
    "plural": (1, 2),
    "counted": (2, 3),
}
OF_CHECKS: Keywords = {**KEYWORDS, "check": (1,), "call": (1,), "made": (1,), "case": (1,)}
"""In an exercise's checks.py: the sentence of a check, and the words of a case."""

OF_LIBRARY: Keywords = dict.fromkeys(
    ("TextError", "EmptyTextError", "ShapeError", "WeightsError", "ConfigError"), (1,)
)
"""Errors that labs show as they are: those of the models, and of the tokenizer that one of them has."""

#: What a compiled catalogue says of when it was made: the same in every build.
UNDATED = datetime(1980, 1, 1, tzinfo=UTC)
BUILT = ("building/", "pyapp/attention_lab/guides/", "web/guides.md")
"""Where what only pages that the build makes say stands, beside every guide.md."""
BESIDE = ROOT / "web" / "pages.js"
"""The script of the pages beside the lab."""
IMPORTED = re.compile(r'^import [^"]*"(\.[^"]+)";?$', re.MULTILINE)

OPENING = re.compile(r'<p class="opening">([^<{]+)</p>')
"""What a page says before its scripts do, and where they do not run."""
IN_SCRIPTS = re.compile(r"""(?<![\w.])(?:t|later)\("((?:[^"\\]|\\.)+)\"""")

LONG, MIRRORED = "en-XA", "ar-XB"
PSEUDO = (LONG, MIRRORED)
RIGHT_TO_LEFT = {"ar", "fa", "he", "ur"}
"""Languages by what stands before the hyphen."""

WIDTH = 110  # of a line in a .po


def languages() -> tuple[str, ...]:
    """The languages that there is a translation into."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.po")))


def own_name(language: str) -> str:
    """What those who speak a language call it."""
    if language in PSEUDO:
        return language
    name = Locale.parse(language, sep="-").get_display_name() or language
    return name[0].upper() + name[1:]


def lacking(language: str) -> list[str]:
    """The texts of the sources that there is no translation of, or one that is in doubt."""
    found = catalogue(language)
    return [
        _key(message) for message in messages() if message.id and not _is_translated(found.get(message.id))
    ]


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else str(message.id[0])


def _is_translated(message: Message | None) -> bool:
    if message is None or message.fuzzy:
        return False
    forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
    return bool(forms) and all(forms)


def runs_right_to_left(language: str) -> bool:
    """Whether a language runs from right to left."""
    return language.partition("-")[0] in RIGHT_TO_LEFT


def sources() -> list[Path]:
    """Every file that texts are found in, and what finds them."""
    found = [*PYAPP.rglob("*.py"), *PYAPP.rglob("*.md"), *_shown(), *FOLDER.glob("*.po"), Path(__file__)]
    return [
        *found,
        *of_library(),
        *LIBRARY.rglob("*.toml"),
        LIBRARY / "published.py",
        *MAKERS,
        ROOT / "web" / "guides.md",
    ]


@cache
def messages() -> Catalog:
    """Every text of the sources, with the places where it stands."""
    catalogue = Catalog(project="Attention Lab", charset="utf-8", fuzzy=False)
    for path in [*sorted(PYAPP.rglob("*.py")), *MAKERS]:
        _extract(catalogue, path, marked, OF_CHECKS if path.name == "checks.py" else KEYWORDS)
    for path in of_library():
        _extract(catalogue, path, marked, OF_LIBRARY)
    for path in _shown():
        said = said_by if path.suffix == ".js" else OPENING.findall
        for text in said(path.read_text(encoding="utf-8")):
            catalogue.add(text, locations=[(path.relative_to(ROOT).as_posix(), 1)])
    for text, path in _told():
        catalogue.add(text, locations=[(path.relative_to(ROOT).as_posix(), 1)])
    return catalogue


def of_library() -> list[Path]:
    """The files of the library whose errors labs show."""
    return [*sorted((LIBRARY / "models").glob("*.py")), LIBRARY / "wordpiece.py"]


def _extract(catalogue: Catalog, path: Path, method: Any, keywords: Keywords) -> None:
    for line, text, _, _ in extract_from_file(method, path, keywords=keywords):
        catalogue.add(text, locations=[(path.relative_to(ROOT).as_posix(), line)])


def marked(file: IO[bytes], keywords: Container[str], comments: object, options: object) -> Iterator[Found]:
    """Find the texts of a Python file, for Babel: its own reader stumbles over f-strings among the values."""
    calls = [node for node in ast.walk(ast.parse(file.read())) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        if isinstance(call.func, ast.Name) and call.func.id in keywords:
            yield call.lineno, call.func.id, tuple(map(_constant, call.args)), []


def _constant(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def said_by(script: str) -> list[str]:
    """The texts of a script: Babel's own reader does not look into templates within templates."""
    return [json.loads(f'"{text}"') for text in IN_SCRIPTS.findall(script)]


def _shown() -> list[Path]:
    """The scripts, and the pages that they begin in."""
    scripts = [*(PYAPP / "widgets" / "js").rglob("*.js"), *(ROOT / "web").rglob("*.js")]
    return [*sorted(scripts), *sorted((ROOT / "web").glob("*.html"))]


def _told() -> Iterator[tuple[str, Path]]:
    """The texts of labs, exercises and guides, of the models' cards, and where published sizes are from."""
    if str(PYAPP.parent) not in sys.path:
        sys.path.insert(0, str(PYAPP.parent))
    from attention.models import read_card
    from attention.published import PUBLISHED_MODELS
    from attention_lab.grading.catalogue import exercises
    from attention_lab.grading.judge import words_of
    from attention_lab.guides.reading import parse_guide
    from attention_lab.guides.saying import messages_of
    from attention_lab.guides.saying import texts_of as texts_of_guide
    from attention_lab.kit.lesson import parse_lesson, texts_of

    for path in sorted((PYAPP / "labs").glob("*/lab.md")):
        for text in texts_of(parse_lesson(path.parent.name, path.read_text(encoding="utf-8"))):
            if text:
                yield text, path
    for path in sorted((LIBRARY / "models" / "files").glob("*.card.toml")):
        card = read_card(path.name.partition(".")[0], path.read_text(encoding="utf-8"))
        yield from (
            (text, path)
            for text in (card.title, card.what, card.data, *card.limits, *(f.name for f in card.figures))
        )
    for each in exercises():
        path = PYAPP / "exercises" / each.id / "prompt.md"
        told = (each.title, each.why, each.prompt, *each.hints, *each.other_ways)
        yield from ((text, path) for text in told)
        for name, program in each.wrong.items():
            yield words_of(program), PYAPP / "exercises" / each.id / "wrong" / f"{name}.py"
    path = LIBRARY / "published.py"
    yield from ((shape.source, path) for shape in PUBLISHED_MODELS.values())
    for path in sorted((PYAPP / "labs").glob("*/guide.md")):
        guide = parse_guide(path.parent.name, path.read_text(encoding="utf-8"))
        yield from ((text, path) for text in texts_of_guide(guide))
    path = ROOT / "web" / "guides.md"
    yield from ((text, path) for text in messages_of(path.read_text(encoding="utf-8")))


def catalogue(language: str) -> Catalog:
    """The translations into a language."""
    if language in PSEUDO:
        return _pseudo(language)
    with (FOLDER / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language.replace("-", "_"), abort_invalid=True)


def compiled(language: str, *, guides: bool = False) -> bytes:
    """What a .mo file of a language holds; a text without a translation is said in English.

    It is what Python says in the page, or also what only the guides for teachers say.
    """
    found = catalogue(language)
    wanted = Catalog(locale=found.locale, charset="utf-8", creation_date=UNDATED, fuzzy=False)
    for message in messages():
        told = found.get(message.id) if message.id else None
        if told is None or not told.string or told.pluralizable != message.pluralizable:
            continue  # of a word that is counted now, the translation has one form only
        if _is_said(message, guides=guides):
            wanted.add(message.id, told.string)
    file = io.BytesIO()
    write_mo(file, wanted)
    return file.getvalue()


def _is_said(message: Message, *, guides: bool) -> bool:
    """Whether Python says a text in the page, or in the guides, too: not only scripts and pages."""
    return any(
        not place.endswith((".js", ".html")) and (guides or not is_of_guides(place))
        for place, _ in message.locations
    )


def is_of_guides(place: str) -> bool:
    """Whether a file is one that only what the build makes says: guides for teachers, and pages."""
    return place.startswith(BUILT) or place.endswith("/guide.md")


def of_the_page(language: str) -> str:
    """The translations of what the lab's scripts say, and the pages before them, as JSON: text to text."""
    return _said_in(language, {*_shown()} - {path for path in _reached(BESIDE) if _is_beside(path)})


def of_the_pages(language: str) -> str:
    """The same of the scripts of the pages beside the lab, for teachers and for the computers of a room."""
    return _said_in(language, _reached(BESIDE))


def _said_in(language: str, scripts: Collection[Path]) -> str:
    found = catalogue(language)
    places = {path.relative_to(ROOT).as_posix() for path in scripts}
    said = {
        message.id: found[message.id].string
        for message in messages()
        if message.id and any(place in places for place, _ in message.locations) and message.id in found
    }
    return json.dumps({text: told for text, told in said.items() if told}, ensure_ascii=False, sort_keys=True)


def _reached(script: Path) -> set[Path]:
    """A script, and every one that it imports."""
    found: set[Path] = set()
    waiting = [script]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            source = path.read_text(encoding="utf-8")
            waiting += [(path.parent / each).resolve() for each in IMPORTED.findall(source)]
    return found


def _is_beside(path: Path) -> bool:
    """Whether only the pages beside the lab import a script."""
    folders = (BESIDE.parent / "teach", BESIDE.parent / "check")
    return path == BESIDE or path.parent in folders or path.name in ("copying.js", "tongues.js")


def update() -> None:
    """Write `texts/messages.pot`, and bring every translation up to date with it."""
    FOLDER.mkdir(exist_ok=True)
    template = messages()
    _write(FOLDER / "messages.pot", template)
    note(f"texts/messages.pot: {len(template)} texts")
    for language in languages():
        translation = catalogue(language)
        translation.update(template, no_fuzzy_matching=True, update_creation_date=False)
        _write(FOLDER / f"{language}.po", translation)
        done = sum(bool(message.string) for message in translation if message.id)
        note(f"texts/{language}.po: {done} of {len(translation)} texts are translated")


def begin(language: str) -> None:
    """Write a .po without translations for a new language."""
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Z]{2})?", language):
        raise BuildError(f"{language!r} is no code of a language: write one such as es or pt-BR.")
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{language}.po"
    if not path.exists():
        _write(path, started(language))
    update()


def started(language: str) -> Catalog:
    """Every text, without a translation."""
    locale = language.replace("-", "_")
    title = f"# The texts of Attention Lab in {own_name(language)}."
    found = Catalog(locale=locale, header_comment=title, project="Attention Lab", fuzzy=False)
    found.version = found.msgid_bugs_address = found.last_translator = found.language_team = ""
    found.update(messages())
    return found


def _write(path: Path, found: Catalog) -> None:
    with path.open("wb") as file:
        write_po(
            file,
            found,
            width=WIDTH,
            sort_by_file=True,
            include_lineno=False,
            omit_header=path.suffix == ".pot",
        )


# The languages that are made of the sources

_KEPT = re.compile(r"\{[^{}]*\}|`[^`]*`|\]\([^)]*\)|<[^>]*>|&\w+;")
_ACCENTED = str.maketrans("aeiouyAEIOUYncs", "áéíóúýÁÉÍÓÚÝñçš")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_HEBREW = str.maketrans(_LETTERS + _LETTERS.upper(), 2 * "אבצדהפגחיעקלמנוטקרסתושכזיז")


def _pseudo(language: str) -> Catalog:
    found = Catalog(locale="he" if language == MIRRORED else "en", fuzzy=False)
    for message in messages():
        if not message.id:
            continue
        forms = (message.id,) if isinstance(message.id, str) else message.id
        said = tuple(pseudo(form, language) for form in forms)
        if isinstance(message.id, str):
            found.add(message.id, said[0])
        else:
            found.add(message.id, (said[0],) + (said[1],) * (found.num_plurals - 1))
    return found


def pseudo(text: str, language: str) -> str:
    """Return a text as the language that is made of the sources has it; what stands in braces stays."""
    letters = _HEBREW if language == MIRRORED else _ACCENTED
    said, end = "", 0
    for kept in _KEPT.finditer(text):
        said += text[end : kept.start()].translate(letters) + kept[0]
        end = kept.end()
    said += text[end:].translate(letters)
    longer = "" if language == MIRRORED else "~" * max(1, len(text.split()[0]) // 3 if text.split() else 1)
    bare = said.strip()
    return said.replace(bare, f"⟦{bare}{longer}⟧") if bare else said
