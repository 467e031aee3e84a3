"""The English words that the small models know, by what a sentence can do with them.

A word that is not here has to be told by its kind: `<animal>`, `<things>`, `<feeling>`, ... Each kind is a
token of its own, which the models have met in place of words of that kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

__all__ = [
    "ADJECTIVES",
    "ALIVE",
    "BEFORE_NOUNS",
    "CONJUNCTIONS",
    "DEGREES",
    "DOING",
    "FEELING",
    "KINDS",
    "NOUNS",
    "OTHERS",
    "PERSONS",
    "PREPOSITIONS",
    "PRESENT",
    "PRESENT_OF_OBJECTS",
    "QUALITY",
    "STATES",
    "TIMES",
    "TO_BE",
    "VERB",
    "VERBS",
    "WORDS",
    "kind_of",
    "kind_token",
    "makes_sense",
    "plural",
]


def _row(words: str) -> tuple[str, ...]:
    return tuple(words.split())


def _table(**rows: str) -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({name: _row(words) for name, words in rows.items()})


NOUNS = _table(
    animal="cat dog horse bird mouse rabbit fox bear lion cow duck monkey puppy kitten wolf pig goat frog "
    "tiger elephant snake hen animal",
    man="boy man king father brother uncle grandfather prince",
    woman="girl woman queen mother sister aunt grandmother princess",
    person="teacher doctor student farmer child baby friend driver nurse singer",
    surface="mat sofa bed chair rug carpet blanket cushion pillow couch bench hammock",
    container="suitcase box bag drawer basket bucket backpack pocket jar",
    thing="trophy ball lamp toy hat statue guitar vase umbrella key phone camera cup knife",
    food="apple cake pizza soup sandwich carrot cookie banana potato peach dish burger",
    text="book letter film story song movie lesson poem magazine report",
    place="park garden house street forest kitchen school river field city library church beach village",
    vehicle="car bus truck train bike boat plane taxi",
)
"""Nouns in the singular, by kind."""

PERSONS = ("man", "woman", "person")
ALIVE = ("animal", *PERSONS)

_PLURALS = {
    "mouse": "mice", "man": "men", "woman": "women", "child": "children", "person": "people",
    "wolf": "wolves", "knife": "knives", "potato": "potatoes",
}  # fmt: skip

ADJECTIVES = _table(
    alive="tired hungry sleepy thirsty scared angry happy sad curious lazy excited bored nervous",
    surface="soft comfortable fluffy cozy clean dirty",
    food="delicious tasty sweet fresh salty",
    text="interesting boring funny famous long",
    vehicle="fast slow broken dirty",
    place="quiet crowded beautiful peaceful",
    thing="fragile shiny cheap broken",
    container="empty full open",
    large="big large wide tall",
    little="small little tiny narrow",
)
"""What can be said of nouns of a kind; `alive` holds for every kind of `ALIVE`."""

BEFORE_NOUNS = _row("red black white big small old young new brown blue green nice")
STATES = _row("missing new old ready expensive lost")
DOING = _row("playing sleeping running eating waiting walking singing")

VERBS = _table(
    rest="sat slept lay jumped stood rested",
    food="ate wanted finished stole liked tasted",
    text="read liked finished loved wanted",
    vehicle="drove wanted followed liked",
    animal="chased followed saw attacked watched liked",
    person="thanked helped called saw met liked",
    please="attracted pleased tempted interested",
    get="bought sold found saw liked lost",
    put="put",
)
"""Verbs in the past, by what comes after them."""

PRESENT = (
    ("runs", "run"), ("plays", "play"), ("sleeps", "sleep"), ("eats", "eat"), ("walks", "walk"),
    ("waits", "wait"), ("sings", "sing"),
)  # fmt: skip
PRESENT_OF_OBJECTS = (
    ("likes", "like"), ("sees", "see"), ("wants", "want"), ("follows", "follow"), ("watches", "watch"),
)  # fmt: skip
TO_BE = (("is", "are"), ("was", "were"))
"""Verbs in the present, and forms of "to be": of one, of several."""

PREPOSITIONS = _row("in near behind beside with to of under from")
CONJUNCTIONS = _row("because since as")
DEGREES = _row("very so really too")
TIMES = _row("yesterday today recently")
OTHERS = _row(
    "the a an my our it they them he she i you we that on did does do not fit in cross and so there too . ? !"
)

FEELING, QUALITY, VERB = "<feeling>", "<quality>", "<did>"


def plural(noun: str) -> str:
    """Return the form for several.

    >>> plural("cat"), plural("bus"), plural("city"), plural("boy"), plural("mouse")
    ('cats', 'buses', 'cities', 'boys', 'mice')
    """
    if noun in _PLURALS:
        return _PLURALS[noun]
    if noun.endswith(("s", "x", "ch", "sh")):
        return noun + "es"
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + "s"


def kind_token(kind: str, several: bool) -> str:
    """Return the token that stands for any noun of a kind.

    >>> kind_token("animal", several=False), kind_token("woman", several=True)
    ('<animal>', '<women>')
    """
    return f"<{plural(kind) if several else kind}>"


def _kinds() -> dict[str, str]:
    """Say of which kind each word is that a kind can stand for."""
    found = dict.fromkeys(ADJECTIVES["alive"], FEELING)
    for name in ("surface", "food", "text", "vehicle", "place", "thing", "container"):
        found |= dict.fromkeys(ADJECTIVES[name], QUALITY)
    for name, verbs in VERBS.items():
        if name != "put":
            found |= dict.fromkeys(verbs, VERB)
    for kind, nouns in NOUNS.items():
        found |= {noun: kind_token(kind, several=False) for noun in nouns}
        found |= {plural(noun): kind_token(kind, several=True) for noun in nouns}
    return found


_KIND_OF = _kinds()
KINDS: tuple[str, ...] = (
    *(kind_token(kind, several) for kind in NOUNS for several in (False, True)),
    FEELING,
    QUALITY,
    VERB,
)
"""Every kind token: of nouns in the singular and the plural, feelings, qualities, and what somebody did."""


def kind_of(word: str) -> str | None:
    """Return the kind token that can stand for a word; None for words that only stand for themselves.

    >>> kind_of("cats"), kind_of("tired"), kind_of("because")
    ('<animals>', '<feeling>', None)
    """
    return _KIND_OF.get(word)


def _asked_of() -> dict[str, frozenset[str]]:
    """The words at which something can be asked, for each job but that of the word before."""
    verbs = (*VERBS.values(), *PRESENT, *PRESENT_OF_OBJECTS, *TO_BE, (VERB, "did", "does", "do"))
    adjectives = (*ADJECTIVES.values(), BEFORE_NOUNS, STATES, (FEELING, QUALITY))
    return {
        "pronoun": frozenset(("it", "they", "he", "she", "them")),
        "subject": frozenset(word for row in verbs for word in row),
        "adjective": frozenset(word for row in adjectives for word in row),
    }


_ASKED_OF = _asked_of()


def makes_sense(job: str, word: str) -> bool:
    """Say whether a job of the small models can be asked at a word: only pronouns stand for others.

    >>> makes_sense("pronoun", "it"), makes_sense("pronoun", "cat"), makes_sense("previous", "cat")
    (True, False, True)
    """
    return job not in _ASKED_OF or word in _ASKED_OF[job]


def _words() -> tuple[str, ...]:
    pairs = (*PRESENT, *PRESENT_OF_OBJECTS, *TO_BE)
    others = (BEFORE_NOUNS, STATES, DOING, PREPOSITIONS, CONJUNCTIONS, DEGREES, TIMES, OTHERS, *pairs)
    tables = (*ADJECTIVES.values(), *VERBS.values())
    return tuple(sorted({word for row in (*others, *tables, tuple(_KIND_OF)) for word in row}))


WORDS: tuple[str, ...] = _words()
"""Every word, in the order of the alphabet."""
