"""The lock file of our own folder: `loadPackage` finds every package of the page in it, and nothing else."""

import json
from pathlib import Path

from pyodide_lock import PackageSpec, PyodideLockSpec
from pyodide_lock.spec import InfoSpec

from building.stamps import file_sha256
from building.wheels import Wheel

NAME = "pyodide-lock.json"


def write_lock(wheels: list[Wheel], runtime: Path, into: Path) -> Path:
    """Write the lock of these wheels, for the Python of this runtime."""
    info = InfoSpec(**json.loads((runtime / NAME).read_text(encoding="utf-8"))["info"])
    spec = PyodideLockSpec(info=info, packages={wheel.package.name: _entry(wheel) for wheel in wheels})
    spec.check_wheel_filenames()
    missing = {name for package in spec.packages.values() for name in package.depends} - spec.packages.keys()
    if missing:
        raise ValueError(f"packages that others depend on are not in building/packages.py: {sorted(missing)}")
    path = into / NAME
    spec.to_json(path)
    return path


def _entry(wheel: Wheel) -> PackageSpec:
    return PackageSpec(
        name=wheel.package.name,
        version=wheel.version,
        file_name=wheel.file.name,
        install_dir="site",
        sha256=file_sha256(wheel.file),
        imports=list(wheel.package.modules),
        depends=list(wheel.package.dependencies),
    )
