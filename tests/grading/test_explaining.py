"""What goes wrong is told in words: the line, the arrays in reach, and a way on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.grading.helpers import told_of

Q, K = np.zeros((5, 8)), np.zeros((5, 8))


def test_shapes_that_do_not_multiply_are_told_with_a_way_on() -> None:
    told = told_of("def f(Q, K):\n    return Q @ K\n", Q, K)
    assert told["plain"] == (
        "Q is (5, 8), K is (5, 8): Q @ K multiplies 8 columns with 5 rows; you may want K.T or "
        "K.swapaxes(-1, -2)"
    )
    assert (told["line"], told["column"]) == (2, 12)
    assert told["arrays"] == {"Q": [[5, 8], "float64"], "K": [[5, 8], "float64"]}
    assert told["trace"] == ["line 2, in f: return Q @ K"]


@pytest.mark.parametrize(
    ("expression", "args", "words"),
    [
        ("np.matmul(a, b)", (Q, K), "a @ b multiplies 8 columns with 5 rows; you may want b.T"),
        ("a.dot(b)", (Q, K), "a @ b multiplies 8 columns with 5 rows; you may want b.T"),
        ("np.dot(a, b) / 3", (Q, K), "you may want b.T or b.swapaxes(-1, -2)"),
        (
            "a @ b",
            (np.zeros((2, 5, 8)), np.zeros((2, 5, 8))),
            "8 columns with 5 rows; you may want b.swapaxes(-1, -2)",
        ),
        ("a @ b", (np.zeros((5, 3)), np.zeros((2, 5))), "the order matters, and b @ a would fit"),
        ("a @ b", (np.zeros((5, 3)), np.zeros((5, 2))), "you may want a.swapaxes(-1, -2)"),
        (
            "a @ b",
            (np.zeros((5, 3)), np.zeros((7, 2))),
            "multiplies 3 columns with 7 rows: the two have to be equal",
        ),
        (
            "a @ b.T",
            (np.zeros((5, 3)), np.zeros((7, 2))),
            "b.T is (2, 7): a @ b.T multiplies 3 columns with 2 rows",
        ),
        ("a @ b", (np.zeros((2, 5, 8)), np.zeros((3, 8, 5))), "the axes before the last two do not fit"),
        ("(a + 0) @ (b + 0)", (Q, K), "multiplies 8 columns with 5 rows: the two have to be equal"),
        (
            "a - b",
            (Q, np.zeros(5)),
            "b is (5,): shapes are compared from the right, and these do not fit. One number for "
            "each row needs an axis of length 1 at its end: keepdims=True where b is made, or "
            "b[..., None]",
        ),
        ("a + b", (Q, np.zeros((3, 8))), "a is (5, 8), b is (3, 8): shapes are compared from the right"),
        ("a.sum(axis=2)", (Q, K), "There is no axis 2: the array has 2 axes"),
        ("a.reshape(5, 3)", (Q, K), "The array holds 40 numbers, and they do not fill the shape (5, 3)"),
        ("a.transpose(-2, -1, 0)", (Q, K), "To exchange the last two, write x.swapaxes(-1, -2)"),
        ("1 if a == b else 2", (Q, K), "write `mask is not None`"),
        ("a.masked_fill(b == 0, 1)", (Q, K), "PyTorch's tensors do. Here: np.where(mask, scores, -np.inf)"),
        ("np.softmax(a)", (Q, K), "NumPy has no softmax"),
        ("np.max(a, keepdim=True)", (Q, K), "NumPy calls it `keepdims`, not `keepdim`"),
        ("np.sum(a, dim=0)", (Q, K), "NumPy calls it `axis`, not `dim`"),
        ("torch.zeros(3)", (Q, K), "PyTorch is not here"),
        ("scors + a", (Q, K), "There is nothing called `scors` here. Did you mean `scores`?"),
        ("~a", (Q, K), "this array holds numbers: compare first"),
        ("a @ None.T", (Q, K), "Something here is None"),
    ],
)
def test_the_usual_mistakes_are_told_in_words(expression: str, args: tuple[Any, ...], words: str) -> None:
    told = told_of(f"import numpy as np\ndef f(a, b, scores=0):\n    return {expression}\n", *args)
    assert words in told["plain"]
    assert told["line"] == 3


def test_the_sides_of_a_product_may_be_attributes_and_entries() -> None:
    program = "class A: pass\ndef f(x, weights):\n    a = A()\n    a.w = x\n    return a.w @ weights['w']\n"
    told = told_of(program, Q, {"w": K})
    assert told["plain"].startswith("a.w is (5, 8), weights['w'] is (5, 8): a.w @ weights['w'] multiplies 8")


def test_a_syntax_error_is_told_with_line_and_column() -> None:
    told = told_of("def f(x)\n    return x\n")
    assert (told["type"], told["line"], told["column"]) == ("SyntaxError", 1, 9)
    assert told["plain"] == "A colon is missing at the end of this line."


def test_a_function_with_too_few_arguments_is_told_of_its_signature() -> None:
    assert "Your f is called with 2 arguments, and takes 1:" in told_of("def f(x): return x", 1, 2)["plain"]
    assert "Your f asks for 'y', too" in told_of("def f(x, y): return x", 1)["plain"]


def test_a_module_that_is_not_here_is_named() -> None:
    assert told_of("import torch")["plain"].startswith("There is no `torch` here")


def test_only_the_learners_own_lines_are_in_the_trace() -> None:
    program = "import json\ndef g(x):\n    return json.loads(x)\n\ndef f(x):\n    return g(x)\n"
    told = told_of(program, "{")
    assert told["trace"] == ["line 6, in f: return g(x)", "line 3, in g: return json.loads(x)"]
    assert told["line"] == 3


def test_a_long_trace_is_cut() -> None:
    assert len(told_of("def f(): return f()")["trace"]) == 7


def test_explaining_runs_no_code_of_the_learners() -> None:
    program = """
    class Odd:
        @property
        def w(self):
            raise SystemExit
    def f(x):
        a = Odd()
        return x @ (a if False else x)
    """
    assert told_of(program, Q)["type"] == "ValueError"


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("def f(x)\n    return x\n", "A colon is missing at the end of this line."),
        ("def f(x):\n    return (x\n", "This `(` is opened and never closed."),
        ("def f(x):\n    return x)\n", "This `)` closes what was never opened."),
        ("if x = 3:\n    pass\n", "A single `=` gives something a name. To compare, write `==`."),
        ("x = [1 2]\n", "A comma or an operator seems to be missing here."),
        (
            "def f(x):\nreturn x\n",
            "What belongs to the `def` in line 1 has to stand below it, indented.",
        ),
        (
            "x = 1\n    y = 2\n",
            "This line is indented further than the one above, and nothing asks for that.",
        ),
        ("x = 'a\n", "A text is opened with a quote and never closed."),
        ("return 3\n", "`return` stands outside a function: is the line indented?"),
        ("def f(x):\n    return 1 / 0\n", "Something is divided by 0 here."),
        ("def f(x):\n    return {'a': 1}['b']\n", "The dict has no entry 'b'."),
        ("def f(x):\n    return [1, 2][5]\n", "The list has no such place"),
        ("def f(x):\n    a, b = [1, 2, 3]\n", "2 names stand left of the `=`, and more than 2 values"),
        ("def f(x):\n    a, b = [1]\n", "2 names stand left of the `=`, and 1 come from the right."),
        (
            "def g(a, b): return a\ndef f(x):\n    return g(x)\n",
            "`g` asks for 'b', too, and is called without.",
        ),
        (
            "def g(a): return a\ndef f(x):\n    return g(x, 2)\n",
            "`g` takes 1 arguments, and is called with 2.",
        ),
        ("def g(a): return a\ndef f(x):\n    return g(b=2)\n", "`g` knows no argument that is called `b`."),
        ("def f(x):\n    return x(3)\n", "Here an array is called like a function."),
        (
            "def f(x):\n    return f[0]\n",
            "Square brackets pick from arrays, lists and dicts, and this is a function.",
        ),
        ("def f(x):\n    return {} + 3\n", "`+` is not known between a dict and a whole number."),
        ("def f(x):\n    return list(3)\n", "There is nothing to go through here: this is a whole number."),
        ("def f(x):\n    return x + 'a'\n", "NumPy knows no `add` for what these two hold"),
        (
            "import numpy as np\ndef f(x):\n    return np.expp(x)\n",
            "`numpy` has no `expp`. Did you mean `exp`?",
        ),
        ("def f(x):\n    return x.reshap(3)\n", "An array has no `reshap`. Did you mean `reshape`?"),
        ("def f(x):\n    return (3).nothing\n", "A whole number has no `nothing`."),
    ],
)
def test_pythons_own_exceptions_are_told_in_plain_words(program: str, words: str) -> None:
    assert told_of(program, np.eye(2))["plain"].startswith(words)
