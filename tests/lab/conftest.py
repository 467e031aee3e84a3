"""Settings for the property tests: the same examples on every machine, and no clock."""

from hypothesis import settings

settings.register_profile(
    "lab", deadline=None, max_examples=50, derandomize=True, database=None, print_blob=True
)
settings.load_profile("lab")
