"""What says of each state of this lab whether its title is true."""

from attention_lab.labs.heads.census import job_of, right_answers, total
from attention_lab.labs.heads.lab import Heads


def _narrow(lab):
    facts = {name: fact.value for name, fact in lab.scene().look[1]().facts.items()}
    whole = Heads()
    whole.apply({"step": "price", "many": 1, "wide": 512})
    one = {name: fact.value for name, fact in whole.scene().look[1]().facts.items()}
    return lab.many == 64 and facts["parameters"] == one["parameters"] == 4 * 512 * 512


def _previous_lost(lab):
    if not lab.ablated:
        return False
    whole, without = (right_answers("reader", lab.last + 1, spot) for spot in (None, lab.spot))
    gone = {kind for kind, (right, __) in without.items() if right < whole[kind][0]}
    return (
        gone == {"previous"}
        and without["previous"][0] == 0
        and job_of(lab.census[lab.spot], 0.5) == "previous"
    )


def _unmissed(lab):
    right, asked = total(right_answers("reader", lab.last + 1, lab.spot if lab.ablated else None))
    return lab.ablated and right == asked


CLAIMS = {
    "narrow": _narrow,
    "previous": _previous_lost,
    "unmissed": _unmissed,
    "untrained": lambda lab: not any(job_of(each, lab.least) for each in lab.census.values()),
}
