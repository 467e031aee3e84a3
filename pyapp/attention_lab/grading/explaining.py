"""What went wrong, in words: an exception with the learner's line, the arrays in reach, and a way on.

Standard library and NumPy only: the runner gets this file as text (see shipping.py).
"""

from __future__ import annotations

import builtins
import difflib
import re
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any

from attention_lab.grading.plainly import guessed, how_many, names_in, python_words, unreadable_words
from attention_lab.grading.saying import Said, lazy, unsaid
from attention_lab.grading.shapes import arrays_of, axis_words, broadcast_words, product_words

_MOST_LINES = 6

_NOTHING = lazy(
    "Something here is None: a mask that was not given, or what a function without `return` gave."
)

_FROM_TORCH: dict[str, str] = {
    "masked_fill": "np.where(mask, scores, -np.inf)",
    "softmax": lazy("a softmax of your own, with np.exp"),
    "matmul": "a @ b",
    "unsqueeze": lazy("x[..., None], or np.expand_dims"),
    "view": "x.reshape",
    "permute": lazy("x.transpose, or np.swapaxes"),
    "contiguous": lazy("nothing: reshape copies where it has to"),
    "float": "x.astype(float)",
    "bool": "x.astype(bool)",
    "numpy": lazy("nothing: it is an array of NumPy already"),
}
_TORCH_WORDS = {"dim": "axis", "keepdim": "keepdims"}

_args_of = vars(BaseException)["args"].__get__


def tell(error: BaseException, file: str, source: str) -> dict[str, Any]:
    """Return what is said of an exception, as plain data."""
    name = vars(type)["__name__"].__get__(type(error))
    message = _text(error)
    told = {"type": name, "message": message, "line": None, "column": None, "arrays": {}, "trace": []}
    if isinstance(error, SyntaxError) and error.filename == file:
        told |= {"line": error.lineno, "column": error.offset, "message": str(error.msg)}
        words = unreadable_words(str(error.msg))
        return told | {
            "plain": unsaid(words or lazy("Python cannot read this line: {message}.", message=error.msg))
        }
    places = _places(error.__traceback__, file)
    if places:
        frame, traceback = places[-1]
        line, column, segment = _position(traceback, source)
        told |= {
            "line": line,
            "column": column,
            "arrays": {key: [list(each.shape), str(each.dtype)] for key, each in arrays_of(frame)},
            "trace": _trace(places, source),
        }
    else:
        frame, segment = None, ""
    plain = _plain(error, message, frame, segment) or python_words(error, message)
    return told | {"plain": unsaid(plain or _own_words(name, error, message))}


def _own_words(name: str, error: BaseException, message: str) -> Said:
    """The exception in its own words; those of the runner are texts."""
    args = _args_of(error)
    if args and type(args[0]) is Said:
        return lazy("{name}: {message}", name=name, message=args[0])
    if message:
        return lazy("{name}: {message}", name=name, message=message)
    return lazy("{name} was raised.", name=name)


def _text(error: BaseException) -> str:
    """The exception's own message; an exception of the learner's may fail to have one."""
    try:
        return str(error)[:600]
    except BaseException:
        return ""


def _places(traceback: TracebackType | None, file: str) -> list[tuple[FrameType, TracebackType]]:
    """Where in the learner's file the exception passed, the innermost last."""
    found = []
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == file:
            found.append((traceback.tb_frame, traceback))
        traceback = traceback.tb_next
    return found


