"""In a language that is made of the sources, every text of every lab is translated: what is left is data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from attention.lexicon import FEATURES, LEXICON
from attention.models import load_model
from attention_lab.app import make_app
from attention_lab.grading.catalogue import exercise
from attention_lab.grading.judge import request
from attention_lab.grading.running import run
from attention_lab.kit import texts as kit_texts
from attention_lab.kit.catalogue import names
from attention_lab.kit.texts import learn
from attention_lab.widgets.house import House
from building.texts import LONG, MIRRORED, PSEUDO, catalogue, compiled, languages, messages

IDS = frozenset(
    re.findall(
        r"\S+",
        "block type set value name key setting kind tint id dim tables role part source "
        "sources code state step pick lab send request align file field toggles fill match query "
        "given scope download action matrices region follows lines axis onto control "
        "spelled reply starter expression printed symbol test sets onto_sets chips changes entry href "
        "current shape home opens axis parts line",
    )
)
"""What in a view is an id, a number or code."""

NAMES = frozenset(
    re.findall(
        r"\S+",
        "minilm all-minilm-l reader ordinary random writer bert gpt llama mistral transformer base "
        "small medium large xl numpy multiheadattention xl gib mib kib layernorm part nan output softmax "
        "pad end typeerror valueerror brown grant sanderson jay alammar vaswani shazeer parmar "
        "uszkoreit jones gomez kaiser polosukhin behaviour car maintenance guide feline nutrition "
        "float cats roof key keys french and in to house table book stop bird their zorp interest blue bool",
    )
)
"""Names, which are the same in every language; of titles of books, and of a sentence beside the learner's."""


@cache
def words_of_models() -> frozenset[str]:
    """The words of the sentences that models read, and of their columns, which are no texts by themselves."""
    known = {*load_model("reader").vocabulary.words, *load_model("writer").vocabulary.words}
    translator = load_model("translator")
    known |= {*translator.english.words, *translator.french.words, *LEXICON, *FEATURES}
    said = {
        str(message.id).lower()
        for message in messages()
        if any(re.search(r"/(labs|kit)/.*[.]py$", path) for path, _line in message.locations)
    }
    return frozenset(word.lower() for word in known) - said


@pytest.fixture(scope="module", autouse=True)
def pseudo() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kit_texts, "_catalogues", {})
        for language in PSEUDO:
            learn(language, compiled(language))
        yield


def outside(text: str) -> str:
    """What stands outside the brackets of the translations; a text may have been cut in two."""
    said, depth = "", max(0, text.count("⟧") - text.count("⟦"))
    for char in text:
        depth += char == "⟦"
        said += char if depth == 0 else ""
        depth -= char == "⟧"
    return said


