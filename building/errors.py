"""The one error that a build shows as a message instead of a traceback."""


class BuildError(Exception):
    """Something outside the code is missing or wrong; the message says what, and what to do about it."""
