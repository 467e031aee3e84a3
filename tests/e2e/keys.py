"""A learner who has nothing but a keyboard: no mouse, and nothing is focused by a script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attention_lab.kit.blocks import Amount, Choice, Pick

if TYPE_CHECKING:
    from attention_lab.kit.blocks.asking import Question
    from tests.e2e.lab import Lab

MOST = 400  # presses of Tab until whatever is looked for must have come
#: Notes which elements had the focus; says where it is.
FOCUSED = """
() => {
  const el = document.activeElement;
  (window.reached ??= new Set()).add(el);
  const style = getComputedStyle(el);
  return {
    body: el === document.body,
    first: window.firstReached === el,
    seen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 || style.boxShadow !== "none",
    html: el.outerHTML.slice(0, 200),
    own: el.closest(`input, select, textarea, [contenteditable], [role=grid], [role=radiogroup],
      [data-scrolls]`) != null,
  };
}
"""
STEP = "() => document.querySelector('[data-region=transport] [aria-current=step]').dataset.step"
#: What can be used on the screen and never had the focus; of a group with one tab stop, one is enough.
NEVER_REACHED = """
() => {
  const usable = "a[href], button, input, select, textarea, summary, [tabindex='0'], [contenteditable=true]";
  const groups = "[role=radiogroup], [role=grid], [role=group], [role=list], ol, .pick-table, .path, table";
  const seen = (el) => el.checkVisibility({visibilityProperty: true}) && el.getClientRects().length > 0;
  const free = (el) => !el.disabled && el.closest("[inert], .pop") == null;
  const reached = (el) => window.reached.has(el);
  const held = (group) => [...group.querySelectorAll("*")].some(reached);
  const within = (group) => group != null && (held(group) || within(group.parentElement.closest(groups)));
  const inGroup = (el) => el.tabIndex < 0 && within(el.closest(groups));
  const missed = (el) => seen(el) && free(el) && !reached(el) && !inGroup(el);
  const all = [...document.querySelectorAll(`.screen :is(${usable})`)];
  return all.filter(missed).map((el) => el.outerHTML.slice(0, 160));
}
"""


class Keys:
    """What is pressed, in an open page."""

    def __init__(self, lab: Lab) -> None:
        self.lab, self.page = lab, lab.page

    def press(self, key: str, times: int = 1) -> None:
        for _ in range(times):
            self.page.keyboard.press(key)

    def enter(self) -> None:
        self.press("Enter")
        self.lab.settle()

    def tab(self, key: str = "Tab") -> None:
        """Press Tab; where Tab writes, in the editor, Escape leads out."""
        self.press(key)
        if self.page.evaluate("() => document.activeElement.matches('.code-host')"):
            self.at()
            self.press("Escape")

    def at(self) -> dict[str, Any]:
        found: dict[str, Any] = self.page.evaluate(FOCUSED)
        return found

    def tab_to(self, selector: str, *, back: bool = False) -> None:
        """Press Tab until an element has the focus."""
        there = "(selector) => document.activeElement.matches(selector)"
        if self.page.evaluate(there, selector):
            return
        for _ in range(MOST):
            self.tab("Shift+Tab" if back else "Tab")
            if self.page.evaluate(there, selector):
                assert self.at()["seen"], f"one cannot see that the focus is at {self.at()['html']}"
                return
        raise AssertionError(f"Tab never reached {selector}; it is at {self.at()['html']}")

    def all_around(self) -> list[str]:
        """Press Tab until it comes back to where it began; return what cannot be reached."""
        self.page.evaluate("() => { window.reached = new Set(); window.firstReached = null; }")
        self.tab()
        if self.at()["body"]:  # behind the last element, before the first one
            self.tab()
        self.page.evaluate("() => { window.firstReached = document.activeElement; }")
        self.at()
        for _ in range(MOST):
            self.tab()
            now = self.at()
            if now["first"]:
                break
            assert now["body"] or now["seen"], f"one cannot see that the focus is at {now['html']}"
        else:
            raise AssertionError(f"Tab does not come around: it is at {self.at()['html']}")
        found: list[str] = self.page.evaluate(NEVER_REACHED)
        return found

    # What a learner does

    def guess(self) -> bool:
        """Answer the prediction of the step, if it asks one, with its first option."""
        if not self.page.locator("[data-region=predict] [data-guess='0']:visible").count():
            return False
        self.tab_to("[data-region=predict] [data-guess='0']")
        self.enter()
        assert not self.at()["body"], "after the guess, the focus is lost"
        return True

    def step_on(self) -> None:
        """Go to the next step: by the arrow where that is not the element's own, else by the button."""
        was = self.step()
        if not self.at()["own"]:
            self.press("ArrowRight")
            self.lab.settle()
        if self.step() == was:
            self.tab_to("[data-region=transport] [data-action=forward]")
            self.enter()
        assert self.step() != was
        assert not self.at()["body"], f"after the step {was}, the focus is lost"

    def step(self) -> str:
        """The step that is shown."""
        found: str = self.page.evaluate(STEP)
        return found

    def answer(self, question: Question) -> None:
        """Answer a question at the end rightly."""
        place = f"[data-question={question.id}]"
        if isinstance(question, Amount):
            self.tab_to(f"{place} input")
            self.press("ControlOrMeta+a")
            self.page.keyboard.type(repr(float(question.right)))
        elif isinstance(question, Choice):
            self.tab_to(f"{place} [role=radio]")
            self.press("ArrowDown", question.right)
            given = self.page.locator(f"{place} [aria-checked=true]").count()
            assert given == 0, f"{question.id}: an answer that the arrows only passed by was taken for one"
        else:
            assert isinstance(question, Pick)
            self.tab_to(f"{place} [data-spot]")
            row, column = min(question.right)
            self.press("ArrowDown", row)
            self.press("ArrowRight", column)
        self.enter()

    def go_to_lab(self, name: str) -> None:
        """Open the list of labs in the header, and go to one."""
        self.tab_to("details.labs > summary", back=True)
        self.press("Enter")
        self.tab_to(f"details.labs a[data-lab={name}]")
        self.press("Enter")
        self.page.locator(f".screen[data-lab={name}]").wait_for()
        self.lab.settle()
