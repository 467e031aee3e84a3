"""Formulas are data: each node says what it is, and holds no HTML."""

from __future__ import annotations

from attention_lab.kit.markup import D_K, Q_K_T, it, root, sub, sup, tinted


def test_each_node_says_what_it_is() -> None:
    assert it("Q") == {"t": "Q", "it": True}
    assert it("Q", "q") == {"t": "Q", "it": True, "cls": "q"}
    assert tinted("cat", "b") == {"t": "cat", "cls": "b"}
    assert sub("k") == {"sub": ["k"]}
    assert sub(it("Q"), "1", cls="q") == {"sub": [{"t": "Q", "it": True}, "1"], "cls": "q"}
    assert sup("T", cls="k") == {"sup": ["T"], "cls": "k"}
    assert root(*D_K) == {"root": [{"t": "d", "it": True}, {"sub": [{"t": "k", "it": True}]}]}
    assert [node["t"] for node in Q_K_T[:2] if isinstance(node, dict)] == ["Q", "K"]


def test_what_a_learner_typed_stays_text() -> None:
    assert tinted("<b>", "q")["t"] == "<b>"  # type: ignore[index]
