"""The exercises: one folder each."""
