"""Grades what learners write: a runner that only runs, and a judge elsewhere that knows what is right."""
