"""What a learner's program may take."""

LIMITS = {"seconds": 10, "output": 20_000, "memory": 1_000}
"""Seconds, characters of output, megabytes; output is held by running.py, the others by who runs it."""

CAPSTONE_SECONDS = 60
