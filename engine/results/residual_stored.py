"""What structured residual errors add to ``e()``."""

from __future__ import annotations

import numpy as np

from engine.results.mixed import ResidualSummary
from engine.results.stored import Matrix


def residual_scalars(residual: ResidualSummary) -> dict[str, float]:
    """Return the number of parameters and by() groups, and orders."""
    scalars = {"k_res": residual.n_parameters, "nrgroups": max(len(residual.by_values), 1)}
    order = {"ar": "ar_p", "ma": "ma_q"}.get(residual.kind)
    if order is not None:
        scalars[order] = residual.order
    if residual.kind in ("ar", "ma", "banded", "toeplitz"):
        scalars["res_order"] = residual.order
    return {name: float(value) for name, value in scalars.items()}


def residual_macros(residual: ResidualSummary) -> dict[str, str]:
    """Return the structure's words, by() and its groups, and t()."""
    order = f" {residual.order}" if residual.order or residual.kind == "banded" else ""
    options = [f"by({residual.by})" if residual.by else "", f"t({residual.t})" if residual.t else ""]
    given = " ".join(option for option in options if option)
    return {
        "resopt": f"{residual.kind}{order}" + (f", {given}" if given else ""),
        "rstructure": residual.kind,
        "rstructlab": residual.title,
        "rbyvar": residual.by,
        "rglabels": " ".join(f'"{text}"' if " " in text else text for text in residual.by_labels),
        "timevar": residual.t,
    }


def residual_matrices(residual: ResidualSummary) -> dict[str, Matrix]:
    """Return ``e(tmap)``, which value of t() each number stands for where variances differ by time."""
    if residual.kind not in ("unstructured", "banded", "hexchangeable", "har"):
        return {}
    numbers = tuple(f"{i + 1}" for i in range(len(residual.times)))
    return {"tmap": Matrix((residual.t,), numbers, np.array([residual.times]))}
