"""A ``mixed`` command tree into a `MixedSpec`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from engine.errors import StataError
from engine.lang.command import Command, OptionUse, Part
from engine.lang.declaration import OptionKind, Scope
from engine.lang.numlist import parse_numlist
from engine.lang.options import find_choice
from engine.lang.parse_expr import parse_expression
from engine.lang.parse_varlist import parse_varlist
from engine.lang.printer import print_expression
from engine.lang.tokens import depths, tokenize
from engine.lang.varlist import FactorKind, VarList, VarRef
from engine.spec.mixed import (
    CovarianceKind,
    DfTable,
    DisplayOptions,
    Maximization,
    Method,
    MixedReplay,
    MixedSpec,
    RandomEquation,
    Residuals,
)
from engine.spec.mixed_fields import FIELD_OF, Home
from engine.spec.suboptions import read_dfmethod, read_residuals, read_vce
from engine.spec.technique import Plan, print_technique, read_technique

_LEVEL = re.compile(r"[^\W\d]\w*")
_CROSSED = re.compile(r"R\.([^\W\d]\w*)$")


def read_mixed(command: Command) -> MixedSpec | MixedReplay:
    """Read a model, or without variables a request to show the last results again.

    Raises
    ------
    StataError
        r(198) bad syntax or an option that a redisplay does not take, r(184) options that exclude each other, r(100)
        no dependent variable; spans are those of the command.
    """
    main = command.main
    name = "mixed" if command.decl.name.startswith(command.word) else "xtmixed"
    if len(command.parts) == 1 and not main.body and main.if_ is None and main.in_ is None and main.weight is None:
        return _read_replay(command, name)
    return _read_model(command, name)


def _read_replay(command: Command, name: str) -> MixedReplay:
    for use in command.main.options:
        if not use.decl.replay:
            raise StataError(198, f"option {use.decl.name} not allowed when results are shown again", use.span)
    gathered = _gather(command)
    return MixedReplay(display=DisplayOptions(**gathered.homes[Home.DISPLAY]), others=gathered.others, command=name)


def _read_model(command: Command, name: str) -> MixedSpec:
    main = command.main
    if not main.body:
        word = command.text.find(command.word)
        raise StataError(100, "varlist required: name the dependent variable", (word, word + len(command.word)))
    varlist = parse_varlist(main.body, main.body_span[0])
    depvar = _read_depvar(varlist)
    gathered = _gather(command)
    clauses = _clauses(command)
    return MixedSpec(
        depvar=depvar.name,
        depvar_operator=depvar.operator,
        indepvars=VarList(varlist.items[1:]),
        if_=clauses.get("if_"),
        in_=clauses.get("in_"),
        weight=main.weight,
        noconstant=main.has("noconstant"),
        equations=tuple(_read_equation(part, command.text) for part in command.parts[1:]),
        method=gathered.method,
        residuals=gathered.residuals,
        display=DisplayOptions(**gathered.homes[Home.DISPLAY]),
        maximization=Maximization(**gathered.homes[Home.MAXIMIZATION]),
        others=gathered.others,
        command=name,
        depvar_span=depvar.span,
        **gathered.homes[Home.SPEC],
    )


def _read_depvar(varlist: VarList) -> VarRef:
    first = varlist.items[0]
    if not isinstance(first, VarRef) or first.name == "_all":
        raise StataError(198, "the dependent variable must be one variable", first.span)
    operator = first.operator
    if operator.kind is not FactorKind.PLAIN or operator.omit_all:
        raise StataError(198, "the dependent variable may not be a factor variable", first.span)
    return first


def _clauses(command: Command) -> dict[str, Any]:
    """Return ``if`` and ``in``, wherever they stand; weights of observations stand in the first part only."""
    found: dict[str, Any] = {}
    for place, part in enumerate(command.parts):
        if place and part.weight is not None:
            message = "weights of observations stand before the first ||; those of a level are pweight() or fweight()"
            raise StataError(101, message, part.weight.span)
        for name, clause in (("if_", part.if_), ("in_", part.in_)):
            if clause is None:
                continue
            if name in found:
                raise StataError(198, f"{name[:2]} is given twice", clause.span)
            found[name] = clause
    return found


def _read_equation(part: Part, text: str) -> RandomEquation:
    """Read ``level: varlist`` or ``level: R.variable`` with the equation's own options."""
    body, start = part.body, part.body_span[0]
    colon = _colon(body)
    if colon is None:
        if not body:
            bar = text.rfind("||", 0, start)
            raise StataError(198, "an equation is missing after ||: write || level: variables", (bar, bar + 2))
        raise StataError(198, f"a colon is missing after the level: write || {body.split()[0]}:", part.body_span)
    level = body[:colon].strip()
    if _LEVEL.fullmatch(level) is None:
        where = f"{level} invalid" if level else "a level is missing before the colon"
        raise StataError(198, f"{where}: a level is one variable, or _all", (start, start + colon + 1))
    rest = body[colon + 1 :]
    crossed = _CROSSED.match(rest.strip())
    terms_at = start + colon + 1 + len(rest) - len(rest.lstrip())
    terms_span = (terms_at, start + len(body.rstrip()))
    if crossed is None and any(word.startswith("R.") for word in rest.split()):
        bare = rest.strip() == "R."
        why = "a variable is missing after R." if bare else "R.variable stands alone in its equation"
        raise StataError(198, why, terms_span)
    covariance = part.option("covariance")
    word = find_choice(covariance.decl, covariance.argument or "") if covariance is not None else None
    return RandomEquation(
        level=level,
        terms=VarList() if crossed else parse_varlist(rest, start + colon + 1),
        factor=crossed.group(1) if crossed else None,
        noconstant=part.has("noconstant"),
        covariance=CovarianceKind(word) if word is not None else None,
        collinear=part.has("collinear"),
        fweight=_weight(part.option("fweight")),
        pweight=_weight(part.option("pweight")),
        level_span=(start, start + len(level)),
        factor_span=terms_span if crossed else None,
    )


