"""What says of each state of this lab whether its title is true."""

from tests.lab.helpers import make_lab


def _sharpness(lab):
    return float(lab.moments[0].weights.max(axis=-1).mean())


def _sharp(lab):
    return lab.now == 0 and _sharpness(lab) > 0.8 > 0.6 > _sharpness(make_lab("learn", seed=lab.seed))


CLAIMS = {
    "sharp": _sharp,
    "untaught": lambda lab: (lab.now, lab.trial) == (0, "swap") and max(lab.shares()) < 0.25,
}
