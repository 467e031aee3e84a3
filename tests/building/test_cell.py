"""The style sheet of a lab in a cell of a notebook."""

from __future__ import annotations

import pytest

from building.cell import cell_styles, of_the_cell


@pytest.mark.parametrize(
    ("page", "cell"),
    [
        ("b{top:0}", "b{top:0}"),
        ("@media (max-width:9px){b{top:0}}i{left:0}", "@container lab (max-width:9px){b{top:0}}i{left:0}"),
        ("@media (max-width:9.5em){b{top:1em}}", "@container lab (max-width:9.5rem){b{top:1em}}"),
        (
            "@media (min-width:8px)and (max-height:5px){b{top:0}}",
            "@container lab (min-width:8px){@media (max-height:5px){b{top:0}}}",
        ),
        (
            "@media print{@media (max-width:9px){b{top:0}}}",
            "@media print{@container lab (max-width:9px){b{top:0}}}",
        ),
        ("@media screen,(max-width:9px){b{top:0}}", "@media screen,(max-width:9px){b{top:0}}"),
    ],
)
def test_what_is_said_of_the_window_is_said_of_the_cell(page: str, cell: str) -> None:
    assert of_the_cell(page) == cell


def test_nothing_of_the_notebook_is_reached() -> None:
    assert cell_styles(":root{--a:0}", "b{top:0}") == ":root{--a:0}\n@scope (.house) {\nb{top:0}\n}\n"


def test_a_rule_without_an_end_is_told() -> None:
    with pytest.raises(ValueError, match="has no end"):
        of_the_cell("@media (max-width:9px){b{top:0}")
