"""Sentences of many kinds, to compare two forms of one model on: 40 by hand, others made of them."""

from __future__ import annotations

import random

BY_HAND = """
The cat sat on the mat because it was tired.
The cat sat on the mat because it was soft.
The dogs in the park are playing
The book that I bought yesterday was interesting
Attention is all you need.
Who wrote the letter that was found under the old bridge?
I don't think that she'll be here before half past nine, do you?
In 1969, two people walked on the moon for the first time.
When the rain stopped, the children ran into the garden and shouted.
He said "no", then "maybe", and in the end he came with us anyway.
The trophy does not fit into the suitcase because it is too large.
Photosynthesis turns light, water and carbon dioxide into sugar and oxygen.
My grandmother's recipe needs three eggs, a cup of milk and a lot of patience.
Could you please close the window?
The committee that the mayor had appointed last spring resigned on Tuesday.
Never have I seen such a beautiful sunset over the harbour.
She sells sea shells by the sea shore.
If it snows tomorrow, all schools in the valley will stay closed.
The results were significant (p < 0.05), but the sample was small.
To be, or not to be, that is the question.
The bank raised its interest rates; the bank of the river was flooded.
Time flies like an arrow; fruit flies like a banana.
Neither the teacher nor the students knew the answer.
A small brown dog chased a very large grey cat up the tallest tree.
Please send the invoice to accounting@example.org by Friday.
The unbelievable spotlight overwhelmed the understudy.
Her brother, who lives in Lisbon, plays the cello in an orchestra.
What the lawyer asked surprised everyone except the witness.
Les enfants jouent dans le jardin.
Der Hund schläft unter dem Tisch, weil er müde ist.
We hold these truths to be self-evident, that all men are created equal.
The keys to the cabinet are on the table.
The old man the boats.
Stop!
Water boils at 100 degrees and freezes at 0.
The nurse told the doctor that she had already called the family.
Because the road was icy, the bus drove slowly and arrived late.
It was the best of times, it was the worst of times.
Mathematicians proved the theorem, but nobody could explain it to the press.
As soon as the train left the station, he realised that his bag was still on the platform.
""".strip().splitlines()

JOINS = (" Then ", " And yet: ", " Nevertheless, ", " By the way, ", " ")


def sentences(n: int) -> list[str]:
    """The 40, and after them pairs of halves: the same ones each time."""
    draw, found = random.Random(7), list(BY_HAND)
    while len(found) < n:
        first, second = (draw.choice(BY_HAND).split() for _ in range(2))
        cut, start = draw.randint(1, len(first)), draw.randint(0, len(second) - 1)
        found.append(" ".join(first[:cut]) + draw.choice(JOINS) + " ".join(second[start:]))
    return found[:n]
