"""A model as an equation: typed pieces of text, combined in one line or level by level."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import count, groupby

from engine.api import (
    CovarianceKind,
    Dataset,
    MixedSpec,
    RandomEquation,
    StataError,
    Term,
    VarList,
    print_varlist,
    terms_of,
)
from mixedgui.state.equation_estimates import FitNumbers, number
from mixedgui.state.equation_pieces import (
    EQUALS,
    MINUS,
    PLUS,
    TIMES,
    Equation,
    LevelLines,
    Line,
    Piece,
    Role,
    plain_text,
)
from mixedgui.state.equation_state import ALL
from mixedgui.state.translation import tr
from mixedgui.state.wording import residuals_words, short_levels, structure_words

MOST_LEVELS = 8
"""A term with more estimated columns keeps its one symbol."""


def equation_of(spec: MixedSpec, dataset: Dataset, fit: FitNumbers | None = None) -> Equation:
    """Return the equation of a model; names that `dataset` knows are expanded, others stand as typed.

    With the numbers of its fit, these stand in place of the coefficients.
    """
    fixed = _columns(spec.indepvars, dataset)
    model = _Model(spec, fixed, tuple(_levels(spec, dataset, fixed, fit)), fit)
    rows = [LevelLines(title="observations", lines=(model.observation(),), note=f"ε {residuals_words(spec.residuals)}")]
    rows += [model.level(place) for place in reversed(range(len(model.levels)))]
    return Equation(combined=model.combined(), levels=tuple(rows), spread=model.spread())


@dataclass(frozen=True, slots=True)
class _Column:
    """A term of a list of variables: how it is written, and whether it makes several columns."""

    pieces: Line
    many: bool = False
    term: Term | None = None

    @property
    def name(self) -> str:
        return plain_text(self.pieces)


@dataclass(frozen=True, slots=True)
class _Effect:
    """A random effect: on which coefficient (0 is the intercept), and its symbol."""

    index: int
    column: _Column | None
    symbol: Piece
    spread: float | None = None


@dataclass(frozen=True, slots=True)
class _Level:
    title: str
    short: str
    effects: tuple[_Effect, ...]
    note: str
    crossed: bool = False


def _columns(varlist: VarList, dataset: Dataset) -> tuple[_Column, ...]:
    try:
        return tuple(_column(term) for term in terms_of(varlist, dataset))
    except StataError:
        texts = (print_varlist(VarList((item,))) for item in varlist.items)
        return tuple(_Column((Piece(text=text, role=Role.VARIABLE),), not text.isidentifier()) for text in texts)


def _column(term: Term) -> _Column:
    """Write a term: ``age × sex`` for a product, a power for a variable times itself."""
    pieces: list[Piece] = []
    for (name, categorical, levels), same in groupby(
        term.factors, lambda factor: (factor.variable, factor.categorical, factor.operator.levels)
    ):
        power = len(list(same))
        single = levels is not None and len(levels) == 1
        prefix = (f"{levels[0]}." if single and levels else "i.") if categorical else ""
        if pieces:
            pieces.append(Piece(text=TIMES, role=Role.SIGN))
        pieces.append(Piece(text=prefix + name, role=Role.VARIABLE, sup=str(power) if power > 1 else ""))
    many = any(factor.categorical and len(factor.operator.levels or ()) != 1 for factor in term.factors)
    return _Column(tuple(pieces), many, term)


def _levels(
    spec: MixedSpec, dataset: Dataset, fixed: tuple[_Column, ...], fit: FitNumbers | None = None
) -> list[_Level]:
    """Return the levels, outermost first: equations in a row at one level are one, a crossed factor is its own."""
    indexes = {column.name: place for place, column in enumerate(fixed, 1)}
    names = short_levels([each.factor or each.level for each in spec.equations])
    found: list[_Level] = []
    numbers = count()
    for level, together in groupby(spec.equations, lambda equation: equation.level):
        equations = list(together)
        effects: list[tuple[RandomEquation, list[tuple[int, _Column | None]]]] = []
        spreads: dict[int, float | None] = {}
        for place, equation in enumerate(equations):
            number = next(numbers)
            if equation.factor is not None:
                found.append(_crossed(equation, names, fit.spread(number, "") if fit is not None else None))
                continue
            columns = _columns(equation.terms, dataset)
            own: list[tuple[int, _Column | None]] = [
                (indexes.setdefault(column.name, len(indexes) + 1), column) for column in columns
            ]
            if place == len(equations) - 1 and not equation.noconstant:  # the last one has the constant
                own.insert(0, (0, None))
            effects.append((equation, own))
            if fit is not None:
                spreads |= {index: fit.spread(number, _effect_name(column)) for index, column in own}
        if any(own for _, own in effects):
            found.append(_nested(level, names.get(level, level), effects, spreads))
    return found


def _effect_name(column: _Column | None) -> str:
    """Return the name of a random effect's column in the results, a name that nothing has where there are several."""
    if column is None:
        return "_cons"
    if column.many or column.term is None:
        return "?"
    parts = [(f.variable, (f.operator.levels or (None,))[0] if f.categorical else None) for f in column.term.factors]
    if len(parts) == 1:
        name, level = parts[0]
        return name if level is None else f"{level}.{name}"
    return "#".join(f"c.{name}" if level is None else f"{level}.{name}" for name, level in parts)


