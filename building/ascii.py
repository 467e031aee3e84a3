"""Text in ASCII: a host may say any encoding with its files, and what it says counts."""

import json
import re

OTHERS = re.compile(r"[^\x00-\x7f]")


def script_in_ascii(text: str) -> str:
    r"""A script or JSON whose strings spell every other character as \\uXXXX: the same values."""
    return OTHERS.sub(lambda found: json.dumps(found[0])[1:-1], text)


def html_in_ascii(text: str) -> str:
    """A page that spells every other character as a reference; its scripts and styles hold none."""
    return text.encode("ascii", "xmlcharrefreplace").decode()
