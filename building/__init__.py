"""What build.py calls, one concern a file."""

import sys
from pathlib import Path

# The build uses the package that it builds, too: to write weights in the form that the page reads.
sys.path.append(str(Path(__file__).resolve().parent.parent / "pyapp"))
