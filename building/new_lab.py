"""`build.py new lab NAME`: the files of a small lab that works, to be changed into another."""

import keyword
from pathlib import Path

from building.errors import BuildError
from building.paths import ROOT
from building.progress import note
from building.stamps import write_whole

TEMPLATES = ROOT / "building" / "new_lab"
LABS = Path("pyapp/attention_lab/labs")


def new_lab(name: str, root: Path = ROOT) -> list[Path]:
    """Write the files of a new lab, and say what to do with them."""
    if not name.isidentifier() or not name.isascii() or name != name.lower() or keyword.iskeyword(name):
        raise BuildError(f"{name!r} cannot be the name of a lab: use small letters, digits and _.")
    lab, tests = root / LABS / name, root / "tests" / "lab" / name
    if lab.exists() or tests.exists():
        raise BuildError(f"There is a lab {name!r} already: choose another name.")
    words = {
        "__name__": name,
        "__title__": name.replace("_", " ").capitalize(),
        "__class__": "".join(part.capitalize() for part in name.split("_")) + "Lab",
        "__order__": str(len(list((root / LABS).glob("*/lab.md"))) + 1),
    }
    targets = {
        lab / "__init__.py": "init.py.txt",
        lab / "lab.md": "lab.md",
        lab / "lab.py": "lab.py.txt",
        lab / "guide.md": "guide.md",
        tests / "__init__.py": "tests_init.py.txt",
        tests / f"test_{name}.py": "test.py.txt",
    }
    for path, template in targets.items():
        text = (TEMPLATES / template).read_text(encoding="utf-8")
        for word, value in words.items():
            text = text.replace(word, value)
        write_whole(path, text.encode())
        note(f"  {path.relative_to(root)}")
    note(f"Open it with `python3 build.py dev {name}`: the page follows what you save.")
    return list(targets)
