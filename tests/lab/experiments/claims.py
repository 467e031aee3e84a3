"""What says of each state of this lab whether its title is true."""

from attention_lab.labs.experiments.bench import Bench


def _answers(lab):
    run = Bench(lab).run
    return lab.examined, *run.answers


CLAIMS = {
    "follows": lambda lab: _answers(lab) == ("reader", "cat", "mat"),
    "stays": lambda lab: bool(lab.changes) and _answers(lab) == ("ordinary", "cat", "cat"),
    "park": lambda lab: _answers(lab) == ("reader", "dogs", "park"),
    "everywhere": lambda lab: lab.scope == "all" and _answers(lab) == ("ordinary", "book", "book"),
}
