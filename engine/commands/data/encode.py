"""``encode``, ``decode``, ``destring`` and ``tostring``: between text and numbers ([D])."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from engine.commands.base import Context, Effects, Run
from engine.commands.data.storage import promoted, text_storage
from engine.data.dataset import Dataset, ValueLabel, Variable
from engine.data.formats import check_format, default_format, format_value
from engine.data.missing import MISSING, from_doubles, is_missing
from engine.errors import StataError
from engine.frame.resolve import check_new_name, resolve_name, resolve_names
from engine.lang.command import Command, Part
from engine.lang.declaration import CommandDecl, OptionDecl, OptionKind, Picks, VarlistRule

_GENERATE = OptionDecl(
    name="generate",
    minimum=3,
    kind=OptionKind.NEW_VARIABLES,
    label="New variable",
    help="Name of the variable to be made.",
    page="model",
)
_REPLACE = OptionDecl(name="replace", minimum=7, label="Replace", help="Change the variables themselves.", page="model")
_FORCE = OptionDecl(
    name="force", minimum=5, label="Force", help="Go on where something is lost; it becomes missing.", page="model"
)

ENCODE = CommandDecl(
    name="encode",
    minimum=3,
    title="Encode value labels from string variable",
    help="Makes a numeric variable 1, 2, … from text, with the text as value labels.",
    menu=("Data", "Create or change data", "Encode value labels from string variable"),
    varlist=VarlistRule.REQUIRED,
    allow_if=True,
    allow_in=True,
    options=(
        _GENERATE,
        OptionDecl(
            name="label",
            minimum=1,
            kind=OptionKind.NAME,
            label="Value label",
            help="Name of the value label; that of the new variable by default.",
            page="model",
            picks=Picks.VALUE_LABELS,
        ),
    ),
    examples=("encode name, generate(code)",),
)
DECODE = CommandDecl(
    name="decode",
    minimum=3,
    title="Decode strings from labeled numeric variable",
    help="Makes a text variable from the value labels of a numeric one.",
    menu=("Data", "Create or change data", "Decode strings from labeled numeric variable"),
    varlist=VarlistRule.REQUIRED,
    allow_if=True,
    allow_in=True,
    options=(_GENERATE,),
    examples=("decode sector, generate(sectorname)",),
)
DESTRING = CommandDecl(
    name="destring",
    minimum=8,
    title="Convert string variables to numeric",
    help="Makes numbers from text that consists of numbers.",
    menu=("Data", "Create or change data", "Convert string variables to numeric"),
    varlist=VarlistRule.OPTIONAL,
    options=(
        _REPLACE,
        _GENERATE,
        _FORCE,
        OptionDecl(
            name="ignore",
            minimum=1,
            kind=OptionKind.STRING,
            label="Characters to leave out",
            help="Characters that are taken out of the text first, such as a currency sign.",
            page="model",
        ),
        OptionDecl(name="percent", minimum=3, label="Percentages", help="Take out % and divide by 100.", page="model"),
        OptionDecl(
            name="dpcomma", minimum=3, label="Decimal comma", help="Numbers have a decimal comma.", page="model"
        ),
    ),
    examples=("destring income, replace", "destring price, generate(p) ignore($)"),
)
TOSTRING = CommandDecl(
    name="tostring",
    minimum=8,
    title="Convert numeric variables to string",
    help="Makes text from numbers.",
    menu=("Data", "Create or change data", "Convert numeric variables to string"),
    varlist=VarlistRule.REQUIRED,
    options=(
        _REPLACE,
        _GENERATE,
        _FORCE,
        OptionDecl(
            name="format",
            minimum=1,
            kind=OptionKind.TEXT,
            label="Format",
            help="Display format of the numbers in the text.",
            page="model",
        ),
    ),
    examples=("tostring id, generate(name)",),
)

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eEdD][-+]?\d+)?")


def _new_names(part: Part, names: tuple[str, ...], dataset: Dataset, *, either: bool = False) -> tuple[str, ...]:
    """Return the variables that take the results: new ones, or the same with replace."""
    use = part.option("generate")
    if use is None:
        if part.has("replace"):
            return names
        message = "must specify either generate() or replace" if either else "option generate() required"
        raise StataError(198, message, part.body_span)
    if part.has("replace"):
        raise StataError(184, "options generate() and replace may not be combined", use.span)
    new = (use.argument or "").split()
    if len(new) != len(names):
        raise StataError(198, f"generate() needs {len(names)} new names, not {len(new)}", use.span)
    return tuple(check_new_name(name, dataset, use.argument_span) for name in new)


def run_encode(command: Command, context: Context) -> Effects:
    """Number the texts in alphabetical order; an existing label keeps its numbers and grows."""
    part, dataset = command.main, context.dataset
    name = resolve_name(part.body, dataset, part.body_span)
    if not dataset.variable(name).is_string:
        raise StataError(107, f"{name} is numeric already; encode takes text", part.body_span)
    (new,) = _new_names(part, (name,), dataset)
    use = part.option("label")
    label = (use.argument if use is not None else None) or new
    texts = dataset.texts(name)
    used = context.selected(part) & np.asarray(texts != "", dtype=bool)
    known = dict(dataset.value_labels[label].texts) if label in dataset.value_labels else {}
    codes = {text: value for value, text in known.items()}
    following = max((value for value in known if value < MISSING), default=0.0)
    for text in sorted(set(texts[used].tolist()) - set(codes)):
        following += 1.0
        codes[text] = following
    values = np.full(dataset.n_obs, MISSING)
    values[used] = [codes[text] for text in texts[used].tolist()]
    words = {value: text for text, value in sorted(codes.items(), key=lambda item: item[1])}
    dataset = replace(dataset, value_labels={**dataset.value_labels, label: ValueLabel(label, words)})
    variable = Variable(new, "long", "%8.0g", context.dataset.variable(name).label, label)
    return Effects(dataset=dataset.with_variable(variable, from_doubles(values, "long")))


def run_decode(command: Command, context: Context) -> Effects:
    """Put the value labels into a text variable; values without one give empty text."""
    part, dataset = command.main, context.dataset
    name = resolve_name(part.body, dataset, part.body_span)
    words = dataset.labels_of(name) if not dataset.variable(name).is_string else {}
    if not words:
        raise StataError(182, f"{name} has no value labels", part.body_span)
    (new,) = _new_names(part, (name,), dataset)
    used = context.selected(part)
    texts = np.full(dataset.n_obs, "", dtype=object)
    texts[used] = [words.get(value, "") for value in dataset.numeric(name)[used].tolist()]
    storage = text_storage(texts)
    variable = Variable(new, storage, default_format(storage), dataset.variable(name).label)
    return Effects(dataset=dataset.with_variable(variable, texts))


def run_destring(command: Command, context: Context) -> Effects:
    """Make numbers; a variable with other characters stays unless force is given."""
    part, dataset = command.main, context.dataset
    names = resolve_names(part.body, dataset, span=part.body_span) if part.body else dataset.names
    targets = _new_names(part, names, dataset, either=True)
    for name, target in zip(names, targets, strict=True):
        source = dataset.variable(name)
        if not source.is_string:
            context.say(f"{name} already numeric; no {'replace' if target == name else 'generate'}")
            continue
        values = [_parsed(text, part) for text in dataset.texts(name).tolist()]
        wrong = sum(value is None for value in values)
        done = "replaced" if target == name else f"{target} generated"
        if wrong and not part.has("force"):
            context.say(f"{name}: contains nonnumeric characters; no {'replace' if target == name else 'generate'}")
            continue
        numbers = np.array([MISSING if value is None else value for value in values], dtype=np.float64)
        whole = numbers[~is_missing(numbers)]
        storage = promoted("byte", numbers) if (whole == np.floor(whole)).all() else "double"
        start = "contains nonnumeric characters" if wrong else "all characters numeric"
        context.say(f"{name}: {start}; {done} as {storage}")
        absent = int(is_missing(numbers).sum())
        if absent:
            context.say(f"({absent:,} missing value{'' if absent == 1 else 's'} generated)")
        variable = replace(source, name=target, storage=storage, format=default_format(storage))
        dataset = dataset.with_variable(variable, from_doubles(numbers, storage))
    return Effects(dataset=dataset) if dataset is not context.dataset else Effects()


def _parsed(text: str, part: Part) -> float | None:
    """Return the number a text is, ``.`` for empty text, None for anything else."""
    use = part.option("ignore")
    for character in (use.argument or "").strip().strip('"') if use is not None else "":
        text = text.replace(character, "")
    percent = part.has("percent")
    text = (text.replace("%", "") if percent else text).strip()
    if part.has("dpcomma"):
        text = text.replace(".", "").replace(",", ".")
    if text in ("", "."):
        return MISSING
    if _NUMBER.fullmatch(text) is None:
        return None
    value = float(text.lower().replace("d", "e"))
    return value / 100.0 if percent else value


def run_tostring(command: Command, context: Context) -> Effects:
    """Make text; numbers that the format does not show in full stay numbers without force."""
    part, dataset = command.main, context.dataset
    names = resolve_names(part.body, dataset, span=part.body_span)
    targets = _new_names(part, names, dataset, either=True)
    use = part.option("format")
    fmt = (use.argument or "").strip() if use is not None else "%12.0g"
    check_format(fmt, text=False)
    for name, target in zip(names, targets, strict=True):
        source = dataset.variable(name)
        if source.is_string:
            context.say(f"{name} already string; no {'replace' if target == name else 'generate'}")
            continue
        numbers = dataset.numeric(name)
        texts = np.array([format_value(value, fmt) for value in numbers.tolist()], dtype=object)
        back = [_parsed(text, replace(part, options=())) for text in texts.tolist()]
        lost = any(b != v for b, v in zip(back, numbers.tolist(), strict=True) if v < MISSING)
        if lost and not part.has("force") and use is None:
            context.say(f"{name} cannot be converted reversibly; no {'replace' if target == name else 'generate'}")
            continue
        storage = text_storage(texts)
        variable = replace(source, name=target, storage=storage, format=default_format(storage), value_label="")
        context.say(f"{target} {'was ' + source.storage + ' now' if target == name else 'generated as'} {storage}")
        dataset = dataset.with_variable(variable, texts)
    return Effects(dataset=dataset) if dataset is not context.dataset else Effects()


COMMANDS: tuple[tuple[CommandDecl, Run], ...] = (
    (ENCODE, run_encode),
    (DECODE, run_decode),
    (DESTRING, run_destring),
    (TOSTRING, run_tostring),
)
