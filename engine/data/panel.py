"""Panels and time (``xtset``, ``tsset``): what the data say about them, and values at other times.

As in Stata, the settings are characteristics of the data, so that they are saved and loaded with them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from engine.data.missing import MISSING, is_missing, to_doubles
from engine.errors import StataError

if TYPE_CHECKING:
    from engine.data.dataset import Column, Dataset, Variable

IntArray = npt.NDArray[np.int64]

OWNER = "_dta"
_KEPT = ("_TSpanel", "_TStvar", "_TSdelta", "iis", "tis")
_STEP = re.compile(r"([LFDS])(\d*)")
_OPERATOR = re.compile(r"(?:[LFDS]\d*)+")
UNITS = {"td": "day", "tw": "week", "tm": "month", "tq": "quarter", "th": "half-year", "ty": "year"}
"""Kind of a date format -> the unit it counts."""


@dataclass(frozen=True, slots=True)
class Panel:
    """The variables that number panels and times, empty where there is none, and the time between observations."""

    panel: str = ""
    time: str = ""
    delta: float = 1.0


def panel_of(dataset: Dataset) -> Panel | None:
    """Return how the data are set, None when they are not or a variable is gone."""
    kept = {name: text for owner, name, text in dataset.characteristics if owner == OWNER and name in _KEPT}
    panel, time = kept.get("_TSpanel") or kept.get("iis", ""), kept.get("_TStvar") or kept.get("tis", "")
    if not (panel or time) or any(name and name not in dataset.columns for name in (panel, time)):
        return None
    try:
        delta = float.fromhex(kept["_TSdelta"].replace("X", "p")) if "X" in kept.get("_TSdelta", "") else 1.0
    except ValueError:
        delta = 1.0
    return Panel(panel, time, delta if delta > 0 else 1.0)


def with_panel(dataset: Dataset, panel: Panel | None) -> Dataset:
    """Return the data with other settings, or none."""
    others = tuple(entry for entry in dataset.characteristics if not (entry[0] == OWNER and entry[1] in _KEPT))
    if panel is None:
        return replace(dataset, characteristics=others)
    entries = [("_TSpanel", panel.panel), ("_TStvar", panel.time), ("iis", panel.panel), ("tis", panel.time)]
    if panel.time:
        entries.append(("_TSdelta", _stata_hex(panel.delta)))
    return replace(dataset, characteristics=(*others, *((OWNER, name, text) for name, text in entries if text)))


def renamed_settings(
    characteristics: tuple[tuple[str, str, str], ...], old: str, new: str
) -> tuple[tuple[str, str, str], ...]:
    """Return characteristics in which the panel or time variable has its new name."""
    return tuple(
        (owner, name, new if owner == OWNER and name in _KEPT and text == old else text)
        for owner, name, text in characteristics
    )


def _stata_hex(value: float) -> str:
    """Return a number as Stata keeps it in a characteristic: ``+1.0000000000000X+000``."""
    mantissa, _, exponent = value.hex().removeprefix("0x").partition("p")
    whole, _, digits = mantissa.partition(".")
    return f"+{whole}.{digits:0<13}X{'-' if int(exponent) < 0 else '+'}{abs(int(exponent)):03x}"


def split_operator(name: str) -> tuple[str, str]:
    """Return operator and variable of a name such as ``L2D.x``; the operator of a plain name is empty."""
    operator, _, variable = name.rpartition(".")
    return operator, variable


def base_of(name: str) -> str:
    """Return the variable of a name behind an operator, empty where there is no operator in canonical form."""
    operator, _, variable = name.rpartition(".")
    return variable if operator and _OPERATOR.fullmatch(operator) else ""


def operated_variable(dataset: Dataset, name: str) -> Variable:
    """Return what is known about ``L.x``: as x, with a storage type that holds differences."""
    operator, base = split_operator(name)
    variable = dataset.variable(base)
    if set("DS") & set(operator) and variable.storage != "double":
        return replace(variable, name=name, storage="double", value_label="")
    return replace(variable, name=name)


def operated(dataset: Dataset, name: str) -> npt.NDArray[np.float64]:
    """Return the values of ``L.x``, shape (n_obs,), missing where the other time is not there.

    Raises
    ------
    StataError
        111 when there is no time variable.
    """
    operator, base = split_operator(name)
    values = dataset.numeric(base)
    return at_other_times(dataset, operator, lambda _: values)


def at_other_times(
    dataset: Dataset, operator: str, values_for: Callable[[IntArray], npt.NDArray[np.float64]]
) -> npt.NDArray[np.float64]:
    """Return a variable under an operator; `values_for` gives its values given the rows that are looked at."""
    total = np.zeros(dataset.n_obs)
    absent = np.zeros(dataset.n_obs, dtype=bool)
    for lag, factor in weights_of(operator):
        rows = rows_at(dataset, lag)
        there = rows >= 0
        source = values_for(rows)
        found = source[np.where(there, rows, 0)] if len(source) else np.full(len(rows), MISSING)
        gone = ~there | is_missing(found)
        if len(weights_of(operator)) == 1:  # a lag alone keeps the codes .a to .z
            return np.where(there, found, MISSING)
        absent |= gone
        total += factor * np.where(gone, 0.0, found)
    return np.where(absent, MISSING, total)


def weights_of(operator: str) -> list[tuple[int, float]]:
    """Return the lags (leads negative) that an operator adds up, with their factors: D is x minus L.x."""
    weights: dict[int, float] = {0: 1.0}

    def shift(by: int, factor: float = 1.0) -> dict[int, float]:
        return {lag + by: value * factor for lag, value in weights.items()}

    for letter, digits in _STEP.findall(operator):
        number = int(digits or 1)
        if letter in "LF":
            weights = shift(number if letter == "L" else -number)
            continue
        for _ in range(number if letter == "D" else 1):
            other = shift(1 if letter == "D" else number, -1.0)
            weights = {lag: weights.get(lag, 0.0) + other.get(lag, 0.0) for lag in weights.keys() | other.keys()}
    return sorted((lag, factor) for lag, factor in weights.items() if factor)


def rows_at(dataset: Dataset, lag: int) -> IntArray:
    """Return the row that each observation's panel has `lag` times earlier, -1 where there is none."""
    settings = panel_of(dataset)
    if settings is None or not settings.time:
        raise StataError(111, "time variable not set; use tsset timevar, or xtset panelvar timevar")
    codes, moments, used = positions(dataset, settings)
    result = np.full(dataset.n_obs, -1, dtype=np.int64)
    if not len(moments):
        return result
    width = int(moments.max()) + 1
    keys = codes * width + moments
    ordered = bool((keys[1:] >= keys[:-1]).all())
    order = np.arange(len(keys)) if ordered else np.argsort(keys, kind="stable")
    ascending = keys if ordered else keys[order]
    wanted = moments - lag
    inside = (wanted >= 0) & (wanted < width)
    looked = keys - lag
    place = np.minimum(np.searchsorted(ascending, looked), len(keys) - 1)
    found = inside & (ascending[place] == looked)
    result[used] = np.where(found, used[order[place]], -1)
    return result


