"""How a command is declared: the one place that parser, printer, dialog, completion, rules and help read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class OptionKind(Enum):
    """What stands in an option's parentheses."""

    FLAG = "flag"
    INTEGER = "integer"
    REAL = "real"
    NAME = "name"
    CHOICE = "choice"
    VARIABLE = "variable"
    VARIABLES = "variables"
    NEW_VARIABLES = "new variables"
    NUMBERS = "numbers"
    EXPRESSION = "expression"
    FORMAT = "format"
    STRING = "string"
    TEXT = "text"
    """Anything balanced; the command reads it."""


class Scope(Enum):
    """Which part of a multi-equation command an option belongs to."""

    GLOBAL = "global"
    FIXED = "fixed"
    RANDOM = "random"


class VarlistRule(Enum):
    """What may stand before ``if``/``in``/``,``."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"
    NEW = "new"
    """Names of variables to be created, optionally after a storage type."""
    TEXT = "text"
    """Free text that the command reads itself (a file name, a subcommand)."""


class ByRule(Enum):
    """What ``by`` does with a command."""

    REFUSED = "refused"
    WITHIN = "within"
    """The command runs once; ``_n``, ``_N``, subscripts and statistics count within groups."""
    EACH = "each"
    """The command runs once per group, on its observations."""


class Picks(Enum):
    """What a free text is put together from, for lists in dialogs to pick from and for the command line to complete."""

    NOTHING = "nothing"
    COEFFICIENTS = "coefficients"
    """Names of coefficients of the last fit: ``1.sector#c.ses``."""
    REFERENCES = "references"
    """The same as they stand in expressions: ``_b[1.sector#c.ses]``."""
    TERMS = "terms"
    """Terms of the last fit, with operators: ``i.sector#c.ses``."""
    FACTORS = "factors"
    """Terms of the last fit that contain factors, by their names: ``sector#female``, ``sector#c.ses``."""
    MARGINS = "margins"
    """Those made of factors alone."""
    COVARIATES = "covariates"
    """Variables of the fixed part of the last fit."""
    AT = "at"
    """Values of those variables: ``ses=(-1 0 1)``, ``(mean) ses``."""
    FITS = "fits"
    """Names of stored estimation results, several of them."""
    FIT = "fit"
    """One such name."""
    FIT_PAIR = "pair of fits"
    """Two such names, the second of which may be left out for the last fit."""
    VARIABLES = "variables"
    """Variables of the data."""
    EXPRESSION = "expression"
    """Variables and functions."""
    VALUE_LABELS = "value labels"
    """Names of value labels."""
    DATA_SETS = "data sets"
    """Names of the data sets that come with the program."""
    COMMANDS = "commands"
    """Names of commands."""
    GRAPHS = "graphs"
    """Names of graphs that are open."""
    MATRICES = "matrices"
    """Names of matrices, ``e()`` and ``r()`` included."""

    @property
    def of_fit(self) -> bool:
        """Whether there is nothing to pick before a model is fitted or results are stored."""
        return self in _OF_FIT


