"""What says of each state of this lab whether its title is true."""

import numpy as np

CLAIMS = {
    "same": lambda lab: float(np.ptp(lab.out, axis=0).max()) < 1e-12,
    "sharp": lambda lab: float(np.abs(lab.out - lab.rows).max()) < 0.15,
    "placed": lambda lab: lab.change > 0.1,
}
