"""Whether a model with crossed effects fits into memory, before anything is computed."""

from __future__ import annotations

from engine.design.equivalent import Equivalent
from engine.errors import StataError
from engine.machine import memory_of_machine

_SHARE = 0.6
"""Share of the memory that a fit may take."""
_GIB = float(1 << 30)


def bytes_needed(n_columns: int, n_chain_parameters: int) -> float:
    """Memory of the matrices of the dense block: its products, inverse and their jets."""
    k = n_chain_parameters
    return 8.0 * float(n_columns) ** 2 * (5 + 2 * k + k * (k + 1) // 2)


def check_memory(model: Equivalent) -> None:
    """Raise StataError r(909) when the dense block of crossed columns would not fit into memory."""
    m = model.n_crossed
    needed, there = bytes_needed(m, model.n_chain_parameters), memory_of_machine()
    if needed <= _SHARE * there:
        return
    crossed = ", ".join(f"{width:,} of {name}" for name, width in model.crossed_names())
    raise StataError(
        909,
        f"the crossed effects need about {needed / _GIB:,.0f} GB of memory, and this machine has "
        f"{there / _GIB:,.0f} GB. Besides the largest factor there are {m:,} effects in one block: {crossed}. "
        "Leave one of them out, group its values more coarsely, or fit the model to a subset of the observations.",
    )