def texts(view: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Every text of a view that is no id, with the names on the way to it."""
    if isinstance(view, dict):
        for name, each in view.items():
            if name not in IDS:
                yield from texts(each, (*path, name))
    elif isinstance(view, list):
        if any(isinstance(each, dict) and each.keys() & {"t", "sub", "sup", "root"} for each in view):
            yield ".".join(path), "".join(each if isinstance(each, str) else "·" for each in view)
            view = []
        for each in view:
            yield from texts(each, path)
    elif isinstance(view, str):
        yield ".".join(path), view


def ids(view: Any) -> Iterator[str]:
    """What would go back to Python."""
    if isinstance(view, dict):
        for name, each in view.items():
            if name in ("set", "setting", "id"):
                yield json.dumps(each, ensure_ascii=False)
            else:
                yield from ids(each)
    elif isinstance(view, list):
        for each in view:
            yield from ids(each)


def views(house: House) -> list[Any]:
    return [json.loads(region.view) for region in house.screen.regions.values()]


def states(house: House) -> Iterator[str]:
    """Set each step, and each of the choices that it shows, one at a time; say what was set."""
    lab = house.session.current
    for step in lab.lesson.ids:
        house.set({"step": step})
        yield step
        shown = views(house)
        for name, value in sorted({change for view in shown for change in changes(view)}):
            before = getattr(lab, name)
            house.set({name: json.loads(value)})
            yield f"{step}, {name} = {value}"
            house.set({name: before, "step": step})


def changes(view: Any) -> Iterator[tuple[str, str]]:
    """What the switches and choices of a view set, as JSON; of long lists the first two."""
    if isinstance(view, dict):
        if view.get("type") == "flag":
            yield view["name"], json.dumps(not view["value"])
        if view.get("type") in ("segmented", "select") and "name" in view:
            others = [each["value"] for each in view["options"] if each["value"] != view["value"]]
            yield from ((view["name"], json.dumps(value)) for value in others[:5])
        for each in view.values():
            yield from changes(each)
    elif isinstance(view, list):
        for each in view:
            yield from changes(each)


def left(text: str) -> list[str]:
    """The words of a text that are neither translated nor known as data."""
    bare = re.sub(r"</?[a-z]+[^<>]*>|\w+\([^()]*\)", " ", outside(text))  # tags, and signatures
    words = [word.strip("-") for word in re.findall(r"[A-Za-zÀ-ÿ_-]{2,}", bare)]
    known = NAMES | words_of_models()
    return [word for word in words if word.lower() not in known and "_" not in word]


#: Labs that an ordinary run reads in more than the language of long words.
READ_AGAIN = ("start", "masks", "heads", "position", "build", "price")
AGAIN = [
    pytest.param(lab, marks=[] if lab in READ_AGAIN else pytest.mark.full(minutes=0.05)) for lab in names()
]


@pytest.mark.parametrize("lab", names())
def test_what_is_shown_is_translated_but_for_data(lab: str) -> None:
    house = make_app(lab, language=LONG)
    english = {
        (place, text)
        for _at in states(house)
        for view in views(house)
        for place, text in texts(view)
        if left(text)
    }
    assert not english


def known_in(language: str) -> dict[str, str]:
    """English texts without places -> what they are in another language, where that is something else."""
    found = [each for each in catalogue(language) if isinstance(each.id, str) and each.string != each.id]
    return {each.id: str(each.string) for each in found if each.id and "{" not in each.id}


@pytest.mark.parametrize("lab", AGAIN)
@pytest.mark.parametrize("language", languages())
def test_nothing_is_left_in_english_that_there_is_a_translation_of(lab: str, language: str) -> None:
    learn(language, compiled(language))
    house, known = make_app(lab, language=language), known_in(language)
    left_over = {
        (place, text)
        for _at in states(house)
        for view in views(house)
        for place, text in texts(view)
        if text in known and left(text) and place != "parts"  # names of functions
    }
    assert not left_over


@pytest.mark.parametrize("lab", AGAIN)
def test_nothing_that_goes_back_to_python_is_translated(lab: str) -> None:
    house = make_app(lab, language=MIRRORED)
    for at in states(house):
        assert "⟦" not in json.dumps(house.session.current.choices(), ensure_ascii=False, default=str), at
        assert "⟦" not in house.session.link, at
        for view in views(house):
            assert not [each for each in ids(view) if "⟦" in each], at


PROGRAMS = {
    "softmax": (
        "import numpy as np\ndef softmax(x):\n    return x @ np.ones((2, 2))\n",  # raises
        "def softmax(x)\n    return x\n",  # cannot be read
        "def softmax(x): pass\n",
        "def softmax(x): return x[:1]\n",
        "def softmax(x): return [x, x]\n",
        exercise("softmax").wrong["in_place"],
        "def softmax(x):\n    while len(x): print(x)\n",
        exercise("softmax").wrong["columns"],
        exercise("softmax").reference,
    ),
    "attention": (exercise("attention").wrong["mask_after"], exercise("attention").wrong["exchanged"]),
    "padding_mask": ("import numpy as np\ndef padding_mask(n, m): return np.ones((len(n), 1, m), bool)\n",),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_is_said_of_a_program_is_translated(name: str) -> None:
    house = make_app("build", {"exercise": name, "step": "write"}, language=LONG)
    for turn, source in enumerate(PROGRAMS[name], 1):
        asked = {"id": name, "source": source, "turn": turn, "seed": 3}
        house.set({"attempt": asked})
        reply = run(request(exercise(name), source, 3))
        house.set({"reply": {"turn": turn, "reply": json.dumps(reply)}})
        shown = [(place, text) for view in views(house) for place, text in texts(view) if left(text)]
        assert not shown, source
