"""Every control sets a setting to a value that the session takes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from attention_lab.kit.lab import settings_of
from attention_lab.labs.stepper.lab import Stepper
from tests.lab.helpers import LONG, make_session, views
from tests.lab.stepper.test_link import CHANGES


def items(**changes: Any) -> list[dict[str, Any]]:
    return [item for group in views(make_session(**changes))["controls"]["groups"] for item in group["items"]]


def named(name: str, kind: str, **changes: Any) -> dict[str, Any]:
    (item,) = [item for item in items(**changes) if item["type"] == kind and item.get("name") == name]
    return item


@given(CHANGES)
def test_whatever_a_control_offers_is_taken_without_complaint(changes: dict[str, object]) -> None:
    changes = make_session(**changes).choices()
    for item in items(**changes):
        offers = [item["set"]] if item["type"] == "button" else []
        if item["type"] in ("segmented", "select"):
            offers += [
                {item["name"]: option["value"]} for option in item["options"] if not option.get("disabled")
            ]
        if item["type"] in ("number", "range"):
            offers += [{item["name"]: item[end]} for end in ("min", "max")]
        if item.get("reset"):
            offers.append({item["name"]: item["reset"]["value"]})
        for offer in offers:
            session = make_session(**changes)
            session.apply(offer)
            assert session.message is None or session.message["kind"] == "note", offer
            assert set(offer) <= set(settings_of(Stepper))


def test_the_value_of_each_control_is_the_setting() -> None:
    changes: dict[str, Any] = {"mask": "padding", "n_pad": 3, "embedding": "random", "seed": 12, "d_model": 6}
    for item in items(**changes, n_heads=3):
        if "name" in item and item["name"] != "scale":
            assert item["value"] == {**changes, "n_heads": 3}[item["name"]]


def test_scaling_is_on_off_or_where_the_slider_stands() -> None:
    assert named("scale", "segmented")["value"] is None
    assert named("scale", "range")["value"] == pytest.approx(2**-0.5)
    assert (named("scale", "range")["shown"], named("scale", "range")["reset"]) == ("0.71", None)
    assert named("scale", "segmented", scale=1)["value"] == 1
    moved = named("scale", "range", scale=0.9)
    assert (moved["shown"], moved["reset"]) == ("0.90", {"label": "back to 1/√2", "value": None})


def test_with_heads_of_one_column_scaling_cannot_be_switched_off() -> None:
    off = named("scale", "segmented", n_heads=4)["options"][1]
    assert off["disabled"]
    assert "d_k = 1" in off["hint"]


def test_there_is_no_padding_after_thirty_two_tokens() -> None:
    padding = named("mask", "segmented", text=LONG)["options"][2]
    assert padding["disabled"]
    assert "No room" in padding["hint"]


def test_the_heads_offered_are_those_that_divide() -> None:
    assert [option["value"] for option in named("n_heads", "select", d_model=12)["options"]] == [
        1,
        2,
        3,
        4,
        6,
        12,
    ]


def test_re_roll_goes_to_another_seed_and_the_same_one_each_time() -> None:
    (button,) = [item for item in items(embedding="random", seed=7) if item["type"] == "button"]
    assert button["set"] == {"seed": 62}


def test_a_mask_by_hand_leads_to_the_mask_step_and_can_be_cleared() -> None:
    buttons = [item for item in items(mask="by-hand", blocked=[[0, 1]]) if item["type"] == "button"]
    assert [button["set"] for button in buttons] == [{"step": "masked_scores"}, {"blocked": []}]
    assert [item for item in items(mask="by-hand", step="masked_scores") if item["type"] == "note"]
