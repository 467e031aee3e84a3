"""Every exercise, tried in this browser: hidden behind `?lab=build&selftest=1`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from attention_lab.grading.catalogue import exercise, exercises
from attention_lab.grading.selftest import Tried, requests, tried
from attention_lab.kit.blocks import SelfTest
from attention_lab.kit.lab import Draft, Lab
from attention_lab.kit.refusal import RefusedError
from attention_lab.kit.scene import Scene, Told
from attention_lab.kit.settings import Flag
from attention_lab.kit.texts import _, lazy
from attention_lab.labs.build.settings import Attempt, Reply, is_about

_SECONDS = 60


class Tested(Lab):
    """The settings of the self-test, and what it shows."""

    selftest = Flag(False, said=lazy("The self-test"), lock=None)
    testing = Attempt()
    tested = Reply()
    outcomes: Mapping[str, Sequence[Tried]] = MappingProxyType({})
    """Exercise -> what was said to each of its programs."""

    def take_testing(self, draft: Draft, testing: dict[str, Any]) -> None:
        """An exercise is to be tried."""
        if testing and testing["id"] not in [each.id for each in exercises()]:
            raise RefusedError(_("There is no exercise of that name: reload the page."))
        draft.values.update(testing=testing, tested={})

    def take_tested(self, draft: Draft, tested: dict[str, Any]) -> None:
        """What the runner says is judged, and kept for the table."""
        testing = draft.values["testing"]
        if tested and not is_about(testing, tested):
            raise RefusedError(_("This answer is to another run: press Run again."))
        draft.values["tested"] = tested
        if tested:
            self.outcomes = {**self.outcomes, testing["id"]: _tried(testing, tested)}

    def self_test(self) -> Scene:
        """The table, and the button."""
        told = Told(
            _("Self-test"),
            _(
                "Each exercise is tried in this browser, as a learner’s program would be: the reference has "
                "to pass, the starter and every known mistake have to fail, a mistake with its own words."
            ),
        )
        return Scene(lesson=told, look=[self._table], controls=[])

    def _table(self) -> SelfTest:
        testing = self.testing
        waits = bool(testing) and not is_about(testing, self.tested)
        asked = requests(exercise(testing["id"]), testing["seed"]) if waits else []
        return SelfTest(
            label=_("Every exercise, in this browser"),
            tests=[
                {"id": each.id, "title": each.title, "rows": _rows(self.outcomes.get(each.id, ()))}
                for each in exercises()
            ],
            send="testing",
            reply="tested",
            turn=testing["turn"] if testing else 0,
            request=json.dumps(asked, allow_nan=False) if waits else "",
            seconds=_SECONDS,
        )


def _tried(testing: Mapping[str, Any], tested: Mapping[str, Any]) -> list[Tried]:
    try:
        replies = json.loads(tested.get("reply", "null"))
    except (ValueError, RecursionError):
        replies = None
    return tried(exercise(testing["id"]), testing["seed"], replies)


def _rows(found: Any) -> list[dict[str, Any]]:
    return [{"program": each.program, "said": each.said, "right": each.right} for each in found]
