"""What an expression can be built of: functions, variables, their values, stored results; and how it goes in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from engine.api import FUNCTION_HELP, Dataset, Session, StataError, Tryout, try_expression
from mixedgui.state.named import values
from mixedgui.state.translation import counted, mark, tr
from mixedgui.state.undo import Undoable

VARIABLES, VALUES, ROWS, RESULTS = (
    mark("Variables"),
    mark("Values of a variable"),
    mark("Observations and missing"),
    mark("Stored results"),
)

MOST_VALUES = 500
"""So many different values of a variable are listed."""

OPERATORS = (
    ("+", mark("plus; joins texts")),
    ("-", mark("minus")),
    ("*", mark("times")),
    ("/", mark("divided by")),
    ("^", mark("to the power of")),
    ("(", mark("opening bracket")),
    (")", mark("closing bracket")),
    ("==", mark("equal to")),
    ("!=", mark("not equal to")),
    ("<", mark("less than")),
    ("<=", mark("at most")),
    (">", mark("greater than; missing values are greater than any number")),
    (">=", mark("at least; missing values are greater than any number")),
    ("&", mark("and")),
    ("|", mark("or")),
    ("!", mark("not")),
)

_ROWS = (
    ("_n", mark("number of the observation, from 1")),
    ("_N", mark("number of observations")),
    (".", mark("missing; greater than any number")),
    (".a", mark("the first of the missing codes .a to .z")),
    ("_pi", "3.14159…"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """Something to put into an expression: the text, what is listed, and a sentence."""

    text: str
    label: str
    help: str
    group: str


@dataclass(frozen=True, slots=True)
class ExpressionForm:
    """The expression, and where the cursor stands in it."""

    text: str = ""
    cursor: int = 0


class ExpressionBuilder(Undoable[ExpressionForm]):
    """What the builder's dialog holds."""

    def type(self, text: str, cursor: int) -> None:
        """Take over what was typed; a stretch of typing is one step."""
        self.put(ExpressionForm(text, cursor), tr("Typing"), merge="typing")

    def move(self, cursor: int) -> None:
        """Note where the cursor stands; that is no step."""
        self._form = replace(self._form, cursor=cursor)

    def insert(self, piece: str) -> None:
        """Put a piece in at the cursor, blanks around operators; the cursor goes to its first argument."""
        form = self.form
        before, after = form.text[: form.cursor], form.text[form.cursor :]
        name, bracket, _ = piece.partition("(")
        if bracket and name:
            piece, inside = f"{name}()", len(name) + 1
        else:
            inside = len(piece)
        spaced = not piece[0].isalnum() and piece[0] not in '()!._"'
        left = " " if _apart(before, piece) else ""
        right = " " if spaced and not after.startswith(" ") else ""
        cursor = len(before) + len(left) + inside + len(right)
        self.put(
            replace(form, text=f"{before}{left}{piece}{right}{after}", cursor=cursor),
            tr("Insert {piece}").format(piece=piece),
        )


def _apart(before: str, piece: str) -> bool:
    """Tell whether a blank belongs between what stands there and what is put in."""
    if not before or before.endswith((" ", "(", "!")) or piece == ")":
        return False
    return not (piece == "(" and before[-1].isalnum())


def groups() -> tuple[str, ...]:
    """Return the headings under which entries stand."""
    functions = dict.fromkeys(entry.group for entry in FUNCTION_HELP)
    return (VARIABLES, VALUES, ROWS, *functions, RESULTS)


def entries(group: str, session: Session, variable: str) -> tuple[Entry, ...]:
    """Return the entries under a heading; `variable` is the one whose values are wanted."""
    data = session.data
    if group == VARIABLES:
        return tuple(Entry(v.name, v.name, v.label, group) for v in data.variables)
    if group == VALUES:
        return tuple(_values(variable, data))
    if group == ROWS:
        return tuple(Entry(text, text, help_text, group) for text, help_text in _ROWS)
    if group == RESULTS:
        return tuple(_results(session))
    return tuple(Entry(f.syntax, f.syntax, f.help, group) for f in FUNCTION_HELP if f.group == group)


def search(word: str, session: Session) -> tuple[Entry, ...]:
    """Return the entries of all headings that have `word` in their name or help."""
    wanted = word.strip().lower()
    everything = (entry for group in groups() if group != VALUES for entry in entries(group, session, ""))
    return tuple(e for e in everything if wanted in e.label.lower() or wanted in e.help.lower())


def _values(name: str, dataset: Dataset) -> Iterator[Entry]:
    """Yield the different values of a variable, with their labels."""
    if name in dataset:
        for text, label in values(name, dataset, MOST_VALUES):
            yield Entry(text, text, label, VALUES)


def _results(session: Session) -> Iterator[Entry]:
    for kind, stored in (("r", session.r), ("e", session.e)):
        for name, value in stored.scalars.items():
            yield Entry(f"{kind}({name})", f"{kind}({name})", f"{value:.6g}", RESULTS)
    for name in session.scalars:
        yield Entry(name, name, f"scalar, {session.scalars[name]}", RESULTS)


def verdict(text: str, session: Session, *, condition: bool) -> tuple[str, bool]:
    """Say what the expression gives in the data, and whether it can be evaluated."""
    if not text.strip():
        return tr("An empty condition uses all observations.") if condition else "", True
    try:
        found: Tryout = try_expression(session, text)
    except StataError as error:
        return error.message[:1].upper() + error.message[1:], False
    if not found.n_obs:
        return tr("There are no data to try it on."), True
    if condition and not found.text:
        return tr("True in {0:,} of {1}.").format(
            found.n_true, counted(found.n_obs, "{n} observation", "{n} observations")
        ), True
    missing = tr(" Missing in {0:,} of {1:,}.").format(found.n_missing, found.n_obs) if found.n_missing else ""
    return tr("First values: {0}.{missing}").format(", ".join(found.first), missing=missing), True