def _nested(
    level: str,
    short: str,
    blocks: list[tuple[RandomEquation, list[tuple[int, _Column | None]]]],
    spreads: Mapping[int, float | None],
) -> _Level:
    alone = sum(len(own) for _, own in blocks) == 1 and any(index == 0 for _, own in blocks for index, _ in own)
    where = "all" if level == ALL else short
    effects = [
        _Effect(
            index,
            column,
            _random("u", where if alone else f"{index},{where}", column is not None and column.many),
            spreads.get(index),
        )
        for _, own in blocks
        for index, column in own
    ]
    notes: list[str] = []
    for equation, own in blocks:
        if len(own) > 1 or any(column is not None and column.many for _, column in own):
            listed = ", ".join("intercept" if column is None else column.name for _, column in own)
            words = structure_words(equation.covariance)
            notes.append(words if len(blocks) == 1 else f"{listed}: {words}")
    title = tr("all observations") if level == ALL else level
    return _Level(title, where, tuple(sorted(effects, key=lambda effect: effect.index)), "; ".join(notes))


def _crossed(equation: RandomEquation, names: dict[str, str], spread: float | None) -> _Level:
    factor = equation.factor or ""
    short = names.get(factor, factor)
    within = "" if equation.level == ALL else f"({names.get(equation.level, equation.level)})"
    note = tr("one effect per value")
    if equation.covariance is CovarianceKind.EXCHANGEABLE:
        note += tr(", every two covary alike")
    symbol = _random("u", short + within, many=False)
    title = (tr("{0} within {1}") if within else tr("{0} (crossed)")).format(factor, equation.level)
    return _Level(title, short, (_Effect(0, None, symbol, spread),), note, crossed=True)


def _random(text: str, sub: str, many: bool) -> Piece:
    return Piece(text=text, role=Role.RANDOM, sub=sub, many=many)


