"""What says of each state of this lab whether its title is true."""

from attention_lab.labs.block.stream import alikeness, length
from tests.lab.helpers import blocks


def _shorter(lab):
    start, *after = (float(each) for each in blocks(lab)["Bars"]["after"])
    assert start == length(lab.drawn[0])
    return not lab.residual and all(each < start for each in after)


def _alike(lab):
    after = [rows[2 * lab.depth] for rows in lab.with_and_without.values()]
    return lab.norm == "none" and len(after) == 2 and all(alikeness(rows) > 0.99 for rows in after)


def _sure(lab):
    trained, without = (float(fact["text"].split(", ")[1]) for fact in blocks(lab)["Facts"]["facts"][:2])
    return trained < 0.1 and without > 0.9


def _most(lab):
    return 4 * lab.d_model**2 > 2 * lab.ratio * lab.d_model**2


CLAIMS = {"replaced": _shorter, "alike": _alike, "sure": _sure, "narrow": _most}