def positions(dataset: Dataset, settings: Panel) -> tuple[IntArray, IntArray, IntArray]:
    """Return panel number and time step, from 0, of the observations that have both, and the rows of these."""
    times = _doubles(dataset, settings.time)
    usable = ~is_missing(times)
    codes = np.zeros(dataset.n_obs, dtype=np.int64)
    if settings.panel:
        panels = _doubles(dataset, settings.panel)
        usable &= ~is_missing(panels)
    used = np.flatnonzero(usable)
    if not len(used):
        return codes[used], codes[used], used
    steps = np.rint((times[used] - times[used].min()) / settings.delta).astype(np.int64)
    if settings.panel:
        codes = panel_codes(panels[used])
        return codes, steps, used
    return codes[used], steps, used


def panel_codes(values: npt.NDArray[np.float64]) -> IntArray:
    """Number panels from 0 in ascending order; panels that are sorted already need no further sorting."""
    if len(values) and (values[1:] >= values[:-1]).all():
        return np.concatenate([[0], np.cumsum(values[1:] != values[:-1])]).astype(np.int64)
    return np.unique(values, return_inverse=True)[1].astype(np.int64)


def _doubles(dataset: Dataset, name: str) -> npt.NDArray[np.float64]:
    column: Column = dataset.columns[name]
    values: npt.NDArray[Any] = to_doubles(column, dataset.variable(name).storage)
    return values
