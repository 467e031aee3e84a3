"""A lab in a cell of JupyterLab: installed from the wheel, asking no other host, used from Python, too."""

from __future__ import annotations

import json
import os
import queue
import re
import subprocess
import threading
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from building.paths import ROOT
from building.project_wheel import write_wheel
from tests.e2e.conftest import PATIENCE_MS, NewPage
from tests.e2e.reference import Settings, matrices

pytestmark = pytest.mark.full(minutes=4)

CELLS = (
    'from attention_lab import lab\n\napp = lab("stepper")\napp',
    'app.settings.step = "weights"\napp.settings.mask = "causal"\nprint(repr(app.settings.text))',
)
START_SECONDS = 90

TOLERANCE = 1e-12
#: Whether a matrix on the stage, wherever there are shadow roots, has these numbers and no other.
SHOWS = """
([name, expected, tolerance]) => {
  const below = (root) => [...root.querySelectorAll("*")].flatMap((each) => [
    each, ...(each.shadowRoot ? below(each.shadowRoot) : []),
  ]);
  const stage = below(document).find(({dataset}) => dataset?.region === "stage");
  const host = stage && below(stage).find(({dataset}) => dataset?.matrix === name);
  const cells = [...host?.querySelectorAll("[data-cell]") ?? []];
  const numbers = expected.flatMap((row, r) => row.map((value, c) => [`${r},${c}`, value]));
  const found = new Map(cells.map(({dataset}) => [dataset.cell, Number(dataset.value ?? NaN)]));
  return found.size === numbers.length
    && numbers.every(([at, value]) => Math.abs(found.get(at) - value) <= tolerance);
}
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with JupyterLab and the project's wheel."""
    home = tmp_path_factory.mktemp("jupyter")
    venv.create(home / "venv", with_pip=True)
    found = home / "venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pip = [str(found), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    lock = ROOT / "building" / "jupyter.lock"
    subprocess.run([*pip, "--require-hashes", "--requirement", str(lock)], check=True)
    subprocess.run([*pip, "--no-index", str(write_wheel(home))], check=True)
    return found


@contextmanager
def jupyter_lab(python: Path, folder: Path) -> Iterator[str]:
    """Run JupyterLab in a folder while the context lasts; its address."""
    options = [
        "--no-browser",
        "--allow-root",
        "--port=0",
        "--IdentityProvider.token=",
        "--ServerApp.ip=127.0.0.1",
    ]
    options += ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment |= {"JUPYTER_CONFIG_DIR": str(folder / ".jupyter"), "HOME": str(folder)}
    command = [str(python), "-m", "jupyterlab", *options]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True, env=environment) as server:
        assert server.stderr is not None
        lines: queue.Queue[str] = queue.Queue()
        reader = threading.Thread(
            target=lambda told: [lines.put(each) for each in told], args=[server.stderr]
        )
        reader.start()
        try:
            told = ""
            while not (found := re.search(r"(http://127\.0\.0\.1:\d+)/", told)):
                told += lines.get(timeout=START_SECONDS)
            yield found[1]
        finally:
            server.terminate()
            server.wait()
            reader.join()


def notebook() -> dict[str, object]:
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    cells = [
        {
            "cell_type": "code",
            "id": f"cell{n}",
            "metadata": {},
            "source": text,
            "outputs": [],
            "execution_count": None,
        }
        for n, text in enumerate(CELLS)
    ]
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


def run_cell(page: Page, number: int) -> Locator:
    """Run a cell; what it shows."""
    page.get_by_text("| Idle").wait_for()
    cell = page.locator(".jp-Notebook .jp-CodeCell").nth(number)
    cell.locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    return cell.locator(".jp-OutputArea")


def agrees(cell: Locator, name: str, settings: Settings) -> None:
    """Wait until a matrix on the stage is NumPy's own."""
    expected = matrices(settings)[name].tolist()
    cell.locator(f"[data-region=stage] [data-matrix={name}]").first.wait_for()
    cell.page.wait_for_function(SHOWS, arg=[name, expected, TOLERANCE], timeout=PATIENCE_MS)


def test_a_lab_in_a_cell_gives_numpys_numbers_and_is_used_from_python(
    new_page: NewPage, python: Path, tmp_path: Path
) -> None:
    (tmp_path / "lab.ipynb").write_text(json.dumps(notebook()), encoding="utf-8")
    with jupyter_lab(python, tmp_path) as address:
        lab = new_page(url=f"{address}/")
        lab.watch.expect(
            "Failed to load resource", "status 404"
        )  # of JupyterLab's own: what it has no settings for
        page = lab.page
        page.goto(f"{address}/lab/tree/lab.ipynb")
        cell = run_cell(page, 0)
        cell.locator(".screen").wait_for()
        field = cell.get_by_label("Your sentence")
        field.fill("The dogs are playing")
        field.press("Enter")
        mine = Settings(text="The dogs are playing")
        cell.locator("[data-region=transport] [data-step=qkv]").click()
        agrees(cell, "q", mine)
        told = run_cell(page, 1)
        expect(told).to_contain_text("'The dogs are playing'")
        expect(cell.locator("[data-region=transport] [aria-current=step]")).to_have_attribute(
            "data-step", "weights"
        )
        agrees(cell, "weights", Settings(text=mine.text, mask="causal"))
        page.goto("about:blank")  # before the server ends, which it would miss
