"""Runs a learner's program and the calls that are asked for, and says what came of it. It judges nothing.

Standard library and NumPy only: the runner gets this file as text (see shipping.py), with nothing of what is
right in reach. What it needs is bound before the learner's code runs, who may change or delete the rest.
"""

from __future__ import annotations

import builtins
import difflib
import gc
import inspect
import io
import sys
import tracemalloc
import types
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from numpy import array_equal, exp, eye, ndarray

from attention_lab.grading.explaining import tell
from attention_lab.grading.joining import join
from attention_lab.grading.protocol import Array, decode, encode
from attention_lab.grading.recipes import made_of
from attention_lab.grading.saying import lazy

REFUSED = ("attention", "attention_lab")

_EVERYTHING = BaseException
_BUILTINS = vars(builtins)
_KEPT = dict(_BUILTINS)
_frame = sys._getframe
_MOST_PRINTS = 2_000


class Stop(BaseException):
    """Ends a program that is over a limit; `except Exception` does not catch it."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Output(io.TextIOBase):
    """What is printed, with the line of the learner's file that printed it."""

    def __init__(self, file: str, limit: int) -> None:
        self.file, self.left = file, limit
        self.over = False
        self.entries: list[dict[str, Any]] = []

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if type(text) is not str:
            raise TypeError(lazy("only text can be written here"))
        self.record(_line_of(_frame(1), self.file), text)
        return len(text)

    def record(self, line: int | None, text: str) -> None:
        """Keep a text; Stop once there is more than the limit."""
        kept = text[: self.left]
        self.left -= len(kept)
        if self.entries and self.entries[-1]["line"] == line and not self.entries[-1]["text"].endswith("\n"):
            self.entries[-1]["text"] += kept
        elif kept:
            self.entries.append({"line": line, "text": kept})
        if len(kept) < len(text) or len(self.entries) > _MOST_PRINTS:
            self.over, self.left = True, 0
            raise Stop("output")


def _line_of(frame: types.FrameType | None, file: str) -> int | None:
    while frame is not None and frame.f_code.co_filename != file:
        frame = frame.f_back
    return frame.f_lineno if frame is not None else None


def run(request: dict[str, Any]) -> dict[str, Any]:
    """Run a program and call it; the reply is plain data, and ends with the first call that raises.

    With `parts`, whole programs by name, these are put together and are there for the program to use.
    """
    file, source = request["file"], request["source"]
    parts = request.get("parts", {})
    texts = {file: source, **{part["file"]: part["source"] for part in parts.values()}}
    counts: dict[str, int] = {}
    output = Output(file, request["limits"]["output"])
    reply: dict[str, Any] = {"ran": False, "results": [], "loading": None, "stopped": None}
    with _recorded(output, file):
        module, error = _attempt(lambda: _put_together(request, counts))
        if error is not None:
            reply["loading"] = _told(error, file, texts)
        else:
            reply["ran"] = True
            for call in request["calls"]:
                before = dict(counts)
                result, error = _attempt(lambda call=call: _case(call["do"], module))  # type: ignore[misc]
                if error is not None:
                    result = {"raised": _told(error, file, texts)}
                elif counts:
                    result["called"] = {name: counts[name] - before[name] for name in counts}
                reply["results"].append(result)
                if error is not None:
                    break
    reply["stopped"] = "output" if output.over else _why(error)
    reply["output"] = output.entries
    return reply


def answer(request: Any) -> Any:
    """Run one request; of several, programs of ours, one after the other."""
    return [run(each) for each in request] if type(request) is list else run(request)


def rehearse() -> None:
    """Call a function of ours as a learner's is called, for nothing: what a first call needs is then there.

    No later collection of garbage looks at what is there by now.
    """
    module = types.ModuleType("rehearsal")
    vars(module)["ours"] = lambda x: exp(x @ x - x.max(axis=-1, keepdims=True)).sum(axis=-1) / x[0]
    _case([{"call": "ours", "args": [encode(eye(2))]}], module)
    gc.freeze()


def _told(error: BaseException, file: str, texts: dict[str, str]) -> dict[str, Any]:
    """What is said of an exception, at the last line of the learner's that it went through."""
    at, traceback = file, error.__traceback__
    while traceback is not None:
        name = traceback.tb_frame.f_code.co_filename
        at, traceback = (name if name in texts else at), traceback.tb_next
    if isinstance(error, SyntaxError) and error.filename in texts:
        at = error.filename
    return {**tell(error, at, texts[at]), "file": at}


def _put_together(request: dict[str, Any], counts: dict[str, int]) -> types.ModuleType:
    parts = request.get("parts")
    if not parts:
        return _load(request["source"], request["file"])
    return _load(request["source"], request["file"], join(parts, _load, counts))


def _why(error: BaseException | None) -> str | None:
    if isinstance(error, Stop):
        return error.why
    return "memory" if isinstance(error, MemoryError) else None


def _attempt(do: Callable[[], Any]) -> tuple[Any, BaseException | None]:
    """Do something with the learner's code in it; the builtins are whole again afterwards."""
    try:
        return do(), None
    except _EVERYTHING as error:
        return None, error
    finally:
        _BUILTINS.update(_KEPT)


