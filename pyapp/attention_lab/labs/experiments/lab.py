"""Test the arrow: trained models, what their arrows show, and whether the answer follows."""

from __future__ import annotations

from typing import Any

from attention import JOBS
from attention_lab.kit.lab import Draft, Lab
from attention_lab.kit.scene import Scene
from attention_lab.kit.settings import Choice, Keys, Numbers, Seed, Sentence
from attention_lab.kit.texts import lazy
from attention_lab.labs.experiments.asking import made_by
from attention_lab.labs.experiments.examined import MAX_WORDS, MODELS, OWN, START
from attention_lab.labs.experiments.presets import PRESETS
from attention_lab.labs.experiments.scene import scene_of
from attention_lab.labs.experiments.settings import HIGH, Changes, Kinds, Place
from attention_lab.labs.experiments.words import HEADS

_MAX_SAMPLES = 9
_OF_A_SENTENCE = ("asked", "rival", "exchange", "changes", "at")
"""What is let go of with the sentence that it is about."""


class Experiments(Lab):
    """One learner's tests. None stands for what the step asks."""

    presets = PRESETS

    own = Sentence("The trophy did not fit in the suitcase because it was too big", most=MAX_WORDS)
    sample = Place(
        low=OWN,
        high=_MAX_SAMPLES - 1,
        refusal=lazy("The sentence cannot be number {}: choose one of those shown."),
        lock="text",
        doc="which of the step's sentences; OWN for the learner's",
    )
    job = Choice(None, options={None: "", **{job: HEADS[job] for job in JOBS}}, said=lazy("The question"))
    examined = Choice("reader", options=MODELS, said=lazy("The model"), doc="the model whose maps are shown")
    seed = Seed(7)
    at = Numbers(
        lazy("head"), 2, bounds=(0, HIGH), doc="[layer, head]; None for the one that fits the question best"
    )
    asked = Numbers(lazy("pair of words"), 2, bounds=(START, HIGH), doc="[query, key], words")
    rival = Place(
        low=START,
        high=HIGH,
        refusal=lazy("{} is no word of the sentence: pick one of its words."),
        doc="the word that the key is tested against",
    )
    exchange = Numbers(
        lazy("pair of words"), 2, bounds=(0, HIGH), doc="two words that change places in the sentence"
    )
    changes = Changes([], lock=None, doc="of weights: see interventions.CHANGES")
    scope = Choice(
        "head",
        options={"head": lazy("This head"), "all": lazy("All heads")},
        label=lazy("Heads that change"),
        said=lazy("The heads that change"),
        lock=None,
    )
    kinds = Kinds([], doc="[word, kind token], for words no model knows")
    drawn = Choice(
        "arrows",
        options={"arrows": lazy("Arrows"), "map": lazy("Map")},
        label=lazy("Drawn as"),
        said=lazy("The drawing"),
    )
    order = Choice(
        "weight",
        options={"weight": lazy("By weight"), "layer": lazy("By layer")},
        label=lazy("Order of the heads"),
        said=lazy("The order of the heads"),
        lock=None,
        doc="of the small maps",
    )

    carried_out = Keys(doc="the tests that were made, each as its prediction is called")

    about_sentence = ("sample",)

    # The steps

    def scene(self) -> Scene:
        """Return what the step shows; lab.md says which sentences and which question belong to which step."""
        return scene_of(self)

    # The rules that hold settings together

    def left(self, draft: Draft) -> None:
        """A test belongs to its step."""
        draft.values.update(sample=None, job=None)
        self._leave_the_sentence(draft)

    def _leave_the_sentence(self, draft: Draft) -> None:
        """Let go of what is about a sentence that is no longer shown."""
        draft.values.update({name: self.defaults[name] for name in _OF_A_SENTENCE})

    def take_own(self, draft: Draft, text: str) -> None:
        """Whoever writes a sentence wants to see it."""
        draft.values.update(own=text, sample=OWN)
        self._leave_the_sentence(draft)

    def receive(self, name: str, text: str) -> None:
        """A sentence from another lab is the learner's here, too; what is on the screen of another stays."""
        if text == self.own:
            return
        shown = self.sample == OWN or (self.sample is None and not self.here.more.get("sentences"))
        about = {each: self.defaults[each] for each in _OF_A_SENTENCE} if shown else {}
        self.param.update(**{name: text}, **about)

    def take_sample(self, draft: Draft, sample: int | None) -> None:
        """Another sentence lets go of what was about the one before."""
        if sample != draft.values["sample"]:
            draft.values["sample"] = sample
            self._leave_the_sentence(draft)

    def take_changes(self, draft: Draft, changes: list[Any]) -> None:
        """A test that is made is not asked about again."""
        self._made(draft, changes=changes)

    def take_exchange(self, draft: Draft, exchange: list[int] | None) -> None:
        """Two words change places: a test, too."""
        self._made(draft, exchange=exchange)

    def _made(self, draft: Draft, **settings: Any) -> None:
        draft.values.update(settings)
        made = made_by(self, **settings)
        if made is not None and made not in self.carried_out:
            draft.values["carried_out"] = [*self.carried_out, made]

    def take_examined(self, draft: Draft, model: str) -> None:
        """A head belongs to its model."""
        if model != draft.values["examined"]:
            draft.values.update(examined=model, at=None)
