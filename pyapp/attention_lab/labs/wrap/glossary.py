"""The terms of the course: each with one sentence, in the order of the alphabet."""

from __future__ import annotations

from collections.abc import Mapping

GLOSSARY: Mapping[str, str] = {
    "cosine": "The cosine of the angle between two rows: 1 for one direction, 0 for a right angle.",
    "cross-attention": "Attention whose queries come from one sequence, and keys and values from another.",
    "d_k": "How many numbers a query or a key has.",
    "embedding": "The row of numbers that stands for a token.",
    "entropy": "How widely weights are spread: 0 for all on one key, log n for the same on each of n keys.",
    "head": "One attention of several that run side by side, each with its own queries, keys and values.",
    "key": "The row that a token is compared by: a query is multiplied with it to give a score.",
    "KV cache": "Keys and values of earlier tokens, kept so that they need not be computed again.",
    "layer norm": "Brings a row to mean 0 and variance 1, then gives each column a learned gain and bias.",
    "logits": "One score for each word that might come next, before softmax.",
    "mask": "Says which query may attend to which key; what is masked gets the weight 0.",
    "query": "The row that a token asks with.",
    "residual": "The way around a part: what the part gives is added to the row and does not replace it.",
    "score": "Query times key: how well the two match, before softmax.",
    "self-attention": "Attention in which queries, keys and values all come from one sequence.",
    "softmax": "Turns scores into weights that are not negative and add up to 1.",
    "token": "A piece of text that a model reads as one: here a word.",
    "value": "The row that is gathered from a token, in proportion to its weight.",
    "weight": "The share that a query gives to a key; the weights of one query add up to 1.",
}
