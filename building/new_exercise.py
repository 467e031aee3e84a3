"""`build.py new exercise NAME`: the folder of a small exercise that works, to be changed into another."""

import json
import keyword
from pathlib import Path

from building.errors import BuildError
from building.paths import ROOT
from building.progress import note
from building.stamps import write_whole

TEMPLATES = ROOT / "building" / "new_exercise"
EXERCISES = Path("pyapp/attention_lab/exercises")


def new_exercise(name: str, root: Path = ROOT) -> list[Path]:
    """Write the files of a new exercise, and say what to do with them."""
    if not name.isidentifier() or not name.isascii() or name != name.lower() or keyword.iskeyword(name):
        raise BuildError(f"{name!r} cannot be the name of an exercise: use small letters, digits and _.")
    folder = root / EXERCISES / name
    if folder.exists():
        raise BuildError(f"There is an exercise {name!r} already: choose another name.")
    words = {
        "__name__": name,
        "__title__": name.replace("_", " ").capitalize(),
        "__order__": str(10 * len(list((root / EXERCISES).glob("*/prompt.md"))) + 10),
    }
    files = {folder / "__init__.py": ""}
    for template in ("prompt.md", "starter.py.txt", "reference.py.txt", "checks.py.txt"):
        files[folder / template.removesuffix(".txt")] = (TEMPLATES / template).read_text(encoding="utf-8")
    reference = files[folder / "reference.py"]
    right = "x - x.mean(axis=-1, keepdims=True)"
    for mistake, (said, instead) in json.loads(
        (TEMPLATES / "wrong.json").read_text(encoding="utf-8")
    ).items():
        files[folder / "wrong" / f"{mistake}.py"] = f'"""{said}"""\n\n\n{reference.replace(right, instead)}'
    for path, text in files.items():
        for word, value in words.items():
            text = text.replace(word, value)
        write_whole(path, text.encode())
        note(f"  {path.relative_to(root)}")
    note(f"Write it, add its line to docs/exercises.md, and run `pytest tests/grading -k {name}`.")
    return list(files)
