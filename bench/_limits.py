"""Ratios beside the limits that they must keep."""

from __future__ import annotations


class Limits:
    """Prints ratios beside their limits, and remembers whether one was missed."""

    def __init__(self) -> None:
        self.missed: list[str] = []

    def at_least(self, what: str, ratio: float, limit: float) -> None:
        self._tell(what, ratio, f"at least {limit:g}", ratio >= limit)

    def at_most(self, what: str, ratio: float, limit: float) -> None:
        self._tell(what, ratio, f"at most {limit:g}", ratio <= limit)

    def _tell(self, what: str, ratio: float, limit: str, kept: bool) -> None:
        print(f"    {what}: {ratio:.3g} (limit: {limit}){'' if kept else '   MISSED'}")
        if not kept:
            self.missed.append(what)

    def summary(self) -> int:
        """Say in one line whether all were kept; the exit code."""
        print("\nEvery limit is kept." if not self.missed else "\nMissed: " + "; ".join(self.missed))
        return 1 if self.missed else 0
