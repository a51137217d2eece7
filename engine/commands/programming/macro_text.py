"""What macros hold: values of expressions as text, and the extended functions after ```:`` ([P] macro)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from engine.commands.base import Context
from engine.commands.words import split_words
from engine.data.formats import format_value
from engine.data.missing import missing_value
from engine.errors import StataError
from engine.frame.resolve import resolve_name
from engine.lang.abbrev import matches
from engine.lang.parse_expr import parse_expression

if TYPE_CHECKING:
    from engine.frame.evaluate import Found

NUMBER_FORMAT = "%18.0g"
"""How numbers become text in macros."""

_LABEL = re.compile(r"(?:\(\s*(?P<variable>\w+)\s*\)|(?P<name>\w+))\s+(?P<value>\S+)\s*(?P<length>\d+)?")
_SET_OPERATION = re.compile(r"(\w+)\s*([|&-]|==|===|in)\s*(\w+)")


def as_text(value: Found) -> str:
    """Return a value as a macro holds it; arrays and what there is not are empty text."""
    if isinstance(value, str):
        return value
    return format_value(value, NUMBER_FORMAT) if isinstance(value, float | int) else ""


def expression_text(text: str, context: Context) -> str:
    """Return the value of an expression as a macro holds it."""
    from engine.frame.evaluate import evaluate_scalar

    tree = parse_expression(text)
    return as_text(evaluate_scalar(tree, context.dataset, lookup=context.lookup, rng=context.rng))


def extended_function(text: str, context: Context, macros: Mapping[str, str]) -> str:
    """Return the result of an extended macro function; r(198) for one that there is not.

    List functions take local macros, `macros`, by name.
    """
    name, _, rest = text.strip().partition(" ")
    rest = rest.strip()
    for known, least, function in _FUNCTIONS:
        if matches(name, known, least) and name:
            return function(rest, context, macros)
    raise StataError(198, f"{name} is not an extended macro function of this program; there are {_NAMES}")


def _word(rest: str, context: Context, macros: Mapping[str, str]) -> str:
    first, _, text = rest.partition(" ")
    if first == "count":
        return str(len(split_words(text)))
    number, _, text = text.strip().partition(" ")
    if number != "of":
        raise StataError(198, "write word count TEXT, or word # of TEXT")
    place = _whole(first, "word")
    words = split_words(text)
    return words[place - 1].text if 1 <= place <= len(words) else ""


def _whole(text: str, what: str) -> int:
    try:
        return int(float(text))
    except (ValueError, OverflowError):
        raise StataError(198, f"{what} takes a whole number, not {text}") from None


def _of_variable(attribute: str, labelled: str = "") -> Callable[[str, Context, Mapping[str, str]], str]:
    """Return the function that gives an attribute of a variable, after the word ``label`` where it is `labelled`."""

    def run(rest: str, context: Context, macros: Mapping[str, str]) -> str:
        name = rest
        if labelled:
            word, _, name = rest.partition(" ")
            if not matches(word, "label", 2) or not name.strip():
                raise StataError(198, f"write {labelled} label NAME")
        variable = context.dataset.variable(resolve_name(name.strip(), context.dataset))
        return str(getattr(variable, attribute))

    return run


def _label(rest: str, context: Context, macros: Mapping[str, str]) -> str:
    """Read ``label (variable) #`` and ``label name #``; a value without words gives the value itself."""
    match = _LABEL.fullmatch(rest)
    if match is None:
        raise StataError(198, "write label (VARIABLE) #, or label VALUELABEL #")
    data = context.dataset
    if match["variable"]:
        texts = data.labels_of(resolve_name(match["variable"], data))
    else:
        entry = data.value_labels.get(match["name"])
        texts = entry.texts if entry else {}
    typed = match["value"]
    if re.fullmatch(r"\.[a-z]?", typed):
        value = missing_value(typed[1:])
    else:
        try:
            value = float(typed)
        except ValueError:
            raise StataError(198, f"{typed} is not a value that has a label") from None
    found = texts.get(value, typed)
    return found[: int(match["length"])] if match["length"] else found


