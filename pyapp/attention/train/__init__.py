"""What can be learned while you watch: small tasks, and one head that learns them in seconds."""

from attention.train.lookup import (
    LookupModel,
    LookupQuestions,
    LookupStep,
    draw_lookup_questions,
    train_lookup,
)

__all__ = ["LookupModel", "LookupQuestions", "LookupStep", "draw_lookup_questions", "train_lookup"]
