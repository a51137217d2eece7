"""Residuals against fitted values of the last fit (``rvfplot``)."""

from __future__ import annotations

from enum import Enum

import numpy as np

from engine.graphs.graphspec import FloatArray, GraphSpec, Layer, Mark
from engine.graphs.series import Series, Units, require_points
from engine.graphs.words import number


class FittedKind(Enum):
    """Which fitted values; the value is the option of ``predict``, or says that there are no random effects."""

    XB = "xb"
    FITTED = "fitted"
    LINEAR = "linear"


_NOTES = {
    FittedKind.XB: "Fitted values: fixed part only (xb). Residuals: outcome minus fixed and random part.",
    FittedKind.FITTED: "Fitted values: fixed and random part. Residuals: outcome minus fixed and random part.",
    FittedKind.LINEAR: "",
}
_SUBTITLES = {FittedKind.XB: "fixed part", FittedKind.FITTED: "fixed and random part", FittedKind.LINEAR: "regression"}


def residuals_versus_fitted(
    residuals: FloatArray,
    fitted: FloatArray,
    units: Units,
    *,
    kind: FittedKind,
    command: str = "",
) -> GraphSpec:
    """Draw residuals (y - X beta - Z u) against fitted values; the note says which fitted values they are.

    Raises
    ------
    StataError
        2000 without observations.
    """
    require_points(Series("Residuals", residuals))
    return GraphSpec(
        kind="rvfplot",
        title="Residuals and fitted values",
        subtitle=f"{units.counted}; fitted values of the {_SUBTITLES[kind]}",
        x_title="Fitted values",
        y_title="Residuals",
        layers=(Layer(mark=Mark.POINT, x=fitted, y=residuals, rows=units.rows),),
        note=_NOTES[kind],
        command=command,
        summary=_in_words(residuals, fitted, units, kind),
    )


def _in_words(residuals: FloatArray, fitted: FloatArray, units: Units, kind: FittedKind) -> str:
    text = (
        f"Residuals against fitted values ({_SUBTITLES[kind]}): {units.counted}. Fitted values run from "
        f"{number(float(fitted.min()))} to {number(float(fitted.max()))}, residuals from "
        f"{number(float(residuals.min()))} to {number(float(residuals.max()))}."
    )
    third = len(residuals) // 3
    if third < 2:
        return text
    order = np.argpartition(fitted, (third - 1, len(fitted) - third))
    low, high = residuals[order[:third]].std(ddof=1), residuals[order[-third:]].std(ddof=1)
    return text + (
        f" The standard deviation of the residuals is {number(float(low))} in the lowest third of the fitted values "
        f"and {number(float(high))} in the highest third."
    )
