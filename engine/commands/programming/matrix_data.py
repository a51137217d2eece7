"""``mkmat`` and ``svmat``: variables to a matrix and back ([P] matrix mkmat)."""

from __future__ import annotations

from engine.commands.base import Context, Effects, Run
from engine.errors import StataError
from engine.lang.command import Command, Part
from engine.lang.declaration import CommandDecl, OptionDecl, OptionKind, Picks, VarlistRule

MKMAT = CommandDecl(
    name="mkmat",
    minimum=5,
    title="Convert variables to matrix",
    help="Puts variables into a matrix, one column each, with a row for each observation; without matrix() into "
    "column vectors of their own names.",
    menu=("Data", "Matrices, ado language", "Convert variables to matrix"),
    varlist=VarlistRule.REQUIRED,
    allow_if=True,
    allow_in=True,
    options=(
        OptionDecl(
            name="matrix", minimum=3, kind=OptionKind.NAME, label="Matrix", help="Name of the matrix.", page="model"
        ),
        OptionDecl(
            name="nomissing", minimum=6, label="No missing values", page="model",
            help="Leave out observations with missing values.",
        ),
        OptionDecl(
            name="rownames", minimum=4, kind=OptionKind.VARIABLE, label="Names of rows", page="model",
            help="Variable whose values name the rows.",
        ),
    ),
    examples=("mkmat ses female in 1/5, matrix(X)",),
)  # fmt: skip
SVMAT = CommandDecl(
    name="svmat",
    minimum=5,
    title="Convert matrix to variables",
    help="Makes a variable of each column of a matrix, with values in as many observations as it has rows.",
    menu=("Data", "Matrices, ado language", "Convert matrix to variables"),
    varlist=VarlistRule.TEXT,
    picks=Picks.MATRICES,
    text_label="Matrix",
    options=(
        OptionDecl(
            name="names", minimum=1, kind=OptionKind.TEXT, label="Names", page="model",
            help="A stub for the names, or col, eqcol or matcol for those of the columns.",
        ),
    ),
    examples=("svmat e(b), names(coef)",),
)  # fmt: skip

_TYPES = ("float", "double", "byte", "int", "long")


def run_mkmat(command: Command, context: Context) -> Effects:
    """Make a matrix, or one for each variable."""
    import numpy as np

    from engine.data.matrix import Matrix
    from engine.data.missing import is_missing
    from engine.frame.matrix_functions import sized
    from engine.frame.resolve import resolve_names

    part, dataset = command.main, context.dataset
    names = resolve_names(part.body, dataset, span=part.body_span)
    for name in names:
        if dataset.variable(name).is_string:
            raise StataError(109, f"type mismatch: {name} holds text, a matrix holds numbers", part.body_span)
    mask = context.selected(part)
    sized(max(int(mask.sum()), 1), len(names))
    values = np.column_stack([dataset.numeric(name)[mask] for name in names])
    absent = is_missing(values)
    if part.has("nomissing"):
        kept = ~absent.any(axis=1)
        values, absent = values[kept], absent[kept]
        mask[np.flatnonzero(mask)[~kept]] = False
    if not len(values):
        raise StataError(2000, "no observations", part.body_span)
    values = np.where(absent, np.nan, values)
    rows = _row_names(part, context, np.flatnonzero(mask).tolist())
    use = part.option("matrix")
    if use is not None and use.argument:
        return Effects(matrices={use.argument.strip(): Matrix(rows, names, values)})
    return Effects(matrices={name: Matrix(rows, (name,), values[:, [j]]) for j, name in enumerate(names)})


def _row_names(part: Part, context: Context, rows: list[int]) -> tuple[str, ...]:
    from engine.data.formats import format_value
    from engine.frame.resolve import resolve_name

    use = part.option("rownames")
    if use is None or not use.argument:
        return tuple(f"r{i + 1}" for i in range(len(rows)))
    name = resolve_name(use.argument.strip(), context.dataset, use.argument_span)
    if context.dataset.variable(name).is_string:
        texts = context.dataset.texts(name)
        return tuple(str(texts[i]).replace(" ", "_") for i in rows)
    numbers = context.dataset.numeric(name)
    return tuple(format_value(float(numbers[i]), "%9.0g") for i in rows)


def run_svmat(command: Command, context: Context) -> Effects:
    """Make variables; observations are added where the matrix has more rows."""
    import numpy as np

    from engine.commands.programming.matrix_list import asked_matrix
    from engine.data.dataset import Variable
    from engine.data.missing import MISSING, from_doubles
    from engine.data.rows import with_observations
    from engine.frame.resolve import check_new_name

    part = command.main
    first, _, rest = part.body.partition(" ")
    typed = first in _TYPES and bool(rest.strip())
    storage = first if typed else context.settings.storage
    named, matrix = asked_matrix(Part(body=rest.strip() if typed else part.body, body_span=part.body_span), context)
    dataset = context.dataset
    if len(matrix.rows) > dataset.n_obs:
        context.say(f"Number of observations will be reset to {len(matrix.rows):,}.")
        dataset = with_observations(dataset, len(matrix.rows))
    for name, column in zip(_new_names(part, named, matrix.cols), matrix.values.T, strict=True):
        new = check_new_name(name, dataset, part.body_span)
        values = np.full(dataset.n_obs, MISSING)
        values[: len(column)] = np.where(np.isfinite(column), column, MISSING)
        stored = from_doubles(values, storage)
        dataset = dataset.with_variable(Variable(new, storage, "%10.0g" if storage == "double" else "%9.0g"), stored)
    return Effects(dataset=dataset)


def _new_names(part: Part, matrix: str, columns: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names that ``names()`` asks for: by default the matrix's with 1, 2, …."""
    use = part.option("names")
    asked = use.argument.strip().strip('"') if use is not None and use.argument else ""
    stub = matrix.replace("(", "_").replace(")", "")
    bare = [name.rpartition(":")[::2] for name in columns]
    if asked == "col":
        return tuple(name for _, name in bare)
    if asked == "eqcol":
        return tuple(f"{equation}{name}" for equation, name in bare)
    if asked == "matcol":
        return tuple(f"{stub}{name}" for _, name in bare)
    return tuple(f"{asked.rstrip('*') or stub}{j + 1}" for j in range(len(columns)))


COMMANDS: tuple[tuple[CommandDecl, Run], ...] = ((MKMAT, run_mkmat), (SVMAT, run_svmat))
"""The commands with what runs them."""