def _colon(body: str) -> int | None:
    tokens = tokenize(body)
    for token, depth in zip(tokens, depths(tokens), strict=True):
        if token.text == ":" and depth == 0:
            return token.start
    return None


def _weight(use: OptionUse | None) -> str | None:
    if use is None or use.argument is None:
        return None
    return print_expression(parse_expression(use.argument, use.argument_span[0] if use.argument_span else 0))


class _Gathered:
    """The model-wide options of all parts, sorted into the places where the spec keeps them."""

    def __init__(self) -> None:
        self.homes: dict[Home, dict[str, Any]] = {home: {} for home in Home}
        self.others: tuple[tuple[str, str | None], ...] = ()
        self.method = Method.ML
        self.residuals: Residuals | None = None
        self.seen: dict[str, OptionUse] = {}

    def take(self, use: OptionUse) -> None:
        name = use.decl.name
        self.check_twice(use)
        if name in ("mle", "reml"):
            self.check_pair(use, "mle", "reml")
            self.method = Method(name)
        elif name == "residuals":
            self.residuals = read_residuals(use)
        elif name in FIELD_OF:
            self.check_pair(use, "variance", "stddeviations")
            field = FIELD_OF[name]
            self.homes[field.home][field.field] = _value(use) if field.argument else field.on
        else:
            self.other(*_canonical(use), use)

    def check_twice(self, use: OptionUse) -> None:
        if use.decl.name in self.seen and use.argument is not None:
            raise StataError(198, f"option {use.decl.name}() is given twice", use.span)
        self.seen[use.decl.name] = use

    def check_pair(self, use: OptionUse, *names: str) -> None:
        if use.decl.name in names and all(name in self.seen for name in names):
            raise StataError(184, f"options {' and '.join(names)} may not be combined", use.span)

    def other(self, name: str, argument: str | None, use: OptionUse) -> None:
        if (name, argument) in self.others:
            return
        if any(name == other for other, _ in self.others):
            raise StataError(198, f"option {name}() is given twice", use.span)
        self.others += ((name, argument),)


def _gather(command: Command) -> _Gathered:
    gathered = _Gathered()
    for use in _model_wide(command):
        gathered.take(use)
    return gathered


def _model_wide(command: Command) -> Iterator[OptionUse]:
    for part in command.parts:
        yield from (use for use in part.options if use.decl.scope is Scope.GLOBAL)


def _value(use: OptionUse) -> int | float | str:
    argument = use.argument or ""
    if use.decl.name == "technique":
        return print_technique(_technique(use))
    if use.decl.kind is OptionKind.INTEGER:
        return int(argument)
    if use.decl.kind is OptionKind.NUMBERS:
        parse_numlist(argument, use.argument_span[0] if use.argument_span else 0)
        return " ".join(argument.split())
    if use.decl.name == "dftable":
        return DfTable(find_choice(use.decl, argument) or argument)
    if use.decl.kind is OptionKind.CHOICE:
        return find_choice(use.decl, argument) or argument
    return float(argument) if use.decl.kind is OptionKind.REAL else argument


def _technique(use: OptionUse) -> Plan:
    try:
        return read_technique(use.argument or "")
    except StataError as error:
        raise StataError(error.rc, error.message, use.span) from None


def _canonical(use: OptionUse) -> tuple[str, str | None]:
    """Return name and argument of an option that the spec keeps as text, in one form for all spellings."""
    name, argument = use.decl.name, use.argument
    if name == "robust":
        return "vce", "robust"
    if name == "cluster":
        return "vce", f"cluster {argument}"
    if name == "vce":
        return name, read_vce(use)
    if name == "dfmethod":
        return name, read_dfmethod(use)
    if argument is None:
        return name, None
    if use.decl.kind is OptionKind.CHOICE:
        return name, find_choice(use.decl, argument)
    if use.decl.kind is OptionKind.INTEGER:
        return name, str(int(argument))
    return name, " ".join(argument.split())
