"""What vouches for the digits in this lab's texts."""

from attention import load_card, load_model
from tests.lab.vouching import bounds_of_weights


def of_minilm() -> tuple[float, float]:
    """Layers of the real transformer, and heads in each."""
    card = load_card("minilm")
    return float(card.n_layers), float(card.n_heads)


def bits_of_minilm() -> float:
    """In how many bits the weights of the real transformer are kept, by what its card says of its limits."""
    limits = " ".join(load_card("minilm").limits)
    return float(limits.partition("whole numbers of ")[2].split()[0])


VOUCHED = {
    "sha256": "the name of a sum",
    "All-MiniLM-L6-v2": "the name of a model",
    "Apache-2.0": "the name of a licence",
    "6 layers of 12 heads": of_minilm,
    "whole numbers of 8 bits": bits_of_minilm,
    "0 is dark, 1 is bright": bounds_of_weights,
    "trained, 3 layers": lambda: float(load_model("ordinary").n_layers),
}
