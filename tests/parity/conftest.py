"""The group is skipped, with its reason, where PyTorch is not installed: `cases` says so to whoever imports it."""

collect_ignore = ["cases.py"]  # looking for doctests in it would leave a half-made module for the tests to import
