"""Code is written in the page, run out of reach of everything, judged, and kept."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Frame, Locator, expect

from attention_lab.grading.catalogue import exercise
from building.artefacts import axe_script
from tests.e2e.conftest import NewPage
from tests.e2e.lab import Lab
from tests.e2e.test_screens import check_axe, overflow

SOFTMAX = "lab=build&step=write&exercise=softmax"
BODY = ["e = np.exp(x - x.max(axis=-1, keepdims=True))", "return e / e.sum(axis=-1, keepdims=True)"]
WRONG = """import numpy as np

def softmax(x):
    print(x.shape)
    e = np.exp(x - x.max(axis=0, keepdims=True))
    return e / e.sum(axis=0, keepdims=True)
"""
LATER = re.compile(r"/(editor|numpy|python_stdlib|pyodide-lock)-")
PASTE = """(host, text) => {
  const data = new DataTransfer()
  data.setData("text/plain", text)
  const event = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})
  host.shadowRoot.querySelector(".cm-content").dispatchEvent(event)
}"""
# What the header says of the exercises when the verdict comes.
MEANWHILE = """() => {
  const graded = document.querySelector("[data-region=graded]")
  const seen = new MutationObserver(() => {
    if (graded.querySelector(".verdict.passed") == null || "meanwhile" in globalThis) return
    globalThis.meanwhile = document.querySelector("[data-region=header] [data-lab=build]").textContent
  })
  seen.observe(graded, {subtree: true, childList: true})
}"""
# What the runner does when the page begins to keep the build on the device.
KEEPS = """() => {
  const {register} = ServiceWorkerContainer.prototype
  ServiceWorkerContainer.prototype.register = function (...given) {
    globalThis.keptWhile ??= attentionLab.runner.told.state
    return register.apply(this, given)
  }
}"""
# That a run goes on is shown when `noticed` is called, and not by the clock; then clocks go as before.
HELD = """() => {
  const later = setTimeout
  globalThis.setTimeout = (act, ms, ...more) => {
    if (ms !== 80) return later(act, ms, ...more)
    globalThis.noticed = () => {
      globalThis.setTimeout = later
      act()
    }
    return 0
  }
}"""
# The clock of the next run, as `second`, which counts one second of it: a loop is ended without waiting.
COUNTED = """() => {
  const real = setInterval
  let counted
  globalThis.setInterval = (act, ms) => real((counted = act), ms)
  const running = ({detail}) => {
    if (detail.state !== "running") return
    globalThis.second = counted
    globalThis.setInterval = real
    removeEventListener("attention-lab:runner", running)
  }
  addEventListener("attention-lab:runner", running)
}"""
# Whether what came of a run has been sent to the judge when the page hears of the Python that comes after it.
HEARD = """() => addEventListener("attention-lab:runner", ({detail}) => {
  if (detail.state !== "starting") return
  const {screens} = Bokeh.documents.at(-1).get_model_by_name("house")
  const {settings} = screens.find(({lab}) => lab === "build")
  globalThis.heard ??= "turn" in settings.find(({key}) => key === "reply").value
})"""


class Exercise:
    """An exercise on the screen."""

    def __init__(self, lab: Lab, query: str = SOFTMAX) -> None:
        self.lab, self.page = lab, lab.page
        self.keyboard = (lab.page.page if isinstance(lab.page, Frame) else lab.page).keyboard
        if self.page.url == "about:blank":
            lab.open(f"?{query}")
        self.host = self.page.locator(".code-host[data-ready]")
        self.content = self.host.locator(".cm-content")
        expect(self.content).to_be_visible()

    def only_write(self) -> None:
        """Nothing will be run: no Python for the code is started."""
        self.page.evaluate("() => attentionLab.runner.close()")

    @property
    def verdict(self) -> Locator:
        return self.lab.region("graded")

    @property
    def text(self) -> str:
        return "\n".join(self.content.locator(".cm-line").all_text_contents())

    def write(self, text: str) -> None:
        """Put a program in the place of what is there, as from the clipboard."""
        self.content.click()
        self.keyboard.press("Control+a")
        self.host.evaluate(PASTE, text)

    def run(self, text: str | None = None) -> None:
        """Press Control and Enter, and wait for what is said."""
        if text is not None:
            self.write(text)
        self.content.click()
        self.keyboard.press("Control+Enter")
        self.settled()

    def settled(self) -> None:
        expect(
            self.page.locator("[data-region=editor]:not([data-busy]) [data-action=run][aria-disabled=false]")
        ).to_be_visible()
        self.lab.settle()

    def raised(self, source: str) -> str:
        """Run something while the module is loaded, and return what is said of it."""
        self.run(source)
        return self.verdict.inner_text()


@pytest.fixture
def opened(workshop: Lab) -> Exercise:
    """The shared page, with whatever was written in it before."""
    workshop.visit(SOFTMAX)
    return Exercise(workshop)


def test_softmax_is_solved_by_keyboard_alone(new_page: NewPage) -> None:
    lab = new_page(viewport={"width": 1366, "height": 650})
    asked: list[str] = []
    lab.page.on("request", lambda request: asked.append(request.url))
    lab.open("?lab=build")
    keyboard = lab.page.keyboard
    lab.page.locator("[data-task~=softmax]").focus()
    assert not any(LATER.search(url) for url in asked)  # of what an exercise needs nothing is loaded before
    keyboard.press("Enter")
    task = Exercise(lab)
    assert any(LATER.search(url) for url in asked)
    for _ in range(40):
        if task.host.evaluate("host => host.matches(':focus-within')"):
            break
        keyboard.press("Tab")
    keyboard.press("Control+End")
    keyboard.press("ArrowUp")
    keyboard.press("Home")
    keyboard.press("Shift+End")
    keyboard.type(BODY[0])
    keyboard.press("Escape")  # of the list of completions, if one is open
    task.content.focus()
    keyboard.press("Enter")
    keyboard.type(BODY[1])
    lab.page.evaluate(MEANWHILE)
    keyboard.press("Control+Enter")
    expect(task.verdict.locator(".verdict.passed")).to_be_visible()
    task.content.focus()
    keyboard.press("Escape")
    keyboard.press("Escape")
    expect(lab.page.locator("[data-action=run]")).to_be_focused()
    expect(lab.region("header").locator("[data-lab=build]")).to_contain_text("1 of")
    assert "1 of" not in lab.page.evaluate("meanwhile")  # the verdict waits for nothing else on the screen


def test_a_known_mistake_is_told_and_drawn(opened: Exercise) -> None:
    opened.run(WRONG)
    expect(opened.verdict).to_contain_text("axis 0")
    matrices = opened.lab.region("stage").locator(".matrix")
    expect(matrices).to_have_count(2)
    expect(matrices.first.locator(".cell.current")).to_have_count(1)
    expect(opened.host.locator(".cm-printed")).to_contain_text("(3,)")
    opened.write("def softmax(x)\n    return x\n\n")
    expect(opened.host.locator(".cm-lint-marker-warning")).to_have_count(1)  # before it is run
    opened.run("def softmax(x)\n    return x\n")
    expect(opened.host.locator(".cm-wrong")).to_have_count(1)


def test_a_loop_without_end_is_ended_and_the_next_run_is_clean(opened: Exercise) -> None:
    loop = "import numpy as np\nnp.exp = None\nwhile True:\n    pass\n"
    opened.write(loop)
    opened.page.evaluate(COUNTED)
    opened.page.keyboard.press("Control+Enter")
    opened.page.wait_for_function("() => globalThis.second !== undefined")
    opened.page.evaluate("() => { for (let seconds = 0; seconds < 10; seconds++) second() }")
    opened.settled()
    expect(opened.verdict).to_contain_text("still running after 10 seconds")
    opened.write(loop)
    opened.page.keyboard.press("Control+Enter")
    opened.page.locator("[data-action=stop]").click()
    opened.settled()
    expect(opened.verdict).to_contain_text("You stopped it")
    opened.run(exercise("softmax").reference)
    expect(opened.verdict.locator(".verdict.passed")).to_be_visible()


def test_that_a_run_goes_on_is_shown_once_it_has_taken_a_while(opened: Exercise) -> None:
    opened.page.evaluate(HELD)
    opened.write("while True:\n    pass\n")
    opened.page.keyboard.press("Control+Enter")
    opened.page.wait_for_function("() => attentionLab.runner.told.state === 'running'")
    expect(opened.page.locator("[data-region=editor][data-busy] [data-action=run]")).to_be_visible()
    opened.page.evaluate("noticed()")
    opened.page.locator("[data-action=stop]").click()
    opened.settled()
    expect(opened.verdict).to_contain_text("You stopped it")


@pytest.mark.full
def test_the_build_is_kept_when_python_for_the_code_has_started_and_the_judge_hears_first(
    new_page: NewPage,
) -> None:
    lab = new_page(service_workers="allow")
    lab.page.add_init_script(f"({KEEPS})()")
    task = Exercise(lab)
    lab.page.wait_for_function("() => globalThis.keptWhile !== undefined")
    assert lab.page.evaluate("keptWhile") == "ready"
    lab.page.evaluate(HEARD)
    task.run(exercise("softmax").reference)
    assert lab.page.evaluate("heard") is True


OUT_OF_REACH = {
    "the network": "import js\njs.fetch('/')",
    "sockets": "import js\njs.WebSocket.new('ws://127.0.0.1')",
    "storage": "import js\njs.indexedDB.open('x')",
    "other workers": "import js\njs.Worker.new('blob:')",
    "the page": "import js\njs.postMessage('x')",
    "the runtime": "import pyodide_js",
    "evaluation": "from pyodide.code import run_js\nrun_js('self')",
    "a server": "import urllib.request\nurllib.request.urlopen('http://127.0.0.1/')",
    "threads": "import threading\nthreading.Thread(target=print).start()",
    "what is asked for": "import attention",
    "what is asked for, by another way": "import importlib\nimportlib.import_module('attention')",
    "endless memory": "x = []\nwhile True:\n    x.append(bytearray(10**7))",
    "endless output": "while True:\n    print('x' * 1000)",
    "the end of Python": "import os\nos._exit(0)",
    "the end of the program": "import sys\nsys.exit()",
    "endless calls": "def f():\n    f()\nf()",
}


@pytest.mark.full(minutes=1.5)
def test_hostile_code_reaches_nothing_and_ends_in_words(opened: Exercise) -> None:
    said: dict[str, str] = {}
    for what, source in OUT_OF_REACH.items():
        said[what] = opened.raised(f"{source}\nraise KeyError('it got through')\n")
        assert "Not yet: 0 of" in said[what], what
        assert "it got through" not in said[what], what
    assert "cannot be imported in an exercise" in said["what is asked for"]
    assert "memory" in said["endless memory"]
    assert "printed more than" in said["endless output"]
    assert "closed Python" in said["the end of Python"]
    opened.run(exercise("softmax").reference)
    expect(opened.verdict.locator(".verdict.passed")).to_be_visible()


def test_what_was_typed_is_there_after_a_reload_and_a_reset_can_be_undone(new_page: NewPage) -> None:
    lab = new_page()
    task = Exercise(lab)
    task.only_write()
    starter = task.text
    task.write(WRONG)
    lab.page.reload()
    lab.wait_ready()
    again = Exercise(lab)
    again.only_write()
    assert again.text == WRONG
    assert again.verdict.locator(".verdict.open").count() == 1  # nothing was run
    again.page.locator("[data-action=reset]").click()
    assert again.text == starter
    again.page.locator("[data-action=undo-reset]").click()
    assert again.text == WRONG
    with again.page.expect_download() as saved:
        again.page.locator(".more-menu summary").click()
        again.page.locator("[data-action=save-code]").click()
    assert saved.value.suggested_filename == "exercise_softmax.py"
    assert saved.value.path().read_text() == WRONG


@pytest.mark.parametrize("width", [360, pytest.param(1440, marks=pytest.mark.full)])
def test_the_screen_fits_and_axe_finds_nothing(opened: Exercise, width: int) -> None:
    opened.lab.page.set_viewport_size({"width": width, "height": 740})
    opened.run(WRONG)
    assert overflow(opened.lab.page) <= 0
    opened.page.evaluate(Path(axe_script()).read_text())
    check_axe(opened.lab.page, f"a wrong softmax at {width} px")
