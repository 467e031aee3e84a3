"""A long computation goes on in the page, answer by answer, while what else is set is taken between."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from building.paths import ROOT
from tests.building.node_module import call

SCRIPT = """
import { goOn, press } from "./going.js";

// What a page has set once `steps` answers had come, of a computation that takes `most`.
export function run(pressed, steps, most) {
  const set = [];
  const ctx = { state: {}, set: (changes) => set.push(changes.carry) };
  const more = (at) => ({ type: "button", goes_on: true, set: { carry: at + 1 } });
  const shown = (at) => (at < most ? [{ type: "note" }, more(at)] : []);
  goOn(shown(0), ctx);
  if (pressed) press(shown(0)[1], ctx);
  for (let at = 1; at <= steps; at++) goOn(shown(at), ctx);
  goOn(shown(0), ctx); // another computation
  return set;
}
"""


def run(folder: Path, *args: Any) -> Any:
    source = folder / "source"
    source.mkdir()
    going = ROOT / "pyapp" / "attention_lab" / "widgets" / "js" / "going.js"
    (source / "going.js").write_text(going.read_text(encoding="utf-8"), encoding="utf-8")
    (source / "page.js").write_text(SCRIPT, encoding="utf-8")
    return call(source / "page.js", folder, [["run", *args]])[0]


def test_one_press_carries_a_computation_on_to_its_end_and_not_into_the_next(tmp_path: Path) -> None:
    assert run(tmp_path, True, 5, 5) == [1, 2, 3, 4, 5]


def test_nothing_goes_on_that_was_not_pressed(tmp_path: Path) -> None:
    assert run(tmp_path, False, 5, 5) == []
