"""The runner runs a program and says what came of it, whatever the program does."""

from __future__ import annotations

import ast
import builtins
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from attention_lab.grading import shipping
from attention_lab.grading.protocol import Recipe, decode
from attention_lab.grading.shipping import PARTS, runner_source
from tests.grading.helpers import reply_to, told_in, told_of

HOME = Path(shipping.__file__).parent


def test_what_a_function_returns_comes_as_plain_data() -> None:
    reply = reply_to("def f(x): return x + 1, [x.shape]", ("f", (np.zeros((2, 3)),)))
    returned, shapes = decode(reply["results"][0]["returned"])
    assert returned.tolist() == [[1, 1, 1], [1, 1, 1]]
    assert shapes == [(2, 3)]
    assert (reply["ran"], reply["loading"], reply["stopped"], reply["output"]) == (True, None, None, [])


def test_an_argument_that_is_written_into_is_named_as_the_learner_calls_it() -> None:
    program = """
        def f(rows, more, weights):
            rows[0] = 7
            weights["w"] *= 2
            return more
        """
    reply = reply_to(program, ("f", (np.zeros(3), np.zeros(2), {"w": np.ones(2)})))
    assert reply["results"][0]["written"] == ["rows", "weights['w']"]


def test_nan_in_an_argument_is_not_taken_for_a_change() -> None:
    reply = reply_to("def f(x): return 0", ("f", (np.array([np.nan, 1]),)))
    assert reply["results"][0]["written"] == []


def test_each_call_gets_arguments_of_its_own() -> None:
    x = np.zeros(2)
    reply = reply_to("def f(x):\n    x += 1\n    return x", ("f", (x,)), ("f", (x,)))
    assert [decode(each["returned"]).tolist() for each in reply["results"]] == [[1, 1], [1, 1]]
    assert x.tolist() == [0, 0]


def test_a_print_is_kept_with_the_line_that_made_it() -> None:
    program = 'print("a", 1)\ndef f(x):\n    print("b")\n    print("c", end="")\n    return 0\n'
    assert reply_to(program, ("f", (1,)))["output"] == [
        {"line": 1, "text": "a 1\n"},
        {"line": 3, "text": "b\n"},
        {"line": 4, "text": "c"},
    ]


def test_a_warning_is_kept_with_its_line_and_raises_nothing() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        reply = reply_to("import numpy as np\ndef f(x):\n    return np.exp(x)", ("f", (np.array([1000.0]),)))
    assert reply["output"] == [{"line": 3, "text": "RuntimeWarning: overflow encountered in exp\n"}]
    assert "raised" not in reply["results"][0]


def test_it_stops_at_the_first_call_that_raises() -> None:
    reply = reply_to("def f(x): return 1 / x", ("f", (1,)), ("f", (0,)), ("f", (1,)))
    assert [*map(list, reply["results"])] == [["returned", "written"], ["raised"]]
    assert reply["results"][1]["raised"]["type"] == "ZeroDivisionError"


@pytest.mark.parametrize("name", ["attention", "attention.core", "attention_lab.grading"])
@pytest.mark.parametrize("where", ["{}", "def f():\n    {}"])
def test_the_library_is_refused_by_name(name: str, where: str) -> None:
    told = told_of(where.format(f"import {name}"))
    assert told["type"] == "ImportError"
    assert f"`{name.split('.')[0]}` cannot be imported in an exercise" in told["message"]
    assert told["line"]


def test_more_output_than_the_limit_ends_the_program() -> None:
    reply = reply_to("def f():\n    while True:\n        print('x' * 50)", ("f", ()), output=1000)
    assert reply["stopped"] == "output"
    assert sum(len(each["text"]) for each in reply["output"]) == 1000


def test_many_short_lines_end_the_program_too() -> None:
    reply = reply_to("def f():\n    while True:\n        print()", ("f", ()), output=10**9)
    assert reply["stopped"] == "output"
    assert len(reply["output"]) < 3000


