"""Slim wheels: packages repacked with what the page needs, compiled by the Python that will import them."""

import base64
import fnmatch
import hashlib
import shutil
import tarfile
import tomllib
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from pathlib import Path

from building.artefacts import Artefact
from building.compiling import EVERYTHING, Tree, compile_trees, compiler_digest
from building.packages import GENERATED, NEVER, Outside, Own
from building.paths import ROOT
from building.stamps import digest, file_sha256, made, tree_digest
from building.zips import zip_bytes, zips_digest

Package = Outside | Own
AT_ONCE = 2
ANYWHERE = "py3-none-any"


@dataclass(frozen=True)
class Wheel:
    """A wheel that is ready for the page."""

    package: Package
    version: str
    file: Path
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class Draft:
    """A wheel that is to be made."""

    package: Package
    version: str
    tag: str
    content: str  # a digest

    @property
    def file(self) -> str:
        """Its name."""
        return f"{_underscored(self.package.name)}-{self.version}-{self.tag}.whl"

    @property
    def left_out(self) -> str:
        """The name of the list of files that it is without."""
        return f"{self.package.name}-left-out.txt"


@dataclass(frozen=True)
class Maker:
    """Makes slim wheels out of these files, for this runtime."""

    artefacts: Mapping[str, Artefact]
    files: Mapping[str, Path]
    runtime: Path

    def slim_all(self, packages: Iterable[Package]) -> list[Wheel]:
        """The slim wheels of several packages, in their order; made side by side."""
        packages = list(packages)
        runs: dict[str, list[Package]] = {}
        for package in packages:
            runs.setdefault(self._run_of(package), []).append(package)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            wheels = [wheel for run in pool.map(self.slim, runs.values()) for wheel in run]
        by_name = {wheel.package.name: wheel for wheel in wheels}
        return [by_name[package.name] for package in packages]

    def _run_of(self, package: Package) -> str:
        """The run of the compiler that a package belongs to: small ones of a group share one."""
        return package.name if package.large else f"small-{self.artefacts[package.name].group}"

    def slim(self, packages: Sequence[Package]) -> list[Wheel]:
        """The slim wheels of packages that are compiled in one run.

        They are made when the contents of one, the rules or the runtime have changed: which others a run
        compiles, and in which order, can show in the bytes, and is therefore always the same.
        """
        drafts = [self._draft(package) for package in packages]
        rules = digest(NEVER, compiler_digest(self.runtime), zips_digest(), file_sha256(Path(__file__)))

        def make(folder: Path) -> None:
            members = [self._read(package) for package in packages]
            kept = [_kept(package, found) for package, found in zip(packages, members, strict=True)]
            trees = [_tree(package, files) for package, files in zip(packages, kept, strict=True)]
            compiled = compile_trees(trees, self.runtime)
            for draft, before, after, files in zip(drafts, members, kept, compiled, strict=True):
                info = _dist_info(draft, before)
                (folder / draft.file).write_bytes(wheel_bytes(files, info))
                left_out = sorted(before.keys() - after.keys())
                (folder / draft.left_out).write_text("".join(f"{path}\n" for path in left_out))

        folder = made(f"wheels/{self._run_of(packages[0])}", digest(rules, *drafts), make)
        return [
            Wheel(
                draft.package,
                draft.version,
                folder / draft.file,
                tuple((folder / draft.left_out).read_text().splitlines()),
            )
            for draft in drafts
        ]

    def _draft(self, package: Package) -> Draft:
        if isinstance(package, Own):
            content = tree_digest(own_sources(package), package.home)
            return Draft(package, own_version(), ANYWHERE, content)
        artefact = self.artefacts[package.name]
        return Draft(package, artefact.version, _tag(artefact.file), artefact.sha256)

    def _read(self, package: Package) -> dict[str, bytes]:
        if isinstance(package, Outside):
            return _read_outside(package, self.files[package.name])
        sources = own_sources(package)
        return {path.relative_to(package.home).as_posix(): path.read_bytes() for path in sources}


def _underscored(name: str) -> str:
    return name.replace("-", "_")


