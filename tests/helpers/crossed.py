"""Small random data sets with crossed factors, and models of every form that ``R.`` can take."""

from __future__ import annotations

import numpy as np
from frames import make_frame

from engine.frame.modelframe import ModelFrame
from engine.spec.mixed import CovarianceKind, Method

ID, EXC, UN = CovarianceKind.IDENTITY, CovarianceKind.EXCHANGEABLE, CovarianceKind.UNSTRUCTURED
IND = CovarianceKind.INDEPENDENT

CROSSED = {
    "one factor": [("_all", ID, ["R.a"])],
    "two factors": [("_all", ID, ["R.a"]), ("_all", ID, ["R.b"])],
    "three factors": [("_all", ID, ["R.a"]), ("_all", ID, ["R.b"]), ("_all", ID, ["R.c"])],
    "a factor and a level": [("_all", ID, ["R.a"]), ("b", ID, ["_cons"])],
    "a factor above a slope": [("_all", ID, ["R.a"]), ("b", UN, ["x", "_cons"])],
    "a factor above three effects": [("_all", ID, ["R.a"]), ("b", UN, ["x", "z", "_cons"])],
    "a large factor above a slope": [("_all", ID, ["R.b"]), ("c", UN, ["x", "_cons"])],
    "a large factor above independent slopes": [("_all", ID, ["R.b"]), ("c", IND, ["x", "z"]), ("c", ID, ["_cons"])],
    "a factor above two levels": [("_all", ID, ["R.a"]), ("c", ID, ["_cons"]), ("b", ID, ["_cons"])],
    "two factors above two levels": [
        ("_all", ID, ["R.a"]),
        ("_all", ID, ["R.d"]),
        ("c", UN, ["x", "_cons"]),
        ("b", ID, ["_cons"]),
    ],
    "a factor within a level": [("c", ID, ["R.a"])],
    "a factor within a level, exchangeable": [("c", EXC, ["R.a"])],
    "an exchangeable factor": [("_all", EXC, ["R.a"])],
    "an exchangeable factor crossed": [("_all", ID, ["R.b"]), ("c", EXC, ["R.a"])],
    "an exchangeable factor, slopes and a level": [
        ("c", UN, ["x", "z", "_cons"]),
        ("c", EXC, ["R.a"]),
        ("d", ID, ["_cons"]),
    ],
    "an exchangeable factor above a level": [("_all", EXC, ["R.a"]), ("b", ID, ["_cons"])],
}
"""Equations of each model: factors a (5), b (9), c (4) and d (3) are crossed; x and z vary by row."""


def crossed_data(rng: np.random.Generator, n: int = 70) -> dict[str, np.ndarray]:
    """Rows with crossed factors a, b, c, d, covariates x and z, and a response y."""
    sizes = {"a": 5, "b": 9, "c": 4, "d": 3}
    data = {name: np.append(np.arange(size), rng.integers(size, size=n - size)) for name, size in sizes.items()}
    data |= {"x": rng.normal(size=n), "z": rng.normal(size=n) + 1.0}
    data["y"] = 1.0 + data["x"] + rng.normal(size=n)
    for name, size in sizes.items():
        data["y"] = data["y"] + rng.normal(size=size)[data[name]]
    return {name: values.astype(float) for name, values in data.items()}


def crossed_frame(name: str, rng: np.random.Generator, method: Method, n: int = 70) -> ModelFrame:
    """Frame of one of `CROSSED` on random data."""
    return make_frame(crossed_data(rng, n), "y", ["x", "z", "_cons"], CROSSED[name], method)