_OF_FIT = frozenset(
    {
        Picks.COEFFICIENTS,
        Picks.REFERENCES,
        Picks.TERMS,
        Picks.FACTORS,
        Picks.MARGINS,
        Picks.COVARIATES,
        Picks.AT,
        Picks.FITS,
        Picks.FIT,
        Picks.FIT_PAIR,
    }
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One word that an option accepts."""

    word: str
    minimum: int
    label: str
    help: str = ""
    refused: str = ""
    """Why this choice is not available in this version; empty when it works."""


class PieceKind(Enum):
    """What stands in a piece of a command's free text."""

    CHOICE = "choice"
    VARIABLE = "variable"
    VARIABLES = "variables"
    BRACKETS = "brackets"
    """Variables, in brackets where they are several."""
    STATISTICS = "statistics"
    """``(mean) x new=y (sd) z``: statistics, names of new variables and the variables they come from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceDecl:
    """One piece of the free text of a command, for its dialog: a field of its own.

    Attributes
    ----------
    choices
        The words of a choice, or the statistics.
    required
        True where the command does not run without it; of several variables these are filled first.
    also
        Words that may stand in the place of variables (``_n``).
    """

    name: str
    kind: PieceKind
    label: str
    help: str
    choices: tuple[Choice, ...] = ()
    required: bool = False
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionDecl:
    """One option.

    Attributes
    ----------
    minimum
        How many letters suffice.
    label, help
        The words of the dialog and one sentence of help.
    page
        Dialog page (``model``, ``byifin``, ``weights``, ``se``, ``reporting``, ``em``, ``maximization``).
    bare
        True when an option with an argument may also stand without one.
    repeatable
        True when it may be given more than once.
    replay
        True when it may be used to redisplay results.
    refused
        Why the option is not available in this version; a plain sentence, empty when it works.
    synonym_minimum
        How many letters suffice under a synonym of the command, where that differs (``xtmixed …, noc``).
    picks
        What its argument is put together from.
    after
        Estimation commands (or ``bootstrap``) after one of which it is allowed; empty for all.
    """

    name: str
    minimum: int
    kind: OptionKind = OptionKind.FLAG
    label: str = ""
    help: str = ""
    choices: tuple[Choice, ...] = ()
    default: str | int | float | None = None
    low: float | None = None
    high: float | None = None
    scope: Scope = Scope.GLOBAL
    page: str = ""
    bare: bool = False
    repeatable: bool = False
    replay: bool = False
    refused: str = ""
    synonym_minimum: int | None = None
    older: bool = False
    """True for another word for an option, which dialogs leave out (``tabstat, stats()``)."""
    picks: Picks = Picks.NOTHING
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SubcommandDecl:
    """A word that a command may be followed by, with the options that go with it.

    Attributes
    ----------
    mixed_only
        True where it needs the results of ``mixed``.
    after
        As of an option.
    """

    name: str
    minimum: int
    help: str
    options: tuple[OptionDecl, ...] = ()
    mixed_only: bool = False
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandDecl:
    """One command.

    Attributes
    ----------
    minimum
        How many letters suffice; ``len(name)`` when it may not be abbreviated.
    title
        The dialog's title and the menu entry.
    menu
        Where Stata puts it, outermost first, the entry itself last; empty when it has no menu entry.
    equations
        True for ``mixed``-like commands whose parts are separated by ``||``.
    """

    name: str
    minimum: int
    title: str
    help: str = ""
    menu: tuple[str, ...] = ()
    varlist: VarlistRule = VarlistRule.NONE
    factor_variables: bool = False
    assign: bool = False
    allow_if: bool = False
    allow_in: bool = False
    weights: tuple[str, ...] = ()
    using: bool = False
    equations: bool = False
    options: tuple[OptionDecl, ...] = ()
    examples: tuple[str, ...] = ()
    by: ByRule = ByRule.REFUSED
    verbatim: bool = False
    """True when the command reads all that follows its name itself: no clauses, no options, no brackets checked."""
    synonyms: tuple[tuple[str, int], ...] = ()
    """Other names with their minimum abbreviation (``xtmixed``, ``hist``)."""
    subcommands: tuple[SubcommandDecl, ...] = ()
    """The words one of which has to follow (``estat icc``)."""
    mixed_only: bool = False
    """True for a command that needs the results of ``mixed``."""
    after: tuple[str, ...] = ()
    """Estimation commands whose results it needs; empty for all."""
    text_label: str = ""
    """What the free text of a command is, for its dialog (*Expression*)."""
    picks: Picks = Picks.NOTHING
    """What the free text is put together from."""
    pieces: tuple[PieceDecl, ...] = ()
    """What the free text consists of, one after the other, where its dialog has a field for each."""
    results: tuple[tuple[str, str], ...] = ()
    """Stored results: name, such as ``r(mean)``, and what it is."""
    family: bool = False
    """True when the word after the name may name a command of its own, declared under both words (``graph box``)."""
    prefix: bool = False
    """True for a command that repeats another one: ``bootstrap exp_list, options: command``."""
    plots: tuple[CommandDecl, ...] = ()
    """The kinds of plot of a graph command whose parts are separated by ``||`` or stand in brackets."""
