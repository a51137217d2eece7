"""Models that are asked for often, made from a few variables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from engine.api import CovarianceKind, Dataset, Problem, StataError, examine_nesting, resolve_names
from mixedgui.state.clauses import with_options
from mixedgui.state.equation_state import EquationState
from mixedgui.state.field_checks import variable_problems, varlist_problems
from mixedgui.state.model_parts import ResidualsState
from mixedgui.state.translation import mark, tr

Values: TypeAlias = Mapping[str, str]
Equations: TypeAlias = tuple[EquationState, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateField:
    """A variable that a template needs.

    Attributes
    ----------
    several
        True where a list of variables may stand.
    """

    name: str
    label: str
    help: str
    required: bool = True
    several: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateModel:
    """What a template adds to a model.

    Attributes
    ----------
    terms
        Variables that the fixed part needs.
    residuals
        The structure of the residuals; None leaves it as it is.
    """

    equations: Equations = ()
    terms: tuple[str, ...] = ()
    residuals: ResidualsState | None = None

    def to_text(self) -> str:
        """Return the pieces of the command, in its order."""
        parts = [*self.terms, *(equation.to_text() for equation in self.equations)]
        return with_options(" ".join(parts), [] if self.residuals is None else [self.residuals.to_text()])


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A kind of model.

    Attributes
    ----------
    option
        The key of `disabled` that switches the template off; empty when none does.
    build
        Makes what is added to the model from the fields.
    """

    name: str
    label: str
    help: str
    fields: tuple[TemplateField, ...]
    build: Callable[[Values, Dataset], TemplateModel]
    option: str = ""

    def model(self, values: Values, dataset: Dataset) -> TemplateModel:
        """Return what the fields stand for; they may still be empty."""
        return self.build({field.name: values.get(field.name, "").strip() for field in self.fields}, dataset)

    def problems(self, values: Values, dataset: Dataset) -> list[Problem]:
        """Return what is wrong with the fields; rc 100 stands for one that is still empty."""
        found: list[Problem] = []
        for field in self.fields:
            text = values.get(field.name, "")
            if not text.strip():
                found += (
                    [Problem(100, tr("choose the {0}").format(field.label.lower()), field.name)]
                    if field.required
                    else []
                )
            elif field.several:
                found += varlist_problems(text, dataset, field.name, factors=True)
            else:
                found += variable_problems(text, dataset, field.name)
        return found


def _intercept(values: Values, dataset: Dataset) -> TemplateModel:
    return TemplateModel(equations=(EquationState(level=values["level"]),))


def _slope(values: Values, dataset: Dataset) -> TemplateModel:
    return TemplateModel(equations=(_with_slopes(values),))


def _with_slopes(values: Values) -> EquationState:
    """Let the intercept and the slopes, where there are any, be correlated."""
    structure = CovarianceKind.UNSTRUCTURED if values["slope"] else None
    return EquationState(level=values["level"], indepvars=values["slope"], covariance=structure)


def _growth(values: Values, dataset: Dataset) -> TemplateModel:
    """What neighbouring occasions share beyond the curve goes into residuals of order 1 ([ME] mixed, residuals())."""
    time = values["time"]
    residuals = ResidualsState(on=True, kind="ar", order="1", t=time)
    return TemplateModel(equations=(_with_slopes(values),), terms=(time,) if time else (), residuals=residuals)


def _nested(values: Values, dataset: Dataset) -> TemplateModel:
    levels = [values[name] for name in ("outer", "inner", "innermost")]
    return TemplateModel(equations=tuple(EquationState(level=level) for level in levels if level))


def _crossed(values: Values, dataset: Dataset) -> TemplateModel:
    """Give ``R.`` to the factor with fewer values: the other as a level costs nothing ([ME] mixed, crossed effects)."""
    first, second = values["first"], values["second"]
    counts = [_groups(name, dataset) for name in (first, second)]
    if counts[1] < counts[0]:
        first, second = second, first
    return TemplateModel(equations=(EquationState(crossed=True, factor=first), EquationState(level=second)))


def _groups(name: str, dataset: Dataset) -> int:
    try:
        levels = examine_nesting(dataset, resolve_names(name, dataset)).levels
    except StataError:
        return 0
    return levels[0].n_groups if levels else 0


_LEVEL = TemplateField(name="level", label=mark("Level variable"), help=mark("Its values name the groups."))

TEMPLATES = (
    Template(
        name="intercept",
        label=mark("Random intercept"),
        fields=(_LEVEL,),
        build=_intercept,
        help=mark("Groups differ in their mean."),
    ),
    Template(
        name="slope",
        label=mark("Random intercept and slope"),
        build=_slope,
        help=mark("Groups differ in their mean and in a slope, and the two may be correlated."),
        fields=(
            _LEVEL,
            TemplateField(
                name="slope",
                label=mark("Slope of"),
                help=mark("Variables whose slopes differ between the groups."),
                several=True,
            ),
        ),
    ),
    Template(
        name="nested",
        label=mark("Three nested levels"),
        build=_nested,
        help=mark("Observations in groups that lie in larger groups."),
        fields=(
            TemplateField(
                name="outer", label=mark("Outer level"), help=mark("The largest groups, for example schools.")
            ),
            TemplateField(
                name="inner", label=mark("Inner level"), help=mark("Groups within them, for example classes.")
            ),
            TemplateField(
                name="innermost",
                label=mark("Innermost level"),
                help=mark("A further level within those; may stay empty."),
                required=False,
            ),
        ),
    ),
    Template(
        name="crossed",
        label=mark("Crossed effects"),
        build=_crossed,
        option="factor",
        help=mark("Two factors that cross, for example pupils and raters; written in the form that is quicker to fit."),
        fields=(
            TemplateField(name="first", label=mark("One factor"), help=mark("Each of its values has an effect.")),
            TemplateField(name="second", label=mark("Other factor"), help=mark("Each of its values has an effect.")),
        ),
    ),
    Template(
        name="growth",
        label=mark("Growth curve with autoregressive residuals"),
        build=_growth,
        option="residuals",
        help=mark(
            "The same individuals at several times, with residuals that resemble those of the time before. Replaces "
            "the residual structure."
        ),
        fields=(
            TemplateField(name="level", label=mark("Individual"), help=mark("Its values name the individuals.")),
            TemplateField(
                name="time",
                label=mark("Time"),
                help=mark("Whole numbers that count the occasions; joins the fixed part."),
            ),
            TemplateField(
                name="slope",
                label=mark("Slopes that differ"),
                help=mark("Variables whose slopes differ between individuals, for example the time; may stay empty."),
                required=False,
                several=True,
            ),
        ),
    ),
)
"""In the order of the menu."""
