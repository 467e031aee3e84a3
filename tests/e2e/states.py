"""Every state of the course that has a name: each step of each lab, each preset; and what is seen of it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from attention_lab.kit.catalogue import lab_class, names
from attention_lab.kit.frame import preset_links
from attention_lab.kit.lab import lesson_of

if TYPE_CHECKING:
    from attention_lab.kit.scene import Preset
    from tests.e2e.lab import Lab

LAPTOP = {"width": 1366, "height": 650}
PHONE = {"width": 360, "height": 740}
SIZES = {"laptop": LAPTOP, "phone": PHONE}
SCHEMES = ("light", "dark")
#: Where the picture of the step is, what can be seen of it above the bar, and whether the page runs over.
LOOKED_AT = """
() => {
  const bar = document.querySelector("[data-region=transport]").getBoundingClientRect();
  const root = document.documentElement;
  const box = (el) => el.getBoundingClientRect();
  const shown = [...document.querySelectorAll("[data-slot^=look-]:not([hidden])")]
    .filter((el) => box(el).height > 0);
  const drawn = shown.filter((el) => !["actions", "legend", "foot"].includes(el.dataset.region));
  const rolls = (el) => /auto|scroll/.test(getComputedStyle(el).overflowX);
  const scrolls = (el) => el !== document.body && (rolls(el) || scrolls(el.parentElement));
  const there = (el) => el.checkVisibility({visibilityProperty: true});
  const beyond = (el) => there(el) && box(el).right > innerWidth + 1 && !scrolls(el);
  const above = (el) => box(el).height > 0 && box(el).bottom <= bar.top + 1 && box(el).top >= 0;
  const words = "main :is(button, h1, h2, label, summary, input)";
  return {
    title: document.querySelector("[data-region=lesson] h1").innerText.trim(),
    sideways: root.scrollWidth - root.clientWidth,
    longer: root.scrollHeight - root.clientHeight,
    bar: bar.top,
    unseen: [...document.querySelectorAll(".matrix.result")].filter((el) => !above(el))
      .map((el) => el.dataset.matrix),
    pictures: (drawn.length > 0 ? drawn : shown).map((el) => ({top: box(el).top, bottom: box(el).bottom})),
    cut: [...document.querySelectorAll(words)].filter(beyond).map((el) => el.outerHTML.slice(0, 120)),
    states: [...document.querySelectorAll(".state")].filter(there)
      .map((el) => ({title: el.innerText.trim(), here: el.ariaCurrent === "true", bottom: box(el).bottom})),
  };
}
"""


@dataclass(frozen=True)
class State:
    """A step, or a preset, with the link that opens it."""

    lab: str
    name: str
    step: str
    title: str
    link: str
    marked: str = ""  # the title of a preset that is offered at its own step, where it is marked

    def __str__(self) -> str:
        return f"{self.lab}-{self.name}"


def states(lab: str) -> list[State]:
    """The steps of a lab, then its presets."""
    kind, lesson = lab_class(lab), lesson_of(lab_class(lab))
    first, links = lesson.ids[0], preset_links(kind)
    steps = [
        State(
            lab, each.id, each.id, str(each.section), f"lab={lab}" + f"&step={each.id}" * (each.id != first)
        )
        for each in lesson.steps
    ]
    titles = {each.id: str(each.section) for each in lesson.steps}
    return steps + [
        State(lab, f"preset-{each.name}", each.step, titles[each.step], links[each.name], _marked(each))
        for each in kind.presets
    ]


def _marked(preset: Preset) -> str:
    return str(preset.title) if preset.offered in ("", preset.step) else ""


ALL = [state for lab in names() for state in states(lab)]


def inked(picture: bytes) -> float:
    """The share of the pixels that are not the colour that most of them have."""
    pixels = np.asarray(Image.open(io.BytesIO(picture)).convert("RGB")).reshape(-1, 3)
    colours, counts = np.unique(pixels // 8, axis=0, return_counts=True)
    return 1 - float(counts.max() / counts.sum()) if len(colours) > 1 else 0.0


def show(lab: Lab, state: State) -> None:
    """Go to a state by its link; the question that is open before a preset is skipped, so that it is seen."""
    lab.follow(state.link)
    asked = lab.region("predict").locator("[data-action=reveal]")
    if state.marked and asked.count():
        asked.dispatch_event("click")
        lab.settle()
