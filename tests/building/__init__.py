"""Tests of what build.py calls."""
