"""What can be learned while you watch, and how the small models in `attention.models` were trained."""

from attention.train.english import Recognition, Sentence, recognise
from attention.train.lookup import (
    LookupModel,
    LookupQuestions,
    LookupStep,
    draw_lookup_questions,
    train_lookup,
)

__all__ = [
    "LookupModel",
    "LookupQuestions",
    "LookupStep",
    "Recognition",
    "Sentence",
    "draw_lookup_questions",
    "recognise",
    "train_lookup",
]
