"""Python's standard library, with what every visit imports compiled beforehand.

As Pyodide ships it, it is all sources, and each visit compiles the two hundred modules that it imports: a
third of the time that Python takes to start. The other modules stay sources, which are smaller.
"""

import zipfile
from collections.abc import Collection
from pathlib import Path

from building.compiling import Tree, compile_trees, compiler_digest
from building.stamps import digest, file_sha256, made
from building.zips import zip_bytes, zips_digest

NAME = "python_stdlib.zip"
HOME = "/lib/python313.zip"  # where the runtime mounts it
#: Modules that can do nothing in a browser, without sockets and terminals, and that no other imports.
DEAD = (
    *("_android_support.py", "_apple_support.py", "_ios_support.py", "ftplib.py", "imaplib.py", "mailbox.py"),
    *("poplib.py", "pty.py", "smtplib.py", "tty.py", "wsgiref/", "xmlrpc/"),
)
DOCUMENTED = ("email/",)  # some of its classes take over the docstrings of others, compiled or not


def compiled_stdlib(runtime: Path, imported: Collection[str]) -> Path:
    """The standard library's zip, where a .pyc takes the place of each of the `imported` files."""
    key = digest(compiler_digest(runtime), zips_digest(), file_sha256(Path(__file__)), *sorted(imported))

    def make(folder: Path) -> None:
        with zipfile.ZipFile(runtime / NAME) as archive:
            files = [item for item in archive.infolist() if not item.is_dir()]
            members = {
                item.filename: archive.read(item) for item in files if not item.filename.startswith(DEAD)
            }
        sources = {name: members.pop(name) for name in imported if name in members}  # the others are frozen
        [compiled] = compile_trees([Tree(sources, home=HOME, documented=DOCUMENTED)], runtime)
        (folder / NAME).write_bytes(zip_bytes(members | compiled))

    return made("stdlib", key, make) / NAME
