"""The labs, one folder each: lab.md and lab.py, and what only that lab needs. No lab imports another."""
