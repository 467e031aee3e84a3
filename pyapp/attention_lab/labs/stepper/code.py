"""The line that computes this step, read from the library's own source, with the shapes it has now."""

from __future__ import annotations

from attention_lab.kit.blocks import Source
from attention_lab.kit.numbers import term
from attention_lab.kit.sources import source_of
from attention_lab.kit.texts import _
from attention_lab.labs.stepper.moment import Moment

SOURCES: dict[str, tuple[str, tuple[str, ...]]] = {
    "x": ("embedding.py", ("x",)),
    "q": ("heads.py", ("q", "k", "v")),
    "raw_scores": ("core.py", ("raw_scores",)),
    "scaled_scores": ("core.py", ("scaled_scores",)),
    "masked_scores": ("core.py", ("masked_scores",)),
    "weights": ("core.py", ("weights",)),
    "head_outputs": ("core.py", ("head_outputs",)),
}
"""The file of each stage, and the names that are assigned there."""

_MATRICES = {
    "x": ["x"],
    "q": ["q", "k", "v", "k_t"],
    "masked_scores": ["mask", "masked_scores"],
}


def code(scene: Moment) -> Source:
    """Show the real source line with live shapes."""
    stage = scene.stage
    return Source(
        source=source_of(*SOURCES[stage]), shape=_shape(scene, stage), matrices=_MATRICES.get(stage, [stage])
    )


def _shape(scene: Moment, stage: str) -> str:
    lab, n = scene.lab, scene.n
    heads, d_model, d_k = lab.n_heads, lab.d_model, lab.d_k
    scores, rows = f"({heads}, {n}, {n})", f"({heads}, {n}, {d_k})"
    ends = _("no result: FullyMaskedRowError") if scene.refusal else None
    match stage:
        case "x":
            vocab = len(scene.embedded.vocab)
            return f"({vocab}, {d_model})[({n},)] → ({n}, {d_model})"
        case "q":
            return f"({n}, {d_model}) @ ({d_model}, {d_model}) → {rows}"
        case "raw_scores":
            return f"{rows} @ ({heads}, {d_k}, {n}) → {scores}"
        case "scaled_scores":
            scale = lab.usual_scale if lab.scale is None else lab.scale
            return f"{scores} * {term(scale)} → {scores}"
        case "masked_scores":
            mask = "()" if lab.mask_array is None else f"({n}, {n})"
            return f"{scores} + {mask} → {scores}"
        case "weights":
            return f"{scores} → {ends or scores}"
    return f"{scores} @ {rows} → {ends or rows}"
