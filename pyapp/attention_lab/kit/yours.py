"""The learner's own function in a lab: where they have passed its exercise, it stands in for the library's.

The page runs it, in a Python of its own, on inputs of this state (web/runner.js). What comes back enters the
lab as a setting, is looked at (stood.py), and is drawn beside what the library gives. Their program never
comes here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from attention_lab.grading.cases import call, made
from attention_lab.grading.limits import LIMITS
from attention_lab.grading.protocol import Array
from attention_lab.kit.blocks import Yours
from attention_lab.kit.catalogue import address_of
from attention_lab.kit.lab import Lab, settings_of
from attention_lab.kit.markup import Math, tinted
from attention_lab.kit.numbers import number
from attention_lab.kit.refusal import RefusedError
from attention_lab.kit.settings import Setting
from attention_lab.kit.stood import ENDED, StandIn, Stood, stood_of
from attention_lab.kit.texts import _, lazy, phrase

__all__ = ["ByLearner", "StandIn", "call", "made"]

_MOST_REPLY = 40_000_000  # characters
_LONGEST = 64
_MOST_IN_A_ROW = 12


class WhoStandsIn(Setting):
    """The exercise whose function stands in; empty for the library. No link carries it: none runs code."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__("", said=lazy("Whose function is drawn"), lock=None, linked=False)

    def read(self, value: object) -> str:
        if not isinstance(value, str) or len(value) > _LONGEST:
            raise RefusedError(
                _("Whose function is drawn is told by the name of an exercise: use the buttons.")
            )
        return value


class CameBack(Setting):
    """What the runner said: {"about", "reply": JSON text}, or {"about", "ended": why}; empty before."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__({}, said=lazy("What your function gave"), lock=None, linked=False)

    def read(self, value: object) -> dict[str, Any]:
        match value:
            case {} if not value:
                return {}
            case {"about": str(about), "reply": str(reply)} if len(reply) <= _MOST_REPLY:
                return {"about": about[:_LONGEST], "reply": reply}
            case {"about": str(about), "ended": str(why)} if why in ENDED:
                return {"about": about[:_LONGEST], "ended": why}
        raise RefusedError(_("What your function gave could not be read: switch it off and on again."))


class ByLearner(Lab):
    """A lab in which functions of the learner's may stand in."""

    yours = WhoStandsIn()
    came = CameBack()

    def stand_ins(self) -> Sequence[StandIn]:
        """Return the functions of this step that the learner's may stand in for; a lab overrides this."""
        return ()

    def looked_at(self) -> tuple[int, int]:
        """Return whose row is written out, yours and the library's: of which call or head, and which row."""
        return 0, 0

    @property
    def _offered_theirs(self) -> list[StandIn]:
        """Those whose exercise was passed."""
        return [each for each in self.stand_ins() if each.exercise in self.elsewhere]

    def _choose_theirs(self) -> tuple[StandIn | None, str]:
        """The one that was chosen, or at a step that has another, that one; and what the runner is asked."""
        offered = self._offered_theirs
        if not self.yours or not offered:
            return None, ""
        chosen = next((each for each in offered if each.exercise == self.yours), offered[0])
        told = {
            "exercise": chosen.exercise,
            "seed": 0,
            "file": f"exercise_{chosen.exercise}.py",
            "calls": [each.plain() for each in chosen.calls()],
            "limits": LIMITS,
        }
        return chosen, json.dumps(told, allow_nan=False)  # but for the program: that is the page's

    @property
    def _asked_of_theirs(self) -> tuple[StandIn | None, str]:
        kinds = settings_of(type(self))
        held = {name: getattr(self, name) for name in kinds if not kinds[name].peek and name != "came"}
        return self.derive("asked", (self.elsewhere, held), self._choose_theirs)

    @property
    def stood(self) -> Stood | None:
        """What the learner's function gave in this state; None while it is not asked, or has not answered."""
        if not self.yours or not self.came:
            return None
        chosen, request = self._asked_of_theirs
        if chosen is None or self.came["about"] != _about(request):
            return None
        return self.derive("stood", (request, self.came), lambda: stood_of(chosen, self.came))

    def mine(self, picture: str, of_call: int = 0) -> Array | None:
        """Return what the learner's function gave for a picture; None where the library's is drawn."""
        stood = self.stood
        arrays = stood.arrays.get(picture) if stood is not None else None
        return None if arrays is None else arrays[of_call]

    def yours_block(self) -> Yours | None:
        """Return the switch, and what came of it; None where nothing that was passed belongs to this step."""
        offered = self._offered_theirs
        if not offered:
            return None
        (chosen, request), stood = self._asked_of_theirs, self.stood
        options = [
            {"name": each.name, "set": {"yours": "" if on else each.exercise}, "on": on}
            for each in offered
            for on in [chosen is not None and each.exercise == chosen.exercise]
        ]
        if chosen is None:
            return Yours(label=_("Your own code"), options=options)
        return Yours(
            label=_("Your own code"),
            options=options,
            use=chosen.exercise,
            name=chosen.name,
            send="came",
            about=_about(request),
            request=request,
            seconds=LIMITS["seconds"],
            state="waiting" if stood is None else "shown" if stood.arrays else "failed",
            words=_words(chosen, stood),
            badges=_badges(chosen) if stood and stood.arrays else [],
            gap=_gap(stood) if stood and stood.arrays else "",
            beside=_beside(stood, *self.looked_at()) if stood and stood.arrays else [],
            edit=address_of(chosen.exercise),
        )


