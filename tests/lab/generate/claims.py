"""What says of each state of this lab whether its title is true."""

from attention_lab.labs.generate.lab import Generate


def _written(temperature, seed):
    lab = Generate()
    lab.apply({"step": "write", "temperature": temperature, "seed": seed, "written": 6})
    return lab.so_far


def _always(lab):
    found = {_written(lab.temperature, seed) for seed in range(1, 6)}
    return len(lab.so_far) == 11 and found == {lab.so_far}


CLAIMS = {
    "cold": lambda lab: lab.chances[1].max() > 0.5,
    "tiny": lambda lab: int((lab.chances[1] > 0).sum()) == 1,
    "always": _always,
}
