"""The hand-built lexicon: about 220 English words, each described by 16 small numbers.

The numbers are choices, made so that you can check them by hand; nothing was learned from data. 2 means very
much so, 1 somewhat, 0 not a matter, and a negative number the opposite: a book is an `animal` of -1
(lifeless), *small* is a `size` of -2, *tired* is an `action` of -1 (a state). A table of fewer columns takes
the first ones, so the order of `FEATURES` runs from what every sentence needs to what few do.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["FEATURES", "LEXICON"]

FEATURES: tuple[str, ...] = (
    "animal",  # 2 an animal, 1 a person or what the living do, -1 lifeless
    "place",  # 2 a place, 1 says where, -1 says when
    "action",  # 2 a deed, 1 can act, -1 a state
    "function",  # 2 ties words together, 1 points at a word
    "thing",
    "quality",
    "person",
    "time",  # 2 a time, 1 lasts
    "motion",
    "feeling",  # 2 pleasant, -2 unpleasant
    "plural",  # 2 many, -1 one
    "past",  # 2 over, -1 to come
    "mind",  # 2 thinks or speaks
    "food",
    "size",  # 2 big, -2 small
    "negation",
)

_ROWS = """
the: function 1
a: function 1, plural -1
an: function 1, plural -1
this: function 1, place 1, plural -1
that: function 2, place 1, plural -1
these: function 1, place 1, plural 2
those: function 2, place 1, plural 2
my: function 1, person 2, animal 1
your: function 1, person 1, animal 1
his: function 1, person 2, animal 1, plural -1
her: function 1, person 2, animal 1, plural -1
its: function 1, animal 1, thing 1, plural -1
our: function 1, person 2, animal 1, plural 2
their: function 1, person 1, animal 1, plural 1
i: function 1, animal 1, person 2, mind 1, plural -1
you: function 1, animal 1, person 2, mind 1
he: function 1, animal 1, action 1, person 2, plural -1
she: function 1, animal 1, action 1, person 2, plural -1
it: function 1, animal 1, thing 1, plural -1
we: function 1, animal 1, person 2, mind 1, plural 2
they: function 1, animal 1, action 1, person 1, plural 2
me: function 1, animal 1, person 2, plural -1
him: function 1, animal 1, person 2, plural -1
them: function 1, animal 1, person 1, plural 2
who: function 2, animal 1, person 2
what: function 2, animal -1, thing 2
which: function 2, thing 1
where: function 2, place 2
when: function 2, place -1, time 2
why: function 2, action 1, mind 1
how: function 2, action 1, quality 1
and: function 2, plural 1
or: function 2, negation 1
but: function 2, negation 1, mind 1
because: function 2, action 1, mind 1
if: function 2, mind 1, negation 1
so: function 2, mind 1
as: function 2, quality 1
than: function 2, size 1
on: place 1, function 2
in: place 2, function 2
at: place 2, function 1
under: place 1, function 2, size -1
over: place 1, function 2, size 1
near: place 2, function 1, quality 1
to: place 1, action 1, function 2, motion 1
from: place 1, action 1, function 2, motion -1
into: place 2, action 1, function 2, motion 1
down: place 1, action 1, function 1, motion 1, size -1
up: place 1, action 1, function 1, motion 1, size 1
across: place 1, action 1, function 2, motion 2
through: place 2, action 1, function 2, motion 2
with: animal 1, function 2
without: animal 1, function 2, negation 2
about: function 2, mind 2
of: function 2, thing 1
for: function 2, feeling 1
by: place 1, function 1, action 1
here: place 2, function 1, size -1
there: place 2, function 1, size 1
not: action -1, function 1, negation 2
no: action -1, function 1, negation 2, plural -1
never: place -1, action -1, function 1, time 1, negation 2
didn't: action 1, function 1, past 2, negation 2
don't: action 1, function 1, negation 2
doesn't: action 1, function 1, plural -1, negation 2
isn't: action -1, function 1, plural -1, negation 2
wasn't: action -1, function 1, past 2, negation 2
can't: action 1, function 2, mind 1, negation 2
is: action -1, function 1, plural -1
are: action -1, function 1, plural 2
am: action -1, function 1, person 1
was: action -1, function 1, past 2, plural -1
were: action -1, function 1, past 2, plural 2
be: action -1, function 1
been: action -1, function 1, past 2
has: action 1, function 1, plural -1
have: action 1, function 1
had: action 1, function 1, past 2
do: action 2, function 1
does: action 2, function 1, plural -1
did: action 2, function 1, past 2
will: action 1, function 1, past -1
can: action 1, function 1, mind 1
very: action -1, function 1, quality 1, size 1
too: action -1, function 2, quality 1, size 2
cat: animal 2, action 1, size -1
cats: animal 2, action 1, size -1, plural 2
dog: animal 2, action 1, motion 1
dogs: animal 2, action 1, motion 1, plural 2
kitten: animal 2, action 1, size -2
puppy: animal 2, action 1, size -2, motion 1
animal: animal 2
animals: animal 2, plural 2
bird: animal 2, action 1, motion 2, size -2
birds: animal 2, action 1, motion 2, size -2, plural 2
fish: animal 2, motion 1, food 1
horse: animal 2, action 1, motion 2, size 2
mouse: animal 2, action 1, size -2
fox: animal 2, action 1, motion 1, quality 1
man: animal 1, action 1, person 2
woman: animal 1, action 1, person 2, quality 1
boy: animal 1, action 1, person 2, size -1
girl: animal 1, action 1, person 2, size -1, quality 1
child: animal 1, action 1, person 2, size -2
children: animal 1, action 1, person 2, size -2, plural 2
people: animal 1, action 1, person 2, plural 2
friend: animal 1, action 1, person 2, feeling 2
teacher: animal 1, action 1, person 2, mind 2
student: animal 1, action 1, person 2, mind 1
king: animal 1, action 1, person 2, size 1
queen: animal 1, action 1, person 2, size 1, quality 1
mat: place 2, thing 1
rug: place 2, thing 1, quality 1
bed: place 2, thing 1, feeling 1, size 1
chair: place 2, thing 2
sofa: place 2, thing 2, feeling 1
table: place 2, thing 2, food 1
park: place 2, feeling 1, size 2
street: place 2, motion 1, size 1
road: place 2, motion 2, size 1
house: place 2, thing 1, person 1, size 2
home: place 2, person 1, feeling 2
room: place 2, person 1, size 1
school: place 2, mind 2, size 1
garden: place 2, food 1, feeling 1, size 1
city: place 2, person 1, size 2
river: place 2, motion 1, size 2
hill: place 2, size 2
roof: place 2, thing 1, size 1
bank: place 2, thing 1, quality -1
world: place 2, plural 1, size 2, quality 1
car: animal -1, action 1, thing 2, motion 2, size 1
bus: animal -1, action 1, thing 2, motion 2, size 2
ball: animal -1, action 1, thing 2, motion 1, size -1
book: animal -1, thing 2, mind 2
books: animal -1, thing 2, mind 2, plural 2
box: animal -1, place 1, thing 2
door: animal -1, place 1, thing 2, motion 1
key: animal -1, thing 2, size -1
tree: animal -1, place 1, thing 1, size 2
computer: animal -1, action 1, thing 2, mind 1
word: animal -1, thing 1, mind 2
words: animal -1, thing 1, mind 2, plural 2
sentence: animal -1, thing 1, mind 2, size 1
food: animal -1, thing 1, food 2
apple: animal -1, thing 1, food 2, size -1
bread: animal -1, thing 1, food 2, quality 1
milk: animal -1, thing 1, food 2, motion 1
water: animal -1, place 1, thing 1, food 1, motion 1
sat: place 1, action 2, past 2
sit: place 1, action 2
sits: place 1, action 2, plural -1
sitting: place 1, action 2, time 1
sleep: animal 1, action 1, time 1, feeling 1
sleeps: animal 1, action 1, time 1, feeling 1, plural -1
sleeping: animal 1, action 1, time 2, feeling 1
slept: animal 1, action 1, time 1, feeling 1, past 2
lives: animal 1, place 1, action 1, time 1, plural -1
run: action 2, motion 2
runs: action 2, motion 2, plural -1
running: action 2, motion 2, time 1
ran: action 2, motion 2, past 2
walk: action 2, motion 1
walked: action 2, motion 1, past 2
jumps: action 2, motion 2, size 1, plural -1
drives: place 1, action 2, motion 2, plural -1
driving: place 1, action 2, motion 2, time 1
cross: place 1, action 2, motion 1
crossed: place 1, action 2, motion 1, past 2
play: animal 1, action 2, feeling 2
playing: animal 1, action 2, feeling 2, time 1
eat: animal 1, action 2, food 2
eats: animal 1, action 2, food 2, plural -1
ate: animal 1, action 2, food 2, past 2
chased: animal 1, action 2, motion 2, past 2
saw: animal 1, action 1, mind 1, past 2
see: animal 1, action 1, mind 1
read: action 2, mind 2
bought: animal -1, action 2, thing 1, past 2
made: animal -1, action 2, thing 2, past 2
gave: animal 1, action 2, thing 1, past 2
said: animal 1, action 2, mind 2, past 2
think: animal 1, action 1, mind 2
know: animal 1, action 1, mind 2, time 1
love: animal 1, action 1, feeling 2, mind 1
loves: animal 1, action 1, feeling 2, mind 1, plural -1
like: animal 1, action 1, feeling 1
hello: animal 1, action 1, function 1, mind 2, feeling 1
tired: animal 1, action -1, quality 2, feeling -1
hungry: animal 1, action -1, quality 2, feeling -1, food 2
happy: animal 1, action -1, quality 2, feeling 2
sad: animal 1, action -1, quality 2, feeling -2
soft: place 1, action -1, quality 2, feeling 1
warm: place 1, action -1, quality 2, feeling 2
cold: place 1, action -1, quality 2, feeling -2
wide: place 1, action -1, quality 2, size 2
big: action -1, quality 2, size 2
small: action -1, quality 2, size -2
red: animal -1, action -1, quality 2
blue: animal -1, action -1, quality 2, feeling -1
green: animal -1, action -1, quality 2, place 1
old: action -1, quality 2, time 2
new: action -1, quality 2, time -2
good: action -1, quality 2, feeling 2
bad: action -1, quality 2, feeling -2
quick: action 1, quality 2, motion 2
lazy: animal 1, action -2, quality 2, feeling -1
brown: animal -1, action -1, quality 2, size -1
interesting: animal -1, action -1, quality 2, mind 2, feeling 2
yesterday: place -1, time 2, past 2
today: place -1, time 2
tomorrow: place -1, time 2, past -1
now: place -1, function 1, time 2
then: place -1, function 1, time 2, past 1
day: place -1, time 2, size 1
night: place -1, time 2, feeling -1
one: function 1, quality 1, plural -1
two: function 1, quality 1, plural 2
"""


def _parse(rows: str) -> dict[str, tuple[int, ...]]:
    """Read `word: feature value, feature value`; a feature or word that is misspelt or doubled fails here."""
    lexicon: dict[str, tuple[int, ...]] = {}
    for line in rows.strip().splitlines():
        word, description = line.split(": ")
        pairs = [part.rsplit(" ", 1) for part in description.split(", ")]
        values = {FEATURES.index(feature): int(value) for feature, value in pairs}
        if word in lexicon or len(values) != len(pairs):
            raise ValueError(f"the lexicon has {word!r} or one of its features twice")
        lexicon[word] = tuple(values.get(column, 0) for column in range(len(FEATURES)))
    return lexicon


LEXICON: Mapping[str, tuple[int, ...]] = MappingProxyType(_parse(_ROWS))
"""Word, case folded -> one number for each of `FEATURES`."""
