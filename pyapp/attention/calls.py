"""Calls: an argument in a place, or under a name, that it does not have here is refused with the way on.

Python would say only that it is unexpected. Who comes from PyTorch or transformers learns what it is called
here.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from attention.errors import ArgumentError

__all__ = ["explained"]

P = ParamSpec("P")
T = TypeVar("T")

_TRUE = "True = may attend"
_PADDING = f"(batch, 1, seq_k), where {_TRUE}: mask=~key_padding_mask[:, None, :]"
_WEIGHTS = "functions return the weights beside the output, layers keep them in `trace`"

# What it is called elsewhere: how to say it here.
_HERE = {
    "attn_mask": f"is called mask here, and {_TRUE}; of torch.nn.MultiheadAttention pass mask=~attn_mask",
    "src_mask": f"is called mask here, and {_TRUE}: mask=~src_mask",
    "tgt_mask": f"is called mask here, and {_TRUE}: mask=~tgt_mask",
    "key_padding_mask": f"is a mask here {_PADDING}",
    "src_key_padding_mask": f"is a mask here {_PADDING}",
    "tgt_key_padding_mask": f"is a mask here {_PADDING}",
    "memory_key_padding_mask": f"is a memory_mask here {_PADDING}",
    "is_causal": "is called causal here",
    "tgt_is_causal": "is called causal here",
    "need_weights": f"is not needed here: {_WEIGHTS}",
    "average_attn_weights": f"is not needed here: {_WEIGHTS}, each head's own",
    "dropout": "has no counterpart here: nothing is dropped",
    "dropout_p": "has no counterpart here: nothing is dropped",
    "batch_first": "is not needed here: batch axes always lead",
    "enable_gqa": "is a class here: GroupedQueryAttention",
    "kdim": "has no counterpart here: all rows have d_model columns",
    "vdim": "has no counterpart here: all rows have d_model columns",
    "nhead": "is called num_heads here",
    "dim_feedforward": "is called d_ff here",
    "norm_first": 'is called norm here: "pre" for True, "post" for False',
    "layer_norm_eps": "is called eps here",
    "in_features": "is called d_in here",
    "out_features": "is called d_out here",
    "num_embeddings": "is called vocab_size here",
    "embedding_dim": "is called d_model here",
    "normalized_shape": "is called d_model here",
    "dim": "is called axis here",
    "attention_mask": f"is called mask here, and {_TRUE}",
    "input_ids": "is called ids here",
    "token_type_ids": "is called token_types here",
    "device": "has no counterpart here: NumPy computes on the processor",
}


def explained(function: Callable[P, T]) -> Callable[P, T]:
    """Let a function refuse, in clear words, foreign names and arguments by place that need a name.

    Raises:
        ArgumentError: `is_causal is called causal here`
        ArgumentError: `f takes 1 argument by place (x), got 2: give the others by name (scale)`

    >>> @explained
    ... def f(x: float, *, causal: bool = False) -> float:
    ...     return x
    >>> f(3.0)
    3.0
    """
    code = function.__code__
    names = code.co_varnames[: code.co_argcount]
    named = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
    foreign = _HERE.keys() - {*names, *named}

    @functools.wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        if len(args) > len(names) and named:
            raise ArgumentError(_too_many(function.__qualname__, names, named, len(args)))
        if kwargs and (known := foreign & kwargs.keys()):
            name = min(known, key=list(kwargs).index)
            raise ArgumentError(f"{name} {_HERE[name]}")
        return function(*args, **kwargs)

    return call


def _too_many(name: str, places: tuple[str, ...], named: tuple[str, ...], given: int) -> str:
    """Count without `self`, and call a class's `__init__` and `__call__` by the name of the class."""
    own = places[:1] == ("self",)
    shown = places[1:] if own else places
    short = name.removesuffix(".__init__").removesuffix(".__call__").rpartition("<locals>.")[2]
    return (
        f"{short} takes {len(shown)} argument{'s' * (len(shown) != 1)} by place ({', '.join(shown)}), "
        f"got {given - own}: give the others by name ({', '.join(named)})"
    )
