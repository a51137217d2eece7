"""What a user asks of ``regress`` and ``xtreg``: frozen, without data, names as written."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from engine.errors import Span, StataError
from engine.lang.abbrev import matches
from engine.lang.command import Command, InRange, OptionUse, Part, Weight
from engine.lang.declaration import OptionDecl, OptionKind
from engine.lang.expr import Expr
from engine.lang.options import find_choice
from engine.lang.parse_varlist import parse_varlist
from engine.lang.varlist import PLAIN, FactorKind, Operator, VarList, VarRef
from engine.spec.mixed import DisplayOptions
from engine.spec.mixed_declaration import MIXED

_SHARED = frozenset(
    (
        "level",
        "noheader",
        "noci",
        "nopvalues",
        "noomitted",
        "vsquish",
        "noemptycells",
        "baselevels",
        "allbaselevels",
        "nofvlabel",
        "fvwrap",
        "fvwrapon",
        "cformat",
        "pformat",
        "sformat",
        "nolstretch",
    )
)

DISPLAY_OPTIONS: tuple[OptionDecl, ...] = tuple(option for option in MIXED.options if option.name in _SHARED)
"""Options of the coefficient table, which all estimation commands share."""


class Vce(StrEnum):
    """How standard errors are computed; the value is the word that e(vce) holds."""

    OLS = "ols"
    CONVENTIONAL = "conventional"
    OIM = "oim"
    ROBUST = "robust"
    CLUSTER = "cluster"
    HC2 = "hc2"
    HC3 = "hc3"

    @property
    def is_robust(self) -> bool:
        """Whether they are robust against unequal variances."""
        return self in (Vce.ROBUST, Vce.CLUSTER, Vce.HC2, Vce.HC3)


class PanelModel(StrEnum):
    """Model of ``xtreg``; the value is its option and e(model)."""

    RE = "re"
    FE = "fe"
    BE = "be"
    MLE = "mle"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegressionSpec:
    """A regression as asked for.

    Attributes
    ----------
    command
        ``regress`` or ``xtreg``.
    vce, cluster
        Kind of standard errors, and the variable of ``vce(cluster …)`` as typed, empty without.
    panel
        Panel variable of ``i()`` as typed; empty where it is that of ``xtset``.
    """

    command: str
    depvar: str
    depvar_operator: Operator = PLAIN
    indepvars: VarList = VarList()
    if_: Expr | None = None
    in_: InRange | None = None
    weight: Weight | None = None
    noconstant: bool = False
    vce: Vce
    cluster: str = ""
    model: PanelModel | None = None
    panel: str = ""
    display: DisplayOptions = DisplayOptions()
    depvar_span: Span | None = field(default=None, compare=False)


def is_replay(command: Command) -> bool:
    """Tell whether the command only shows the last results again."""
    main = command.main
    return not main.body and main.if_ is None and main.in_ is None and main.weight is None


def read_regression(command: Command, *, usual: Vce, model: PanelModel | None = None) -> RegressionSpec:
    """Read a model; `usual` are the standard errors without ``vce()``.

    Raises
    ------
    StataError
        r(100) no dependent variable, r(198) bad syntax, r(184) options that exclude each other.
    """
    main = command.main
    if not main.body:
        word = command.text.find(command.word)
        raise StataError(100, "varlist required: name the dependent variable", (word, word + len(command.word)))
    varlist = parse_varlist(main.body, main.body_span[0])
    depvar = _depvar(varlist)
    vce, cluster = _vce(main, usual)
    panel = main.option("i")
    return RegressionSpec(
        command=command.decl.name,
        depvar=depvar.name,
        depvar_operator=depvar.operator,
        indepvars=VarList(varlist.items[1:]),
        if_=main.if_,
        in_=main.in_,
        weight=main.weight,
        noconstant=main.has("noconstant"),
        vce=vce,
        cluster=cluster,
        model=model,
        panel=(panel.argument or "") if panel is not None else "",
        display=read_display(main),
        depvar_span=depvar.span,
    )


def read_display(part: Part) -> DisplayOptions:
    """Return the options of the coefficient table."""
    found: dict[str, object] = {}
    for use in part.options:
        if use.decl.name in _SHARED:
            found[use.decl.name] = _value(use)
    return DisplayOptions(**found)  # type: ignore[arg-type]  # names and kinds are those of the declarations


def _value(use: OptionUse) -> object:
    argument = use.argument or ""
    if use.decl.kind is OptionKind.FLAG:
        return True
    if use.decl.kind is OptionKind.INTEGER:
        return int(argument)
    if use.decl.kind is OptionKind.REAL:
        return float(argument)
    return find_choice(use.decl, argument) if use.decl.kind is OptionKind.CHOICE else argument


def _depvar(varlist: VarList) -> VarRef:
    first = varlist.items[0]
    if not isinstance(first, VarRef) or first.name == "_all":
        raise StataError(198, "the dependent variable must be one variable", first.span)
    if first.operator.kind is not FactorKind.PLAIN or first.operator.omit_all:
        raise StataError(198, "the dependent variable may not be a factor variable", first.span)
    return first


def _vce(part: Part, usual: Vce) -> tuple[Vce, str]:
    """Read ``vce()``, ``robust`` and ``cluster()``; sampling weights make standard errors robust."""
    asked: list[tuple[Vce, str, OptionUse]] = []
    for use in part.options:
        if use.decl.name == "vce":
            asked.append((*_vce_words(use), use))
        elif use.decl.name == "robust":
            asked.append((Vce.ROBUST, "", use))
        elif use.decl.name == "cluster":
            asked.append((Vce.CLUSTER, use.argument or "", use))
    kinds = {kind for kind, _, _ in asked}
    clusters = {name for _, name, _ in asked if name}
    if len(clusters) > 1 or len(kinds - {Vce.ROBUST} if Vce.CLUSTER in kinds else kinds) > 1:
        raise StataError(198, "only one kind of standard errors may be asked for", asked[-1][2].span)
    if Vce.CLUSTER in kinds:
        return Vce.CLUSTER, clusters.pop()
    if asked:
        return asked[0][0], ""
    sampling = part.weight is not None and part.weight.kind == "pweight"
    return (Vce.ROBUST if sampling else usual), ""


def _vce_words(use: OptionUse) -> tuple[Vce, str]:
    words = (use.argument or "").split()
    listed = ", ".join(choice.word for choice in use.decl.choices)
    if not words:
        raise StataError(198, f"vce() needs one of {listed}", use.span)
    kind = next((c.word for c in use.decl.choices if matches(words[0], c.word, c.minimum)), None)
    span = use.argument_span or use.span
    if kind is None:
        raise StataError(198, f"vcetype {words[0]} not allowed; vce() takes {listed}", span)
    if len(words) != 1 + (kind == "cluster"):
        wanted = "cluster needs one variable" if kind == "cluster" else f"{words[1]} is not expected after {kind}"
        raise StataError(198, f"option vce() incorrectly specified: {wanted}", span)
    return Vce(kind), words[1] if kind == "cluster" else ""