def _tag(file: str) -> str:
    """The tag of the slim wheel: that of the outside one, if it holds code for WebAssembly."""
    stem = file.removesuffix(".whl")
    return "-".join(stem.split("-")[-3:]) if stem.endswith("wasm32") else ANYWHERE


def own_version() -> str:
    """The version of this project."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])


def own_sources(package: Own) -> list[Path]:
    """The files of a package of this repository."""
    folders = [package.home / module for module in package.modules]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return [
        path
        for path in files
        if "__pycache__" not in path.parts
        and not path.relative_to(package.home).as_posix().startswith(GENERATED)
    ]


def _read_outside(package: Outside, archive: Path) -> dict[str, bytes]:
    """The files of a wheel; or of an sdist, below its folder of modules."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            return {item.filename: wheel.read(item) for item in wheel.infolist() if not item.is_dir()}
    members: dict[str, bytes] = {}
    with tarfile.open(archive) as sdist:
        for item in sdist:
            prefix = f"{item.name.split('/')[0]}/{package.inside}/"
            if item.isfile() and item.name.startswith(prefix):
                content = sdist.extractfile(item)
                members[item.name.removeprefix(prefix)] = content.read() if content else b""
    return members


def is_kept(package: Package, path: str) -> bool:
    """Whether a file of the package goes into its slim wheel, as packages.py says."""
    if any(matches(path, pattern) for pattern in (*NEVER, *package.drop)):
        return False
    if isinstance(package, Own):
        return True
    return path.endswith(".py") or any(matches(path, pattern) for pattern in package.keep)


def matches(path: str, pattern: str) -> bool:
    """Shell patterns, where a leading `**/` also matches no folder at all."""
    return fnmatch.fnmatchcase(path, pattern) or (
        pattern.startswith("**/") and fnmatch.fnmatchcase(path, pattern.removeprefix("**/"))
    )


def _kept(package: Package, members: Mapping[str, bytes]) -> dict[str, bytes]:
    """What of a package goes into its slim wheel."""
    kept = {path: data for path, data in members.items() if is_kept(package, path)}
    return kept | dict.fromkeys(package.empty, b"")


def _tree(package: Package, files: Mapping[str, bytes]) -> Tree:
    documented = EVERYTHING if package.docstrings else ()
    return Tree(files, keep_sources=package.keep_sources, documented=documented)


def _dist_info(draft: Draft, members: Mapping[str, bytes]) -> dict[str, bytes]:
    """The metadata that Pyodide and importlib.metadata read: no description, no list of licences."""
    package, version = draft.package, draft.version
    name = package.name
    extra = {}
    for path, data in members.items():
        if path.endswith(".dist-info/METADATA"):
            name = str(BytesHeaderParser().parsebytes(data)["Name"])
        if path.endswith(".dist-info/entry_points.txt") and is_kept(package, path):
            extra["entry_points.txt"] = data
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    wheel = f"Wheel-Version: 1.0\nGenerator: attention-lab\nRoot-Is-Purelib: true\nTag: {draft.tag}\n"
    entries = {"METADATA": metadata.encode(), "WHEEL": wheel.encode(), **extra}
    folder = f"{_underscored(package.name)}-{version}.dist-info"
    return {f"{folder}/{entry}": data for entry, data in entries.items()}


def wheel_bytes(
    compiled: Mapping[str, bytes], dist_info: Mapping[str, bytes], compression: int = zipfile.ZIP_STORED
) -> bytes:
    """A wheel of these files, with its record."""
    members = {path: data for path, data in compiled.items() if ".dist-info/" not in path} | dict(dist_info)
    record = next(iter(dist_info)).split("/")[0] + "/RECORD"
    lines = [f"{path},sha256={_record_hash(data)},{len(data)}" for path, data in sorted(members.items())]
    members[record] = "\n".join([*lines, f"{record},,", ""]).encode()
    return zip_bytes(members, compression)


def _record_hash(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def publish(wheels: Iterable[Wheel], into: Path) -> None:
    """Put the wheels into one folder, each under its own name."""
    for wheel in wheels:
        shutil.copyfile(wheel.file, into / wheel.file.name)
