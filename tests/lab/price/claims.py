"""What says of each state of this lab whether its title is true."""

from attention import PUBLISHED_MODELS, model_parameters
from attention_lab.labs.price.counted import compared, held_bytes, reached
from attention_lab.labs.price.lab import cache_bytes


def _a_thousandth(lab):
    whole, blocks = (held_bytes(lab.n, 512, lab.heads, block) for block in (None, lab.block))
    return whole > 1000 * blocks


def _doubled(lab):
    words = [
        sum(at == 0 for at, __ in reached(lab.kind, layer, lab.circle, 12, lab.kernel)) for layer in (1, 2, 3)
    ]
    return words == [2, 4, 8]


def _hundredfold(lab):
    rows = compared(lab.n, lab.d_model, lab.kernel)
    return rows["attention"][0] > 100 * rows["convolution"][0]


def _outweighed(lab):
    shape = PUBLISHED_MODELS[lab.model]
    return cache_bytes(shape, lab.n, lab.bytes_each) > model_parameters(shape) * lab.bytes_each


CLAIMS = {
    "blocks": _a_thousandth,
    "doubled": _doubled,
    "hundredfold": _hundredfold,
    "outweighed": _outweighed,
}