def _data(rest: str, context: Context, macros: Mapping[str, str]) -> str:
    if not matches(rest, "label", 2):
        raise StataError(198, "write data label")
    return context.dataset.label


def _sorted_by(rest: str, context: Context, macros: Mapping[str, str]) -> str:
    return " ".join(context.dataset.sorted_by)


def _length(rest: str, context: Context, macros: Mapping[str, str]) -> str:
    kind, _, name = rest.partition(" ")
    if kind not in ("local", "global"):
        raise StataError(198, "write length local NAME")
    source = macros if kind == "local" else context.macros.globals
    return str(len(source.get(name.strip(), "")))


def _display(rest: str, context: Context, macros: Mapping[str, str]) -> str:
    from engine.commands.programming.display import displayed

    return "\n".join(displayed(rest, context))


def _case(change: Callable[[str], str]) -> Callable[[str, Context, Mapping[str, str]], str]:
    def run(rest: str, context: Context, macros: Mapping[str, str]) -> str:
        words = split_words(rest)
        return change(words[0].text if len(words) == 1 else rest)

    return run


def _subinstr(rest: str, context: Context, macros: Mapping[str, str]) -> str:
    """Read ``subinstr local name "from" "to"[, all word]``."""
    head, _, options = (
        rest.rpartition(",") if rest.count(",") and '"' not in rest.rpartition(",")[2] else (rest, "", "")
    )
    words = split_words(head)
    asked = options.split()
    if len(words) != 4 or words[0].text not in ("local", "global") or set(asked) - {"all", "word"}:
        raise StataError(198, 'write subinstr local NAME "from" "to", all')
    source = macros if words[0].text == "local" else context.macros.globals
    text, old, new = source.get(words[1].text, ""), words[2].text, words[3].text
    if not old:
        return text
    count = 0 if "all" in asked else 1
    if "word" in asked:
        return re.sub(rf"(?<!\S){re.escape(old)}(?!\S)", lambda _: new, text, count=count)
    return text.replace(old, new) if "all" in asked else text.replace(old, new, 1)


def _names(rows: bool, part: int | None) -> Callable[[str, Context, Mapping[str, str]], str]:
    """Return the function that gives equations (`part` 0), names (2) or both (None) of rows or columns."""

    def run(rest: str, context: Context, macros: Mapping[str, str]) -> str:
        matrix = context.matrix("".join(rest.split()))
        if matrix is None:
            raise StataError(111, f"matrix {rest.strip()} not found")
        full = matrix.rows if rows else matrix.cols
        if part is None:
            return " ".join(full)
        return " ".join(name.rpartition(":")[part] or "_" for name in full)

    return run


def _files(rest: str, context: Context, macros: Mapping[str, str]) -> str:
    """Read ``dir FOLDER files|dirs|other PATTERN``: names in quotes, in alphabetical order."""
    import fnmatch
    import os

    words = [word.text for word in split_words(rest.partition(",")[0])]
    if len(words) not in (2, 3) or words[1] not in ("files", "dirs", "other"):
        raise StataError(198, 'write dir FOLDER files "PATTERN"')
    pattern = words[2] if len(words) == 3 else "*"
    try:
        entries = list(os.scandir(words[0] or "."))
    except (OSError, ValueError):
        raise StataError(601, f"directory {words[0]} not found") from None
    kind = words[1]
    chosen = (e for e in entries if (kind == "files" and e.is_file()) or (kind == "dirs" and e.is_dir()))
    fits = [e.name for e in chosen if fnmatch.fnmatchcase(e.name, pattern)]
    return " ".join(f'"{name}"' for name in sorted(fits))


def _permname(rest: str, context: Context, macros: Mapping[str, str]) -> str:
    """Return the name, or one like it that no variable has."""
    name, number = rest.strip() or "x", 0
    candidate = name
    while candidate in context.dataset:
        number += 1
        candidate = f"{name[: 31 - len(str(number))]}{number}"
    return candidate


