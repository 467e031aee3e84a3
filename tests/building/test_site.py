"""dist/site is whole, names its files by their hashes and asks no other host for anything."""

import hashlib
import html
import json
import os
import re
import shutil
import struct
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from zipfile import ZipFile

import pytest

from building.artefacts import load
from building.ascii import html_in_ascii, script_in_ascii
from building.compression import HOME
from building.errors import BuildError
from building.licences import SHIPPED
from building.paths import ROOT, SITE
from building.site import inside_script
from building.stamps import integrity
from building.templates import fill_template
from building.texts import PSEUDO

needs_site = pytest.mark.usefixtures("site")


class Page(HTMLParser):
    """The links and the JSON of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.json: dict[str, str] = {}
        self._open: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag in ("link", "script", "img"):
            self.links += [value for name in ("href", "src") if (value := given.get(name))]
        if given.get("type") == "application/json":
            self._open = given["id"]

    def handle_data(self, data: str) -> None:
        if self._open:
            self.json[self._open] = self.json.get(self._open, "") + data

    def handle_endtag(self, tag: str) -> None:
        self._open = None


def test_a_value_may_hold_braces_and_an_unknown_placeholder_is_named() -> None:
    assert fill_template("<{{a}}|{{b}}>", {"a": "{{b}}", "b": "2"}) == "<{{b}}|2>"
    with pytest.raises(BuildError, match="nonsense"):
        fill_template("{{nonsense}}", {})


def test_json_in_the_page_cannot_end_its_script() -> None:
    text = json.dumps({"words": "</script><!-- <b>"})
    assert "<" not in inside_script(text)
    assert json.loads(inside_script(text)) == json.loads(text)


@needs_site
def test_what_the_page_depends_on_reads_alike_in_every_encoding() -> None:
    texts = [path for path in SITE.rglob("*") if path.suffix in {".html", ".js", ".css"}]
    assert len(texts) >= 10
    assert [path.name for path in texts if not path.read_bytes().isascii()] == []


def test_characters_are_spelt_in_ascii() -> None:
    text = '"\u221a \xe9 \U0001f600"'
    spelt = script_in_ascii(text)
    assert spelt.isascii()
    assert json.loads(spelt) == json.loads(text)
    assert html.unescape(html_in_ascii("\u221a <b>")) == "\u221a <b>"


@pytest.fixture(scope="module")
def site() -> None:
    if not SITE.is_dir():
        pytest.fail(f"{SITE} is not built: run `python3 build.py` first")


@pytest.fixture(scope="module")
def index() -> Page:
    return Page((SITE / "index.html").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def config(index: Page) -> dict[str, object]:
    loaded: dict[str, object] = json.loads(index.json["lab-config"])
    return loaded


@needs_site
def test_each_asset_has_the_size_and_hash_that_the_page_names(
    config: dict[str, dict[str, dict[str, object]]],
) -> None:
    for name, entry in config["assets"].items():
        content = (SITE / str(entry["url"])).read_bytes()
        sha256 = hashlib.sha256(content).hexdigest()
        assert (entry["bytes"], entry["sha256"]) == (len(content), sha256), name
        pieces = entry.get("pieces", {"bytes": len(content), "sha256": [sha256]})
        parts = [content[at : at + pieces["bytes"]] for at in range(0, len(content), pieces["bytes"])]
        assert pieces["sha256"] == [hashlib.sha256(part).hexdigest() for part in parts], name
        assert sha256[:12] in str(entry["url"])


@needs_site
def test_the_lock_names_exactly_the_wheels_that_the_page_loads(
    config: dict[str, dict[str, dict[str, str]]],
) -> None:
    lock = json.loads((SITE / config["assets"][str(config["lock"])]["url"]).read_text())
    wheels = {package["file_name"]: package["sha256"] for package in lock["packages"].values()}
    assert wheels == {name: config["assets"][name]["sha256"] for name in config["packages"]}


@needs_site
def test_the_document_in_the_page_is_the_one_that_its_hash_names(
    index: Page, config: dict[str, object]
) -> None:
    document = json.loads(index.json["lab-document"])
    assert document["roots"]
    text = index.json["lab-document"].replace("\\u003c", "<")
    assert hashlib.sha256(text.encode()).hexdigest() == config["document_sha256"]


@needs_site
@pytest.mark.parametrize("name", ["index.html", "licenses.html", "administrators.html"])
def test_every_link_of_a_page_is_relative_and_there(name: str) -> None:
    for link in Page((SITE / name).read_text(encoding="utf-8")).links:
        if link.startswith("data:"):
            continue
        assert not re.match(r"[a-z]+:|/", link), link
        assert (SITE / link).is_file(), link


@needs_site
def test_no_file_names_a_source_map_that_is_not_there() -> None:
    for path in SITE.rglob("*.js"):
        assert "\n//# sourceMappingURL" not in path.read_text(encoding="utf-8"), path.name


@needs_site
def test_the_worker_script_holds_the_runtime_its_loader_and_loads_no_other_script() -> None:
    [kernel] = SITE.glob("assets/kernel-*.js")
    text = kernel.read_text(encoding="utf-8")
    runtime, loader = text.index("globalThis._createPyodideModule"), text.index("globalThis.loadPyodide=")
    assert runtime < loader < text.index("attentionLabRunJs")


@needs_site
def test_every_shipped_part_is_listed_with_its_licence() -> None:
    page = (SITE / "licenses.html").read_text(encoding="utf-8")
    parts = [found for found in load().values() if found.group in SHIPPED]
    for part in parts:
        assert f'<section id="{part.name}">\n<h2>{part.name} {part.version}</h2>' in page
    assert page.count("<pre>") == len(parts) + 2  # and our own, and Python's
    assert "Mozilla Public License" in page


@needs_site
def test_the_budget_weighs_every_file(config: dict[str, object]) -> None:
    budget = json.loads((SITE / "budget.json").read_text())
    files = {path.relative_to(SITE).as_posix() for path in SITE.rglob("*") if path.is_file()}
    assert budget["files"].keys() == files - {"budget.json", ".build"}
    assert budget["build"] == config["build"]
    for weight in [*budget["files"].values(), budget["totals"]["first_visit"]]:
        assert 0 < weight["brotli"] <= weight["raw"]


@needs_site
def test_the_service_worker_names_every_file_of_the_build(config: dict[str, object]) -> None:
    first, script = (SITE / "sw.js").read_text(encoding="utf-8").split("\n", 1)
    told = json.loads(first.removeprefix("self.attentionLabBuild = ").removesuffix(";"))
    assert script.strip()
    asked_for = config["optional"]
    assert isinstance(asked_for, dict)
    assert asked_for["minilm"]["bytes"] > 20e6  # a device keeps it when its learner has asked for it
    guides = {path.name for path in SITE.glob("guide*")}  # a teacher's, not kept on every device
    spoken = [each for each in told["files"] if any(f".{name}" in each["url"] for name in PSEUDO)]
    assert len(spoken) == 4 * len(PSEUDO)
    assert {each["language"] for each in spoken} == {*PSEUDO}  # kept where that language is spoken
    assert told["build"] == config["build"]
    assert {entry["url"] for entry in told["files"]} == {
        path.relative_to(SITE).as_posix() for path in SITE.rglob("*") if path.is_file()
    } - {"sw.js", "budget.json", ".build"} - {entry["url"] for entry in asked_for.values()} - guides
    for entry in told["files"]:
        content = (SITE / entry["url"]).read_bytes()
        assert entry["bytes"] == len(content)
        if entry["integrity"] is None:
            assert told["build"].encode() in content, entry["url"]
        else:
            assert entry["integrity"] == integrity(hashlib.sha256(content).hexdigest())


@needs_site
def test_every_icon_of_the_web_manifest_is_there_and_has_its_size() -> None:
    manifest = json.loads((SITE / "manifest.webmanifest").read_text(encoding="utf-8"))
    for icon in manifest["icons"]:
        content = (SITE / icon["src"]).read_bytes()
        if icon["type"] == "image/png":
            width, height = struct.unpack(">2I", content[16:24])
            assert icon["sizes"] == f"{width}x{height}"


@needs_site
def test_the_page_for_administrators_says_what_the_build_is() -> None:
    page = html.unescape((SITE / "administrators.html").read_text(encoding="utf-8"))
    budget = json.loads((SITE / "budget.json").read_text())
    for visit in ("first_visit", "first_visit_plain"):
        for weight in ("brotli", "gzip", "raw"):
            assert f"{budget['totals'][visit][weight] / 1e6:.1f} MB" in page, (visit, weight)
    pages = [SITE / "index.html", *(ROOT / "web" / name for name in ("folder.html", "single.html"))]
    for text in (path.read_text(encoding="utf-8") for path in pages):
        [policy] = re.findall(r'Policy" content="([^"]+)"', text)
        shown = re.sub(r"{{supported_hash}}|'sha256-[^']+'", "(hash of the script in it)", policy)
        shown = shown.replace("{{script_hashes}}", "(hashes of its scripts)")
        assert shown.replace("{{style_hash}}", "(hash of its styles)").replace("; ", ";\n") in page
    assert "SCORM 1.2 and 2004" in page
    for form in ("attention-lab.html", "attention-lab-folder.zip", "attention-lab-scorm12.zip"):
        [told] = re.findall(rf"{form}</code>[^|]*?(\d+) MB", page, re.S)
        assert int(told) == pytest.approx((SITE.parent / form).stat().st_size / 1e6, abs=1.5), form
    assert "style=" not in page, "its own policy forbids it"


@needs_site
def test_our_sources_ship_and_those_of_others_do_not() -> None:
    [attention] = SITE.glob("assets/attention-0*.whl")
    [bokeh] = SITE.glob("assets/bokeh-*.whl")
    assert "attention/core.py" in ZipFile(attention).namelist()
    assert not [name for name in ZipFile(bokeh).namelist() if name.endswith((".py", ".js", ".pyi"))]


SERVE = "from building.build import build_to_serve; build_to_serve()"


@pytest.mark.full(minutes=6)
def test_the_same_tree_gives_the_same_bytes_wherever_it_lies_and_whatever_was_served_before(
    tmp_path: Path,
) -> None:
    left_behind = shutil.ignore_patterns(
        ".git", ".cache", ".venv", "dist", "__pycache__", ".*_cache", ".hypothesis"
    )
    sites = []
    for clone, first in ((tmp_path / "one", ""), (tmp_path / "another" / "two", SERVE)):
        shutil.copytree(ROOT, clone, ignore=left_behind)
        (clone / ".venv").symlink_to(ROOT / ".venv")
        (clone / ".cache").mkdir()
        (clone / ".cache" / HOME.name).symlink_to(HOME)  # kept by content: nothing is compressed twice
        for command in (["-c", first], ["build.py"]):
            environment = {**os.environ, "PYTHONPATH": ""}
            subprocess.run([sys.executable, *command], cwd=clone, check=True, env=environment)
        sites.append(contents(clone / "dist/site"))
    assert sites[0] == sites[1]


def contents(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }
