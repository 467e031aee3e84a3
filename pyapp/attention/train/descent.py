"""Going downhill: the loop with which the small models are trained.

AdamW, the gradient clipped, the learning rate up in a line and down along half a cosine
(Loshchilov and Hutter 2019, algorithm 2; Loshchilov and Hutter 2017, section 3, eq. 5)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from attention.layers import Gradients
from attention.optim import Adam, clip_gradients
from attention.train.recipe import Progress

__all__ = ["DECAY", "HIGHEST", "descend", "rate_of"]

WARMUP, LAST = 200, 0.02
HIGHEST, DECAY, MAX_NORM = 3e-3, 0.05, 1.0


def rate_of(step: int, steps: int, highest: float, warmup: int | None = None) -> float:
    """Return the learning rate of a step, counted from 0.

        lr = highest * min(1, (step + 1) / warmup) * (last + (1 - last) (1 + cos(pi step / steps)) / 2)
        (Loshchilov and Hutter 2017, section 3, eq. 5; the warm-up: Vaswani et al. 2017, section 5.3)

    It rises for `warmup` steps: unless given a tenth of all, at most 200.

    >>> [round(rate_of(step, 1000, 0.01), 4) for step in (0, 49, 99, 500, 1000)]
    [0.0001, 0.005, 0.0098, 0.0051, 0.0002]
    """
    rise = min(WARMUP, steps / 10) if warmup is None else warmup
    down = LAST + (1 - LAST) * (1 + math.cos(math.pi * step / steps)) / 2
    return highest * min(1.0, (step + 1) / rise) * down


def descend(
    adam: Adam, gradients: Callable[[], tuple[float, Gradients]], steps: int, warmup: int | None = None
) -> Iterator[Progress]:
    """Take steps downhill, and tell the loss before each of them.

        theta = theta - lr * (Adam's direction + decay * theta)   (Loshchilov and Hutter 2019, algorithm 2)

    Args:
        adam: has the weights that learn, in place, and the highest learning rate.
        gradients: draws a batch, and returns its loss and the gradients of the model's weights.
        steps: how many.
        warmup: as for `rate_of`.
    """
    highest = adam.lr
    for step in range(steps):
        loss, found = gradients()
        adam.lr = rate_of(step, steps, highest, warmup)
        adam.step(clip_gradients(found.parameters, MAX_NORM))
        yield Progress(step + 1, loss)
