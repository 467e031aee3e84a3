"""The sentence as chips, what the grammar says of it, and the badge of the model that is shown."""

from __future__ import annotations

from typing import Any

from attention_lab.experiment import MAX_WORDS
from attention_lab.views.experiments.bench import Bench
from attention_lab.views.experiments.measured import card, card_of
from attention_lab.views.experiments.words import TITLES, word
from attention_lab.views.markup import Math, tinted

_ORIGINS = {
    "minilm": "All-MiniLM-L6-v2: 6 layers of 12 heads, trained by others on real English text to compare "
    "sentences (Apache-2.0). Its weights were rounded to whole numbers of 8 bits, and are computed with "
    "by the classes of this lab.",
    "random": "Never trained: numbers drawn with this seed, in the shapes of the reader. Whatever pattern "
    "you see is chance.",
}


def _small(name: str) -> str:
    known = card(name)
    size = f"{known.parameters:,}-number" if known else "small"
    article = "An" if size[0] == "8" else "A"
    return (
        f"{article} {size} model trained by the code here on invented sentences. It is not ChatGPT "
        "and has not read English."
    )


def sentence(bench: Bench) -> dict[str, Any]:
    """The sentence, one chip for each word."""
    session, unknown = bench.session, {bench.moved(i) for i in bench.reading.unknown}
    run = bench.run
    return {
        "label": "Sentence",
        "field": "own",
        "text": bench.text,
        "max": MAX_WORDS,
        "message": session.message,
        "status": _status(bench),
        "chips": [
            {
                "text": text,
                "short": word(bench, i),
                "pad": False,
                "spelled": i in unknown,
                "place": run.after.tokens_of(i)[0] if run else i,
            }
            for i, text in enumerate(bench.words)
        ],
        "chips_label": "Looks from",
        "query": bench.query,
        "key": bench.key,
        "badge": badge(bench),
        "table": session.table,
    }


def _status(bench: Bench) -> dict[str, str] | None:
    """Say so where the grammar could not have made the sentence."""
    reading = bench.reading
    if reading.unknown and not reading.words:
        return {"kind": "outside", "text": "has words that the small models never met"}
    if reading.inside:
        return None
    return {"kind": "outside", "text": f"outside the grammar of the small models: {reading.why}"}


def badge(bench: Bench) -> dict[str, Any]:
    """Say where the numbers of the model come from; its card stands below."""
    name = bench.session.examined
    title = TITLES[name]
    if name == "random":
        return {
            "kind": "random",
            "label": f"random, seed {bench.session.seed}",
            "paragraphs": [[tinted("Random. ", "b"), _ORIGINS["random"]]],
            "card": None,
        }
    origin = _ORIGINS["minilm"] if name == "minilm" else _small(name)
    first: Math = [tinted(f"{title.name}. ", "b"), origin]
    return {
        "kind": title.kind,
        "label": f"trained: {title.name}",
        "paragraphs": [first],
        "card": card_of(name),
    }