def _environment(rest: str, context: Context, macros: Mapping[str, str]) -> str:
    raise StataError(198, "the environment of the program is not open to do-files")


def _list(rest: str, context: Context, macros: Mapping[str, str]) -> str:
    """Read the functions of lists ([P] macro lists); lists are named, not written out."""
    word, _, name = rest.partition(" ")
    name = name.strip()
    position = re.fullmatch(r'posof\s+"([^"]*)"\s+in\s+(\w+)', rest)
    if position is not None:
        members = _members(position[2], macros)
        return str(members.index(position[1]) + 1 if position[1] in members else 0)
    if word in _LIST_FUNCTIONS and name:
        return _LIST_FUNCTIONS[word](_members(name, macros))
    operation = _SET_OPERATION.fullmatch(rest)
    if operation is None:
        known = ", ".join(sorted(_LIST_FUNCTIONS))
        raise StataError(198, f"list {rest} is not a function of lists; there are {known}, posof, | & - == in")
    left, right = _members(operation[1], macros), _members(operation[3], macros)
    return _SET_OPERATIONS[operation[2]](left, right)


def _members(name: str, macros: Mapping[str, str]) -> list[str]:
    return [word.text for word in split_words(macros.get(name, ""))]


def _unique(members: list[str]) -> str:
    return " ".join(dict.fromkeys(members))


def _repeated(members: list[str]) -> str:
    seen: set[str] = set()
    again = []
    for member in members:
        if member in seen:
            again.append(member)
        seen.add(member)
    return " ".join(again)


def _parted(left: list[str], right: list[str]) -> tuple[list[str], list[str]]:
    """Return the members of `left` that are in `right`, each as often as there, and the others."""
    rest, common, others = list(right), [], []
    for member in left:
        if member in rest:
            rest.remove(member)
            common.append(member)
        else:
            others.append(member)
    return common, others


_LIST_FUNCTIONS: dict[str, Callable[[list[str]], str]] = {
    "sizeof": lambda members: str(len(members)),
    "uniq": _unique,
    "dups": _repeated,
    "sort": lambda members: " ".join(sorted(members)),
    "retokenize": " ".join,
    "clean": " ".join,
}
_SET_OPERATIONS: dict[str, Callable[[list[str], list[str]], str]] = {
    "|": lambda left, right: " ".join([*left, *_parted(right, left)[1]]),
    "&": lambda left, right: " ".join(_parted(left, right)[0]),
    "-": lambda left, right: " ".join(_parted(left, right)[1]),
    "==": lambda left, right: str(int(left == right)),
    "===": lambda left, right: str(int(sorted(left) == sorted(right))),
    "in": lambda left, right: str(int(all(member in right for member in left))),
}
_FUNCTIONS: tuple[tuple[str, int, Callable[[str, Context, Mapping[str, str]], str]], ...] = (
    ("word", 4, _word),
    ("variable", 3, _of_variable("label", "variable")),
    ("type", 4, _of_variable("storage")),
    ("format", 6, _of_variable("format")),
    ("value", 3, _of_variable("value_label", "value")),
    ("label", 2, _label),
    ("data", 4, _data),
    ("sortedby", 8, _sorted_by),
    ("list", 4, _list),
    ("length", 6, _length),
    ("subinstr", 8, _subinstr),
    ("display", 2, _display),
    ("upper", 5, _case(str.upper)),
    ("lower", 5, _case(str.lower)),
    ("proper", 6, _case(str.title)),
    ("colnames", 8, _names(rows=False, part=2)),
    ("rownames", 8, _names(rows=True, part=2)),
    ("coleq", 5, _names(rows=False, part=0)),
    ("roweq", 5, _names(rows=True, part=0)),
    ("colfullnames", 12, _names(rows=False, part=None)),
    ("rowfullnames", 12, _names(rows=True, part=None)),
    ("dir", 3, _files),
    ("permname", 8, _permname),
    ("environment", 3, _environment),
)
_NAMES = ", ".join(name for name, _, _ in _FUNCTIONS)
