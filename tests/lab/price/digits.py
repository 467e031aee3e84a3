"""What vouches for the digits in this lab's texts."""

from attention import convolution_cost, kv_cache_bytes, recurrence_cost
from attention_lab.labs.price import lab as price
from attention_lab.labs.price.counted import FLOAT32, held_bytes, multiplications, reached
from tests.lab.helpers import blocks, make_lab

N, D, KERNEL = 70, 11, 5


def of_pairs() -> float:
    """By what n²d is multiplied for scores and values."""
    return multiplications(N, D)[1] / (N * N * D)


def of_projections() -> float:
    """By what nd² is multiplied for the projections."""
    return multiplications(N, D)[0] / (N * D * D)


def crossing() -> float:
    """By what d is multiplied where the two cost the same."""
    at = next(n for n in range(1, 100 * D) if multiplications(n, D)[0] == multiplications(n, D)[1])
    return at / D


def divided() -> tuple[float, float, float]:
    """The two costs, and what both are divided by to leave n and 2d."""
    return of_pairs(), of_projections(), of_pairs()


def bytes_of_a_number() -> float:
    """The bytes of a number for which the question's right answer is what the library counts."""
    return kv_cache_bytes(10, 3, 4, 16, bytes_each=2) / (2 * 3 * 4 * 16 * 10)


def counted_twice() -> tuple[float, float]:
    """A key and a value, and the bytes of each number of theirs."""
    return kv_cache_bytes(10, 3, 4, 16, bytes_each=1) / (3 * 4 * 16 * 10), bytes_of_a_number()


def sizes() -> tuple[float, ...]:
    """The sizes of a number that are offered."""
    return tuple(map(float, price._SIZES))


def added() -> float:
    """How many fewer words than the kernel has each layer adds."""
    one, two = (
        len({place for at, place in reached("convolution", layer, 30, N, KERNEL) if at == 0})
        for layer in (1, 2)
    )
    return KERNEL - (two - one)


def width() -> float:
    """The width of the table whose bytes are drawn."""
    lab = make_lab("price", step="memory")
    whole = blocks(lab)["Lines"]["series"][0]
    found = [
        d for d in (64, 256, 512, 1024) if held_bytes(int(whole["x"][3]), d, lab.heads, None) == whole["y"][3]
    ]
    assert FLOAT32 == 4
    return float(found[0])


def of_a_recurrence() -> float:
    """By what nd² is multiplied for a recurrence; of a convolution it is the kernel's size."""
    assert convolution_cost(N, D, KERNEL, dilated=False).flops // 2 == KERNEL * N * D * D
    return recurrence_cost(N, D).flops // 2 / (N * D * D)


VOUCHED = {
    "(2n²d) cost as much as projections (4nd²)": lambda: (of_pairs(), of_projections()),
    "2n²d = 4nd² is n = 2d": lambda: (of_pairs(), of_projections(), crossing()),
    "Divide 4nd² by 2nd": lambda: divided()[1:],
    "Set 2n²d = 4nd², and divide both sides by 2nd": divided,
    "keys of {d_k} numbers, 2 bytes each number": bytes_of_a_number,
    "2 × {layers} × {heads} × {d_k} × {words} numbers of 2 bytes": counted_twice,
    "both of 2 bytes a number": bytes_of_a_number,
    "then 2 bytes each": bytes_of_a_number,
    "kernel − 1 words": added,
    "1 byte": lambda: sizes()[0],
    "2 bytes": lambda: sizes()[1],
    "4 bytes": lambda: sizes()[2],
    "scores and values, 2n²d": of_pairs,
    "projections, 4nd²": of_projections,
    "width 512": width,
    "a recurrence 2{n_d}": of_a_recurrence,
    "attention 2{n}": of_pairs,
}
