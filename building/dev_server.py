"""The server of `build.py dev`: `python -m building.dev_server PORT [LAB]`. Its pages follow it."""

import sys
import uuid
from urllib.parse import parse_qs

import panel as pn
from tornado.web import RequestHandler

from attention_lab import lab
from attention_lab.app import lab_names
from attention_lab.widgets.house import House

START = uuid.uuid4().hex

FOLLOW = """
const start = async () => (await fetch("/dev/start", {cache: "no-store"})).text()
const first = await start()
setInterval(async () => {
  try { if (await start() !== first) location.reload() } catch { /* it is on its way */ }
}, 500)
"""


class Start(RequestHandler):
    """Says which start of the server this is."""

    def get(self) -> None:
        """Answer with what names this start."""
        self.set_header("Cache-Control", "no-store")
        self.finish(START)


class Follow(RequestHandler):
    """The script that loads the page again when the server has been started again."""

    def get(self) -> None:
        """Answer with the script."""
        self.set_header("Content-Type", "text/javascript")
        self.finish(FOLLOW)


def serve(port: int, name: str | None) -> None:
    """Serve until the process is ended."""
    first = name or lab_names()[0]

    def page() -> House:
        pn.config.js_modules["follow"] = "/dev/follow.js"
        search = pn.state.location.search if pn.state.location else ""
        named = parse_qs(search.lstrip("?")).get("lab", [first])[0]
        return lab(named if named in lab_names() else first)

    print(f"Attention Lab, from source: http://localhost:{port}/?lab={first}  (Ctrl-C to stop)", flush=True)
    pn.serve(  # type: ignore[no-untyped-call]
        {"/": page},
        port=port,
        show=False,
        title="Attention Lab",
        verbose=False,
        websocket_origin=[f"localhost:{port}", f"127.0.0.1:{port}"],
        extra_patterns=[("/dev/start", Start), ("/dev/follow.js", Follow)],
    )


if __name__ == "__main__":
    serve(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None)