@contextmanager
def _recorded(output: Output, file: str) -> Iterator[None]:
    """Prints and warnings go to the record; what is the interpreter's is put back."""
    kept = sys.stdin, sys.stdout, sys.stderr, sys.getrecursionlimit(), sys.gettrace()
    with warnings.catch_warnings():
        warnings.simplefilter("default")

        def show(message: Any, category: type, filename: str, lineno: int, *more: Any) -> None:
            line = lineno if filename == file else _line_of(_frame(1), file)
            output.record(line, f"{category.__name__}: {message}\n")

        warnings.showwarning = show  # type: ignore[assignment]
        sys.stdin = io.StringIO()  # nobody answers
        sys.stdout = sys.stderr = output
        try:
            yield
        finally:
            sys.stdin, sys.stdout, sys.stderr = kept[:3]
            sys.settrace(kept[4])
            sys.setrecursionlimit(kept[3])


def _load(source: str, file: str, there: dict[str, Any] | None = None) -> types.ModuleType:
    code = compile(source, file, "exec", dont_inherit=True)
    module = types.ModuleType("exercise")
    own = vars(module)
    own["__builtins__"] = {**_KEPT, "__import__": _import}
    own["__file__"] = file
    own |= there or {}
    sys.modules["exercise"] = module  # dataclasses look their module up
    try:
        exec(code, own)
    finally:
        sys.modules.pop("exercise", None)
    return module


def _import(name: str, *rest: Any, **more: Any) -> Any:
    if name.split(".")[0] in REFUSED:
        raise ImportError(
            lazy(
                "`{name}` cannot be imported in an exercise: it holds what you are asked to write. NumPy is "
                "there.",
                name=name.split(".")[0],
            )
        )
    return _KEPT["__import__"](name, *rest, **more)


def _case(steps: list[dict[str, Any]], module: types.ModuleType) -> dict[str, Any]:
    """Take the steps of one case; what the last one returns counts."""
    it, returned, peak, written = None, None, None, list[str]()
    for step in steps:
        args = [made_of(decode(each)) for each in step.get("args", [])]
        kwargs = {name: made_of(decode(each)) for name, each in step.get("kwargs", {}).items()}
        if "new" in step:
            it = _named(module, step["new"])(*args, **kwargs)
            continue
        function = _named(module, step["call"]) if "call" in step else _method(it, step["on_it"])
        watch = Watch({} if step.get("unwatched") else _names(function, args, kwargs))
        try:
            if step.get("peak"):
                returned, peak = _measured(lambda: function(*args, **kwargs))  # noqa: B023 - called at once
            else:
                returned = function(*args, **kwargs)
        finally:
            _BUILTINS.update(_KEPT)
        written += [name for name in watch.written() if name not in written]
    result = {"returned": encode(returned), "written": written}
    return result if peak is None else {**result, "peak": peak}


class Watch:
    """Remembers arguments as they were, to see which were written into."""

    def __init__(self, named: dict[str, Any]) -> None:
        self.named = named
        self.arrays = [(name, each, each.copy()) for name, each in _arrays_in(named)]
        self.lists = {name: encode(each) for name, each in named.items() if type(each) in (list, dict)}

    def written(self) -> list[str]:
        """The names of those that have changed."""
        changed = [name for name, each, copy in self.arrays if not _same(each, copy)]
        grown = [name for name, each in self.lists.items() if encode(self.named[name]) != each]
        return changed + [name for name in grown if not any(each.startswith(name) for each in changed)]


def _same(array: Array, copy: Array) -> bool:
    return array.shape == copy.shape and bool(array_equal(array, copy, equal_nan=array.dtype.kind in "fc"))


def _measured(do: Callable[[], Any]) -> tuple[Any, int]:
    """What it returns, and the most bytes that it held at once."""
    tracemalloc.start()
    try:
        return do(), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def _named(module: types.ModuleType, name: str) -> Any:
    found = vars(module).get(name)
    if found is None:
        own = [each for each in vars(module) if not each.startswith("_") and each != "np"]
        close = difflib.get_close_matches(name, own, 1, 0.6)
        if close:
            raise NameError(
                lazy("The program defines no `{name}`: is `{other}` meant?", name=name, other=close[0])
            )
        raise NameError(lazy("The program defines no `{name}`.", name=name))
    if not callable(found):
        raise TypeError(lazy("`{name}` is not a function or a class here", name=name))
    return found


def _method(it: Any, name: str) -> Any:
    found = getattr(it, name, None)
    if found is None:
        raise AttributeError(lazy("The class has no method `{name}`.", name=name))
    return found


def _names(function: Any, args: list[Any], kwargs: dict[str, Any]) -> dict[str, Any]:
    """The arguments, under the learner's own names for them."""
    try:
        return dict(inspect.signature(function).bind(*args, **kwargs).arguments)
    except (TypeError, ValueError):
        return {**{f"args[{place}]": each for place, each in enumerate(args)}, **kwargs}


def _arrays_in(named: dict[str, Any]) -> Iterator[tuple[str, Array]]:
    for name, value in named.items():
        if type(value) is ndarray:
            yield name, value
        elif type(value) in (list, tuple):
            yield from _arrays_in({f"{name}[{place}]": each for place, each in enumerate(value)})
        elif type(value) is dict:
            yield from _arrays_in({f"{name}[{key!r}]": each for key, each in value.items()})
