"""Marking: what a results file says is read field by field, and a spreadsheet gets words as words."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from attention_lab.grading.catalogue import exercise
from attention_lab.grading.command import main
from building.paths import ROOT
from tests.building.node_module import call, copy

RESULTS = ROOT / "web" / "teach" / "results.js"
UNZIP = ROOT / "web" / "teach" / "unzip.js"


def item(name: str = "exercise:softmax", **changes: Any) -> dict[str, Any]:
    return {
        "id": name, "kind": "exercise", "lab": "build", "title": "Softmax", "result": "right",
        "tries": 3, "first": False, "points": 1, "of": 1, **changes,
    }  # fmt: skip


def file(name: str = "Ada", *items: dict[str, Any], **changes: Any) -> dict[str, Any]:
    kept = [*items] or [item(), item("check:masks:leak", result="open", points=0, first=None, tries=0)]
    points = sum(each["points"] for each in kept)
    return {
        "format": "attention-lab results", "version": 1, "name": name, "build": "b1",
        "written": "2026-11-29T08:00:00Z", "score": {"points": points, "of": 2}, "items": kept, "more": 1,
        **changes,
    }  # fmt: skip


def read(folder: Path, *files: dict[str, Any] | str) -> list[Any]:
    texts = [each if isinstance(each, str) else json.dumps(each) for each in files]
    return call(RESULTS, folder, [["readResults", text] for text in texts])


def test_a_results_file_is_read(tmp_path: Path) -> None:
    (found,) = read(tmp_path, file())
    assert (found["name"], found["points"], found["of"], found["notes"]) == ("Ada", 1, 2, [])
    assert found["written"] == "2026-11-29 08:00:00"
    assert [name for name, _ in found["items"]] == ["exercise:softmax", "check:masks:leak"]


def test_what_is_no_results_file_is_told(tmp_path: Path) -> None:
    wrong = read(
        tmp_path,
        "{",
        "[]",
        "null",
        json.dumps({"format": "other"}),
        file(version=2),
        file(items={"length": 1}),
        json.dumps({"title": "Softmax", "tables": []}),
    )
    assert [each["wrong"] for each in wrong] == [
        "it is not JSON, or a part of it is missing",
        *["it is not a results file of the lab"] * 3,
        "it is of version 2, and this page reads version 1",
        "it has no list of items, or one that is too long",
        "it holds the numbers of a step, and no results",
    ]


def test_items_that_cannot_be_are_left_out_and_told(tmp_path: Path) -> None:
    bad = [
        None, item(id=7), item(id=""), item(kind="gift"), item(result="great"), item(tries=-1),
        item(tries="1"), item(points=5), item(points=1, result="wrong"), item(of=1e9), item(first="yes"),
    ]  # fmt: skip
    (found,) = read(tmp_path, file("Eve", item(), item()) | {"items": [item(), item(), *bad]})
    assert [name for name, _ in found["items"]] == ["exercise:softmax"]
    assert found["points"] == 1
    assert "12 items were not understood and left out" in found["notes"]
    assert "the file says 2 points, its items make 1" in found["notes"]


def test_names_are_data(tmp_path: Path) -> None:
    rows = read(
        tmp_path, file("__proto__", item("__proto__"), item("constructor")), file("a\u202eb\nc" + "x" * 500)
    )
    assert rows[0]["name"] == "__proto__"
    assert [name for name, _ in rows[0]["items"]] == ["__proto__", "constructor"]
    assert rows[1]["name"].startswith("a b cx")
    assert len(rows[1]["name"]) == 200


ROWS = """
export const saved = (texts) => csv(compared(texts.map(([file, text]) => ({ file, ...readResults(text) }))));
"""


def saved(folder: Path, *files: tuple[str, dict[str, Any]]) -> str:
    module = folder / "with" / "results.js"
    module.parent.mkdir(exist_ok=True)
    copy(RESULTS, module.parent)
    with module.open("a", encoding="utf-8") as more:
        more.write(ROWS)
    (text,) = call(module, folder, [["saved", [[name, json.dumps(each)] for name, each in files]]])
    return str(text)


def test_a_spreadsheet_gets_words_and_numbers_and_no_formula(tmp_path: Path) -> None:
    names = ['=HYPERLINK("http://x")', "+1", "-2+3", "@a", " =1", 'Zoë, "the" first', "\uff1d1"]
    text = saved(tmp_path, *((f"{i}.json", file(name)) for i, name in enumerate(names)))
    assert text.startswith("\ufeff")
    assert text.endswith("\r\n")
    head, *lines = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    assert head[:8] == ["name", "file", "points", "of", "percent", "written", "build", "notes"]
    assert head[8:10] == ["exercise:softmax", "exercise:softmax tries"]
    assert [line[0] for line in lines] == [
        "'=HYPERLINK(\"http://x\")", "'+1", "'-2+3", "'@a", "'=1", 'Zoë, "the" first', "'\uff1d1",
    ]  # fmt: skip
    assert lines[0][2:5] == ["1", "2", "50"]
    assert lines[0][8:12] == ["right", "3", "open", "0"]


def test_the_same_file_twice_and_two_of_one_name_are_told(tmp_path: Path) -> None:
    text = saved(
        tmp_path,
        ("a.json", file()),
        ("b.json", file()),
        ("c.json", file("ADA", item())),
        ("d.json", file("Bo")),
    )
    notes = [line[7] for line in csv.reader(io.StringIO(text))][1:]
    assert notes == ["", "the same as a.json", "the same name as in a.json", ""]


def zipped(**options: Any) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", **options) as archive:
        archive.writestr("Ada/results.json", "{}")
        archive.writestr("Ada/große.py", "x = 1\n" * 500)
        archive.comment = b"from a course system"
    return made.getvalue()


def texts_in(folder: Path, data: bytes) -> Any:
    return call(UNZIP, folder, [["textsIn", {"bytes": [*data]}]])[0]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_zip_is_unpacked(tmp_path: Path, method: int) -> None:
    assert texts_in(tmp_path, zipped(compression=method)) == [
        {"name": "Ada/results.json", "text": "{}"},
        {"name": "Ada/große.py", "text": "x = 1\n" * 500},
    ]


def test_a_zip_that_is_damaged_locked_or_grows_without_end_is_told(tmp_path: Path) -> None:
    whole = zipped(compression=zipfile.ZIP_DEFLATED)
    large = io.BytesIO()
    with zipfile.ZipFile(large, "w", compression=zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.json", b" " * (5 << 20))
    honest = large.getvalue()
    lying = honest.replace((5 << 20).to_bytes(4, "little"), (9).to_bytes(4, "little"))
    assert lying != honest
    for bomb in (honest, lying):
        assert texts_in(tmp_path, bomb) == [{"name": "bomb.json", "wrong": "it is larger than 4 MB"}]
    locked = bytearray(whole)
    locked[whole.index(b"PK\x01\x02") + 8] |= 1
    assert texts_in(tmp_path, bytes(locked))[0]["wrong"] == "it is locked with a password"
    at = whole.index("große.py".encode()) + len("große.py".encode())
    broken = bytearray(whole)
    broken[at : at + 4] = b"\xff\xff\xff\xff"
    assert texts_in(tmp_path, bytes(broken))[1]["wrong"] == "it is damaged"
    with pytest.raises(AssertionError, match="its end is missing"):
        texts_in(tmp_path, whole[:-60])


GRADED = ROOT / "web" / "teach" / "graded.js"


def graded(folder: Path, *texts: str, name: str = "marked.json") -> list[Any]:
    return call(GRADED, folder, [["readGraded", text, name] for text in texts])


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    main([*arguments, "--json", "--seed", "3"])
    return capsys.readouterr().out


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """What a class handed in."""
    softmax = exercise("softmax")
    for student, name, text in (
        ("Ann", "softmax", softmax.reference),
        ("Ann", "scale", "def scale(scores, d_k): return scores"),
        ("Bob", "softmax", softmax.wrong["columns"]),
        ("Bob", "nothing", ""),
    ):
        path = tmp_path / student / f"exercise_{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return tmp_path


def test_what_the_grader_prints_of_a_class_is_read(
    programs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (found,) = graded(tmp_path, printed(capsys, "--all", str(programs)))
    rows = {row["name"]: row for row in found["rows"]}
    assert {name: (row["points"], row["of"]) for name, row in rows.items()} == {"Ann": (1, 2), "Bob": (0, 2)}
    results = {name: item["result"] for name, item in rows["Ann"]["items"]}
    assert results == {"exercise:softmax": "right", "exercise:scale": "wrong"}
    assert rows["Ann"]["notes"] == ["the grader ran these programs"]
    assert dict(rows["Bob"]["items"])["exercise:nothing"]["result"] == "open"
    assert rows["Bob"]["notes"][1].startswith(
        "exercise:nothing was not graded: there is no exercise 'nothing'"
    )
    assert found["wrong"] == []


def test_what_the_grader_prints_of_single_programs_is_read_line_by_line(
    programs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ann = printed(capsys, "softmax", str(programs / "Ann" / "exercise_softmax.py"))
    bob = printed(capsys, "softmax", str(programs / "Bob" / "exercise_softmax.py"))
    lost = printed(capsys, "softmax", str(programs / "nobody.py"))
    (found,) = graded(tmp_path, ann + bob + lost + ann)
    told = [(row["name"], row["points"], row["of"]) for row in found["rows"]]
    assert told == [("Ann", 1, 1), ("Bob", 0, 1)]
    assert found["rows"][0]["notes"][1] == "exercise:softmax is there twice: the first counts"
    assert found["wrong"][0].startswith("the grader could not grade it: ")
    loose = json.dumps({**json.loads(ann), "file": "exercise_softmax.py"})
    (found,) = graded(tmp_path, loose, name="class/Eve.json")
    assert [row["name"] for row in found["rows"]] == ["Eve"]


def test_what_the_grader_has_not_printed_is_none_of_its(tmp_path: Path) -> None:
    texts = ["", "{", "[]", "3\n4", json.dumps(file()), json.dumps({"error": "x", "more": 1})]
    assert graded(tmp_path, *texts) == [None] * len(texts)
    odd = {
        "sandbox": False,
        "results": [3, {"student": "a", "file": "b.py", "passed": True}, {"student": ""}],
    }
    (found,) = graded(tmp_path, json.dumps(odd))
    assert (found["rows"], found["wrong"]) == ([], ["a program in it was not understood"] * 3)
