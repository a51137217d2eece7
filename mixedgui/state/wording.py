"""An equation in words: the line of the list and the sentence of the sub-dialog."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.api import MIXED, CovarianceKind, Residuals, StataError, parse_varlist, print_varlist
from engine.api import VarList as Terms
from mixedgui.state.equation_state import ALL, EquationState
from mixedgui.state.translation import counted, tr

ARROW = "›"

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")

_PLAIN_TERM = re.compile(r"(?!_all$)(c\.)?\w+(#c\.\w+)*", re.ASCII)
"""A term that makes exactly one column whatever the data are."""


def number_word(count: int) -> str:
    """Return a small number as a word, a large one with thousands separators."""
    return _NUMBERS[count] if 0 <= count < len(_NUMBERS) else f"{count:,}"


def sizes_text(groups: int, size: str) -> str:
    """Return ``48 groups of 9``."""
    return counted(groups, "{n} group of {size}", "{n} groups of {size}").replace("{size}", size)


def groups_text(groups: int, smallest: int, average: float, largest: int) -> str:
    """Return ``48 groups of 9``, or the range of sizes when groups differ."""
    if smallest == largest:
        return sizes_text(groups, f"{smallest:,}")
    return sizes_text(
        groups,
        tr("{smallest:,}–{largest:,} (mean {average:,.1f})").format(
            smallest=smallest, largest=largest, average=average
        ),
    )


def terms(equation: EquationState) -> tuple[str, ...] | None:
    """Return the slope terms of an equation, one text each; None while they cannot be read."""
    if equation.crossed:
        return ()
    try:
        tree = parse_varlist(equation.indepvars)
    except StataError:
        return None
    return tuple(print_varlist(Terms((item,))) for item in tree.items)


def effect_count(equation: EquationState) -> int | None:
    """Return how many random effects a group has; None where that depends on the data."""
    slopes = terms(equation)
    if slopes is None or equation.crossed or not all(_PLAIN_TERM.fullmatch(term) for term in slopes):
        return None
    return len(slopes) + (not equation.noconstant)


def parameter_count(effects: int, structure: CovarianceKind) -> int:
    """Return the number of covariance parameters of `effects` random effects (manual, Methods and formulas)."""
    if effects <= 1:
        return effects
    return {
        CovarianceKind.INDEPENDENT: effects,
        CovarianceKind.EXCHANGEABLE: 2,
        CovarianceKind.IDENTITY: 1,
        CovarianceKind.UNSTRUCTURED: effects * (effects + 1) // 2,
    }[structure]


def short_levels(levels: Sequence[str]) -> dict[str, str]:
    """Return level -> its name without an ending that all of them share (``_id``)."""
    endings = {name[name.rfind("_") :] if "_" in name[1:] else "" for name in levels if name != ALL}
    shared = endings.pop() if len(endings) == 1 else ""
    return {name: name.removesuffix(shared) if shared and name != ALL else name for name in levels}


def structure_words(structure: CovarianceKind | None) -> str:
    """Return the word of a covariance structure, the default one for None."""
    return (structure or CovarianceKind.INDEPENDENT).value


def choice_label(option: str, word: str) -> str:
    """Return the label of a word that an option of `mixed` takes."""
    return next((c.label for d in MIXED.options if d.name == option for c in d.choices if c.word == word), word)


def residuals_kind(kind: str) -> str:
    """Return the label of a residual structure as it stands within a sentence."""
    text = choice_label("residuals", kind)
    return text if text == "Toeplitz" else text.lower()


def residuals_words(residuals: Residuals | None) -> str:
    """Return ``independent``, or ``autoregressive of order 2 over week, by sex``."""
    if residuals is None:
        return residuals_kind("independent")
    text = residuals_kind(residuals.kind)
    if residuals.order is not None:
        text += tr(" of order {0}").format(residuals.order)
    if residuals.t is not None:
        text = tr("{0} over {1}").format(text, residuals.t)
    return tr("{0}, by {1}").format(text, residuals.by) if residuals.by else text


def level_words(equation: EquationState) -> str:
    """Return the name of the level as the list shows it."""
    return tr("all observations") if equation.level_name == ALL else equation.level_name


def effects_words(equation: EquationState) -> str:
    """Return ``intercept, week (independent)``."""
    if equation.crossed:
        return f"R.{equation.factor.strip() or '…'} ({equation.structure.value})"
    slopes = terms(equation)
    named = [equation.indepvars.strip()] if slopes is None else list(slopes)
    parts = ([] if equation.noconstant else [tr("intercept")]) + named
    if not parts:
        return tr("no random effects")
    text = ", ".join(parts)
    return text if effect_count(equation) == 1 else f"{text} ({equation.structure.value})"


def row_text(row: int, equation: EquationState) -> str:
    """Return the line of the equation list for the 0-based `row`."""
    return f"{row + 1} {level_words(equation)} {ARROW} {effects_words(equation)}"


def sentence(equation: EquationState, groups: int | None = None) -> str:
    """Say in plain words what an equation means; `groups` is the number of groups at its level, where known."""
    if equation.crossed:
        return _crossed_sentence(equation)
    slopes = terms(equation)
    if slopes is None:
        return tr("The list of variables cannot be read yet.")
    if equation.noconstant and not slopes:
        return tr("This equation has no random effects: there is no intercept and no variable in it.")
    each = (
        tr("All observations share") if equation.level_name == ALL else tr("Each {0} has").format(equation.level_name)
    )
    own = tr("one random") if equation.level_name == ALL else tr("its own")
    things = [] if equation.noconstant else [tr("{own} intercept").format(own=own)]
    things += [tr("{own} slope of {term}").format(own=own, term=term) for term in slopes]
    count = effect_count(equation)
    relation = _relation(equation.structure, count if count is not None else len(things) + 1)
    return f"{each} {_listed(things)}{relation}. {_cost(count, equation.structure, groups)}"


def _listed(things: list[str]) -> str:
    first, last = ", ".join(things[:-1]), things[-1]
    return tr("{0} and {1}").format(first, last) if first else last


def _relation(structure: CovarianceKind, count: int) -> str:
    if count <= 1:
        return ""
    they = tr("the two") if count == 2 else tr("they")
    return {
        CovarianceKind.INDEPENDENT: tr(", and {they} are independent").format(they=they),
        CovarianceKind.UNSTRUCTURED: tr(", and {they} may be correlated").format(they=they),
        CovarianceKind.EXCHANGEABLE: tr(", and {they} share one variance and one covariance").format(they=they),
        CovarianceKind.IDENTITY: tr(", and {they} are independent with one common variance").format(they=they),
    }[structure]


def _cost(count: int | None, structure: CovarianceKind, groups: int | None) -> str:
    source = "" if groups is None else counted(groups, " from {n} group", " from {n} groups")
    if count is None:
        return tr("How many parameters there are to estimate{source} depends on the levels of the factors.").format(
            source=source
        )
    parameters = parameter_count(count, structure)
    noun = "parameter" if parameters == 1 else "parameters"
    return tr("{0} {noun} to estimate{source}.").format(number_word(parameters).capitalize(), noun=noun, source=source)


def _crossed_sentence(equation: EquationState) -> str:
    factor = equation.factor.strip()
    if not factor:
        return tr("Choose the variable whose values have effects of their own.")
    within = "" if equation.level_name == ALL else tr(" within each {0}").format(equation.level_name)
    if equation.structure is CovarianceKind.EXCHANGEABLE:
        return tr(
            "Each value of {factor} has its own intercept{within}; every two covary alike. Two parameters to estimate."
        ).format(factor=factor, within=within)
    return tr(
        "Each value of {factor} has its own intercept{within}, all with one variance. One parameter to estimate."
    ).format(factor=factor, within=within)
