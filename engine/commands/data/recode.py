"""``recode``: values into other values by rules ([D] recode)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from engine.commands.base import Context, Effects
from engine.commands.data.storage import fit, promoted
from engine.commands.words import split_words
from engine.data.dataset import Dataset, ValueLabel, Variable
from engine.data.formats import default_format
from engine.data.missing import from_doubles, is_missing, missing_value
from engine.errors import Span, StataError
from engine.frame.resolve import check_new_name, resolve_names
from engine.lang.command import Command, Part
from engine.lang.declaration import CommandDecl, OptionDecl, OptionKind, Picks, VarlistRule

DECLARATION = CommandDecl(
    name="recode",
    minimum=6,
    title="Recode categorical variable",
    help="recode variables (old values = new value) … changes values by rules; the first rule that fits holds.",
    menu=("Data", "Create or change data", "Recode categorical variable"),
    varlist=VarlistRule.TEXT,
    picks=Picks.VARIABLES,
    allow_if=True,
    allow_in=True,
    options=(
        OptionDecl(
            name="generate",
            minimum=3,
            kind=OptionKind.NEW_VARIABLES,
            label="New variables",
            help="Put the result into new variables.",
            page="model",
        ),
        OptionDecl(
            name="prefix",
            minimum=3,
            kind=OptionKind.NAME,
            label="Prefix of new variables",
            help="Put the result into new variables whose names begin so.",
            page="model",
        ),
        OptionDecl(
            name="label",
            minimum=1,
            kind=OptionKind.NAME,
            label="Name of the value label",
            help="How the value label that the rules' words make is called; the name of the new variable by default.",
            page="model",
        ),
    ),
    examples=("recode grade (1/3=1) (4 5=2) (else=.), generate(stage)", "recode x .=0"),
)

_RULES = re.compile(r"\(|[^\s()]+\s*=(?!=)")
_RULE = re.compile(r"(?P<old>.*?)=\s*(?P<new>\S+)\s*(?P<label>.*)", re.DOTALL)
_ELEMENT = re.compile(r"(?P<low>[^/\s]+)(?:\s*/\s*(?P<high>[^/\s]+))?")
_WORDS = {
    "else": "all",
    "*": "all",
    "missing": "missing",
    "miss": "missing",
    "nonmissing": "nonmissing",
    "nonm": "nonmissing",
}


class _Rule(NamedTuple):
    """Intervals (or a word for a class of values), and what they become; None copies."""

    intervals: tuple[tuple[float, float], ...]
    classes: frozenset[str]
    new: float | None
    label: str

    def fits(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
        """Return which values the rule is about."""
        absent = is_missing(values)
        found = np.zeros(len(values), dtype=bool)
        for low, high in self.intervals:
            found |= (values >= low) & (values <= high)
        if "all" in self.classes:
            found[:] = True
        if "missing" in self.classes:
            found |= absent
        if "nonmissing" in self.classes:
            found |= ~absent
        return found


def run(command: Command, context: Context) -> Effects:
    """Change the values, or make new variables."""
    part, dataset = command.main, context.dataset
    first = _RULES.search(part.body)
    if first is None or not part.body[: first.start()].strip():
        raise StataError(198, "write recode VARIABLES (OLD VALUES = NEW VALUE) …", part.body_span)
    names = resolve_names(part.body[: first.start()].strip(), dataset, span=part.body_span)
    rules = _read_rules(part.body[first.start() :], part.body_span[0] + first.start())
    for name in names:
        if dataset.variable(name).is_string:
            raise StataError(109, f"type mismatch: {name} holds text; recode changes numbers", part.body_span)
    sample = context.selected(part)
    targets = _targets(part, names, dataset)
    called = _label_name(part, rules, dataset)
    for name, target in zip(names, targets, strict=True):
        old = dataset.numeric(name)
        new = _recoded(old, rules, sample)
        changed = int((new != old).sum())
        if target == name:
            context.say(f"({name}: {changed:,} changes made)")
        else:
            context.say(f"({changed:,} differences between {name} and {target})")
        dataset = _stored(dataset, dataset.variable(name), target, new, ValueLabel(called or target, _words(rules)))
    return Effects(dataset=dataset)


def _targets(part: Part, names: tuple[str, ...], dataset: Dataset) -> tuple[str, ...]:
    """Return the variable that takes each result."""
    generate, prefix = part.option("generate"), part.option("prefix")
    if generate is not None and prefix is not None:
        raise StataError(184, "options generate() and prefix() may not be combined", prefix.span)
    if generate is None and prefix is None:
        return names
    if prefix is not None:
        new = [f"{(prefix.argument or '').strip()}{name}" for name in names]
        span = prefix.argument_span
    else:
        new = (generate.argument or "").split() if generate is not None else []
        span = generate.argument_span if generate is not None else None
    if len(new) != len(names):
        raise StataError(198, f"generate() needs {len(names)} new names, not {len(new)}", span)
    return tuple(check_new_name(name, dataset, span) for name in new)


def _label_name(part: Part, rules: list[_Rule], dataset: Dataset) -> str:
    """Return what label() asks the value label to be called; it must be new, and there must be words for it."""
    use = part.option("label")
    if use is None:
        return ""
    if not (part.has("generate") or part.has("prefix")):
        raise StataError(198, "label() needs generate() or prefix(): only new variables are labelled", use.span)
    name = (use.argument or "").strip()
    if not _words(rules):
        raise StataError(198, f'label({name}) needs words in the rules, such as (1 2 = 1 "low")', use.span)
    if name in dataset.value_labels:
        raise StataError(110, f"value label {name} already defined", use.argument_span)
    return name


def _words(rules: list[_Rule]) -> dict[float, str]:
    """Return the words that rules give their new values."""
    return {rule.new: rule.label for rule in rules if rule.new is not None and rule.label}


def _read_rules(text: str, offset: int) -> list[_Rule]:
    pieces = re.findall(r"\(([^()]*)\)", text) if "(" in text else []
    outside = re.sub(r"\([^()]*\)", " ", text)
    if "=" in outside:
        pieces += re.findall(r"[^=]+=\s*\S+", outside)
        outside = re.sub(r"[^=]+=\s*\S+", " ", outside)
    if outside.strip() or not pieces:
        raise StataError(198, f"{outside.strip() or text} is no rule: write (OLD VALUES = NEW VALUE)", (offset, offset))
    return [_read_rule(piece, (offset, offset + len(text))) for piece in pieces]


def _read_rule(text: str, span: Span) -> _Rule:
    match = _RULE.fullmatch(text.strip())
    if match is None or not match["old"].strip():
        raise StataError(198, f"{text.strip()} is no rule: write OLD VALUES = NEW VALUE", span)
    intervals: list[tuple[float, float]] = []
    classes: set[str] = set()
    for element in _ELEMENT.finditer(match["old"].strip()):
        if element["high"] is None and element["low"] in _WORDS:
            classes.add(_WORDS[element["low"]])
            continue
        low = _number(element["low"], span)
        intervals.append((low, low if element["high"] is None else _number(element["high"], span)))
    words = split_words(match["label"])
    new = None if match["new"] in ("copy", "=") else _number(match["new"], span)
    return _Rule(tuple(intervals), frozenset(classes), new, words[0].text if words else "")


def _number(text: str, span: Span) -> float:
    if text in ("min", "max"):
        return -np.inf if text == "min" else float(np.nextafter(missing_value(), 0.0))
    if re.fullmatch(r"\.[a-z]?", text):
        return missing_value(text[1:])
    try:
        return float(text)
    except ValueError:
        raise StataError(198, f"{text} is not a value: write a number, min, max, missing or else", span) from None


def _recoded(
    old: npt.NDArray[np.float64], rules: list[_Rule], sample: npt.NDArray[np.bool_]
) -> npt.NDArray[np.float64]:
    new = old.copy()
    open_ = sample.copy()
    for rule in rules:
        fits = open_ & rule.fits(old)
        if rule.new is not None:
            new[fits] = rule.new
        open_ &= ~fits
    return new


def _stored(
    dataset: Dataset, source: Variable, target: str, values: npt.NDArray[np.float64], words: ValueLabel
) -> Dataset:
    """Return the data with the result; a new variable is labelled with the rules' words."""
    storage = promoted(source.storage, values)
    column = from_doubles(fit(values, storage), storage)
    if target == source.name:
        return dataset.with_variable(replace(source, storage=storage), column)
    if words.texts:
        dataset = replace(dataset, value_labels={**dataset.value_labels, words.name: words})
    label = f"RECODE of {source.name}" + (f" ({source.label})" if source.label else "")
    variable = Variable(target, storage, default_format(storage), label[:80], words.name if words.texts else "")
    return dataset.with_variable(variable, column)
