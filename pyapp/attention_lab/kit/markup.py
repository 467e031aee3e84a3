"""Formulas as data: the nodes of the contract's `Math`, so that no HTML is ever put together here."""

from __future__ import annotations

from typing import Any, TypeAlias

Node: TypeAlias = str | dict[str, Any]
Math: TypeAlias = list[Node]


def it(text: str, cls: str = "") -> Node:
    """A symbol, in italics."""
    return {"t": text, "it": True, **({"cls": cls} if cls else {})}


def tinted(text: str, cls: str) -> Node:
    """Words in a colour: q, k, v, dim, or b for bold."""
    return {"t": text, "cls": cls}


def link(text: str, lab: str, step: str) -> Node:
    """Words that lead to a step of a lab."""
    return {"t": text, "href": f"#lab={lab}&step={step}"}


def page(text: str, name: str) -> Node:
    """Words that lead to a page beside the lab, where there is one."""
    return {"t": text, "href": f"#page={name}"}


def sub(*kids: Node, cls: str = "") -> Node:
    """A subscript."""
    return {"sub": list(kids), **({"cls": cls} if cls else {})}


def sup(*kids: Node, cls: str = "") -> Node:
    """A superscript."""
    return {"sup": list(kids), **({"cls": cls} if cls else {})}


def root(*kids: Node) -> Node:
    """A square root."""
    return {"root": list(kids)}


D_K: Math = [it("d"), sub(it("k"))]
Q_K_T: Math = [it("Q", "q"), it("K", "k"), sup("T", cls="k")]
