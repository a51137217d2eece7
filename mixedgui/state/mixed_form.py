"""What the `mixed` dialog holds, as one frozen value, and the command it stands for."""

from __future__ import annotations

from dataclasses import dataclass

from engine.api import (
    MIXED,
    Method,
    MixedReplay,
    Scope,
    StataError,
    command_from_text,
    print_expression,
    print_mixed,
    print_varlist,
)
from engine.api import mixed_spec_from_text as read_spec
from mixedgui.state.clauses import if_clause, in_clause, join, with_options
from mixedgui.state.equation_state import EquationState
from mixedgui.state.model_parts import (
    ALL_TOGETHER,
    BY,
    INDEPENDENT_RESIDUALS,
    LARGE_SAMPLE,
    MODEL_BASED,
    UNWEIGHTED,
    ByState,
    DfState,
    ResidualsState,
    VceState,
    WeightState,
)
from mixedgui.state.option_values import NO_OPTIONS, OptionValues
from mixedgui.state.translation import tr

OWN_FIELDS = frozenset(
    {"noconstant", "covariance", "collinear", "fweight", "pweight", "reml", "mle", "residuals", "dfmethod", "vce"}
)
"""Options that are fields of the form or of an equation, not entries of `MixedForm.options`."""

FIXED_OPTIONS = frozenset(decl.name for decl in MIXED.options if decl.scope is Scope.FIXED) - OWN_FIELDS


@dataclass(frozen=True, slots=True, kw_only=True)
class MixedForm:
    """Texts as typed and choices as made; nothing here has to be valid.

    Attributes
    ----------
    prefix
        ``quietly:`` and the like in front of the command, as text.
    in_from, in_to
        Ends of the range of observations; empty for an end that is left open.
    options
        All options that are not fields of their own.
    """

    prefix: str = ""
    by: ByState = ALL_TOGETHER
    name: str = "mixed"
    depvar: str = ""
    indepvars: str = ""
    noconstant: bool = False
    if_: str = ""
    in_from: str = ""
    in_to: str = ""
    weight: WeightState = UNWEIGHTED
    method: Method = Method.ML
    equations: tuple[EquationState, ...] = ()
    residuals: ResidualsState = INDEPENDENT_RESIDUALS
    df: DfState = LARGE_SAMPLE
    vce: VceState = MODEL_BASED
    options: OptionValues = NO_OPTIONS

    @property
    def active(self) -> tuple[EquationState, ...]:
        """The equations that are part of the command."""
        return tuple(equation for equation in self.equations if equation.enabled)


def prefix_text(form: MixedForm) -> str:
    """Return what stands before the command."""
    return join(form.prefix, form.by.to_text())


def form_to_text(form: MixedForm) -> str:
    """Write a form as a command, in the order of the manual's syntax diagram."""
    fixed = tuple(item for item in form.options.items if item[0] in FIXED_OPTIONS)
    model_wide = tuple(item for item in form.options.items if item[0] not in FIXED_OPTIONS)
    parts = (text for text in (form.residuals.to_text(), form.df.to_text(), form.vce.to_text()) if text)
    ending = [*(("reml",) if form.method is Method.REML else ()), *parts, *OptionValues(model_wide).texts()]
    clauses = (if_clause(form.if_), in_clause(form.in_from, form.in_to), form.weight.to_text())
    main = join(prefix_text(form), form.name, form.depvar, form.indepvars, *clauses)
    main_options = [*(("noconstant",) if form.noconstant else ()), *OptionValues(fixed).texts()]
    equations = form.active
    if not equations:
        return with_options(main, [*main_options, *ending])
    texts = [equation.to_text() for equation in equations[:-1]]
    last = equations[-1]
    texts.append(with_options(f"|| {last.body()}", [*last.option_texts(), *ending]))
    return join(with_options(main, main_options), *texts)


def form_from_text(text: str) -> MixedForm:
    """Read a command into a form.

    Raises
    ------
    StataError
        The text is not a ``mixed`` command with a model (r(198)), or cannot be read at all.
    """
    command = command_from_text(text)
    spec = read_spec(text)
    if isinstance(spec, MixedReplay):
        raise StataError(198, tr("this command shows the last results again; it has no model to put into the dialog"))
    main = command.main
    canonical = [use for part in command_from_text(print_mixed(spec)).parts for use in part.options]
    arguments = {use.decl.name: use.argument for use in canonical}
    return MixedForm(
        prefix=" ".join(join(p.name, p.argument) + ":" for p in command.prefixes if p.name not in BY),
        by=next((ByState.from_prefix(p) for p in command.prefixes if p.name in BY), ALL_TOGETHER),
        name=spec.command,
        depvar=main.body.split()[0],
        indepvars=print_varlist(spec.indepvars),
        noconstant=spec.noconstant,
        if_=print_expression(spec.if_) if spec.if_ is not None else "",
        in_from=spec.in_.first if spec.in_ else "",
        in_to=spec.in_.last if spec.in_ else "",
        weight=WeightState.from_weight(spec.weight),
        method=spec.method,
        equations=tuple(EquationState.from_equation(equation) for equation in spec.equations),
        residuals=ResidualsState.from_residuals(spec.residuals),
        df=DfState.from_argument(arguments.get("dfmethod")),
        vce=VceState.from_argument(arguments.get("vce")),
        options=OptionValues(tuple((u.decl.name, u.argument) for u in canonical if u.decl.name not in OWN_FIELDS)),
    )
