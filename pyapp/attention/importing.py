"""Weights from PyTorch: put into our layers, they give the same outputs.

PyTorch writes a matrix (d_out, d_in) and computes x W^T + b, where the paper and this package write (d_in,
d_out) and compute x W + b, so each matrix is transposed. It also keeps W_Q, W_K and W_V on top of each other,
as one.

In the boolean masks of `torch.nn.MultiheadAttention` and of the layers made of it, True = may *not* attend:
such a mask comes over as `~mask`.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from attention.block import NormPlace, TransformerBlock
from attention.checks import real_array, require_finite
from attention.errors import WeightsError
from attention.feedforward import Activation
from attention.heads import MultiHeadAttention
from attention.trace import Array

__all__ = ["StateReader", "multi_head_attention_from_torch", "transformer_block_from_torch"]

_UNSUPPORTED = {
    "q_proj_weight": "keys or values of another width (kdim, vdim)",
    "k_proj_weight": "keys or values of another width (kdim, vdim)",
    "v_proj_weight": "keys or values of another width (kdim, vdim)",
    "bias_k": "an added key and value (add_bias_kv)",
    "bias_v": "an added key and value (add_bias_kv)",
}


def multi_head_attention_from_torch(state: Mapping[str, npt.ArrayLike], num_heads: int) -> MultiHeadAttention:
    """Build a `MultiHeadAttention` from the state of a `torch.nn.MultiheadAttention`.

        MultiHead(Q, K, V) = Concat(head_1, ..., head_h) W_O   (Vaswani et al. 2017, section 3.2.2)

    Args:
        state: `module.state_dict()`: in_proj_weight (3 * d_model, d_model), out_proj.weight (d_model,
            d_model) and, unless made with bias=False, in_proj_bias (3 * d_model,) and out_proj.bias
            (d_model,).
        num_heads: `module.num_heads`, which the state does not tell.

    Returns:
        MultiHeadAttention, in float32 if all arrays are that, else in float64.

    Raises:
        WeightsError: `in_proj_weight has shape (9, 4), expected (12, 4)`
        WeightsError: `the state has bias_k: an added key and value (add_bias_kv) is not supported`
        ConfigError: `n_heads 3 does not divide d_model 4: choose 1 or 2 or 4`

    >>> state = {"in_proj_weight": np.ones((12, 4)), "out_proj.weight": np.eye(4)}
    >>> multi_head_attention_from_torch(state, num_heads=2)([[1, 2, 3, 4]]).tolist()
    [[10.0, 10.0, 10.0, 10.0]]
    """
    reader = StateReader(state)
    bias = "in_proj_bias" in reader
    weights = reader.multi_head("", bias=bias)
    reader.finish()

    mha = MultiHeadAttention(len(weights["w_q"]), num_heads, bias=bias, dtype=reader.dtype)
    mha.load_state_dict(weights)
    return mha


def transformer_block_from_torch(
    state: Mapping[str, npt.ArrayLike],
    num_heads: int,
    *,
    norm: NormPlace = "post",
    activation: Activation = "relu",
    eps: float = 1e-5,
) -> TransformerBlock:
    """Build a `TransformerBlock` from an `nn.TransformerEncoderLayer` or an `nn.TransformerDecoderLayer`.

        LayerNorm(x + Sublayer(x))   (Vaswani et al. 2017, section 3.1)

    The names tell which of the two it is: a decoder's layer has `multihead_attn`. Dropout is left out, as by
    `module.eval()`.

    Args:
        state: `module.state_dict()`: self_attn, linear1, linear2, norm1, norm2 and, in a decoder's layer,
            multihead_attn and norm3; all with biases, or all without.
        num_heads: the module's `nhead`, which the state does not tell.
        norm: "pre" if the module was made with norm_first=True.
        activation: "relu" or "gelu", as in the module.
        eps: the module's `layer_norm_eps`.

    Returns:
        TransformerBlock, in float32 if all arrays are that, else in float64.

    Raises:
        WeightsError: `the state has no norm1.weight`
        WeightsError: `linear1.weight has shape (5, 3), expected (any, 4)`
        ConfigError: as `TransformerBlock`

    >>> zeros = {"self_attn.in_proj_weight": (6, 2), "self_attn.out_proj.weight": (2, 2)}
    >>> zeros |= {"linear1.weight": (3, 2), "linear2.weight": (2, 3)}
    >>> state = {name: np.zeros(shape) for name, shape in zeros.items()}
    >>> state |= {"norm1.weight": np.ones(2), "norm2.weight": np.ones(2)}
    >>> transformer_block_from_torch(state, num_heads=1)([[3, 5]]).round(3).tolist()
    [[-1.0, 1.0]]
    """
    reader = StateReader(state)
    bias, decoder = "linear1.bias" in reader, any(name.startswith("multihead_attn.") for name in state)

    parts = {"attention": reader.multi_head("self_attn.", bias=bias)}
    d_model = len(parts["attention"]["w_q"])
    if decoder:
        parts["cross_attention"] = reader.multi_head("multihead_attn.", bias=bias)
    parts["feed_forward.first"] = reader.linear("linear1.", d_model, None, bias=bias)
    d_ff = parts["feed_forward.first"]["w"].shape[1]
    parts["feed_forward.second"] = reader.linear("linear2.", d_ff, d_model, bias=bias)
    for i in (1, 2, 3) if decoder else (1, 2):
        parts[f"norm_{i}"] = reader.layer_norm(f"norm{i}.", d_model, bias=bias)
    reader.finish()

    block = TransformerBlock(
        d_model,
        num_heads,
        d_ff,
        norm=norm,
        cross_attention=decoder,
        activation=activation,
        eps=eps,
        bias=bias,
        dtype=reader.dtype,
    )
    block.load_state_dict(dotted(parts))
    return block


class StateReader:
    """Hands out the arrays of a PyTorch state in our form, and names what is missing, misshapen or left over.

    >>> state = StateReader({"dense.weight": np.ones((3, 2)), "dense.bias": np.zeros(3)})
    >>> {name: array.shape for name, array in state.linear("dense.", 2, 3).items()}
    {'w': (2, 3), 'b': (3,)}
    """

    dtype: np.dtype[np.floating]  # float32 if all arrays are that, else float64

    def __init__(self, state: Mapping[str, npt.ArrayLike]) -> None:
        self._left = {name: real_array(name, values) for name, values in state.items()}
        for name, array in self._left.items():
            require_finite(name, array)
        self.dtype = np.result_type(*self._left.values()) if self._left else np.dtype(np.float64)

    def __contains__(self, name: str) -> bool:
        return name in self._left

    def take(self, name: str, *shape: int | None) -> Array:
        """Hand out one array; None in `shape` stands for any size.

        Raises:
            WeightsError: `the state has no norm1.weight`
            WeightsError: `linear1.weight has shape (5, 3), expected (any, 4)`
        """
        if name not in self._left:
            raise WeightsError(f"the state has no {name}")
        array = self._left.pop(name)
        fits = len(shape) == array.ndim and all(
            expected in (None, size) for expected, size in zip(shape, array.shape, strict=True)
        )
        if not fits:
            expected = str(shape).replace("None", "any")
            raise WeightsError(f"{name} has shape {array.shape}, expected {expected}")
        return array

    def linear(
        self, prefix: str, d_in: int | None, d_out: int | None, *, bias: bool = True
    ) -> dict[str, Array]:
        """Hand out an `nn.Linear` as w (d_in, d_out) and b (d_out,)."""
        w = self.take(f"{prefix}weight", d_out, d_in).T  # (d_in, d_out)
        return {"w": w} | ({"b": self.take(f"{prefix}bias", w.shape[1])} if bias else {})

    def layer_norm(self, prefix: str, d_model: int, *, bias: bool = True) -> dict[str, Array]:
        """Hand out an `nn.LayerNorm` as gain and bias (d_model,); without a bias, the bias is 0."""
        gain = self.take(f"{prefix}weight", d_model)
        return {"gain": gain, "bias": self.take(f"{prefix}bias", d_model) if bias else np.zeros(d_model)}

    def multi_head(self, prefix: str, *, bias: bool = True) -> dict[str, Array]:
        """Hand out an `nn.MultiheadAttention` as w_q, ... (d_model, d_model) and b_q, ... (d_model,)."""
        for name, what in _UNSUPPORTED.items():
            if prefix + name in self:
                raise WeightsError(f"the state has {prefix}{name}: {what} is not supported")
        out = self.linear(f"{prefix}out_proj.", None, None, bias=bias)
        d_model = len(out["w"])
        packed = self.linear(f"{prefix}in_proj_", d_model, 3 * d_model, bias=bias)
        found: dict[str, Array] = {}
        for kind, array in packed.items():  # w (d_model, 3 * d_model) and b (3 * d_model,)
            found |= {
                f"{kind}_{part}": each for part, each in zip("qkv", np.split(array, 3, -1), strict=True)
            }
            found[f"{kind}_o"] = out[kind]
        return found

    def finish(self) -> None:
        """Refuse arrays that nobody asked for.

        Raises:
            WeightsError: `the state has norm4.weight and 2 more that are not expected`
        """
        if self._left:
            first, more = next(iter(self._left)), len(self._left) - 1
            are = f"and {more} more that are" if more else "that is"
            raise WeightsError(f"the state has {first} {are} not expected")


def dotted(parts: Mapping[str, Mapping[str, Array]]) -> dict[str, Array]:
    """Join the names of parts and of their weights, as `Layer.parameters` does.

    >>> list(dotted({"norm_1": {"gain": np.ones(2), "bias": np.zeros(2)}}))
    ['norm_1.gain', 'norm_1.bias']
    """
    return {f"{part}.{name}": array for part, each in parts.items() for name, array in each.items()}
