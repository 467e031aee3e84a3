"""The command line grades as the page does, in a process of its own, and outlives what it grades."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from attention_lab.grading.apart import run_apart
from attention_lab.grading.catalogue import exercise, exercises
from attention_lab.grading.command import main
from attention_lab.grading.judge import request, verdict
from attention_lab.grading.limits import LIMITS
from attention_lab.grading.predicting import question
from attention_lab.grading.verdict import Verdict
from tests.grading.helpers import failed

PYAPP = Path(__file__).parents[2] / "pyapp"
SOFTMAX = exercise("softmax")
RIGHT = SOFTMAX.reference
needs_limits = pytest.mark.skipif(sys.platform != "linux", reason="limits of memory and files are Linux's")


def graded_apart(program: str, **limits: int) -> Verdict:
    """Run a program in a process of its own, and judge it."""
    sent = request(SOFTMAX, dedent(program), 1)
    sent["limits"] = {**LIMITS, **limits}
    return verdict(SOFTMAX, sent, run_apart(sent).reply)


def test_a_right_program_passes_in_a_process_of_its_own() -> None:
    assert graded_apart(RIGHT).passed


SLOW = "def softmax(x):\n    while True:\n        {}\n"
BEFORE = f"{RIGHT}\nright = softmax\n"
HOSTILE = {
    "loops": (
        SLOW.format("pass"),
        "It was still running after 1 second, and was ended. "
        "Is there a loop that nothing ends? It was in line ",
    ),
    "swallows": (
        SLOW.format("try:\n            while True: pass\n        except BaseException: pass"),
        "still running after",
    ),
    "computes": ("import numpy as np\ndef softmax(x): return sum(range(10**12))", "still running after"),
    "allocates": (
        "import numpy as np\ndef softmax(x):\n    kept = []\n"
        "    while True:\n        kept.append(np.ones(10**6))",
        "line 5: The memory is used up",
    ),
    "grows": (
        "def softmax(x):\n    text = 'x'\n    while True:\n        text += text",
        "The memory is used up",
    ),
    "prints": (
        "def softmax(x):\n    for n in range(10**6):\n        print('line', n)",
        "It printed more than 20000 characters, and was ended.",
    ),
    "leaves": ("import sys\ndef softmax(x): sys.exit(0)", "The program asked to end"),
    "leaves_at_once": ("import os\ndef softmax(x): os._exit(0)", "It ended before it gave an answer"),
    "ends_itself": (
        "import os, signal\ndef softmax(x): os.kill(os.getpid(), signal.SIGTERM)",
        "It ended before it gave an answer",
    ),
    "recursion": ("def softmax(x): return softmax(x)", "nothing says when to stop"),
    "deeper": ("import sys\nsys.setrecursionlimit(10**9)\ndef softmax(x): return softmax(x)", ""),
    "no_builtins": (
        "import builtins\ndef softmax(x):\n    vars(builtins).clear()\n    return len(x)",
        "it is a whole number, expected an array",
    ),
    "refused": (
        "import importlib\nimportlib.import_module('attention_lab.grading')",
        "cannot be imported in an exercise",
    ),
    "no_numpy": (
        "import numpy as np\nfor name in dir(np):\n"
        "    if name[0] != '_': setattr(np, name, None)\ndef softmax(x): return x",
        "at [0] is",
    ),
    "patched": (
        "import numpy as np\n"
        "np.allclose = np.array_equal = np.equal = lambda *a, **k: True\ndef softmax(x): return x",
        "at [0] is",
    ),
    "hostile_eq": (
        "class Odd:\n    def __eq__(self, other): raise SystemExit\n"
        "    __array__ = __len__ = __iter__ = __eq__\ndef softmax(x): return Odd()",
        "it is a value of the kind Odd, expected an array (3,) of float64",
    ),
    "says_equal": (
        "import numpy as np\nclass Odd(np.ndarray):\n"
        "    def __eq__(self, other): return True\ndef softmax(x): return x.view(Odd)",
        "it is a value of the kind Odd (3,), expected an array",
    ),
    "raises_odd": (
        "class Odd(BaseException):\n    def __str__(self): raise self\ndef softmax(x): raise Odd",
        "Odd was raised",
    ),
    "no_channel": ("import os\ndef softmax(x): os.closerange(0, 100)", "It ended before it gave an answer"),
    "other_answer": (
        "import os\ndef softmax(x):\n    for n in range(20):\n"
        "        try: os.write(n, b'{\"results\": []}\\n')\n        except OSError: pass\n    return x",
        "",
    ),
}


@needs_limits
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_program_ends_in_a_clear_message(name: str) -> None:
    program, words = HOSTILE[name]
    said = graded_apart(program, seconds=1, memory=40)
    assert not said.passed
    sentence, detail = failed(said)
    assert words in detail
    assert sentence
    assert len(detail) > 20


@needs_limits
def test_a_thread_that_never_ends_keeps_nobody_waiting() -> None:
    program = "import threading\ndef wait():\n    while True: pass\nthreading.Thread(target=wait).start()\n"
    assert graded_apart(program + RIGHT).passed


@needs_limits
def test_a_process_that_a_program_starts_ends_with_it() -> None:
    program = """
        import os, time
        child = os.fork()
        if child == 0:
            os.closerange(0, 100)  # nobody waits for its end
            time.sleep(600)
        def softmax(x): raise ValueError(str(child))
        """
    said = graded_apart(program)
    assert said.told is not None
    try:
        child = os.pidfd_open(int(said.told["message"]))
    except ProcessLookupError:
        return
    assert select.select([child], [], [], 10)[0], "it was told to end, and has not"
    os.close(child)


@needs_limits
def test_a_program_writes_no_files(tmp_path: Path) -> None:
    target = tmp_path / "written"
    said = graded_apart(f"with open({str(target)!r}, 'w') as file:\n    file.write('x' * 10)\n{RIGHT}")
    assert failed(said)[1].startswith("line 1: OSError: ")
    assert target.read_text() == ""


def test_the_process_has_nothing_of_ours_in_reach_and_no_secrets() -> None:
    os.environ["SECRET_OF_A_TEACHER"] = "x"
    program = (
        "import os, sys\n"
        "print(sorted(os.environ), os.listdir('.'), sys.flags.isolated, 'attention_lab' in sys.modules)\n"
    )
    (entry,) = graded_apart(program + RIGHT).output
    assert "SECRET" not in entry["text"]
    assert entry["text"].rstrip().endswith("[] 1 False")


def command(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "attention_lab.grading", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(PYAPP)},
        capture_output=True,
        text=True,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A class: one who is right, one who is not, and files with the names of modules beside theirs."""
    for student in ("ann", "bob"):
        (tmp_path / student).mkdir()
        for name in ("numpy.py", "attention.py", "attention_lab.txt", "json.py"):
            (tmp_path / student / name).write_text("raise SystemExit('the wrong file')")
    (tmp_path / "ann" / "exercise_softmax.py").write_text(RIGHT)
    (tmp_path / "bob" / "exercise_softmax.py").write_text(SOFTMAX.wrong["columns"])
    return tmp_path


