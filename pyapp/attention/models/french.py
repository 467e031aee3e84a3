"""The English and French words that the translator knows, with their forms.

Each noun has a gender in French and none in English; each adjective agrees with it, and stands before or
after it.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = [
    "ADJECTIVES",
    "DETERMINERS",
    "ELIDED",
    "GREETINGS",
    "NOUNS",
    "PRONOUNS",
    "VERBS",
    "Adjective",
    "Determiner",
    "Noun",
    "Verb",
    "english_words",
    "french_words",
]


class Noun(NamedTuple):
    """A noun in both languages and both numbers."""

    one: str
    several: str
    french_one: str
    french_several: str
    feminine: bool


class Adjective(NamedTuple):
    """An adjective; French has four forms of it, some of them alike."""

    english: str
    masculine: str
    feminine: str
    after: bool  # whether it comes after its noun in French

    def form(self, feminine: bool, several: bool) -> str:
        """Return the form that agrees."""
        return _several(self.feminine if feminine else self.masculine, several)


class Determiner(NamedTuple):
    """What opens a noun phrase."""

    one: str
    several: str | None  # None: it has no plural here
    masculine: str
    feminine: str
    french_several: str | None


class Verb(NamedTuple):
    """A verb in the present, as it agrees with its subject."""

    base: str  # i, they
    third: str  # he, she, it
    french_first: str  # je
    french_third: str  # il, elle
    french_several: str  # ils


def _several(french: str, several: bool = True) -> str:
    return french if not several or french[-1] in "sx" else french + "s"


def _noun(english: str, french: str, plural: str | None = None, french_plural: str | None = None) -> Noun:
    """Read a noun whose gender is written before it: "la voiture"."""
    article, word = french.split()
    several = plural or f"{english}s"
    return Noun(english, several, word, french_plural or _several(word), feminine=article == "la")


NOUNS: tuple[Noun, ...] = (
    _noun("car", "la voiture"), _noun("cat", "le chat"), _noun("dog", "le chien"),
    _noun("house", "la maison"), _noun("book", "le livre"), _noun("table", "la table"),
    _noun("flower", "la fleur"), _noun("bird", "le oiseau", french_plural="oiseaux"),
    _noun("apple", "la pomme"), _noun("boy", "le garçon"), _noun("girl", "la fille"),
    _noun("king", "le roi"), _noun("queen", "la reine"), _noun("hat", "le chapeau", None, "chapeaux"),
    _noun("dress", "la robe", "dresses"), _noun("door", "la porte"), _noun("garden", "le jardin"),
    _noun("train", "le train"), _noun("boat", "le bateau", None, "bateaux"),
    _noun("horse", "le cheval", None, "chevaux"), _noun("duck", "le canard"),
    _noun("mouse", "la souris", "mice"), _noun("chair", "la chaise"), _noun("key", "la clé"),
    _noun("ball", "la balle"), _noun("letter", "la lettre"), _noun("bag", "le sac"),
    _noun("bread", "le pain"), _noun("cheese", "le fromage"), _noun("town", "la ville"),
    _noun("moon", "la lune"), _noun("world", "le monde"),
)  # fmt: skip

ADJECTIVES: tuple[Adjective, ...] = (
    Adjective("red", "rouge", "rouge", after=True),
    Adjective("green", "vert", "verte", after=True),
    Adjective("black", "noir", "noire", after=True),
    Adjective("blue", "bleu", "bleue", after=True),
    Adjective("white", "blanc", "blanche", after=True),
    Adjective("yellow", "jaune", "jaune", after=True),
    Adjective("round", "rond", "ronde", after=True),
    Adjective("fast", "rapide", "rapide", after=True),
    Adjective("french", "français", "française", after=True),
    Adjective("clean", "propre", "propre", after=True),
    Adjective("big", "grand", "grande", after=False),
    Adjective("small", "petit", "petite", after=False),
    Adjective("young", "jeune", "jeune", after=False),
    Adjective("good", "bon", "bonne", after=False),
    Adjective("pretty", "joli", "jolie", after=False),
    Adjective("bad", "mauvais", "mauvaise", after=False),
)

DETERMINERS: tuple[Determiner, ...] = (
    Determiner("the", "the", "le", "la", "les"),
    Determiner("a", None, "un", "une", None),
    Determiner("my", "my", "mon", "ma", "mes"),
    Determiner("this", "these", "ce", "cette", "ces"),
)

VERBS: tuple[Verb, ...] = (
    Verb("see", "sees", "vois", "voit", "voient"),
    Verb("like", "likes", "aime", "aime", "aiment"),
    Verb("eat", "eats", "mange", "mange", "mangent"),
    Verb("want", "wants", "veux", "veut", "veulent"),
    Verb("buy", "buys", "achète", "achète", "achètent"),
    Verb("take", "takes", "prends", "prend", "prennent"),
    Verb("find", "finds", "trouve", "trouve", "trouvent"),
)

PRONOUNS: dict[str, str] = {"i": "je", "he": "il", "she": "elle", "they": "ils"}
GREETINGS: dict[str, tuple[str, ...]] = {
    "hello": ("bonjour",),
    "goodbye": ("au", "revoir"),
    "thanks": ("merci",),
}

ELIDED = {"le": "l'", "la": "l'", "ma": "mon", "ce": "cet", "je": "j'"}
"""What becomes of these words before a vowel."""


def english_words() -> tuple[str, ...]:
    """Return every English word that the grammar has, in the order of the alphabet."""
    words = {*PRONOUNS, *GREETINGS, "an"}
    words |= {form for noun in NOUNS for form in (noun.one, noun.several)}
    words |= {adjective.english for adjective in ADJECTIVES}
    words |= {form for each in DETERMINERS for form in (each.one, each.several) if form}
    words |= {form for verb in VERBS for form in (verb.base, verb.third)}
    return tuple(sorted(words))


def french_words() -> tuple[str, ...]:
    """Return every French word that the grammar has, in the order of the alphabet."""
    words = {*PRONOUNS.values(), *(word for said in GREETINGS.values() for word in said), *ELIDED.values()}
    words |= {form for noun in NOUNS for form in (noun.french_one, noun.french_several)}
    words |= {
        adjective.form(feminine, several)
        for adjective in ADJECTIVES
        for feminine in (False, True)
        for several in (False, True)
    }
    words |= {form for each in DETERMINERS for form in each[2:] if form}
    words |= {form for verb in VERBS for form in verb[2:]}
    return tuple(sorted(words))
