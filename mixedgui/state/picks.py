"""What the free text of a postestimation command can be put together from, given the last fit and the stored ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from engine.api import Dataset, Picks, Session
from mixedgui.state.named import named
from mixedgui.state.postestimation import NO_FIT
from mixedgui.state.translation import mark, tr

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from engine.api import Estimates

NOTHING_STORED = mark("No results are stored yet: estimates store keeps those of the last fit under a name.")
NO_FACTORS = mark("The last fit has no factor variables in its fixed part.")
FITS = frozenset({Picks.FIT, Picks.FITS, Picks.FIT_PAIR})

TITLES = {
    Picks.COEFFICIENTS: mark("Coefficients of the last fit"),
    Picks.REFERENCES: mark("Coefficients of the last fit"),
    Picks.TERMS: mark("Terms of the last fit"),
    Picks.FACTORS: mark("Factors of the last fit and their combinations"),
    Picks.MARGINS: mark("Factors of the last fit and their combinations"),
    Picks.AT: mark("Values of the variables of the last fit"),
    Picks.COVARIATES: mark("Variables of the last fit"),
    Picks.FIT: mark("Stored results"),
    Picks.FITS: mark("Stored results"),
    Picks.FIT_PAIR: mark("Stored results"),
}


@dataclass(frozen=True, slots=True)
class Pick:
    """A piece of text to insert, and what it is."""

    text: str
    help: str


def picks_of(kind: Picks, session: Session) -> tuple[Pick, ...]:
    """Return what there is to pick; nothing while `why_none` has a reason."""
    if kind in FITS:
        return tuple(Pick(name, _fit_words(each)) for name, each in session.stored.items())
    if not kind.of_fit:
        return tuple(Pick(text, help_text) for text, help_text in named(kind, session))
    estimates = session.estimates
    if estimates is None:
        return ()
    match kind:
        case Picks.COEFFICIENTS | Picks.REFERENCES:
            return tuple(_coefficients(estimates, session.data, reference=kind is Picks.REFERENCES))
        case Picks.TERMS:
            return tuple(_terms(estimates, session.data))
        case Picks.FACTORS:
            return tuple(_factors(estimates, session.data))
        case Picks.MARGINS:
            return tuple(_factor_combinations(estimates, session.data))
        case Picks.AT:
            return tuple(_values(estimates, session.data))
        case Picks.COVARIATES:
            names = [*_variables(estimates), "*"]
            return tuple(Pick(n, tr("all of them") if n == "*" else _label(n, session.data)) for n in names)
    return ()


def why_none(kind: Picks, session: Session) -> str:
    """Return why there is nothing to pick, empty when there is."""
    if kind in FITS:
        return "" if session.stored else tr(NOTHING_STORED)
    if not kind.of_fit:
        return ""
    if session.estimates is None:
        return tr(NO_FIT)
    return tr(NO_FACTORS) if kind in {Picks.FACTORS, Picks.MARGINS} and not picks_of(kind, session) else ""


def _fit_words(estimates: Estimates) -> str:
    return estimates.title or estimates.cmdline


def _coefficients(estimates: Estimates, dataset: Dataset, *, reference: bool) -> Iterator[Pick]:
    result = estimates.result
    for column, value in zip(result.columns, result.beta.tolist(), strict=True):
        if not column.state.value:
            text = f"_b[{column.name}]" if reference else column.name
            words = tr("constant") if column.is_constant else _column_words(column.name, dataset)
            yield Pick(text, ", ".join(filter(None, (words, f"{value:.4g}".replace("-", "−")))))
    for name, value in zip(result.theta_names, result.theta.tolist(), strict=True):
        what = tr("logarithm of a standard deviation") if name.startswith("ln") else tr("parameter of the covariances")
        yield Pick(f"[{name}]_cons", f"{what}, {value:.4g}".replace("-", "−"))


def _column_words(name: str, dataset: Dataset) -> str:
    """Return what a coefficient belongs to: labels of its variables, levels by their value labels."""
    words = []
    for part in name.split("#"):
        level, _, variable = part.rpartition(".")
        label = _label(variable, dataset)
        if level.lstrip("-").isdigit():
            words.append(f"{label or variable}: {_level_label(variable, int(level), dataset)}")
        else:
            words.append(label or (variable if "#" in name else ""))
    return " × ".join(filter(None, words))


def _level_label(variable: str, level: int, dataset: Dataset) -> str:
    if variable not in dataset:
        return str(level)
    attached = dataset.value_labels.get(dataset.variable(variable).value_label)
    return attached.texts.get(float(level), str(level)) if attached is not None else str(level)


def _label(name: str, dataset: Dataset) -> str:
    plain = name.rpartition(".")[2]
    return dataset.variable(plain).label if plain in dataset else ""


def _margins(estimates: Estimates) -> Iterator[tuple[tuple[str, bool], ...]]:
    """Yield the terms of the fixed part, each as (variable, whether it is a factor), in their order."""
    seen = set()
    for column in estimates.result.columns:
        term = tuple((part.variable, part.level is not None) for part in column.parts)
        if term and term not in seen:
            seen.add(term)
            yield term


def _terms(estimates: Estimates, dataset: Dataset) -> Iterator[Pick]:
    for term in _margins(estimates):
        single = len(term) == 1
        parts = [f"i.{name}" if factor else name if single else f"c.{name}" for name, factor in term]
        yield Pick("#".join(parts), _term_words([name for name, _ in term], dataset))


def _factors(estimates: Estimates, dataset: Dataset) -> Iterator[Pick]:
    """Yield the terms of the model with factors in them, as ``contrast`` takes them."""
    for term in _margins(estimates):
        if any(factor for _, factor in term):
            parts = [name if factor else f"c.{name}" for name, factor in term]
            slopes = not all(factor for _, factor in term)
            words = tr("slopes by level") if slopes else _term_words([name for name, _ in term], dataset)
            yield Pick("#".join(parts), words)


def _factor_combinations(estimates: Estimates, dataset: Dataset) -> Iterator[Pick]:
    """Yield the factors of the model, and their combinations in pairs, in the model or not."""
    names = list(dict.fromkeys(name for term in _margins(estimates) for name, factor in term if factor))
    for name in names:
        yield Pick(name, _term_words([name], dataset))
    for pair in combinations(names, 2):
        yield Pick("#".join(pair), tr("every combination of their levels"))


def _term_words(names: list[str], dataset: Dataset) -> str:
    return " × ".join(_label(name, dataset) or name for name in names)


def _variables(estimates: Estimates) -> list[str]:
    return list(dict.fromkeys(name for term in _margins(estimates) for name, _ in term))


def _values(estimates: Estimates, dataset: Dataset) -> Iterator[Pick]:
    """Yield values to set each variable to: the levels of a factor, the quartiles and the mean of a covariate."""
    levels: dict[str, list[int]] = {}
    for column in estimates.result.columns:
        for part in column.parts:
            known = levels.setdefault(part.variable, [])
            if part.level is not None and part.level not in known:
                known.append(part.level)
    for name, found in levels.items():
        if found:
            yield Pick(f"{name}=({' '.join(map(str, sorted(found)))})", tr("its levels"))
        elif name in dataset.columns:
            yield Pick(f"{name}=({' '.join(_quartiles(dataset.numeric(name)))})", tr("its quartiles"))
            yield Pick(f"(mean) {name}", tr("its mean"))
    yield Pick("(mean) _all", tr("all variables at their means"))


def _quartiles(values: npt.NDArray[np.float64]) -> list[str]:
    """Return the quartiles of the values that are not missing, to three digits."""
    import numpy as np

    from engine.api import is_missing

    known = values[~np.asarray(is_missing(values))]
    return [f"{value:.3g}" for value in np.quantile(known, (0.25, 0.5, 0.75))] if len(known) else ["0"]
