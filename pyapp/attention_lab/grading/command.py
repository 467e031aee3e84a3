"""The grader without a browser: `python -m attention_lab.grading NAME FILE.py`.

It prints what the page says, and exits with 0 if the program passes, 1 if it does not, and 2 if it could not
be graded. `--all FOLDER` marks FOLDER/<student>/exercise_<id>.py. `capstone FOLDER` lets the programs of a
folder run a transformer.

It speaks the language that is asked for, or the system's, where there is a translation. JSON is for programs:
English unless `--language` asks for another, and the ids in it are the same in all.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import secrets
import sys
import tokenize
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from attention_lab.grading.apart import CannotGradeError, run_apart
from attention_lab.grading.catalogue import Exercise, exercise, exercises
from attention_lab.grading.judge import request, verdict
from attention_lab.grading.limits import CAPSTONE_SECONDS, LIMITS
from attention_lab.grading.predicting import answer_verdict
from attention_lab.grading.terminal import lines, no_sandbox, plain
from attention_lab.grading.verdict import FAILED, Verdict
from attention_lab.kit.texts import ENGLISH, _, lazy, resolved, speaking
from attention_lab.languages import languages, learned, of_the_system, refusal

PASSES, FAILS, UNGRADED = 0, 1, 2
CAPSTONE = "capstone"
_EXPORT = re.compile(r"exercise_(\w+)\.py")
_LARGEST = 1_000_000  # bytes of a program


class Grader:
    """Grades files, and remembers which limits held."""

    def __init__(self, seed: int | None) -> None:
        self.seed = secrets.randbelow(10**6) if seed is None else seed
        self.asked = seed
        self.limits: tuple[str, ...] = ()

    def grade(self, name: str, path: Path) -> Verdict:
        """Grade one file; CannotGradeError in words if that is not possible."""
        try:
            asked = exercise(name)
        except ValueError as error:
            raise CannotGradeError(*error.args) from None
        source = _read(path)
        if asked.kind == "predict":
            return self._answer(asked, source)
        sent = request(asked, source, self.seed)
        done = run_apart(sent)
        self.limits = done.limits
        return verdict(asked, sent, done.reply)

    def _answer(self, asked: Exercise, source: str) -> Verdict:
        """An answer that was written down: `answer = "(2, 3)"`, with the `seed` of its question."""
        found: dict[str, Any] = {"seed": self.asked or 0}
        try:
            for node in ast.parse(source).body:
                if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                    found[node.targets[0].id] = ast.literal_eval(node.value)
            return answer_verdict(asked, int(found["seed"]), str(found["answer"]))
        except (KeyError, ValueError, SyntaxError, TypeError) as error:
            raise CannotGradeError(
                lazy('a prediction is a line `answer = "..."`, and one `seed = 1`')
            ) from error


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST:
            raise CannotGradeError(lazy("{path} is larger than {n} bytes", path=path, n=f"{_LARGEST:,}"))
        with tokenize.open(path) as file:
            return file.read()
    except (OSError, SyntaxError, UnicodeDecodeError) as error:
        raise CannotGradeError(lazy("{path} cannot be read: {error}", path=path, error=error)) from None


def main(arguments: Sequence[str]) -> int:
    """Grade what is asked for; the exit code."""
    options = _parser().parse_args(arguments)
    language = options.language or (ENGLISH if options.json else of_the_system())
    if not learned(language):
        _parser().error(refusal(language))
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    with speaking(language):
        return _main(options)


def _main(options: argparse.Namespace) -> int:
    if options.list:
        for each in exercises():
            print(f"{each.id:20} {each.kind:8} {each.asks}")
        return PASSES
    grader = Grader(options.seed)
    if options.all is not None:
        return _all(grader, options.all, as_json=options.json)
    if options.name == CAPSTONE and options.file is not None:
        return _capstone(options)
    if options.name is None or options.file is None:
        _parser().error("say which exercise and which file, or --all FOLDER")
    try:
        said = grader.grade(options.name, options.file)
    except CannotGradeError as error:
        _ungraded(error, as_json=options.json)
        return UNGRADED
    if options.json:
        told = {**said.view(), "file": str(options.file)}
        _print_json({**told, "limits": list(grader.limits), "sandbox": False})
    else:
        print("\n".join(lines(said)))
        _warn(grader)
    return PASSES if said.passed else FAILS


def _capstone(options: argparse.Namespace) -> int:
    """Let the programs of a folder run a transformer; what computes that is imported only here."""
    from attention_lab.grading import folder

    try:
        rides, ridden, limits = folder.ride(options.file, options.text, options.minilm, _read)
    except CannotGradeError as error:
        _ungraded(error, as_json=options.json)
        return UNGRADED
    if options.json:
        _print_json({**folder.view(rides, ridden), "limits": list(limits), "sandbox": False})
    else:
        print("\n".join(folder.told(rides, ridden)))
        if limits:
            print(no_sandbox(limits, {**LIMITS, "seconds": CAPSTONE_SECONDS}))
    return PASSES if ridden.verdict.passed else FAILS


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m attention_lab.grading", description=__doc__)
    parser.add_argument("name", nargs="?", help="the exercise: softmax, attention, ...; or capstone")
    parser.add_argument("file", nargs="?", type=Path, help="the program; of the capstone, the folder")
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="mark FOLDER/<student>/exercise_<id>.py")
    parser.add_argument("--text", help="of the capstone: the sentence")
    parser.add_argument("--minilm", type=Path, metavar="FILE", help="of the capstone: MiniLM's weights")
    parser.add_argument("--json", action="store_true", help="print JSON")
    there = ", ".join(languages())
    parser.add_argument("--language", help=f"say it in another language than the system's: {there}")
    parser.add_argument("--seed", type=int, help="repeat the inputs of an earlier run")
    parser.add_argument("--list", action="store_true", help="list the exercises")
    return parser


def _print_json(told: dict[str, Any]) -> None:
    print(json.dumps(resolved(told), allow_nan=False))


def _ungraded(error: CannotGradeError, *, as_json: bool) -> None:
    words = str(error)  # as it is said
    if as_json:
        _print_json({"error": words})
    else:
        print(plain(_("Not graded: {words}", words=words)))


def _warn(grader: Grader) -> None:
    if grader.limits:
        print(no_sandbox(grader.limits, LIMITS))


def _all(grader: Grader, folder: Path, *, as_json: bool) -> int:
    """Mark a class: a line for each file, and a sum for each student."""
    rows = list(_rows(grader, folder, quiet=as_json))
    if as_json:
        _print_json({"seed": grader.seed, "limits": list(grader.limits), "sandbox": False, "results": rows})
    elif not rows:
        pattern = f"{folder}/<student>/exercise_<id>.py"
        print(plain(_("Not graded: there is no {pattern}", pattern=pattern)))
    else:
        for student in dict.fromkeys(row["student"] for row in rows):
            own = [row for row in rows if row["student"] == student]
            passed = sum(row["passed"] is True for row in own)
            print(plain(_("{student}: {n} of {all} passed", student=student, n=passed, all=len(own))))
        _warn(grader)
    if not rows or any(row["passed"] is None for row in rows):
        return UNGRADED
    return PASSES if all(row["passed"] for row in rows) else FAILS


def _rows(grader: Grader, folder: Path, *, quiet: bool) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob("*/exercise_*.py")):
        found = _EXPORT.fullmatch(path.name)
        row: dict[str, Any] = {"student": path.parent.name, "file": path.name, "passed": None}
        try:
            if found is None:
                raise CannotGradeError(lazy("its name is not exercise_<id>.py"))
            said = grader.grade(found[1], path)
            row |= {"passed": said.passed, "verdict": said.view()}
            words = _("passed") if said.passed else _first(said)
        except CannotGradeError as error:
            row["error"] = str(error)
            words = _("not graded: {words}", words=row["error"])
        if not quiet:
            told = {"student": row["student"], "file": path.name, "words": words}
            print(plain(_("{student}, {file}: {words}", **told)))
        yield row


def _first(said: Verdict) -> str:
    """What is wrong, in one line."""
    if said.mistake is not None:
        return str(said.mistake.words)
    failed = next(each for each in said.findings if each.state == FAILED)
    return _("{sentence}: {detail}", sentence=failed.sentence, detail=failed.detail)
