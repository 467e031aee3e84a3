"""What attention costs, and what convolution and recurrence cost, as formulas.

Counted are the matrix products, which dominate: (a, b) @ (b, c) takes a * b * c multiplications and as many
additions, 2 a b c FLOPs (Kaplan et al. 2020, section 2.1, counts alike). Softmax, normalisation, biases and
activations come to far less and are left out. Everything is a Python int, exact at any size. Batches and
layers multiply what stands here.

    layer                 FLOPs grow like   sequential operations   maximum path length
    self-attention        n^2 d             1                       1
    restricted to a       r n d             1                       n / r
      window r
    recurrence            n d^2             n                       n
    convolution, width k  k n d^2           1                       log_k n

(Vaswani et al. 2017, table 1; n = seq, d = d_model. It counts up to a constant factor; here the factor is
there, too.) Sequential operations must wait for each other however many machines there are. The path length
is how many layers a signal passes on its way between the two positions that are farthest apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from attention.checks import flag, whole_number
from attention.errors import ConfigError

__all__ = [
    "Cost",
    "attention_cost",
    "block_cost",
    "convolution_cost",
    "kv_cache_bytes",
    "multi_head_attention_cost",
    "recurrence_cost",
]

BYTES_EACH = 8  # of a float64


@dataclass(frozen=True, slots=True)
class Cost:
    """What one layer costs for one sequence.

    >>> attention_cost(seq_q=3, seq_k=5, d_k=7).n_bytes(bytes_each=4)
    144
    """

    flops: int  # multiplications and additions of the matrix products
    parameters: int  # weights and biases
    activations: int  # numbers that it makes: each intermediate once, and the output
    sequential_operations: int  # layer steps that must wait for each other
    path_length: int  # between the two positions farthest apart

    def n_bytes(self, bytes_each: int = BYTES_EACH) -> int:
        """The memory of the activations: 8 bytes each in float64, 4 in float32, 2 in float16."""
        return self.activations * bytes_each


def attention_cost(
    seq_q: int,
    seq_k: int,
    d_k: int,
    d_v: int | None = None,
    n_heads: int = 1,
    *,
    window: int | None = None,
    block_size: int | None = None,
) -> Cost:
    """Count scaled dot-product attention, without its projections.

        FLOPs = 2 n_heads seq_q seq_k (d_k + d_v): Q K^T, then weights V   (Vaswani et al. 2017, table 1)

    Its activations are the weights and the output. Under a mask the same is counted, since it is computed.

    Args:
        seq_q, seq_k: number of queries and of keys.
        d_k: columns of a head's queries and keys.
        d_v: columns of a head's values; d_k unless given.
        n_heads: number of heads.
        window: r, at least 2: each query is given r keys only, itself and those before it, and the others
            are not computed (table 1, "restricted").
        block_size: count `blockwise_attention`, which holds one block of weights, and takes the blocks of
            keys one after the other (Dao et al. 2022, algorithm 1).

    Returns:
        Cost.

    Raises:
        ConfigError: `seq_q must be a whole number of at least 1, got 0`

    >>> attention_cost(seq_q=512, seq_k=512, d_k=64, n_heads=8).flops
    536870912
    """
    seq_q, seq_k, d_k = _sizes(seq_q=seq_q, seq_k=seq_k, d_k=d_k)
    d_v, n_heads = _sizes(d_v=d_k if d_v is None else d_v, n_heads=n_heads)
    keys, path_length = seq_k, 1
    if window is not None:
        window = whole_number("window", window, 2)
        keys, path_length = min(window, seq_k), max(1, _divided_up(seq_k - 1, window - 1))
    block = max(seq_q, keys) if block_size is None else whole_number("block_size", block_size, 1)
    weights = min(block, seq_q) * min(block, keys)  # held at once, of each head
    return Cost(
        flops=2 * n_heads * seq_q * keys * (d_k + d_v),
        parameters=0,
        activations=n_heads * (weights + seq_q * d_v),
        sequential_operations=_divided_up(keys, block),
        path_length=path_length,
    )


def multi_head_attention_cost(
    seq_q: int,
    d_model: int,
    n_heads: int,
    *,
    seq_k: int | None = None,
    n_kv_heads: int | None = None,
    cached: int = 0,
    bias: bool = True,
) -> Cost:
    """Count attention with the projections into heads and out of them.

        FLOPs = 2 seq_q d_model^2 (Q) + 4 seq_k d_model d_kv (K, V) + attention + 2 seq_q d_model^2 (W_O)
        d_kv = n_kv_heads d_k   (Vaswani et al. 2017, section 3.2.2; fewer K, V heads: Ainslie et al. 2023)

    The projections cost more than attention itself up to n = 2 d_model: 8 n d_model^2 against 4 n^2 d_model.
    Its activations are q, k, v, the weights, concat and the output.

    Args:
        seq_q: number of queries.
        d_model: columns of the input and the output.
        n_heads: number of heads; divides d_model.
        seq_k: number of keys; those of self-attention, cached + seq_q, unless given.
        n_kv_heads: number of heads of K and V; divides n_heads, and is n_heads unless given.
        cached: how many of the keys and values were computed before, and are in a `KVCache`.
        bias: whether each projection has one.

    Returns:
        Cost.

    Raises:
        ConfigError: `n_heads 3 does not divide d_model 4`; `cached must be a whole number from 0 to 5, got 7`

    >>> cost = multi_head_attention_cost(seq_q=1024, d_model=512, n_heads=8)
    >>> cost.parameters, cost.flops == 2 * attention_cost(1024, 1024, d_k=512).flops
    (1050624, True)
    """
    seq_q, d_model, n_heads = _sizes(seq_q=seq_q, d_model=d_model, n_heads=n_heads)
    n_kv_heads = n_heads if n_kv_heads is None else whole_number("n_kv_heads", n_kv_heads, 1)
    d_k = _divided("n_heads", n_heads, "d_model", d_model)
    _divided("n_kv_heads", n_kv_heads, "n_heads", n_heads)
    cached = whole_number("cached", cached, 0)
    seq_k = cached + seq_q if seq_k is None else whole_number("seq_k", seq_k, 1)
    new = seq_k - whole_number("cached", cached, 0, seq_k)  # keys and values to project
    d_kv = n_kv_heads * d_k
    attention = attention_cost(seq_q, seq_k, d_k, n_heads=n_heads)
    return Cost(
        flops=4 * seq_q * d_model**2 + 4 * new * d_model * d_kv + attention.flops,
        parameters=2 * d_model**2
        + 2 * d_model * d_kv
        + (2 * d_model + 2 * d_kv if flag("bias", bias) else 0),
        activations=2 * seq_q * d_model + 2 * new * d_kv + attention.activations,
        sequential_operations=attention.sequential_operations,
        path_length=attention.path_length,
    )


def convolution_cost(
    seq: int, d_model: int, kernel_size: int, *, d_out: int | None = None, dilated: bool = True
) -> Cost:
    """Count a convolution along the sequence, as `conv1d` computes it.

        FLOPs = 2 k n d_in d_out, parameters k d_in d_out + d_out   (Vaswani et al. 2017, table 1)

    The path length is that of a stack whose kernels look k - 1 positions back. With dilations 1, k, k^2, ...
    the stack of l layers reaches k^l - 1 back, so log_k n layers do; without them it reaches l (k - 1), and
    n / k layers are needed (section 4).

    Args:
        seq: n, number of positions.
        d_model: d_in, columns of the input.
        kernel_size: k, how many positions the kernel sees, at least 2.
        d_out: columns of the output; d_model unless given.
        dilated: whether the kernels of the stack are spread wider from layer to layer.

    Returns:
        Cost; its path length, rounded up.

    Raises:
        ConfigError: `kernel_size must be a whole number of at least 2, got 1`

    >>> convolution_cost(seq=1000, d_model=512, kernel_size=10).path_length
    3
    >>> convolution_cost(seq=1000, d_model=512, kernel_size=10, dilated=False).path_length
    111
    """
    seq, d_model = _sizes(seq=seq, d_model=d_model)
    kernel_size = whole_number("kernel_size", kernel_size, 2)
    d_out = d_model if d_out is None else whole_number("d_out", d_out, 1)
    path_length, reach = 1, kernel_size - 1
    while reach < seq - 1:
        step = kernel_size**path_length if flag("dilated", dilated) else 1
        path_length, reach = path_length + 1, reach + (kernel_size - 1) * step
    return Cost(
        flops=2 * kernel_size * seq * d_model * d_out,
        parameters=kernel_size * d_model * d_out + d_out,
        activations=seq * d_out,
        sequential_operations=1,
        path_length=path_length,
    )


def recurrence_cost(seq: int, d_model: int, d_hidden: int | None = None) -> Cost:
    """Count a recurrent network, as `rnn` computes it.

        FLOPs = 2 n (d_in d_hidden + d_hidden^2): x_t W_x and h_{t-1} W_h   (Vaswani et al. 2017, table 1)

    Args:
        seq: n, number of positions.
        d_model: d_in, columns of the input.
        d_hidden: columns of the state; d_model unless given.

    Returns:
        Cost: n steps that wait for each other, and n to pass from the first position to the last.

    Raises:
        ConfigError: `seq must be a whole number of at least 1, got 0`

    >>> recurrence_cost(seq=1000, d_model=512).sequential_operations
    1000
    """
    seq, d_model = _sizes(seq=seq, d_model=d_model)
    d_hidden = d_model if d_hidden is None else whole_number("d_hidden", d_hidden, 1)
    return Cost(
        flops=2 * seq * (d_model * d_hidden + d_hidden**2),
        parameters=d_model * d_hidden + d_hidden**2 + d_hidden,
        activations=seq * d_hidden,
        sequential_operations=seq,
        path_length=seq,
    )


def block_cost(
    seq: int,
    d_model: int,
    n_heads: int,
    d_ff: int,
    *,
    seq_memory: int | None = None,
    n_kv_heads: int | None = None,
    cached: int = 0,
    bias: bool = True,
    gated: bool = False,
    rms_norm: bool = False,
) -> Cost:
    """Count a transformer block: self-attention, cross-attention if there is a memory, feed-forward, norms.

        feed-forward: FLOPs = 4 n d_model d_ff, parameters 2 d_model d_ff + d_ff + d_model; a norm: 2 d_model
        (Vaswani et al. 2017, sections 3.1 and 3.3; the norms: Ba et al. 2016)

    Its activations are those of its attentions, the hidden and the last layer of the feed-forward, and the
    norms' outputs. With a cache, a block makes one token at the cost of `seq=1, cached=t`, which grows with
    t; without one, at the cost of `seq=t + 1`, which grows with t^2.

    Args:
        seq: n, number of positions.
        d_model: columns of the input and the output.
        n_heads: number of heads; divides d_model.
        d_ff: columns of the feed-forward's hidden layer.
        seq_memory: number of positions of the encoder's output, for a decoder's block with cross-attention.
        n_kv_heads: number of heads of K and V; n_heads unless given.
        cached: how many positions before these are in a `KVCache`; the self-attention attends to them, too.
        bias: whether projections and feed-forward have one.
        gated: a third matrix multiplies the hidden layer, as in SwiGLU (Shazeer 2020, section 2).
        rms_norm: norms with a gain and no bias, d_model parameters each (Zhang and Sennrich 2019).

    Returns:
        Cost.

    Raises:
        ConfigError: `n_heads 3 does not divide d_model 4`

    >>> block_cost(seq=512, d_model=512, n_heads=8, d_ff=2048).parameters
    3152384
    """
    seq, d_model, d_ff = _sizes(seq=seq, d_model=d_model, d_ff=d_ff)
    mha = partial(multi_head_attention_cost, seq, d_model, n_heads, n_kv_heads=n_kv_heads, bias=bias)
    attentions = [mha(cached=cached)]
    if seq_memory is not None:
        attentions.append(mha(seq_k=whole_number("seq_memory", seq_memory, 1)))
    matrices = 3 if flag("gated", gated) else 2
    hidden = (matrices - 1) * d_ff
    norms = len(attentions) + 1
    return Cost(
        flops=sum(each.flops for each in attentions) + 2 * matrices * seq * d_model * d_ff,
        parameters=sum(each.parameters for each in attentions)
        + (matrices * d_model * d_ff + (hidden + d_model if bias else 0))
        + norms * (d_model if flag("rms_norm", rms_norm) else 2 * d_model),
        activations=sum(each.activations for each in attentions) + seq * (hidden + d_model + norms * d_model),
        sequential_operations=sum(each.sequential_operations for each in attentions) + 1,
        path_length=1,
    )


def kv_cache_bytes(
    seq: int, n_layers: int, n_kv_heads: int, d_k: int, batch: int = 1, bytes_each: int = BYTES_EACH
) -> int:
    """Count what a cache of keys and values holds: one k and one v for each token, head and layer.

        bytes = 2 batch n_layers seq n_kv_heads d_k bytes_each
        (what incremental attention keeps: Shazeer 2019; with n_kv_heads = 1 it is that paper's multi-query)

    Args:
        seq: number of tokens in the cache; 0 is allowed.
        n_layers: number of blocks.
        n_kv_heads: number of heads of K and V.
        d_k: columns of a head.
        batch: number of sequences.
        bytes_each: bytes of one number: 8 in float64, 4 in float32, 2 in float16.

    Returns:
        Bytes.

    Raises:
        ConfigError: `n_layers must be a whole number of at least 1, got 0`

    >>> kv_cache_bytes(seq=131072, n_layers=80, n_kv_heads=8, d_k=128, bytes_each=2) / 2**30  # GiB
    40.0
    """
    seq = whole_number("seq", seq, 0)
    n_layers, n_kv_heads, d_k = _sizes(n_layers=n_layers, n_kv_heads=n_kv_heads, d_k=d_k)
    batch, bytes_each = _sizes(batch=batch, bytes_each=bytes_each)
    return 2 * batch * n_layers * seq * n_kv_heads * d_k * bytes_each


def _sizes(**sizes: int) -> list[int]:
    return [whole_number(name, size, 1) for name, size in sizes.items()]


def _divided(part: str, parts: int, whole: str, size: int) -> int:
    if size % parts:
        raise ConfigError(f"{part} {parts} does not divide {whole} {size}")
    return size // parts


def _divided_up(size: int, parts: int) -> int:
    return -(-size // parts)
