"""Going downhill: the loop with which the small models are trained.

AdamW, the gradient clipped, the learning rate up in a line and down along half a cosine
(Loshchilov and Hutter 2019, algorithm 2; Loshchilov and Hutter 2017, section 3, eq. 5)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from attention.layers import Gradients, Layer
from attention.optim import Adam, clip_gradients
from attention.train.recipe import Progress

__all__ = ["descend", "rate_of"]

WARMUP, LAST = 200, 0.02
DECAY, MAX_NORM = 0.05, 1.0


def rate_of(step: int, steps: int, highest: float) -> float:
    """Return the learning rate of a step, counted from 0.

        lr = highest * min(1, (step + 1) / rise) * (last + (1 - last) (1 + cos(pi step / steps)) / 2)
        (Loshchilov and Hutter 2017, section 3, eq. 5; the rise: Vaswani et al. 2017, section 5.3)

    It rises for a tenth of the steps, at most 200.

    >>> [round(rate_of(step, 1000, 0.01), 4) for step in (0, 49, 99, 500, 1000)]
    [0.0001, 0.005, 0.0098, 0.0051, 0.0002]
    """
    down = LAST + (1 - LAST) * (1 + math.cos(math.pi * step / steps)) / 2
    return highest * min(1.0, (step + 1) / min(WARMUP, steps / 10)) * down


def descend(
    model: Layer,
    gradients: Callable[[], tuple[float, Gradients]],
    steps: int,
    highest: float = 3e-3,
) -> Iterator[Progress]:
    """Take steps downhill, and tell the loss before each of them.

        theta = theta - lr * (Adam's direction + 0.05 theta)   (Loshchilov and Hutter 2019, algorithm 2)

    Args:
        model: what learns; its weights change in place.
        gradients: draws a batch, and returns its loss and the gradients of the model's weights.
        steps: how many.
        highest: the highest learning rate.
    """
    adam = Adam(model.parameters(), highest, eps=1e-8, weight_decay=DECAY)
    for step in range(steps):
        loss, found = gradients()
        adam.lr = rate_of(step, steps, highest)
        adam.step(clip_gradients(found.parameters, MAX_NORM))
        yield Progress(step + 1, loss)
