"""Where PyTorch is not installed the group is skipped: `cases` says so to each module that imports it."""

# Looking for doctests in it would leave a half-made module for the tests to import.
collect_ignore = ["cases.py"]
