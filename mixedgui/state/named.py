"""Names of what a session holds beside its fits: variables, functions, value labels, graphs, matrices, commands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.api import (
    FUNCTION_HELP,
    Dataset,
    Picks,
    Session,
    StataError,
    declarations,
    examples,
    format_value,
    is_missing,
)
from mixedgui.state.translation import tr

if TYPE_CHECKING:
    from engine.api import Matrix


def named(kind: Picks, session: Session) -> Iterator[tuple[str, str]]:
    """Yield the names of a kind, each with what it is."""
    match kind:
        case Picks.VARIABLES:
            yield from variables(session.data)
        case Picks.EXPRESSION:
            yield from variables(session.data)
            yield from functions()
        case Picks.VALUE_LABELS:
            for name, labels in session.data.value_labels.items():
                yield name, ", ".join(list(labels.texts.values())[:4])
        case Picks.DATA_SETS:
            yield from _data_sets()
        case Picks.COMMANDS:
            yield from sorted((each.name, each.title) for each in declarations())
        case Picks.GRAPHS:
            for name, graph in session.graphs.items():
                yield name, graph.command or graph.kind
        case Picks.MATRICES:
            yield from _matrices(session)


def variables(dataset: Dataset) -> Iterator[tuple[str, str]]:
    """Yield the variables with their labels, or their types where they have none."""
    for variable in dataset.variables:
        yield variable.name, variable.label or variable.storage


def functions() -> Iterator[tuple[str, str]]:
    """Yield the functions of expressions, bracket included."""
    for function in FUNCTION_HELP:
        yield f"{function.name}(", f"{function.syntax}: {function.help}"


def values(name: str, dataset: Dataset, most: int) -> Iterator[tuple[str, str]]:
    """Yield the different values of a variable as they stand in expressions, with their labels; the first `most`."""
    import numpy as np

    variable = dataset.variable(name)
    if variable.is_string:
        for text in np.unique(dataset.texts(name))[:most].tolist():
            yield f'"{text}"', ""
        return
    numbers = dataset.numeric(name)
    labels = dataset.value_labels.get(variable.value_label)
    for number in np.unique(numbers[~is_missing(numbers)])[:most].tolist():
        text = format_value(number, "%18.0g").strip()
        yield text, labels.texts.get(number, "") if labels is not None else ""


def _data_sets() -> Iterator[tuple[str, str]]:
    try:
        found = examples()
    except StataError:  # they are not part of this installation
        return
    for example in found:
        yield example.name, example.title


def _matrices(session: Session) -> Iterator[tuple[str, str]]:
    for name, matrix in session.matrices.items():
        yield name, _size(matrix)
    for kind, stored in (("e", session.e), ("r", session.r)):
        for name, matrix in stored.matrices.items():
            yield f"{kind}({name})", _size(matrix)


def _size(matrix: Matrix) -> str:
    rows, columns = matrix.values.shape
    return tr("{rows} by {columns}").format(rows=rows, columns=columns)
