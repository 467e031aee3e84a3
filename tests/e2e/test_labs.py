"""Every lab in the page: each step and each control, and the screen is what Python computes here.

That Python's numbers are NumPy's is what tests/lab says of each lab; here both ends of the wire are compared.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from attention_lab.kit.catalogue import names
from attention_lab.kit.lab import Lab as Course
from attention_lab.kit.lab import lesson_of
from attention_lab.labs.learn.lab import Learn
from attention_lab.session import Session
from attention_lab.widgets.screen import views_of
from tests.e2e.conftest import one_page
from tests.e2e.lab import Lab

#: What is on the screen: the values of its settings, and what each place shows.
STATE = """
() => {
  const house = Bokeh.documents[0].get_model_by_name("house");
  const screen = house.screens.find(({lab}) => lab === house.lab);
  return {
    lab: house.lab,
    progress: house.progress,
    values: Object.fromEntries(screen.settings.map(({key, value}) => [key, value])),
    views: Object.fromEntries(screen.regions.map(({kind, view}) => [kind, JSON.parse(view)])),
  };
}
"""
VALUES = f"() => JSON.stringify(({STATE})().values)"
#: A quarter from the end that is further away.
SLIDE = """
(slider) => {
  const [least, most] = [Number(slider.min), Number(slider.max)];
  const low = slider.valueAsNumber < (least + most) / 2;
  slider.value = String(low ? least + 0.75 * (most - least) : least + 0.25 * (most - least));
  for (const kind of ["input", "change"]) slider.dispatchEvent(new Event(kind, {bubbles: true}));
}
"""
OTHERS = ("header",)  # tells of every lab
MEASURED = '"kind": "measured"'  # in this browser, now
PASSING = "message"  # what was said of a change, and not of a state
#: The trained models hold float32, whose sums run in another order in another machine.
RELATIVE, ABSOLUTE = 2e-5, 2e-6
NUMBER = re.compile(r"\d+(?:\.\d+)?")


@pytest.fixture(scope="module")
def shared(browser: Browser, site: str) -> Iterator[Lab]:
    """One page for all labs."""
    with one_page(browser, site, spare=True) as page:
        yield page


def python_shows(state: dict[str, Any]) -> dict[str, Any]:
    """What each place shows for these values of the settings, as Python computes it here."""
    session = Session(state["lab"])
    course: Course = session.current
    session.take_kept(state["progress"])
    course.restore(state["values"])
    return json.loads(json.dumps(dict(views_of(session, course, course.scene()))))


def difference(one: Any, other: Any, where: str = "") -> str:
    """Where two views differ, or nothing: numbers by more than their last digits."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        keys = [key for key in one if key != PASSING]
        return next(
            (told for key in keys if (told := difference(one[key], other[key], f"{where}.{key}"))), ""
        )
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return next((told for i, (a, b) in pairs if (told := difference(a, b, f"{where}[{i}]"))), "")
    if isinstance(one, str) and isinstance(other, str):
        same = same_words(one, other)
    elif isinstance(one, float | int) and isinstance(other, float | int):
        same = math.isclose(one, other, rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    else:
        same = one == other
    return "" if same else f"{where}: {str(one)[:200]} and {str(other)[:200]}"


def same_words(one: str, other: str) -> bool:
    """Whether two texts say the same: numbers in them may differ by one in the last digit that is shown."""
    if NUMBER.split(one) != NUMBER.split(other):
        return False
    pairs = zip(NUMBER.findall(one), NUMBER.findall(other), strict=True)
    return all(a == b or abs(float(a) - float(b)) < 1.5 * last_digit(a, b) for a, b in pairs)


def last_digit(*shown: str) -> float:
    """What the last digit that is shown counts; nothing where the numbers are whole."""
    decimals = max(len(each.partition(".")[2]) for each in shown)
    return 10.0**-decimals if decimals else 0


def check(lab: Lab) -> None:
    """The screen holds what Python computes."""
    # The page asks of its own accord, too: an exercise is on the screen before its inputs are drawn.
    settled = f"() => document.documentElement.dataset.settled === 'true' && ({STATE})()"
    state: dict[str, Any] = lab.page.wait_for_function(settled).json_value()
    expected = python_shows(state)
    for kind, view in state["views"].items():
        if kind not in OTHERS and MEASURED not in json.dumps(view):
            told = difference(view, expected[kind])
            assert not told, f"{state['lab']}, {state['values']['step']}, {kind}{told}"


def use(control: Locator) -> None:
    """Use a control as a hand would: another option, another place of a slider, the other state."""
    if (select := control.locator("select")).count():
        select.select_option(index=select.evaluate("(s) => (s.selectedIndex + 1) % s.options.length"))
    elif (slider := control.locator("input[type=range]")).count():
        slider.evaluate(SLIDE)
    elif (number := control.locator("input[type=number]")).count():
        number.focus()
        number.press("ArrowUp" if number.evaluate("(n) => n.value !== n.max") else "ArrowDown")
        number.press("Tab")
    elif (box := control.locator("input[type=checkbox]")).count():
        box.click()
    else:
        control.locator("button:not([aria-pressed=true]):not([aria-checked=true]):enabled").first.click()


def use_everything(
    lab: Lab, name: str, look: Callable[[Lab], None] = check, *, everywhere: bool = False
) -> None:
    """Go through the steps of the lab that is shown; use each control, once or `everywhere`; and look."""
    page = lab.page
    used: set[str] = set()
    for step in lesson_of(type(Session(name).current)).ids:
        lab.go(step)
        look(lab)
        controls = page.locator("[data-region=controls] [data-control]:visible")
        for key in controls.evaluate_all("(all) => all.map(({dataset}) => dataset.control)"):
            if key in used and not everywhere:
                continue
            control = page.locator(f"[data-region=controls] [data-control={key}]:visible")
            if control.locator("input:enabled, select:enabled, button:enabled").count():
                used.add(key)
                before = page.evaluate(VALUES)
                use(control)
                page.wait_for_function(f"(before) => ({VALUES})() !== before", arg=before)
                lab.settle()
                look(lab)


@pytest.mark.parametrize("name", names())
def test_each_step_and_control_changes_the_screen_to_what_python_computes(shared: Lab, name: str) -> None:
    shared.visit(f"lab={name}")
    use_everything(shared, name)


@pytest.mark.full
@pytest.mark.parametrize("name", names())
def test_each_control_of_each_step_does(shared: Lab, name: str) -> None:
    shared.visit(f"lab={name}")
    use_everything(shared, name, everywhere=True)


def test_one_press_carries_a_run_on_to_the_step_that_was_asked_for(
    shared: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Learn, "slice_seconds", math.inf)
    here = Learn()
    here.apply({"seed": 77, "t": 60})
    shared.follow("lab=learn&seed=77&t=60")
    carry, reached = shared.page.locator("[data-action=carry]"), shared.page.locator(".scrub output")
    expect(reached).to_contain_text("not computed further yet")
    carry.click()
    expect(carry).to_have_count(0, timeout=60_000)
    expect(reached).to_have_text("step 60 of 60")
    expect(shared.page.locator(".facts")).to_contain_text(f"{here.moments[0].accuracy:.2f}")
