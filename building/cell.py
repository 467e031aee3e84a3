"""The style sheet of a lab in a cell of a notebook: what its page says of the window, it says of the cell."""

import re

CONTAINER = "lab"  # as widgets/css/cell.css calls it
_EM = re.compile(r"(?<=\d)em\b")
_RULE = re.compile(r"@media([^{}]*)\{")


def cell_styles(tokens: str, styles: str) -> str:
    """Styles that reach the lab only, and nothing of the notebook around it."""
    return f"{tokens}\n@scope (.house) {{\n{of_the_cell(styles)}\n}}\n"


def of_the_cell(styles: str) -> str:
    """Style rules for a width of the window, as rules for a width of the container.

    >>> of_the_cell("@media (max-width: 9px)and (min-height: 5px){b{top:0}}i{left:0}")
    '@container lab (max-width: 9px){@media (min-height: 5px){b{top:0}}}i{left:0}'
    """
    done = ""
    while found := _RULE.search(styles):
        end = _end(styles, found.end())
        done += styles[: found.start()] + _rule(found[1].strip(), styles[found.end() : end])
        styles = styles[end + 1 :]
    return done + styles


def _rule(condition: str, inside: str) -> str:
    rule = of_the_cell(inside)
    if "," in condition:  # one or the other: it stays the window's
        return f"@media {condition}{{{rule}}}"
    parts = re.split(r"\s*\band\s+", condition)
    widths = [part for part in parts if "width" in part]
    others = [part for part in parts if "width" not in part]
    if others:
        rule = f"@media {' and '.join(others)}{{{rule}}}"
    asked = _EM.sub("rem", " and ".join(widths))  # of the root's letters: em would be of the cell's
    return f"@container {CONTAINER} {asked}{{{rule}}}" if widths else rule


def _end(styles: str, start: int) -> int:
    """The place of the brace that closes the rule whose contents begin at `start`."""
    depth = 1
    for at in range(start, len(styles)):
        depth += {"{": 1, "}": -1}.get(styles[at], 0)
        if depth == 0:
            return at
    raise ValueError("a rule of the style sheet has no end")
