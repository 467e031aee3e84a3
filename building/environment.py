"""The virtual environment that everything else runs in, made from the pinned, hashed locks.

Standard library only: it runs before there is an environment.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from building.errors import BuildError
from building.locking import alone
from building.paths import INTERMEDIATE, ROOT, VENV, artefact_cache
from building.progress import step

LOCKS = ROOT / "building"
NODE_NEEDED = (18, 0)
STAMP = VENV / ".attention-lab"  # a line for each lock that is installed; written last
ENTERING = "ATTENTION_LAB_ENTERING"
PIP_FAILED = (
    "pip could not install what building and testing need. Without a network, bring it from another machine "
    "of this kind: `build.py fetch --export FILE` there, `build.py fetch --import FILE` here. pip said"
)


def enter(arguments: list[str], *, testing: bool) -> None:
    """Return if this process runs in an up-to-date `.venv`; else make that so, and run build.py anew.

    Only `testing` needs more than what builds.
    """
    wanted = _wanted(testing)
    if wanted.keys() - _installed():
        if _inside():
            _replace_process(Path(sys._base_executable), arguments)  # type: ignore[attr-defined]
        with alone(INTERMEDIATE / "environment-lock"):
            _make(wanted)
    if not _inside():
        if ENTERING in os.environ:
            raise BuildError(f"{VENV} is damaged: remove it and run the same command again.")
        os.environ[ENTERING] = "1"
        _replace_process(_python(), arguments)
    os.environ.pop(ENTERING, None)
    # Node's and npm's own commands start `python` and `node` by name.
    os.environ["PATH"] = os.pathsep.join([str(_python().parent), os.environ.get("PATH", os.defpath)])
    os.environ["VIRTUAL_ENV"] = str(VENV)


def can_grow() -> bool:
    """Whether what only tests can be put on top of what is there: nothing that is installed has changed."""
    return _installed() <= _wanted(True).keys()


def grow() -> None:
    """Put it there. Nothing of what builds is touched: that may run meanwhile."""
    with alone(INTERMEDIATE / "environment-lock"):
        if can_grow() and _wanted(True).keys() - _installed():
            with step("Adding what tests to .venv"):
                _add(_wanted(True))


def wheelhouse() -> Path:
    """Where `fetch --import` puts the wheels of the virtual environment."""
    return artefact_cache() / "environment"


def locks_digest(locks: list[Path]) -> str:
    """What names the exact contents of the locks."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in locks)).hexdigest()


def all_locks() -> list[Path]:
    """What any machine may need: all that is tested with, of which build.lock is a part, and Node."""
    return [LOCKS / "requirements.lock", LOCKS / "node.lock"]


def _wanted(testing: bool) -> dict[str, Path]:
    """The locks that are needed, each by its line in the stamp."""
    return {_line(lock): lock for lock in _needed_locks(testing)}


def _needed_locks(testing: bool) -> list[Path]:
    requirements, node = all_locks()
    locks = [LOCKS / "build.lock"] if _has_node() else [LOCKS / "build.lock", node]
    return [*locks, requirements] if testing else locks


def _has_node() -> bool:
    """Whether the machine itself has a Node that is new enough, with npm."""
    own = str(_python().parent)
    path = os.pathsep.join(
        part for part in os.environ.get("PATH", os.defpath).split(os.pathsep) if part != own
    )
    node, npm = shutil.which("node", path=path), shutil.which("npm", path=path)
    if not (node and npm):
        return False
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=True, timeout=30)
        version = tuple(int(part) for part in answer.stdout.strip().lstrip("v").split(".")[:2])
    except (OSError, subprocess.SubprocessError, ValueError):
        return False
    return version >= NODE_NEEDED


def _python() -> Path:
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _inside() -> bool:
    return Path(sys.prefix).resolve() == VENV.resolve()


def _line(lock: Path) -> str:
    """What the stamp of an environment says of a lock that was installed whole."""
    return f"{lock.name} {locks_digest([lock])}"


def _installed() -> set[str]:
    """The lines of the stamp; none where an environment is not whole, or was interrupted on its way."""
    whole = _python().exists() and (VENV / "pyvenv.cfg").is_file()
    return set(STAMP.read_text().splitlines()) if whole and STAMP.is_file() else set()


def _make(wanted: Mapping[str, Path]) -> None:
    """Install the locks that are not installed; all of them anew, where one is that is not wanted."""
    if not wanted.keys() - _installed():
        return  # another run has made it meanwhile
    if importlib.util.find_spec("ensurepip") is None:
        _install_ensurepip()
    if VENV.is_symlink():  # to clear it would empty what somebody else works with
        raise BuildError(f"{VENV} is a link to {VENV.resolve()}, which has other packages: remove the link.")
    with step("Making the virtual environment .venv"):
        kept = _installed()
        if not kept or kept - wanted.keys():
            STAMP.unlink(missing_ok=True)
            _run(
                [sys.executable, "-m", "venv", "--clear", str(VENV)],
                "Python could not make a virtual environment",
            )
        with _fetching_ahead():
            _add(wanted)


def _add(wanted: Mapping[str, Path]) -> None:
    """Install those of the locks that are not installed."""
    kept = _installed()
    for line, lock in wanted.items():
        if line not in kept:
            _run(_pip_install(lock), PIP_FAILED)
    STAMP.write_text("".join(f"{line}\n" for line in sorted(wanted)))


@contextmanager
def _fetching_ahead() -> Iterator[None]:
    """Fetch outside files meanwhile; what fails is fetched again by the build, which then says why."""
    process = subprocess.Popen([str(_python()), "-m", "building.ahead"], cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        yield
    except BaseException:
        process.terminate()
        raise
    finally:
        process.wait()


def _pip_install(lock: Path) -> list[str]:
    command = [str(_python()), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--require-hashes", "--no-deps", "--no-compile", "--requirement", str(lock)]
    stamp = wheelhouse() / "locks.txt"
    if stamp.is_file() and stamp.read_text().strip() == locks_digest(all_locks()):
        command += ["--no-index", "--find-links", str(wheelhouse())]
    return command


def _install_ensurepip() -> None:
    """Debian and its kin keep the module `ensurepip` in a package of its own."""
    package = "python3-venv"
    apt = shutil.which("apt-get")
    if apt and hasattr(os, "geteuid") and os.geteuid() == 0:
        with step(f"Installing {package}"):
            quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
            subprocess.run([apt, "update"], check=False, **quiet)  # type: ignore[call-overload]
            subprocess.run([apt, "install", "--yes", package], check=False, **quiet)  # type: ignore[call-overload]
        importlib.invalidate_caches()
    if not (Path(sysconfig.get_path("stdlib")) / "ensurepip").is_dir():
        raise BuildError(
            "This Python cannot make virtual environments: its module `ensurepip` is missing.\n"
            f"On Debian or Ubuntu: `sudo apt-get install {package}`; elsewhere: a whole Python. "
            "Then run the same command again."
        )


def _run(command: list[str], failure: str) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        raise BuildError(f"{failure}:\n{_last_lines(done.stdout + done.stderr)}")


def _last_lines(output: str, count: int = 15) -> str:
    lines = [line for line in output.strip().splitlines() if "WARNING: Retrying" not in line]
    return "\n".join(lines[-count:])


def _replace_process(python: Path, arguments: list[str]) -> None:
    command = [str(python), str(ROOT / "build.py"), *arguments]
    sys.stdout.flush()
    if os.name != "nt":
        os.execv(command[0], command)
    try:
        sys.exit(subprocess.run(command).returncode)
    except KeyboardInterrupt:
        sys.exit(130)
