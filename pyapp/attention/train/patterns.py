"""The sentence patterns: one function for each, with an example beside it.

The sentences are simple and often silly; what counts is that each has one right answer to every question that
is asked about it. Where a pronoun could stand for either of two nouns, an adjective at the end decides (the
schema of Winograd 1972; Levesque et al. 2012).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from attention.models.words import (
    ADJECTIVES,
    ALIVE,
    CONJUNCTIONS,
    DEGREES,
    DOING,
    PERSONS,
    PREPOSITIONS,
    PRESENT,
    PRESENT_OF_OBJECTS,
    STATES,
    TIMES,
    VERBS,
)
from attention.train.phrases import Noun, Phrase

__all__ = ["PATTERNS", "Pattern"]

Pattern = Callable[[Phrase], None]

_THINGS = ("thing", "vehicle", "text")
_PLACES = ("place", "place", "vehicle", "surface")
_ENDS = (".", ".", ".", "!")


# "because it was tired / soft": an adjective decides


def rest_on(s: Phrase) -> None:
    """The cat sat on the mat because it was tired."""
    s.maybe(0.1, TIMES)
    first = s.noun_phrase(("animal",), share=0.25)
    _aside(s, 0.12)
    s.verb(VERBS["rest"], first.place, rest="on")
    second = s.noun_phrase(("surface",), _like(s, first))
    _aside(s, 0.15)
    _because(s, first, second, _describing(first), _describing(second))


def eat(s: Phrase) -> None:
    """The dog wanted the cake because it was sweet."""
    _act(s, ("animal",), "food")


def read(s: Phrase) -> None:
    """My sister read the letter because it was funny."""
    _act(s, ("man", "woman"), "text", first_several=False)


def drive(s: Phrase) -> None:
    """The king followed the bus because it was slow."""
    _act(s, ("animal", "man", "woman"), "vehicle")


def please(s: Phrase) -> None:
    """The cushion attracted the kitten because it was sleepy."""
    s.maybe(0.1, TIMES)
    first = s.noun_phrase(("surface", "food", "thing", "vehicle", "place"), share=0.25)
    _aside(s, 0.12)
    s.verb(VERBS["please"], first.place)
    second = s.noun_phrase(("animal",), _like(s, first))
    _because(s, first, second, _describing(first), _describing(second))


def fit(s: Phrase) -> None:
    """The trophy did not fit in the suitcase because it was too big."""
    s.maybe(0.1, TIMES)
    first = s.noun_phrase(("thing", "thing", "text", "food"), share=0.25)
    _aside(s, 0.12)
    s.verb(("did", "do" if first.several else "does"), first.place, rest="not fit in")
    second = s.noun_phrase(("container",), _like(s, first))
    _because(s, first, second, ADJECTIVES["large"], ADJECTIVES["little"], degrees=("too",), share=0.7)


def cross(s: Phrase) -> None:
    """The animal did not cross the street because it was too tired."""
    s.maybe(0.1, TIMES)
    first = s.noun_phrase(("animal",), share=0.25)
    s.verb(("did", "do" if first.several else "does"), first.place, rest="not cross")
    second = s.noun_phrase(("place",), _like(s, first))
    wide = (*ADJECTIVES["large"], "long", "crowded")
    _because(s, first, second, ADJECTIVES["alive"], wide, degrees=("too",), share=0.7)


def chase(s: Phrase) -> None:
    """The dog chased the cats because they were angry: here the number decides."""
    s.maybe(0.1, TIMES)
    first = s.noun_phrase(("animal",), share=0.5)
    _aside(s, 0.12)
    s.verb(VERBS["animal"], first.place)
    second = s.noun_phrase(("animal",), not first.several)
    _because(s, first, second, ADJECTIVES["alive"], ADJECTIVES["alive"])


def thank(s: Phrase) -> None:
    """The queen thanked the boy because he was happy: here the gender decides."""
    s.maybe(0.1, TIMES)
    first = s.noun_phrase(("man", "woman"), False)
    _aside(s, 0.12)
    s.verb(VERBS["person"], first.place)
    second = s.noun_phrase(("woman",) if first.kind == "man" else ("man",), False)
    _because(s, first, second, ADJECTIVES["alive"], ADJECTIVES["alive"])


def lie_in(s: Phrase) -> None:
    """The lamp is in the box because it is fragile."""
    first = s.noun_phrase(("thing", "food", "text"), share=0.2)
    s.to_be(first.several, first.place)
    s.say("in")
    second = s.noun_phrase(("container",), _like(s, first))
    _because(s, first, second, _describing(first), _describing(second))


def put_in(s: Phrase) -> None:
    """My brother put the cup in the bag because it was empty."""
    who = s.noun_phrase(("man", "woman"), False)
    s.verb(VERBS["put"], who.place)
    first = s.noun_phrase(("thing", "food", "text"), share=0.2)
    s.say("in")
    second = s.noun_phrase(("container",), _like(s, first))
    _because(s, first, second, _describing(first), _describing(second))


def two_sentences(s: Phrase) -> None:
    """The horse slept on the carpet. It was dirty."""
    first, second = _do(s, s.either("food", "surface"))
    s.say(".")
    _it_was(s, first, second, _describing(first), _describing(second))
    _end(s)


def not_so(s: Phrase) -> None:
    """The pig wanted the soup and it was not hungry."""
    first, second = _do(s, s.either("food", "surface"))
    s.one_of((*CONJUNCTIONS, "and"))
    target, other = s.either((first, second), (second, first))
    it = s.pronoun(target, other)
    s.to_be(target.several, it)
    s.say("not")
    s.describe(_describing(target), target, other)
    _decided(s, it, target, other)
    _end(s)


def pronoun_first(s: Phrase) -> None:
    """Because it was comfortable the cat slept on the sofa."""
    s.one_of(CONJUNCTIONS)
    several = s.number(0.2)
    several = s.either(False, True) if several is None else several
    it = s.one_of(("they" if several else "it",))
    s.to_be(several, it)
    first_is_meant = s.either(True, False)
    kind = s.either("food", "surface")
    adjective = s.one_of(ADJECTIVES["alive"] if first_is_meant else ADJECTIVES[kind])
    first = s.noun_phrase(("animal",), several)
    s.verb(VERBS["food" if kind == "food" else "rest"], first.place, rest="" if kind == "food" else "on")
    second = s.noun_phrase((kind,), several)
    target, other = (first, second) if first_is_meant else (second, first)
    s.links["pronoun"][it] = s.links["adjective"][adjective] = (target.place, other.place)
    s.pair = (first.word, second.word)
    _end(s)


def so_it_did(s: Phrase) -> None:
    """The goat was tired so it lay on the rug."""
    kind = s.either("food", "surface")
    first = s.noun_phrase(("animal",), share=0.2)
    s.to_be(first.several, first.place)
    adjective = s.one_of(ADJECTIVES["alive"])
    s.one_of(("so", "and"))
    it = s.one_of((first.pronoun,))
    s.verb(VERBS["food" if kind == "food" else "rest"], it, rest="" if kind == "food" else "on")
    second = s.noun_phrase((kind,), _like(s, first))
    s.links["pronoun"][it] = s.links["adjective"][adjective] = (first.place, second.place)
    s.pair = (first.word, second.word)
    _end(s)


def so_did_another(s: Phrase) -> None:
    """The bed was soft so the dog slept on it."""
    kind = s.either("food", "surface")
    first = s.noun_phrase((kind,), share=0.2)
    s.to_be(first.several, first.place)
    adjective = s.one_of(ADJECTIVES[kind])
    s.one_of(("so", "and"))
    second = s.noun_phrase(("animal",), _like(s, first))
    s.verb(VERBS["food" if kind == "food" else "rest"], second.place, rest="" if kind == "food" else "on")
    s.pronoun(first, second, "them" if first.several else "it")
    s.links["adjective"][adjective] = (first.place, second.place)
    s.pair = (first.word, second.word)
    _end(s)


def simple(s: Phrase) -> None:
    """The cat sat on the mat."""
    s.maybe(0.1, TIMES)
    kind = s.either("surface", "food", "text", "vehicle", "animal")
    first = s.noun_phrase({"text": PERSONS, "vehicle": ALIVE}.get(kind, ("animal",)))
    s.verb(VERBS["rest" if kind == "surface" else kind], first.place, rest="on" if kind == "surface" else "")
    second = s.noun_phrase((kind,))
    s.pair = (first.word, second.word)
    _aside(s, 0.2)
    _end(s)


# "The dogs in the park are playing": the verb goes with its subject, over what stands between


def be_in(s: Phrase) -> None:
    """The dogs in the park are playing."""
    _be_over(s, further=0)


def be_in_at(s: Phrase) -> None:
    """The keys in the house near the river were lost."""
    _be_over(s, further=1)


def be(s: Phrase) -> None:
    """The story was very long."""
    s.maybe(0.1, TIMES)
    noun = s.noun_phrase((*ALIVE, *_THINGS))
    s.to_be(noun.several, noun.place)
    _state(s, noun)
    _end(s)


def bought(s: Phrase) -> None:
    """The book that I bought yesterday was interesting."""
    s.maybe(0.1, TIMES)
    noun = s.noun_phrase(("text", "text", "food", "vehicle", "thing", "surface"))
    s.say("that")
    if s.sometimes(0.5, ("i", "you", "we")):
        who = s.one_of(("i", "you", "we"))
        s.pair = (noun.word, s.words[who])
    else:
        other = s.noun_phrase(ALIVE, plain=True)
        who = other.place
        s.pair = (noun.word, other.word)
    s.verb(VERBS["get"], who, noun.place)
    s.maybe(0.6, TIMES)
    was = s.to_be(noun.several, noun.place, who)
    s.behaviours["long range"] = was
    _state(s, noun)
    _end(s)


def that_chased(s: Phrase) -> None:
    """The dog that chased the cats was tired."""
    s.maybe(0.1, TIMES)
    first = s.noun_phrase(ALIVE)
    s.say("that")
    s.verb(VERBS["animal"], first.place)
    second = s.noun_phrase(("animal",))
    was = s.to_be(first.several, first.place, second.place)
    _attracted(s, was, first, second)
    _state(s, first)
    _end(s)


def does(s: Phrase) -> None:
    """The singers near the river walk."""
    s.maybe(0.1, TIMES)
    first = s.noun_phrase(ALIVE)
    second = None
    if s.sometimes(0.6, PREPOSITIONS):
        s.one_of(PREPOSITIONS)
        second = s.noun_phrase(("place", "place", "vehicle", "surface", "animal", "man"))
    place = None if second is None else second.place
    alone = [forms[first.several] for forms in PRESENT]
    if s.sometimes(0.6, alone):
        does = s.verb(alone, first.place, place)
    else:
        does = s.verb([forms[first.several] for forms in PRESENT_OF_OBJECTS], first.place, place)
        s.noun_phrase(("food", "thing", "text"))
    if second is not None:
        _attracted(s, does, first, second)
    _end(s)


def in_front(s: Phrase) -> None:
    """In the garden the frogs were singing."""
    s.one_of(PREPOSITIONS)
    second = s.noun_phrase(_PLACES)
    first = s.noun_phrase((*ALIVE, *_THINGS))
    was = s.to_be(first.several, first.place, second.place)
    _attracted(s, was, first, second)
    _state(s, first)
    _end(s)


def there_is(s: Phrase) -> None:
    """There are toys under the bed: the subject comes after its verb."""
    s.say("there")
    _verb_first(s)
    _end(s)


def question(s: Phrase) -> None:
    """Are the children in the garden playing?"""
    _state(s, _verb_first(s))
    s.maybe(0.6, ("?",))


def both(s: Phrase) -> None:
    """The fox in the forest and the hen are sleepy: the nearer or the first, here the first is asked for."""
    first = s.noun_phrase((*ALIVE, *_THINGS))
    _aside(s, 0.4)
    s.say("and")
    second = s.noun_phrase((first.kind,))
    s.to_be(True, first.place)
    _state(s, first)
    s.pair = (first.word, second.word)
    _end(s)


# What several patterns share


def _act(s: Phrase, kinds: Sequence[str], kind: str, first_several: bool | None = None) -> None:
    """Someone does something with something, because ..."""
    s.maybe(0.1, TIMES)
    first = s.noun_phrase(kinds, first_several, share=0.25)
    _aside(s, 0.12)
    s.verb(VERBS[kind], first.place)
    second = s.noun_phrase((kind,), _like(s, first))
    _aside(s, 0.15)
    _because(s, first, second, _describing(first), _describing(second))


def _do(s: Phrase, kind: str) -> tuple[Noun, Noun]:
    """An animal eats something, or rests on it."""
    first = s.noun_phrase(("animal",), share=0.2)
    s.verb(VERBS["food" if kind == "food" else "rest"], first.place, rest="" if kind == "food" else "on")
    return first, s.noun_phrase((kind,), _like(s, first))


def _because(
    s: Phrase,
    first: Noun,
    second: Noun,
    of_first: Sequence[str],
    of_second: Sequence[str],
    degrees: Sequence[str] = DEGREES,
    share: float = 0.25,
) -> None:
    s.maybe(0.1, TIMES)
    s.one_of(CONJUNCTIONS)
    _it_was(s, first, second, of_first, of_second, degrees, share)
    _end(s)


def _it_was(
    s: Phrase,
    first: Noun,
    second: Noun,
    of_first: Sequence[str],
    of_second: Sequence[str],
    degrees: Sequence[str] = DEGREES,
    share: float = 0.25,
) -> None:
    """It was tired: one of the two nouns."""
    target, other, adjectives = s.either((first, second, of_first), (second, first, of_second))
    it = s.pronoun(target, other)
    s.to_be(target.several, it)
    s.maybe(share, degrees)
    adjective = s.describe(adjectives, target, other)
    _decided(s, it, target, other)
    if "pronoun" in s.behaviours:
        s.behaviours["adjective"] = adjective


def _decided(s: Phrase, it: int, target: Noun, other: Noun) -> None:
    """Note whether the pronoun could stand for either noun, so that the adjective alone decides."""
    s.pair = (target.word, other.word)
    if target.pronoun == other.pronoun:
        s.behaviours["pronoun"] = it


def _be_over(s: Phrase, further: int) -> None:
    s.maybe(0.1, TIMES)
    first = s.noun_phrase((*ALIVE, *_THINGS))
    s.one_of(PREPOSITIONS)
    second = s.noun_phrase(("place", "place", "vehicle", "surface", "animal", "man"))
    for _ in range(further):
        s.one_of(PREPOSITIONS)
        s.noun_phrase(("place",))
    was = s.to_be(first.several, first.place, second.place)
    _attracted(s, was, first, second)
    _state(s, first)
    _end(s)


def _verb_first(s: Phrase) -> Noun:
    """Go on with "are the children in the garden": the subject, which comes after its verb."""
    several = s.number(0.5)
    several = s.either(False, True) if several is None else several
    was = s.to_be(several, 0)
    first = s.noun_phrase((*ALIVE, *_THINGS), several)
    s.one_of(PREPOSITIONS)
    second = s.noun_phrase(_PLACES)
    s.links["subject"][was] = (first.place, second.place)
    _attracted(s, was, first, second)
    return first


def _attracted(s: Phrase, verb: int, first: Noun, second: Noun) -> None:
    """Note whether another noun stands there whose number differs from the subject's."""
    s.pair = (first.word, second.word)
    if first.several != second.several:
        s.behaviours["attractor"] = verb


