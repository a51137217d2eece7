"""``notes``: remarks attached to the data and to variables, kept in the data file ([D] notes)."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from engine.commands.base import Context, Effects
from engine.data.dataset import Dataset
from engine.errors import Span, StataError
from engine.frame.resolve import resolve_name, resolve_names
from engine.lang.abbrev import matches
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, Picks, VarlistRule

DECLARATION = CommandDecl(
    name="notes",
    minimum=4,
    title="Notes on data and variables",
    help="notes x: text adds a note to variable x, notes: text one to the data; notes list, notes drop and notes "
    "replace show, remove and change them.",
    varlist=VarlistRule.TEXT,
    picks=Picks.VARIABLES,
    verbatim=True,
    examples=("notes: read the codebook first", "notes ses: standardized", "notes list", "notes drop ses in 1"),
    synonyms=(("note", 4),),
)

DATA = "_dta"
LONGEST_NOTE = 67_784
"""Characters that a note of the data file format can hold."""

_ADDING = re.compile(r"\s*(?P<owner>[^\W\d]\w*)?\s*:\s?(?P<text>.*)", re.DOTALL)
_RANGE = re.compile(r"(?P<rest>.*?)\s*\bin\s+(?P<first>\d+|[fl])(?:\s*/\s*(?P<last>\d+|[fl]))?\s*", re.DOTALL)
_REPLACING = re.compile(r"\s*(?P<owner>[^\W\d]\w*)\s+in\s+(?P<number>\d+|[fl])\s*:\s?(?P<text>.*)", re.DOTALL)
_TIME_STAMP = re.compile(r"\bTS\b")


def run(command: Command, context: Context) -> Effects:
    """Add a note, or do what the subcommand says."""
    body, span = command.main.body, command.main.body_span
    word, _, rest = body.strip().partition(" ")
    adding = _ADDING.fullmatch(body)
    if adding is not None:
        return _add(adding["owner"] or DATA, adding["text"], context, span)
    for name, minimum, action in _ACTIONS:
        if matches(word, name, minimum):
            return action(rest, context, span)
    return _list(body, context, span)


def _add(owner: str, text: str, context: Context, span: Span | None) -> Effects:
    """Attach a note; ``TS`` becomes the time."""
    if not text.strip():
        raise StataError(198, "the text of the note is missing after the colon", span)
    name = _owner(owner, context.dataset, span)
    notes = _notes_of(context.dataset, name)
    return Effects(dataset=_with_notes(context.dataset, name, (*notes, _stamped(text.strip()))))


def _replace(rest: str, context: Context, span: Span | None) -> Effects:
    match = _REPLACING.fullmatch(rest)
    if match is None or not match["text"].strip():
        raise StataError(198, "write: notes replace x in 1: new text", span)
    name = _owner(match["owner"], context.dataset, span)
    notes = list(_notes_of(context.dataset, name))
    number = _number(match["number"], len(notes))
    if not 1 <= number <= len(notes):
        raise StataError(198, _no_such_note(name, number, len(notes)), span)
    notes[number - 1] = _stamped(match["text"].strip())
    return Effects(dataset=_with_notes(context.dataset, name, tuple(notes)))


def _drop(rest: str, context: Context, span: Span | None) -> Effects:
    text, ends = _taken_apart(rest)
    if not text.strip():
        raise StataError(100, "notes drop needs variables, _dta for the notes on the data, or _all", span)
    dataset, gone = context.dataset, 0
    for name in _owners(text, dataset, span):
        notes = _notes_of(dataset, name)
        kept = tuple(note for number, note in enumerate(notes, start=1) if not _inside(number, ends, len(notes)))
        gone += len(notes) - len(kept)
        dataset = _with_notes(dataset, name, kept) if len(kept) < len(notes) else dataset
    context.say(f"({gone:,} note{'' if gone == 1 else 's'} dropped)")
    return Effects(dataset=dataset) if gone else Effects()


def _list(rest: str, context: Context, span: Span | None) -> Effects:
    text, ends = _taken_apart(rest)
    dataset = context.dataset
    names = _owners(text, dataset, span) if text.strip() else (DATA, *dataset.names)
    for name in names:
        notes = _notes_of(dataset, name)
        shown = [(k, note) for k, note in enumerate(notes, start=1) if _inside(k, ends, len(notes))]
        if not shown:
            continue
        context.say("", f"{name}:")
        for number, note in shown:
            lines = textwrap.wrap(note, context.settings.linesize - 6) or [note]
            context.say(f"{number:3d}.  {lines[0]}", *(f"      {line}" for line in lines[1:]))
    return Effects()


def _taken_apart(text: str) -> tuple[str, tuple[str, str] | None]:
    """Return the names and the range ``in #/#``."""
    match = _RANGE.fullmatch(text)
    if match is None:
        return text, None
    return match["rest"], (match["first"], match["last"] or match["first"])


def _inside(number: int, ends: tuple[str, str] | None, count: int) -> bool:
    return ends is None or _number(ends[0], count) <= number <= _number(ends[1], count)


def _number(word: str, count: int) -> int:
    return {"f": 1, "l": count}.get(word) or (int(word) if word.isdigit() else 0)


def _owners(text: str, dataset: Dataset, span: Span | None) -> tuple[str, ...]:
    """Return what has notes: variables, and ``_dta`` for the data; ``_all`` stands for all of them."""
    words = text.split()
    if words == ["_all"]:
        return (DATA, *dataset.names)
    names = [word for word in words if word != DATA]
    found = resolve_names(" ".join(names), dataset, span=span) if names else ()
    return (*([DATA] if DATA in words else []), *found)


def _owner(word: str, dataset: Dataset, span: Span | None) -> str:
    return DATA if word == DATA else resolve_name(word, dataset, span)


def _notes_of(dataset: Dataset, name: str) -> tuple[str, ...]:
    return dataset.notes if name == DATA else dataset.variable(name).notes


def _with_notes(dataset: Dataset, name: str, notes: tuple[str, ...]) -> Dataset:
    if name == DATA:
        return replace(dataset, notes=notes, changed=True)
    variables = tuple(replace(v, notes=notes) if v.name == name else v for v in dataset.variables)
    return replace(dataset, variables=variables, changed=True)


def _stamped(text: str) -> str:
    now = datetime.now()
    stamp = f"{now.day:2d} {now:%b %Y %H:%M}".lstrip()
    return _TIME_STAMP.sub(stamp, text, count=1)[:LONGEST_NOTE]


def _no_such_note(name: str, number: int, count: int) -> str:
    has = "has no notes" if not count else f"has {count} note{'' if count == 1 else 's'}"
    return f"there is no note {number}: {name} {has}"


_ACTIONS: tuple[tuple[str, int, Callable[[str, Context, Span | None], Effects]], ...] = (
    ("list", 1, _list),
    ("drop", 4, _drop),
    ("replace", 7, _replace),
)