def _about(request: str) -> str:
    return hashlib.sha256(request.encode()).hexdigest()[:16]


def _words(chosen: StandIn, stood: Stood | None) -> Math:
    name = tinted(chosen.name, "code")
    if stood is None:
        return phrase(
            "Until {name} has answered, the library draws {what}.", name=name, what=str(chosen.draws)
        )
    if not stood.arrays:
        return [*stood.words, " ", _("The lab goes on with the library’s.")]
    return phrase("Your {name} draws {what}.", name=name, what=str(chosen.draws))


def _badges(chosen: StandIn) -> list[dict[str, str]]:
    return [
        {"kind": "yours", "label": _("yours"), "text": chosen.draws},
        {"kind": "library", "label": _("the library’s"), "text": chosen.given},
    ]


def _beside(stood: Stood, sheet: int, row: int) -> list[dict[str, Any]]:
    """One row of what was given first, yours and the library's."""
    picture = next(iter(stood.arrays))
    yours, library = (_row(each[picture], sheet, row) for each in (stood.arrays, stood.library))
    decimals = next((n for n in (2, 3, 4) if _differ(yours, library, n)), 2)
    return [
        {"kind": kind, "label": label, "numbers": [_written(each, decimals) for each in values]}
        for kind, label, values in (("yours", _("yours"), yours), ("library", _("library"), library))
    ]


def _row(arrays: Sequence[Array], sheet: int, row: int) -> list[Any]:
    sheets = np.concatenate([each.reshape(-1, *each.shape[-2:]) for each in arrays])
    shown = sheets[min(sheet, len(sheets) - 1)]
    values: list[Any] = shown[min(row, len(shown) - 1)].tolist()
    return values[:_MOST_IN_A_ROW]


def _written(value: Any, decimals: int) -> str:
    return (_("yes") if value else _("no")) if isinstance(value, bool) else number(value, decimals)


def _differ(yours: Sequence[Any], library: Sequence[Any], decimals: int) -> bool:
    return any(_written(a, decimals) != _written(b, decimals) for a, b in zip(yours, library, strict=True))


def _gap(stood: Stood) -> str:
    if not stood.apart:
        return (
            _("the same in every number")
            if stood.gap == 0
            else _("{gap}: rounding only", gap=f"{stood.gap:.1e}")
        )
    return stood.apart
