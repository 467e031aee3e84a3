"""What the learner can set in the experiments: sentence, question, kinds of unknown words, drawing."""

from __future__ import annotations

from typing import Any

from attention import JOBS
from attention_lab.kit.frame import item_of, items_of
from attention_lab.kit.scene import Group
from attention_lab.kit.settings import Item
from attention_lab.kit.texts import _
from attention_lab.labs.experiments.bench import Bench
from attention_lab.labs.experiments.examined import OWN
from attention_lab.labs.experiments.jobs import places_for
from attention_lab.labs.experiments.reading import NAMES, WORDS_OF_USE, kinds, read_as
from attention_lab.labs.experiments.words import HEADS


def controls(bench: Bench) -> list[Group]:
    """All groups, in the order of their use."""
    groups = [_sentence(bench), _unknown(bench), _random(bench), _drawing(bench)]
    return [group for group in groups if group]


def _sentence(bench: Bench) -> Group:
    options = [{"value": i, "label": _ending(text)} for i, text in enumerate(bench.sentences)] + [
        {"value": OWN, "label": _("Your own")}
    ]
    items: list[Item] = []
    if len(options) > 1:
        items.append(
            {
                "type": "segmented",
                "name": "sample",
                "label": _("Sentence"),
                "value": bench.sample,
                "options": options,
            }
        )
    said = bench.tokens.texts, bench.reading
    if bench.sample == OWN or "job" not in bench.step.more:
        items.append(
            {
                "type": "select",
                "name": "job",
                "label": _("asked for"),
                "value": bench.job,
                "options": [_asked_for(job) for job in JOBS if places_for(job, *said)],
            }
        )
    return Group(_("Sentence"), items)


def _asked_for(job: str) -> dict[str, Any]:
    """A question, at the word that fits it best."""
    return {"value": job, "label": HEADS[job], "set": {"job": job, "asked": None}}


def _ending(text: str) -> str:
    """The last word, which is what the sentences of a step differ in."""
    return f"… {text.split()[-1]}"


def _unknown(bench: Bench) -> Group | None:
    """A kind for each word that the small models never met."""
    reading, chosen = bench.reading, dict(map(tuple, bench.lab.kinds))
    if not reading.unknown:
        return None
    names = dict.fromkeys(bench.tokens.texts[i].lower() for i in reading.unknown)
    items = [_kind_of(name, f"kind-{i}", chosen) for i, name in enumerate(names)]
    return Group(_("Unknown words, read as"), items)


def _kind_of(name: str, control: str, chosen: dict[str, str]) -> Item:
    """Everything that the grammar knows, the nouns first; what is known of an everyday word is chosen."""
    offered = {kind: NAMES.get(kind, kind.strip("<>")) for kind in kinds()} | dict(WORDS_OF_USE)
    known = read_as(name, {})
    value = chosen.get(name) or next((kind for kind in offered if known in (kind, kind.strip("<>"))), "")
    options = [
        {"value": kind, "label": label, "set": {"kinds": [*_pairs(chosen, name), [name, kind]]}}
        for kind, label in offered.items()
    ]
    if not known:
        none = {"value": "", "label": _("choose a kind"), "set": {"kinds": _pairs(chosen, name)}}
        options.insert(0, none)
    return {"type": "select", "name": control, "label": name, "value": value, "options": options}


def _pairs(chosen: dict[str, str], without: str) -> list[list[str]]:
    return [[word, kind] for word, kind in chosen.items() if word != without]


def _random(bench: Bench) -> Group:
    return Group(_("Random model"), items_of(bench.lab, "seed"))


def _drawing(bench: Bench) -> Group | None:
    return None if bench.view == "many_heads" else Group(_("Drawn as"), [item_of(bench.lab, "drawn")])
