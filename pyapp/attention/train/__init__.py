"""What can be learned while you watch: small tasks, and one head that learns them in seconds."""

from attention.train.lookup import LookupModel, LookupStep, Questions, draw_questions, train_lookup

__all__ = ["LookupModel", "LookupStep", "Questions", "draw_questions", "train_lookup"]