HOSTILE = {
    "leaves": ("import sys\ndef f(): sys.exit(3)", "SystemExit"),
    "recursion": ("def f(): return f()", "RecursionError"),
    "no_builtins": (
        "import builtins\ndef f():\n    vars(builtins).clear()\n    return 1 / 0",
        "ZeroDivisionError",
    ),
    "one_builtin": (
        "import builtins\ndel builtins.len, builtins.isinstance\ndef f(): return 1 / 0",
        "ZeroDivisionError",
    ),
    "memory": ("import numpy as np\ndef f(): return np.zeros((10**9, 10**9))", "MemoryError"),
    "interrupts": ("def f(): raise KeyboardInterrupt", "KeyboardInterrupt"),
    "own_base": ("class Odd(BaseException): pass\ndef f(): raise Odd('x')", "Odd"),
    "no_words": ("class Odd(Exception):\n    def __str__(self): raise self\ndef f(): raise Odd", "Odd"),
    "asks": ("def f(): return input()", "EOFError"),
    "stdout": ("import sys\nsys.stdout = None\ndef f(): raise ValueError('x')", "ValueError"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_program_ends_in_words_and_leaves_python_whole(name: str) -> None:
    program, kind = HOSTILE[name]
    before, streams = dict(vars(builtins)), (sys.stdout, sys.stderr)
    told = told_of(program)
    assert told["type"] == kind
    assert len(told["plain"]) > 10 or told["type"] == "Odd"
    assert dict(vars(builtins)) == before
    assert (sys.stdout, sys.stderr) == streams


def test_a_name_that_is_missing_is_asked_for() -> None:
    assert told_of("def g(): pass")["plain"] == "NameError: The program defines no `f`."
    assert "is `soft_max` meant?" in told_in(reply_to("def soft_max(x): pass", ("softmax", (1,))))["plain"]


def test_a_class_is_made_and_called() -> None:
    from attention_lab.grading.cases import made
    from attention_lab.grading.running import run

    source = (
        "class Add:\n    def __init__(self, n): self.n = n\n    def forward(self, x, more=0): "
        "return x + self.n + more\n"
    )
    call = made("", "Add", [2], "forward", np.zeros(3), more=1).plain()
    reply = run({"file": "p.py", "source": source, "calls": [call], "limits": {"output": 10}})
    assert decode(reply["results"][0]["returned"]).tolist() == [3, 3, 3]


def test_the_most_memory_at_once_is_measured_where_it_is_asked_for() -> None:
    from attention_lab.grading.cases import call
    from attention_lab.grading.running import run

    source = "import numpy as np\ndef f(n): return np.zeros(n).sum()"
    asked = call("", "f", 10**6, peak=10).plain()
    reply = run({"file": "p.py", "source": source, "calls": [asked], "limits": {"output": 10}})
    assert 8e6 < reply["results"][0]["peak"] < 9e6


def test_a_function_that_comes_as_data_can_be_called() -> None:
    table = np.array([[0.0, 1], [5, 0]])
    reply = reply_to("def f(g): return g([0, 1])", ("f", (Recipe("next_of", {"table": table, "fade": 0.5}),)))
    assert decode(reply["results"][0]["returned"]).tolist() == [[0, 1], [5, 0.5]]


def test_no_two_parts_of_that_text_give_different_things_one_name() -> None:
    found: dict[str, str] = {}
    for part in (*PARTS, "inside"):
        for node in ast.parse((HOME / f"{part}.py").read_text(encoding="utf-8")).body:
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            names = [node.name] if isinstance(node, ast.FunctionDef | ast.ClassDef) else []
            names += [
                inner.id
                for each in targets
                if each
                for inner in ast.walk(each)
                if isinstance(inner, ast.Name)
            ]
            for name in names:
                assert found.setdefault(name, part) == part, name


def test_the_runner_as_one_text_says_the_same_with_nothing_of_ours_in_reach() -> None:
    program = "import numpy as np\ndef f(x):\n    print(x.sum())\n    return x @ x\n"
    request = {
        "file": "p.py",
        "source": program,
        "calls": [{"do": [{"call": "f", "args": [{"dtype": "<f8", "shape": [2, 3], "data": "AAAA" * 16}]}]}],
        "limits": {"output": 100},
    }
    from attention_lab.grading.running import run

    code = f"{runner_source()}\nimport json, sys\nprint(json.dumps(run(json.loads(sys.stdin.read()))))"
    import json

    done = subprocess.run(
        [sys.executable, "-I", "-c", code], input=json.dumps(request), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    assert said == json.loads(json.dumps(run(request)))
    assert told_in(said)["plain"].startswith("x is (2, 3), x is (2, 3): x @ x multiplies 3")
