"""What says of each state of this lab whether its title is true."""

from attention_lab.labs.block.stream import length
from tests.lab.helpers import blocks


def _shorter(lab):
    start, *after = (float(each) for each in blocks(lab)["Bars"]["after"])
    assert start == length(lab.drawn[0])
    return not lab.residual and all(each < start for each in after)


def _alike(lab):
    return lab.norm == "none" and all(lab._alike(around)[-1] > 0.99 for around in (True, False))


def _sure(lab):
    trained, without = (float(fact["text"].split(", ")[1]) for fact in blocks(lab)["Facts"]["facts"][:2])
    return trained < 0.1 and without > 0.9


def _most(lab):
    return 4 * lab.d_model**2 > 2 * lab.ratio * lab.d_model**2


CLAIMS = {"replaced": _shorter, "alike": _alike, "sure": _sure, "narrow": _most}
