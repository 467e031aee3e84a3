"""The command line of build.py. Standard library only until the virtual environment has been entered."""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from building import environment, transport
from building.errors import BuildError
from building.paths import ROOT
from building.progress import complain

INTERRUPTED = 130
#: The commands that need more than what builds.
TESTING = ("test", "check", "soak", "bench")


def main(arguments: Sequence[str]) -> int:
    """Run one command; the exit code."""
    parser = _parser()
    options, rest = parser.parse_known_args(list(arguments))
    if rest and options.command not in ("test", "bench", "soak"):
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    options.rest = rest
    try:
        if options.command == "fetch" and options.import_from:
            return _import(options)  # comes before the environment, which may need what it brings
        # What only tests is put on top while what is to be tested is built.
        testing = options.command in TESTING and not (options.command == "test" and environment.can_grow())
        environment.enter(list(arguments), testing=testing)
        run: Callable[[argparse.Namespace], int] = options.run
        return run(options)
    except BuildError as error:
        complain(f"\n{error}")
        return 1
    except KeyboardInterrupt:
        complain("\nStopped. Running the same command again goes on from here.")
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="build.py",
        description="Build, serve and test Attention Lab. Everything it needs it sets up itself.",
    )
    parser.set_defaults(command="build", run=_build)
    commands = parser.add_subparsers(metavar="command")

    def command(name: str, run: Callable[[argparse.Namespace], int], summary: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=summary, description=summary, allow_abbrev=False)
        added.set_defaults(command=name, run=run)
        return added

    command("build", _build, "make dist/site and the other forms (what build.py alone does)")
    serve = command("serve", _serve, "build, then serve dist/site on this machine")
    serve.add_argument("--port", type=int, default=8000, help="the port to begin with (default: %(default)s)")
    dev = command("dev", _dev, "serve the labs from source, without the static build; what is saved is shown")
    dev.add_argument("lab", nargs="?", help="the lab to open; any other by ?lab= in the address")
    dev.add_argument("--port", type=int, default=5006, help="the port to begin with (default: %(default)s)")
    new = command("new", _new, "begin a lab or an exercise: the files of one that works, to be changed")
    new.add_argument("kind", choices=["lab", "exercise"])
    new.add_argument("name", help="an identifier: the name of its folder, and of it in links")
    texts = command(
        "texts", _texts, "bring texts/*.po up to date with the sources; with a language, begin one"
    )
    texts.add_argument("language", nargs="?", help="the code of a language: es, pt-BR")
    command("wheel", _wheel, "write the project as a wheel, for `panel serve` and notebooks")
    command("release", _release, "build, and write every form with checksums and a page to dist/release")
    test = command("test", _test, "build, check, and run the tests; further arguments go to pytest")
    test.add_argument("--full", action="store_true", help="also the tests that take minutes")
    command("check", _check, "lint, types and the house test")
    fetch = command("fetch", _fetch, "get every outside file into the local cache")
    way = fetch.add_mutually_exclusive_group()
    way.add_argument("--export", dest="export_to", type=Path, metavar="FILE", help="and pack them into FILE")
    way.add_argument(
        "--import", dest="import_from", type=Path, metavar="FILE", help="take them from FILE instead"
    )
    command("soak", _soak, "use the page at random for 15 minutes and watch its memory")
    bench = command("bench", _bench, "run a measured comparison of bench/; without a name, list them")
    bench.add_argument("name", nargs="?", help="boot, steps, ...; further arguments go to it")
    return parser


def _build(options: argparse.Namespace) -> int:
    from building.build import build

    build()
    return 0


def _serve(options: argparse.Namespace) -> int:
    from building.build import build_to_serve
    from building.serving import serve_forever

    serve_forever(build_to_serve(), port=options.port)
    return 0


def _dev(options: argparse.Namespace) -> int:
    from building.dev import dev

    return dev(options.lab, options.port)


def _new(options: argparse.Namespace) -> int:
    from building.new_exercise import new_exercise
    from building.new_lab import new_lab

    (new_lab if options.kind == "lab" else new_exercise)(options.name)
    return 0


def _release(options: argparse.Namespace) -> int:
    from building.release import release

    release()
    return 0


def _texts(options: argparse.Namespace) -> int:
    from building.texts import begin, update

    if options.language:
        begin(options.language)
    else:
        update()
    return 0


def _wheel(options: argparse.Namespace) -> int:
    from building.project_wheel import write_wheel

    write_wheel()
    return 0


def _test(options: argparse.Namespace) -> int:
    from building.testing import test

    return test(options.rest, full=options.full)


def _check(options: argparse.Namespace) -> int:
    from building.testing import check

    return check()


def _fetch(options: argparse.Namespace) -> int:
    transport.fetch_all()
    if options.export_to:
        transport.export_to(options.export_to)
    return 0


def _import(options: argparse.Namespace) -> int:
    transport.import_from(options.import_from)
    return 0


def _soak(options: argparse.Namespace) -> int:
    return _run_bench("soak", options.rest)


def _bench(options: argparse.Namespace) -> int:
    names = sorted(path.stem for path in (ROOT / "bench").glob("[!_]*.py"))
    if options.name in names:
        return _run_bench(options.name, options.rest)
    if options.name:
        raise BuildError(f"There is no bench/{options.name}.py. There are: {', '.join(names)}.")
    print("\n".join(names))
    return 0


def _run_bench(name: str, arguments: Sequence[str]) -> int:
    from building.build import build
    from building.testing import run_python

    build()
    return run_python("-m", f"bench.{name}", *arguments)