def _position(traceback: TracebackType, source: str) -> tuple[int, int | None, str]:
    """The line, the column (from 1), and the piece of source that was being computed."""
    positions = list(traceback.tb_frame.f_code.co_positions())
    line, end_line, start, end = positions[traceback.tb_lasti // 2]
    lines = source.splitlines()
    at = line or traceback.tb_lineno
    if not 0 < at <= len(lines):
        return at, None, ""
    if start is None or end is None or end_line is None:
        return at, None, lines[at - 1].strip()
    piece = [each.encode() for each in lines[at - 1 : end_line]]
    piece[-1] = piece[-1][:end]
    piece[0] = piece[0][start:]
    column = len(lines[at - 1].encode()[:start].decode("utf-8", "replace")) + 1
    return at, column, b"\n".join(piece).decode("utf-8", "replace")


def _trace(places: list[tuple[FrameType, TracebackType]], source: str) -> list[Any]:
    lines = source.splitlines()
    shown = places if len(places) <= _MOST_LINES else [*places[:3], *places[-3:]]
    trace = []
    for frame, traceback in shown:
        at = traceback.tb_lineno
        text = lines[at - 1].strip() if 0 < at <= len(lines) else ""
        function = frame.f_code.co_name
        if function == "<module>":
            trace.append(lazy("line {line}: {text}", line=at, text=text))
        else:
            trace.append(lazy("line {line}, in {name}: {text}", line=at, name=function, text=text))
    if len(places) > _MOST_LINES:
        trace.insert(3, lazy("... {n} more", n=len(places) - _MOST_LINES))
    return [unsaid(each) for each in trace]


# The usual mistakes with matrices, and those of Python that are not about arrays


def _plain(error: BaseException, message: str, frame: FrameType | None, segment: str) -> Said | None:
    for kind, words in _SAID.items():
        if isinstance(error, kind):
            return words
    for kind, find in _FOUND:
        if isinstance(error, kind) and (found := find(message, frame, segment)):
            return found
    return None


def _value_words(message: str, frame: FrameType | None, segment: str) -> Said | None:
    if frame is not None and ("matmul" in message or "not aligned" in message or "remapped" in message):
        return product_words(frame, segment, message)
    if "could not be broadcast" in message:
        return broadcast_words(frame, segment, message)
    found = re.search(r"cannot reshape array of size (\d+) into shape \(([\d, -]*)\)", message)
    if found:
        return lazy(
            "The array holds {n} numbers, and they do not fill the shape ({shape}). Reshaping only lays the "
            "same numbers out anew.",
            n=found[1],
            shape=", ".join(re.findall(r"-?[0-9]+", found[2])),
        )
    if "axes don't match" in message:
        return lazy(
            "NumPy's transpose wants a place for every axis. To exchange the last two, write "
            "x.swapaxes(-1, -2); x.transpose(-2, -1) is PyTorch's way."
        )
    if "truth value of an array" in message:
        return lazy(
            "An array of several numbers is neither true nor false as a whole. To ask whether there is a "
            "mask, write `mask is not None`; to choose number by number, use np.where."
        )
    return axis_words(message)


def _name_words(message: str, frame: FrameType | None, segment: str) -> Said | None:
    found = re.search(r"name '(\w+)' is not defined", message)
    if not found:
        return None
    if found[1] == "torch":
        return lazy("PyTorch is not here: these exercises are written with NumPy, as np.")
    known = [*(frame.f_locals if frame else ()), *(frame.f_globals if frame else ()), *dir(builtins)]
    close = difflib.get_close_matches(found[1], [each for each in known if type(each) is str], 1, 0.7)
    said = lazy("There is nothing called `{name}` here.", name=found[1])
    return guessed(said, close[0]) if close else said


def _import_words(message: str, frame: FrameType | None, segment: str) -> Said | None:
    found = re.search(r"No module named '([\w.]+)'", message)
    if not found:
        return None
    return lazy("There is no `{name}` here: these exercises are written with NumPy, as np.", name=found[1])


def _attribute_words(message: str, frame: FrameType | None, segment: str) -> Said | None:
    found = re.search(r"'numpy\.ndarray' object has no attribute '(\w+)'", message)
    if found and found[1] in _FROM_TORCH:
        return lazy(
            "Arrays of NumPy have no `{name}`; PyTorch's tensors do. Here: {instead}.",
            name=found[1],
            instead=_FROM_TORCH[found[1]],
        )
    if "'NoneType'" in message:
        return _NOTHING
    found = re.search(r"module 'numpy' has no attribute '(\w+)'", message)
    if found and found[1] == "softmax":
        return lazy("NumPy has no softmax: it is written with np.exp, in an exercise of its own.")
    return None


def _type_words(message: str, frame: FrameType | None, segment: str) -> Said | None:
    for theirs, ours in _TORCH_WORDS.items():
        if f"'{theirs}'" in message and "keyword" in message:
            return lazy("NumPy calls it `{ours}`, not `{theirs}`.", ours=ours, theirs=theirs)
    found = re.search(r"(\w+)\(\) takes (.+) positional arguments? but (\d+) (?:was|were) given", message)
    if found and frame is None:
        return lazy(
            "Your {name} is called with {given} arguments, and takes {takes}: compare the signatures.",
            name=found[1],
            given=found[3],
            takes=how_many(found[2]),
        )
    found = re.search(r"(\w+)\(\) missing .* arguments?: (.+)", message)
    if found and frame is None:
        return lazy(
            "Your {name} asks for {names}, too, and is called without: compare the signatures.",
            name=found[1],
            names=names_in(found[2]),
        )
    if "ufunc 'invert' not supported" in message:
        return lazy(
            "`~` turns True and False round, and this array holds numbers: compare first, or .astype(bool)."
        )
    if "'NoneType'" in message:
        return _NOTHING
    return None


_SAID: dict[type[BaseException], Said] = {
    RecursionError: lazy("A function calls itself, or two call each other, and nothing says when to stop."),
    NotImplementedError: lazy("This is still to be written: put your code in the place of this line."),
    SystemExit: lazy(
        "The program asked to end (exit or sys.exit). A function gives its answer with `return`."
    ),
    KeyboardInterrupt: lazy("The program was interrupted."),
    MemoryError: lazy("The memory is used up: an array is far too large, or something grows on and on."),
    EOFError: lazy("Nobody is there to answer input(): what a function needs comes in its arguments."),
    UnboundLocalError: lazy("A name is used in this function before it has a value."),
}
_FOUND: tuple[tuple[type[BaseException], Callable[[str, FrameType | None, str], Said | None]], ...] = (
    (ImportError, _import_words),
    (NameError, _name_words),
    (AttributeError, _attribute_words),
    (TypeError, _type_words),
    (ValueError, _value_words),
    (IndexError, lambda message, frame, segment: axis_words(message)),
)
