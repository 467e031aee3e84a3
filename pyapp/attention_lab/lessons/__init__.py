"""Labs, one Markdown file each in `content/`: `load_labs()` finds them all."""

from attention_lab.lessons.loader import LabError, load_labs, parse_lab
from attention_lab.lessons.model import Lab, Step

__all__ = ["Lab", "LabError", "Step", "load_labs", "parse_lab"]
