"""Everyday words that the small models never met, each with what they read in its place: a kind, or a word.

No model was trained on these words. Where a sentence has one, the models read its kind, `<animal>` for a
zebra, or a word of the same use that they know, "plays" for "dances": the answer is what it is for those.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from attention.models.words import WORDS, kind_token, plural

__all__ = ["EVERYDAY"]

_NOUNS = """
animal: zebra giraffe camel donkey sheep lamb deer hamster squirrel hedgehog turtle tortoise crocodile
  lizard whale dolphin shark fish penguin owl eagle parrot crow pigeon swan goose turkey chicken rooster
  butterfly bee ant spider beetle worm crab octopus seal otter beaver badger mole bat gorilla ape panda
  koala kangaroo leopard cheetah buffalo ox bull calf foal piglet dragon unicorn dinosaur insect pet
man: gentleman husband grandson nephew son guy lad waiter actor emperor sir hero policeman fireman
woman: lady wife daughter niece granddaughter waitress actress empress madam heroine policewoman mum mom
person: neighbour neighbor cook chef pilot sailor soldier painter writer author artist dancer lawyer
  judge engineer scientist professor pupil boss manager worker builder plumber carpenter baker butcher
  tailor guest visitor customer client dentist surgeon president mayor captain coach player runner
  winner thief stranger twin cousin teenager adult kid toddler parent human guard guide journalist
  librarian musician magician clown programmer postman barber hunter fisherman gardener colleague
  partner
surface: mattress quilt towel duvet armchair stool futon cot cradle lawn hay
container: chest crate trunk case purse wallet handbag sack pouch envelope cupboard wardrobe cabinet
  shelf bottle bin barrel tank bowl pot pan tin can closet locker
thing: table desk clock mirror picture painting radio television computer laptop tablet keyboard screen
  printer pen pencil brush comb spoon fork plate glass mug candle rope ladder hammer nail screw drill
  shovel spade broom tool machine engine robot doll kite drum piano violin flute trumpet ring necklace
  coat jacket shirt dress skirt sock shoe boot glove scarf belt tie stone rock stick flower tree leaf
  branch flag coin ticket stamp medal sword helmet tent lock bell whistle balloon puzzle sculpture
  telescope microscope calculator battery cable lens magnet window door curtain
food: bread cheese butter egg rice pasta noodle meat beef ham bacon sausage steak stew salad tomato
  onion pepper cucumber lettuce pumpkin bean pea mushroom pear plum cherry grape lemon orange melon
  strawberry berry nut pie pancake waffle biscuit chocolate candy yogurt jam honey sauce curry omelette
  toast cereal porridge snack meal breakfast lunch dinner dessert taco burrito dumpling juice milk tea
  coffee
text: novel essay article newspaper journal diary note message email postcard script speech recipe
  manual dictionary textbook chapter page paragraph comic cartoon documentary series show lecture opera
  tune symphony album joke riddle legend fable fairytale review blog paper thesis contract map
place: town road path lane bridge square market shop store supermarket mall bank office factory farm
  barn stable hospital hotel restaurant cafe bar theatre theater cinema museum gallery palace castle
  tower temple mosque cathedral stadium gym pool playground zoo airport harbour port mountain hill
  valley desert island lake sea ocean coast jungle cave room bathroom bedroom hall cellar attic balcony
  yard university college classroom laboratory country kingdom planet world
vehicle: van lorry tractor motorbike motorcycle scooter bicycle tram subway ship ferry yacht canoe kayak
  raft helicopter jet rocket spaceship ambulance wagon carriage sledge sleigh jeep limousine
"""
"""Nouns in the singular, by their kind."""

_IRREGULAR = {
    "sheep": "sheep", "deer": "deer", "fish": "fish", "goose": "geese", "ox": "oxen", "calf": "calves",
    "gentleman": "gentlemen", "policeman": "policemen", "fireman": "firemen", "postman": "postmen",
    "policewoman": "policewomen", "wife": "wives", "thief": "thieves", "fisherman": "fishermen",
    "shelf": "shelves", "leaf": "leaves", "scarf": "scarves", "tomato": "tomatoes", "hero": "heroes",
    "series": "series", "thesis": "theses",
}  # fmt: skip
_WITHOUT_PLURAL = (
    "bacon beef bread butter coffee ham hay honey jam juice lettuce meat milk pasta porridge rice tea toast"
)

_OTHERS = """
<feeling>: proud brave afraid worried calm cheerful jealous lonely shy polite rude kind cruel clever
  smart stupid wise foolish ill sick healthy strong weak busy free grumpy upset furious confused
  surprised grateful generous honest patient impatient stubborn friendly exhausted anxious ashamed
  bitter eager envious guilty hopeful
<quality>: hard smooth rough sharp wet dry hot cold warm cool bright dark light heavy loud noisy sour
  spicy rotten ripe raw stale frozen pretty ugly safe dangerous modern ancient round flat deep shallow
  thick thin colourful colorful exciting amazing terrible awful wonderful strange normal easy difficult
  simple useful useless valuable precious perfect damaged torn rusty dusty muddy
<did>: built made painted repaired opened closed carried pushed pulled threw caught dropped kicked hit
  broke cut washed cleaned cooked baked drank tried used took gave sent brought showed taught told asked
  answered invited visited married hugged kissed kept hid left chose ordered paid collected counted drew
  wrote sang heard noticed remembered forgot understood hated missed needed preferred admired feared bit
  licked fed rode parked hired borrowed shared
plays: dances swims jumps laughs cries talks speaks works rests smiles sits stands falls flies travels
  shouts barks dreams
play: dance swim jump laugh cry talk speak work rest smile sit stand fall fly travel shout bark dream
playing: dancing swimming jumping laughing crying talking speaking working resting smiling sitting
  standing flying travelling reading writing cooking
likes: loves hates needs has knows takes makes buys finds carries uses
like: love hate need have know take make buy find carry use
red: purple pink yellow golden silver grey gray huge enormous giant lovely poor rich good bad great wild
  wooden
near: above below over around inside outside between through across by at
yesterday: tomorrow tonight now then once again always never sometimes often soon later already
very: quite rather extremely terribly almost just
my: his her your their its
because: while when although
"""
"""Other words, by what is read in their place."""


def _rows(table: str) -> Iterator[tuple[str, list[str]]]:
    """Read `kind: word word`, with further words on lines that start with a blank."""
    for row in table.strip().replace("\n ", " ").splitlines():
        name, _, words = row.partition(": ")
        yield name, words.split()


def _everyday() -> dict[str, str]:
    found: dict[str, str] = {}
    for kind, nouns in _rows(_NOUNS):
        for noun in nouns:
            found.setdefault(noun, kind_token(kind, several=False))
            if noun not in _WITHOUT_PLURAL.split():
                found.setdefault(_IRREGULAR.get(noun, plural(noun)), kind_token(kind, several=True))
    for read_as, words in _rows(_OTHERS):
        for word in words:
            found.setdefault(word, read_as)
    known = frozenset(WORDS)
    return {word: read_as for word, read_as in found.items() if word not in known}


EVERYDAY: Mapping[str, str] = MappingProxyType(_everyday())
"""An everyday word -> the kind or the word that the small models read in its place."""
