"""Attention Lab: the app around the `attention` package. Start at `app.make_app`; in a notebook, at `lab`."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from attention_lab.hosts import lab as lab

__all__ = ["lab"]


def __getattr__(name: str) -> Any:
    """`attention_lab.lab`, which needs all of Panel, is imported when it is asked for."""
    if name == "lab":
        from attention_lab.hosts import lab

        return lab
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