def _state(s: Phrase, noun: Noun) -> None:
    """What somebody is doing, or how something is."""
    adjectives = _describing(noun)
    if s.sometimes(0.2, DEGREES):
        s.one_of(DEGREES)
        s.describe(adjectives, noun)
    elif noun.kind in ALIVE and s.sometimes(0.5, DOING):
        s.one_of(DOING)
    else:
        s.describe(adjectives if noun.kind in ALIVE else (*adjectives, *STATES), noun)


def _describing(noun: Noun) -> tuple[str, ...]:
    return ADJECTIVES["alive" if noun.kind in ALIVE else noun.kind]


def _like(s: Phrase, noun: Noun) -> bool | None:
    """The number of a second noun: that of the first, most of the time."""
    differs = s.number(0.25)
    return None if differs is None else noun.several != differs


def _aside(s: Phrase, share: float) -> None:
    """In the park, and the like."""
    if s.sometimes(share, PREPOSITIONS):
        s.one_of(PREPOSITIONS)
        s.noun_phrase(("place",), False, plain=True)


def _end(s: Phrase) -> None:
    s.maybe(0.5, _ENDS)


PATTERNS: dict[Pattern, float] = {
    rest_on: 3, eat: 2, read: 1.5, drive: 1.5, please: 3, fit: 3, cross: 1.5, chase: 1.5, thank: 1.5,
    lie_in: 1, put_in: 1, two_sentences: 1, not_so: 1, pronoun_first: 1, so_it_did: 1, so_did_another: 1,
    simple: 1.5,
    be_in: 4, be_in_at: 2, be: 1, bought: 3, that_chased: 2, does: 2, in_front: 1, there_is: 1, question: 1,
    both: 1,
}  # fmt: skip
"""Every pattern, and how often it comes."""
