"""Small random nested data sets and models."""

from __future__ import annotations

import numpy as np
from frames import make_frame

from engine.frame.modelframe import ModelFrame
from engine.spec.mixed import CovarianceKind, Method

IND, ID = CovarianceKind.INDEPENDENT, CovarianceKind.IDENTITY
EXC, UN = CovarianceKind.EXCHANGEABLE, CovarianceKind.UNSTRUCTURED
EFFECTS = {1: ["_cons"], 2: ["a", "_cons"], 3: ["a", "b", "_cons"], 4: ["a", "b", "c", "_cons"]}

MODELS = {
    "one level, intercept": [[(ID, 1)]],
    "one level, independent": [[(IND, 2)]],
    "one level, unstructured of three": [[(UN, 3)]],
    "one level, unstructured of four": [[(UN, 4)]],
    "one level, exchangeable of three": [[(EXC, 3)]],
    "one level, identity of two": [[(ID, 2)]],
    "one level, two blocks": [[(EXC, 2), (UN, 3)]],
    "two levels, unstructured": [[(UN, 2)], [(UN, 2)]],
    "two levels, three effects below": [[(ID, 1)], [(UN, 3)]],
    "two levels, two blocks above": [[(UN, 2), (ID, 1)], [(IND, 2)]],
    "three levels": [[(EXC, 2)], [(UN, 2)], [(ID, 1)]],
    "four levels": [[(ID, 1)], [(ID, 1)], [(UN, 2)], [(ID, 1)]],
}
"""Levels from the top down, each a list of (structure, number of effects)."""


def nested_data(
    rng: np.random.Generator, depth: int, *, balanced: bool = False, top: int = 5, most_rows: int = 5
) -> dict[str, np.ndarray]:
    """Rows in random order under `depth` nested levels l0, l1, …, with covariates a, b, c and a response y."""
    paths = [()]
    for level in range(depth):
        most = top if level == 0 else 3
        paths = [(*p, i) for p in paths for i in range(most if balanced or level == 0 else rng.integers(2, most + 1))]
    rows = [p for p in paths for _ in range(3 if balanced else rng.integers(1, most_rows + 1))]
    n = len(rows)
    data = {f"l{k}": np.array([p[k] for p in rows], dtype=float) for k in range(depth)}
    data |= {"a": rng.normal(size=n), "b": rng.normal(size=n) + 2.0, "c": rng.uniform(size=n)}
    effects = {p[: k + 1]: rng.normal() for p in paths for k in range(depth)}
    data["y"] = 1.0 + data["a"] - data["b"] + rng.normal(size=n)
    data["y"] += [sum(effects[p[: k + 1]] for k in range(depth)) for p in rows]
    order = rng.permutation(n)
    return {name: values[order] for name, values in data.items()}


def random_frame(
    name: str,
    rng: np.random.Generator,
    method: Method = Method.ML,
    *,
    balanced: bool = False,
    top: int = 5,
    most_rows: int = 5,
) -> ModelFrame:
    """Frame of one of `MODELS` on random data."""
    levels = MODELS[name]
    data = nested_data(rng, len(levels), balanced=balanced, top=top, most_rows=most_rows)
    equations = [(f"l{k}", kind, EFFECTS[q]) for k, blocks in enumerate(levels) for kind, q in blocks]
    return make_frame(data, "y", ["a", "b", "_cons"], equations, method)
