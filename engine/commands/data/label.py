"""``label``: words for the data, for variables and for values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from engine.commands.base import Context, Effects
from engine.data.dataset import Dataset, ValueLabel
from engine.data.formats import format_value
from engine.data.missing import missing_value
from engine.data.names import is_identifier, why_illegal
from engine.errors import StataError
from engine.frame.resolve import resolve_name, resolve_names
from engine.lang.abbrev import matches
from engine.lang.command import Command, Part
from engine.lang.declaration import CommandDecl, OptionDecl, Picks, VarlistRule

DECLARATION = CommandDecl(
    name="label",
    minimum=2,
    title="Label data, variables and values",
    help="label variable gives a variable a label, label define and label values give words to values.",
    menu=("Data", "Data utilities", "Label utilities"),
    varlist=VarlistRule.TEXT,
    picks=Picks.VARIABLES,
    options=(
        OptionDecl(name="add", minimum=3, label="Add", help="Add values to an existing label.", page="model"),
        OptionDecl(name="modify", minimum=6, label="Modify", help="Change words of an existing label.", page="model"),
        OptionDecl(name="replace", minimum=7, label="Replace", help="Replace an existing label.", page="model"),
    ),
    examples=(
        'label variable ses "Socioeconomic status"',
        'label define sector 0 "Public" 1 "Catholic"',
        "label values sector sector",
    ),
)

_WORD = re.compile(r'\s*(?:`"(?P<compound>.*?)"\'|"(?P<quoted>[^"]*)"|(?P<plain>[^\s"]+))')
_LONGEST_LABEL = 80
_LARGEST = 2147483620


def run(command: Command, context: Context) -> Effects:
    """Do what the subcommand says."""
    part = command.main
    words = _words(part.body)
    if not words:
        raise StataError(198, _CHOICE, part.body_span)
    for name, minimum, action in _ACTIONS:
        if matches(words[0], name, minimum):
            if part.options and name not in ("define", "copy"):
                raise StataError(198, f"option {part.options[0].decl.name} not allowed", part.options[0].span)
            return action(words[1:], part, context)
    raise StataError(198, f"label {words[0]} is not known: {_CHOICE}", part.body_span)


def _words(text: str) -> list[str]:
    """Return the words of the command; text in quotes is one word."""
    words: list[str] = []
    at = 0
    while text[at:].strip():
        match = _WORD.match(text, at)
        if match is None:
            raise StataError(198, f'{text[at:].strip()}: a closing " is missing')
        words.append(next(group for group in match.groups() if group is not None))
        at = match.end()
    return words


def _label_data(words: list[str], part: Part, context: Context) -> Effects:
    if len(words) > 1:
        raise StataError(198, "label data takes one text in quotes", part.body_span)
    label = (words or [""])[0]
    return Effects(dataset=replace(context.dataset, label=label[:_LONGEST_LABEL], changed=True))


def _label_variable(words: list[str], part: Part, context: Context) -> Effects:
    if not 1 <= len(words) <= 2:
        raise StataError(198, "label variable takes a variable and a text in quotes", part.body_span)
    dataset = context.dataset
    name = resolve_name(words[0], dataset, part.body_span)
    label = words[1][:_LONGEST_LABEL] if len(words) == 2 else ""
    variables = tuple(replace(v, label=label) if v.name == name else v for v in dataset.variables)
    return Effects(dataset=replace(dataset, variables=variables, changed=True))


def _label_define(words: list[str], part: Part, context: Context) -> Effects:
    if len(words) < 3 or len(words) % 2 == 0:
        raise StataError(198, 'label define takes a name and pairs of value and text: define yn 0 "no" 1 "yes"')
    name, pairs = words[0], words[1:]
    if not is_identifier(name):
        raise StataError(198, f"{name} is not a valid name for a value label", part.body_span)
    new = {_label_value(value): text for value, text in zip(pairs[::2], pairs[1::2], strict=True)}
    dataset = context.dataset
    old: Mapping[float, str] = dataset.value_labels[name].texts if name in dataset.value_labels else {}
    if name in dataset.value_labels and not part.options:
        raise StataError(110, f"label {name} already defined", part.body_span)
    if part.has("replace"):
        old = {}
    elif part.has("add") and not part.has("modify") and set(old) & set(new):
        raise StataError(180, f"label {name} has words for some of these values; use option modify", part.body_span)
    texts = {value: text for value, text in sorted({**old, **new}.items()) if text}
    labels = {**dataset.value_labels, name: ValueLabel(name, texts)}
    return Effects(dataset=replace(dataset, value_labels=labels, changed=True))


def _label_value(word: str) -> float:
    if re.fullmatch(r"\.[a-z]", word):
        return missing_value(word[1])
    if not re.fullmatch(r"-?\d{1,10}", word) or abs(int(word)) > _LARGEST:
        raise StataError(198, f"{word} cannot have a label: values are whole numbers, or .a to .z")
    return float(word)


def _label_values(words: list[str], part: Part, context: Context) -> Effects:
    if not words:
        raise StataError(198, "label values takes variables and the name of a value label (. for none)", part.body_span)
    dataset = context.dataset
    *chosen, last = words if len(words) > 1 else [*words, "."]
    start = part.body_span[0] + part.body.find(chosen[0], part.body.find(" "))
    names = resolve_names(" ".join(chosen), dataset, span=(start, part.body_span[1]))
    label = "" if last == "." else last
    for name in names:
        if dataset.variable(name).is_string:
            raise StataError(181, f"{name} holds text and cannot have value labels", part.body_span)
    variables = tuple(replace(v, value_label=label) if v.name in names else v for v in dataset.variables)
    return Effects(dataset=replace(dataset, variables=variables, changed=True))


def _label_drop(words: list[str], part: Part, context: Context) -> Effects:
    dataset = context.dataset
    if not words:
        raise StataError(198, "label drop takes names of value labels, or _all", part.body_span)
    gone = set(dataset.value_labels) if words == ["_all"] else set(_existing(words, dataset))
    labels = {name: entry for name, entry in dataset.value_labels.items() if name not in gone}
    return Effects(dataset=replace(dataset, value_labels=labels, changed=True))


def _label_copy(words: list[str], part: Part, context: Context) -> Effects:
    """Give the words of a value label a second name; r(110) when that is taken, unless ``replace`` is there."""
    if len(words) != 2:
        raise StataError(198, "label copy takes the name of a value label and a new name", part.body_span)
    dataset = context.dataset
    (old,) = _existing(words[:1], dataset)
    if reason := why_illegal(words[1]):
        raise StataError(198, f"{words[1]} invalid name: {reason}", part.body_span)
    if words[1] in dataset.value_labels and not part.has("replace"):
        raise StataError(110, f"label {words[1]} already defined; replace allows it", part.body_span)
    entry = replace(dataset.value_labels[old], name=words[1])
    return Effects(dataset=replace(dataset, value_labels={**dataset.value_labels, words[1]: entry}, changed=True))


def _label_list(words: list[str], _: Part, context: Context) -> Effects:
    labels = context.dataset.value_labels
    for name in _existing(words, context.dataset) if words else labels:
        context.say(f"{name}:")
        context.say(*(f"{format_value(value, '%12.0g'):>12} {text}" for value, text in labels[name].texts.items()))
    return Effects()


def _label_dir(_words: list[str], _: Part, context: Context) -> Effects:
    names = tuple(context.dataset.value_labels)
    if names:
        context.say(*names)
    return Effects()


def _existing(words: list[str], dataset: Dataset) -> list[str]:
    for name in words:
        if name not in dataset.value_labels:
            raise StataError(111, f"value label {name} not found")
    return words


_ACTIONS: tuple[tuple[str, int, Callable[[list[str], Part, Context], Effects]], ...] = (
    ("data", 2, _label_data),
    ("variable", 3, _label_variable),
    ("define", 3, _label_define),
    ("values", 3, _label_values),
    ("drop", 4, _label_drop),
    ("copy", 4, _label_copy),
    ("list", 1, _label_list),
    ("dir", 3, _label_dir),
)
_CHOICE = "there are label data, variable, define, values, drop, copy, list and dir"
