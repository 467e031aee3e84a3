"""The questions at the end of the front door, answered as a learner does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attention_lab.kit.blocks import Amount, Choice, Pick
from attention_lab.labs.start.lab import Start

if TYPE_CHECKING:
    from attention_lab.kit.blocks.asking import Question
    from tests.e2e.lab import Lab

QUESTIONS = Start().questions()


def solve(lab: Lab, question: Question, *, right: bool = True) -> None:
    """Answer one of them, wrongly if that is asked for."""
    there = lab.page.locator(f"[data-question={question.id}]")
    if isinstance(question, Amount):
        there.locator("input").fill(str(question.right + (0 if right else 7)))
        there.locator("input").press("Enter")
    elif isinstance(question, Choice):
        at = question.right if right else (question.right + 1) % len(question.options)
        there.locator(f"[data-spot='{at}']").click()
    elif isinstance(question, Pick):
        cells = [[row, col] for row in range(2) for col in range(2)]
        at = next(i for i, cell in enumerate(cells) if (question.judge(cell).state == "right") == right)
        there.locator(f"[data-spot='{at}']").click()
    lab.settle()