def test_files_beside_the_program_change_nothing(folder: Path) -> None:
    done = command("softmax", "exercise_softmax.py", "--seed", "3", cwd=folder / "ann")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("softmax: passed (seed 3)\n")
    assert "This is no sandbox" in done.stdout
    assert "10 seconds" in done.stdout


def test_a_wrong_program_exits_with_1_and_says_why(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["softmax", str(folder / "bob" / "exercise_softmax.py")]) == 1
    printed = capsys.readouterr().out
    assert "A known mistake: These are the weights of a softmax over axis 0" in printed
    assert "returned: [" in printed
    assert "expected: [" in printed
    assert "exp(" in printed


def test_json_holds_the_same_verdict(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["softmax", str(folder / "bob" / "exercise_softmax.py"), "--json", "--seed", "5"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["passed"], told["seed"], told["mistake"]["name"]) == (False, 5, "columns")
    assert "time" in told["limits"]


@pytest.mark.parametrize(
    "arguments", [["no_such_exercise", "{}/ann/exercise_softmax.py"], ["softmax", "{}/nobody.py"]]
)
def test_what_cannot_be_graded_exits_with_2(
    arguments: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([each.format(folder) for each in arguments]) == 2
    assert capsys.readouterr().out.startswith("Not graded: ")


def test_the_exercises_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == [
        each.id for each in exercises()
    ]


def test_a_file_that_is_no_text_exits_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "program.py").write_bytes(b"\xff\xfe\x00")
    assert main(["softmax", str(tmp_path / "program.py"), "--json"]) == 2
    assert "cannot be read" in json.loads(capsys.readouterr().out)["error"]


def test_a_class_is_marked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--all", str(folder)]) == 1
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "ann, exercise_softmax.py: passed"
    assert printed[1].startswith("bob, exercise_softmax.py: These are the weights of a softmax over axis 0")
    assert printed[2:4] == ["ann: 1 of 1 passed", "bob: 0 of 1 passed"]


def test_a_class_with_a_file_that_is_no_exercise_exits_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "eve\x1b[2J").mkdir()
    (tmp_path / "eve\x1b[2J" / "exercise_nothing.py").write_text("")
    assert main(["--all", str(tmp_path)]) == 2
    printed = capsys.readouterr().out
    assert "not graded: there is no exercise 'nothing'" in printed
    assert "\x1b" not in printed
    assert main(["--all", str(tmp_path / "empty"), "--json"]) == 2


def test_a_prediction_is_graded_with_the_seed_of_its_question(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = question(exercise("predict_shape"), 7)
    path = tmp_path / "exercise_predict_shape.py"
    for answer, code in ((asked.printed, 0), ("(1, 2)", 1)):
        path.write_text(f"seed = 7\nanswer = {answer!r}\n")
        assert main(["predict_shape", str(path)]) == code
    path.write_text("import os\n")
    assert main(["predict_shape", str(path)]) == 2
    capsys.readouterr()