@dataclass(frozen=True, slots=True)
class _Model:
    spec: MixedSpec
    fixed: tuple[_Column, ...]
    levels: tuple[_Level, ...]
    fit: FitNumbers | None = None

    def combined(self) -> Line:
        """Return response = fixed part + random effects + residual."""
        summands: list[Line] = [] if self.spec.noconstant else [(self._fixed(0, None),)]
        for place, column in enumerate(self.fixed, 1):
            summands += self._estimated(column) or [(_beta(place, column), *column.pieces)]
        for level in self.levels:
            summands += [(effect.symbol, *(effect.column.pieces if effect.column else ())) for effect in level.effects]
        return self._response(summands)

    def spread(self) -> tuple[Line, ...]:
        """Return how random effects and residuals are distributed: ``u ~ N(0, 2.599²)``."""
        if self.fit is None:
            return ()
        effects = [(effect.symbol, effect.spread) for level in self.levels for effect in level.effects]
        pairs = [*effects, (Piece(text="ε", role=Role.RESIDUAL), self.fit.residual())]
        return tuple(
            (symbol, Piece(text="~", role=Role.SIGN), Piece(text=f"N(0, {number(sd)}²)", role=Role.SIGN))
            for symbol, sd in pairs
            if sd is not None
        )

    def _estimated(self, column: _Column) -> list[Line]:
        """Return the estimated columns of a term with their coefficients, nothing without a fit."""
        if self.fit is None or column.term is None:
            return []
        found = self.fit.coefficients(column.term)
        if not column.many:
            return [(_value(each.value), *column.pieces) for each in found[:1]]
        return [(_value(each.value), *_product(each.parts)) for each in found] if len(found) <= MOST_LEVELS else []

    def _fixed(self, index: int, column: _Column | None) -> Piece:
        """Return a coefficient of the fixed part: its estimate where that is one number."""
        if self.fit is not None and index == 0:
            value = self.fit.intercept()
            return _beta(0) if value is None else _value(value)
        if self.fit is not None and column is not None and not column.many and column.term is not None:
            found = self.fit.coefficients(column.term)
            return _value(found[0].value) if found else _beta(index, column)
        return _beta(index, column)

    def observation(self) -> Line:
        """Return response = coefficients + residual; a coefficient that varies between groups is a Latin b."""
        varying = {e.index: e.column for level in self.levels if not level.crossed for e in level.effects}
        columns: dict[int, _Column | None] = {} if self.spec.noconstant and 0 not in varying else {0: None}
        columns |= dict(enumerate(self.fixed, 1))
        columns |= {index: column for index, column in sorted(varying.items()) if index not in columns}
        summands: list[Line] = []
        for index, column in columns.items():
            symbol = self._coefficient(index, column) if index in varying else self._fixed(index, column)
            summands.append((symbol, *(column.pieces if column else ())))
        summands += [(effect.symbol,) for level in self.levels if level.crossed for effect in level.effects]
        return self._response(summands)

    def level(self, place: int) -> LevelLines:
        """Return what the coefficients are made of at one level."""
        level = self.levels[place]
        if level.crossed:
            return LevelLines(title=level.title, lines=((level.effects[0].symbol,),), note=level.note)
        lines = tuple(self._chain(place, effect) for effect in level.effects)
        return LevelLines(title=level.title, lines=lines, note=level.note)

    def _chain(self, place: int, effect: _Effect) -> Line:
        """Return this level's coefficient as the next outer one plus its random effect."""
        inner = any(self._varies(effect.index, each) for each in self.levels[place + 1 :])
        left = self._coefficient(effect.index, effect.column, self.levels[place].short if inner else "")
        outer = next((each for each in reversed(self.levels[:place]) if self._varies(effect.index, each)), None)
        fixed = not self.spec.noconstant if effect.index == 0 else effect.index <= len(self.fixed)
        summands: list[Line] = []
        if outer is not None:
            summands.append((self._coefficient(effect.index, effect.column, outer.short),))
        elif fixed:
            summands.append((self._fixed(effect.index, effect.column),))
        return _sum((left,), [*summands, (effect.symbol,)])

    def _varies(self, index: int, level: _Level) -> bool:
        return not level.crossed and any(effect.index == index for effect in level.effects)

    def _coefficient(self, index: int, column: _Column | None, where: str = "") -> Piece:
        sub = f"{index},{where}" if where else str(index)
        return _random("b", sub, column is not None and column.many)

    def _response(self, summands: list[Line]) -> Line:
        operator = f"{self.spec.depvar_operator.time}." if self.spec.depvar_operator.time else ""
        left = Piece(text=operator + self.spec.depvar, role=Role.VARIABLE)
        return _sum((left,), [*summands, (Piece(text="ε", role=Role.RESIDUAL),)])


def _beta(index: int, column: _Column | None = None) -> Piece:
    return Piece(text="β", role=Role.FIXED, sub=str(index), many=column is not None and column.many)


def _value(value: float) -> Piece:
    return Piece(text=number(value), role=Role.NUMBER)


def _product(parts: tuple[tuple[str, int | None], ...]) -> Line:
    """Write the factors of one column: ``1.sector × ses``."""
    pieces: list[Piece] = []
    for name, level in parts:
        pieces += [Piece(text=TIMES, role=Role.SIGN)] if pieces else []
        pieces.append(Piece(text=name if level is None else f"{level}.{name}", role=Role.VARIABLE))
    return tuple(pieces)


def _sum(left: Line, summands: list[Line]) -> Line:
    """Write left = sum; a negative number takes its sign along."""
    pieces = [*left, Piece(text=EQUALS, role=Role.SIGN)]
    for place, summand in enumerate(summands):
        first, *rest = summand
        negative = place > 0 and first.role is Role.NUMBER and first.text.startswith(MINUS)
        if place:
            pieces.append(Piece(text=MINUS if negative else PLUS, role=Role.SIGN))
        pieces += [replace(first, text=first.text.removeprefix(MINUS)) if negative else first, *rest]
    return tuple(pieces)
