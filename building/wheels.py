"""Slim wheels: packages repacked with what the page needs, compiled by the Python that will import them."""

import base64
import fnmatch
import hashlib
import shutil
import tarfile
import tomllib
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from pathlib import Path

from building.artefacts import Artefact
from building.compiling import EVERYTHING, compile_tree, compiler_digest
from building.packages import NEVER, Outside, Own
from building.paths import ROOT
from building.stamps import digest, file_sha256, made, tree_digest
from building.zips import zip_bytes



@dataclass(frozen=True)
class Wheel:
    """A wheel that is ready for the page."""

    package: Outside | Own
    version: str
    file: Path
    left_out: tuple[str, ...]


def slim(package: Outside | Own, artefacts: Mapping[str, Artefact], files: Mapping[str, Path], runtime: Path) -> Wheel:
    """The slim wheel of one package; made when its contents, the rules or the runtime have changed."""
    if isinstance(package, Own):
        version, tag = _own_version(), "py3-none-any"
        content = tree_digest(_own_sources(package), package.home)
    else:
        artefact = artefacts[package.name]
        version, content = artefact.version, artefact.sha256
        tag = "-".join(artefact.file.removesuffix(".whl").split("-")[-3:]) if package.name == "numpy" else "py3-none-any"
    rules = digest(package, NEVER, compiler_digest(runtime), file_sha256(Path(__file__)))
    name = f"{package.name.replace('-', '_')}-{version}-{tag}.whl"

    def make(folder: Path) -> None:
        members = _read_own(package) if isinstance(package, Own) else _read_outside(package, files[package.name])
        kept = {path: data for path, data in members.items() if _is_kept(package, path)}
        sources = isinstance(package, Own) and package.keep_sources
        documented = EVERYTHING if package.docstrings else ()
        compiled = compile_tree(kept, runtime, keep_sources=sources, documented=documented)
        _write_wheel(folder / name, compiled, _dist_info(package, members, version, tag))
        (folder / "left-out.txt").write_text("".join(f"{path}\n" for path in sorted(members.keys() - kept.keys())))

    folder = made(f"wheels/{package.name}", digest(version, content, rules), make)
    return Wheel(package, version, folder / name, tuple((folder / "left-out.txt").read_text().splitlines()))


def _own_version() -> str:
    version: str = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    return version


def _own_sources(package: Own) -> list[Path]:
    files = [path for module in package.modules for path in (package.home / module).rglob("*") if path.is_file()]
    return [path for path in files if "__pycache__" not in path.parts]


def _read_own(package: Own) -> dict[str, bytes]:
    return {path.relative_to(package.home).as_posix(): path.read_bytes() for path in _own_sources(package)}


def _read_outside(package: Outside, archive: Path) -> dict[str, bytes]:
    """The files of a wheel; or of an sdist, below its folder of modules."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            return {item.filename: wheel.read(item) for item in wheel.infolist() if not item.is_dir()}
    members: dict[str, bytes] = {}
    with tarfile.open(archive) as sdist:
        for item in sdist:
            prefix = item.name.split("/")[0] + f"/{package.inside}/"
            if item.isfile() and item.name.startswith(prefix):
                content = sdist.extractfile(item)
                members[item.name.removeprefix(prefix)] = content.read() if content else b""
    return members


def _is_kept(package: Outside | Own, path: str) -> bool:
    if any(_matches(path, pattern) for pattern in (*NEVER, *package.drop)):
        return False
    if isinstance(package, Own):
        return True
    return path.endswith(".py") or any(_matches(path, pattern) for pattern in package.keep)


def _matches(path: str, pattern: str) -> bool:
    """Shell patterns, where a leading `**/` also matches no folder at all."""
    return fnmatch.fnmatchcase(path, pattern) or (
        pattern.startswith("**/") and fnmatch.fnmatchcase(path, pattern.removeprefix("**/"))
    )


def _dist_info(package: Outside | Own, members: Mapping[str, bytes], version: str, tag: str) -> dict[str, bytes]:
    """The metadata that Pyodide and importlib.metadata read: no description, no list of licences."""
    folder = f"{package.name.replace('-', '_')}-{version}.dist-info"
    name = package.name
    for path, data in members.items():
        if path.endswith(".dist-info/METADATA"):
            name = str(BytesHeaderParser().parsebytes(data)["Name"])
    entries = {
        "METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode(),
        "WHEEL": f"Wheel-Version: 1.0\nGenerator: attention-lab\nRoot-Is-Purelib: true\nTag: {tag}\n".encode(),
    }
    for path, data in members.items():
        if path.endswith(".dist-info/entry_points.txt") and _is_kept(package, path):
            entries["entry_points.txt"] = data
    return {f"{folder}/{entry}": data for entry, data in entries.items()}


def _write_wheel(path: Path, members: Mapping[str, bytes], dist_info: Mapping[str, bytes]) -> None:
    folder = next(iter(dist_info)).split("/")[0]
    members = {name: data for name, data in members.items() if ".dist-info/" not in name} | dict(dist_info)
    record = f"{folder}/RECORD"
    lines = [f"{name},sha256={_record_hash(data)},{len(data)}" for name, data in sorted(members.items())]
    members[record] = "\n".join([*lines, f"{record},,", ""]).encode()
    path.write_bytes(zip_bytes(members))


def _record_hash(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def publish(wheels: list[Wheel], into: Path) -> None:
    """Put the wheels into one folder, each under its own name."""
    for wheel in wheels:
        shutil.copyfile(wheel.file, into / wheel.file.name)
