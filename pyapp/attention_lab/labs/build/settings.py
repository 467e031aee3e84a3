"""The kinds of settings that only this lab has: a program that is to be run, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attention_lab.kit.refusal import RefusedError
from attention_lab.kit.settings import Setting
from attention_lab.kit.texts import _

MAX_SOURCE = 40_000  # characters
MAX_REPLY = 40_000_000  # characters
MAX_SEED = 9999
LEARNER = "learner"
ENDED = ("time", LEARNER, "crash")
"""Why a run gave no answer: its time was over, the learner stopped it, or Python ended."""


class Attempt(Setting):
    """What is to be run: {"id", "source", "turn", "seed"}; empty while nothing was. No link carries it."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__({}, said=_("A program to run"), lock=None, linked=False)

    def read(self, value: object) -> dict[str, Any]:
        match value:
            case {} if not value:
                return {}
            case {"id": str(name), "source": str(source), "turn": int(turn), "seed": int(seed)} if (
                len(name) <= 64 and len(source) <= MAX_SOURCE and turn > 0 and 0 <= seed <= MAX_SEED
            ):
                return {"id": name, "source": source, "turn": turn, "seed": seed}
        raise RefusedError(
            _(
                "This is no program of at most {max_source} characters: press Run again.",
                max_source=f"{MAX_SOURCE:,}",
            )
        )


class InputsSeed(Setting):
    """The seed of the inputs of the next run, drawn by the page; 0 while it has drawn none."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(0, said=_("The seed of the inputs"), lock=None, linked=False)

    def read(self, value: object) -> int:
        if type(value) is int and 0 <= value <= MAX_SEED:
            return value
        raise RefusedError(_("This is no seed: press Run again."))


class Reply(Setting):
    """What the runner answered: {"turn", "reply"}, JSON text that the judge reads field by field; or
    {"turn", "ended"}: why there is no answer.
    """

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__({}, said=_("The runner's answer"), lock=None, linked=False)

    def read(self, value: object) -> dict[str, Any]:
        match value:
            case {} if not value:
                return {}
            case {"turn": int(turn), "reply": str(reply)} if turn > 0 and len(reply) <= MAX_REPLY:
                return {"turn": turn, "reply": reply}
            case {"turn": int(turn), "ended": str(why)} if turn > 0 and why in ENDED:
                return {"turn": turn, "ended": why}
        raise RefusedError(_("This is no answer of the runner's: press Run again."))


def is_about(attempt: Mapping[str, Any], reply: Mapping[str, Any]) -> bool:
    """Say whether an answer is one to this program."""
    return bool(attempt) and reply.get("turn") == attempt["turn"]
