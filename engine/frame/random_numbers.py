"""The random numbers of a session: a generator that a seed starts."""

from __future__ import annotations

import numpy as np

FIRST_SEED = 123456789
"""Seed of a session in which none was set, so that a do-file gives the same numbers every time."""

LARGEST_SEED = 2**31 - 1


def random_numbers(seed: int) -> np.random.Generator:
    """Return the generator of `seed`."""
    return np.random.Generator(np.random.PCG64(seed))
