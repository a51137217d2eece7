"""``matrix``: matrices computed, named, dropped ([P] matrix)."""

from __future__ import annotations

import re

from engine.commands.base import Context, Effects, Run
from engine.commands.words import split_words
from engine.data.matrix import Matrix, in_equations, renamed, with_names
from engine.data.names import is_identifier
from engine.errors import StataError
from engine.lang.abbrev import matches
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, OptionDecl, Picks, VarlistRule
from engine.lang.tokens import shortened

MATRIX = CommandDecl(
    name="matrix",
    minimum=3,
    title="Define matrix from expression",
    help="matrix A = exp computes a matrix: (1,2\\3,4), e(b), A', A*B, inv(A), A[1..2,1]; matrix list, dir, drop, "
    "rename, rownames, colnames, roweq, coleq, symeigen, svd follow it. From the weakest on: \\ puts below, the comma "
    "beside, + - * / # and '. Functions: I J inv invsym cholesky corr diag vecdiag vec vech invvech hadamard sweep "
    "nullmat matuniform; numbers: det trace el rowsof colsof rownumb colnumb issymmetric matmissing diag0cnt mreldif.",
    menu=("Data", "Matrices, ado language", "Define matrix from expression"),
    varlist=VarlistRule.TEXT,
    picks=Picks.MATRICES,
    verbatim=True,
    family=True,
    text_label="Name = matrix expression",
    examples=("matrix V = e(V)", "matrix A = (1,2\\3,4)", "matrix B = A'*invsym(A*A')"),
)
DROP = CommandDecl(
    name="matrix drop",
    minimum=2,
    title="Drop matrices",
    help="matrix drop removes matrices by name, or all with _all.",
    menu=("Data", "Matrices, ado language", "Drop matrices"),
    varlist=VarlistRule.TEXT,
    picks=Picks.MATRICES,
    text_label="Matrices",
    examples=("matrix drop _all",),
)
RENAME = CommandDecl(
    name="matrix rename",
    minimum=3,
    title="Rename matrix",
    help="matrix rename OLD NEW gives a matrix another name.",
    menu=("Data", "Matrices, ado language", "Rename matrix"),
    varlist=VarlistRule.TEXT,
    picks=Picks.MATRICES,
    text_label="Matrix and its new name",
    options=(OptionDecl(name="replace", minimum=7, label="Replace", help="Replace what has the name.", page="model"),),
)
_NAMING = {
    "rownames": (4, "Names of rows", "matrix rownames A = x y z names the rows of a matrix."),
    "colnames": (4, "Names of columns", "matrix colnames A = x y z names the columns of a matrix."),
    "roweq": (4, "Equations of rows", "matrix roweq A = eq1 eq2 names the equations of rows; : is for none."),
    "coleq": (4, "Equations of columns", "matrix coleq A = eq1 eq2 names the equations of columns; : is for none."),
}
NAMINGS = tuple(
    CommandDecl(
        name=f"matrix {word}", minimum=least, title=title, help=text, varlist=VarlistRule.TEXT, verbatim=True,
        picks=Picks.MATRICES, text_label="Matrix = names",
    )
    for word, (least, title, text) in _NAMING.items()
)  # fmt: skip
SYMEIGEN = CommandDecl(
    name="matrix symeigen",
    minimum=6,
    title="Eigenvalues and eigenvectors of symmetric matrices",
    help="matrix symeigen X v = A puts the eigenvectors of a symmetric matrix into X, its eigenvalues into v.",
    menu=("Data", "Matrices, ado language", "Eigenvalues and eigenvectors of symmetric matrices"),
    varlist=VarlistRule.TEXT,
    picks=Picks.MATRICES,
    verbatim=True,
    text_label="X v = A",
)
SVD = CommandDecl(
    name="matrix svd",
    minimum=3,
    title="Singular value decomposition",
    help="matrix svd U w V = A decomposes a matrix: A = U*diag(w)*V'.",
    menu=("Data", "Matrices, ado language", "Singular value decomposition"),
    varlist=VarlistRule.TEXT,
    picks=Picks.MATRICES,
    verbatim=True,
    text_label="U w V = A",
)

_DEFINE = re.compile(r"(?:(?P<word>[a-z]+)\s+)?(?P<name>\w+)\s*=(?!=)(?P<expression>.*)", re.DOTALL)
_PLACED = re.compile(r"(?P<name>\w+)\s*\[(?P<place>[^\]=]*)\]\s*=(?P<expression>.*)", re.DOTALL)
_NAMES = re.compile(r"\s*(?P<name>\w+)\s*=(?P<names>.*)", re.DOTALL)
_RESULTS = re.compile(r"(?P<results>\w+(?:\s+\w+)*)\s*=(?P<expression>.*)", re.DOTALL)
_REFUSED = {"accum": "accum", "glsaccum": "glsaccum", "vecaccum": "vecaccum", "score": "score", "opaccum": "opaccum"}


def run(command: Command, context: Context) -> Effects:
    """Compute a matrix, or put numbers into a part of one."""
    part = command.main
    placed = _PLACED.fullmatch(part.body)
    if placed is not None:
        return _put(placed, part.body_span[0], context)
    match = _DEFINE.fullmatch(part.body)
    known = match is not None and any(
        matches(match["word"] or "define", w, n) for w, n in (("define", 3), ("input", 1))
    )
    if match is None or not known:
        word = shortened((part.body.split() or [""])[0])
        refused = f"matrix {word} is not available in this version; " if word in _REFUSED else ""
        raise StataError(
            198, f"{refused}write matrix NAME = EXPRESSION, matrix list NAME or matrix dir", part.body_span
        )
    offset = part.body_span[0]
    _check_name(match["name"], (offset + match.start("name"), offset + match.end("name")))
    matrix = _value(match["expression"], offset + match.start("expression"), context)
    return Effects(matrices={match["name"]: matrix})


def _put(match: re.Match[str], offset: int, context: Context) -> Effects:
    """Put the values of an expression into a matrix from a row and a column on; r(503) where they do not fit."""
    name = match["name"]
    span = offset, offset + match.end("place")
    matrix = existing(name, context, (offset, offset + len(name)))
    new = _value(match["expression"], offset + match.start("expression"), context).values
    place = _value(f"({match['place']})", offset + match.start("place") - 1, context).values
    if place.size != 2:
        raise StataError(198, f"write matrix {name}[row, column] = value", span)
    row, column = (int(number) - 1 if 1 <= number < 1e9 else -1 for number in place.ravel())
    rows, columns = slice(row, row + new.shape[0]), slice(column, column + new.shape[1])
    values = matrix.values.copy()
    if row < 0 or column < 0 or values[rows, columns].shape != new.shape:
        size = "{} x {}".format(*values.shape)
        raise StataError(503, f"conformability error: {name} has only {size} elements", span)
    values[rows, columns] = new
    return Effects(matrices={name: Matrix(matrix.rows, matrix.cols, values)})


def _check_name(name: str, span: tuple[int, int] | None) -> None:
    if not is_identifier(name):
        raise StataError(198, f"{shortened(name)} invalid name", span)


def _value(text: str, offset: int, context: Context) -> Matrix:
    from engine.frame.matrix_values import evaluate_matrix
    from engine.lang.parse_matrix import parse_matrix

    tree = parse_matrix(text, offset)
    return evaluate_matrix(tree, context.dataset, lookup=context.lookup, rng=context.rng)


def existing(name: str, context: Context, span: tuple[int, int] | None) -> Matrix:
    """Return a matrix that ``matrix`` made; r(111) when there is none of that name."""
    found = context.matrices.get(name)
    if found is None:
        raise StataError(111, f"matrix {name} not found", span)
    return found


def run_drop(command: Command, context: Context) -> Effects:
    """Remove matrices."""
    part = command.main
    names = part.body.split()
    if not names:
        raise StataError(198, "write matrix drop NAME, or matrix drop _all", part.body_span)
    if names == ["_all"]:
        return Effects(matrices=dict.fromkeys(context.matrices))
    for name in names:
        existing(name, context, part.body_span)
    return Effects(matrices=dict.fromkeys(names))


def run_rename(command: Command, context: Context) -> Effects:
    """Give a matrix another name."""
    part = command.main
    names = part.body.split()
    if len(names) != 2:
        raise StataError(198, "matrix rename takes the name of a matrix and its new name", part.body_span)
    matrix = existing(names[0], context, part.body_span)
    _check_name(names[1], part.body_span)
    if names[1] in context.matrices and not part.has("replace"):
        raise StataError(110, f"matrix {names[1]} already defined: replace allows it", part.body_span)
    return Effects(matrices={names[0]: None, names[1]: matrix})


def run_naming(command: Command, context: Context) -> Effects:
    """Name rows, columns or equations."""
    part = command.main
    word = command.decl.name.partition(" ")[2]
    match = _NAMES.fullmatch(part.body)
    names = tuple(one.text for one in split_words(match["names"])) if match is not None else ()
    if match is None or not names:
        raise StataError(198, f"write matrix {word} NAME = names", part.body_span)
    matrix = existing(match["name"], context, part.body_span)
    rows = word.startswith("row")
    before = matrix.rows if rows else matrix.cols
    if len(names) > len(before):
        raise StataError(503, f"conformability error: {len(names)} names for {len(before)}", part.body_span)
    if word.endswith("names"):
        after = renamed(before, names)
    else:
        after = in_equations(before, tuple("_" if name == ":" else name.rstrip(":") for name in names))
    return Effects(matrices={match["name"]: with_names(matrix, **{"rows" if rows else "cols": after})})


def run_decomposition(command: Command, context: Context) -> Effects:
    """Compute eigenvalues and eigenvectors, or singular values."""
    import numpy as np

    part = command.main
    word = command.decl.name.partition(" ")[2]
    wanted = 2 if word == "symeigen" else 3
    match = _RESULTS.fullmatch(part.body)
    names = match["results"].split() if match is not None else []
    if match is None or len(names) != wanted:
        raise StataError(198, f"write matrix {word} {'X v' if wanted == 2 else 'U w V'} = A", part.body_span)
    for name in names:
        _check_name(name, part.body_span)
    matrix = _value(match["expression"], part.body_span[0] + match.start("expression"), context)
    if not np.isfinite(matrix.values).all():
        raise StataError(504, "matrix has missing values", part.body_span)
    found = _eigen(matrix) if word == "symeigen" else _singular(matrix)
    return Effects(matrices=dict(zip(names, found, strict=True)))


def _eigen(matrix: Matrix) -> tuple[Matrix, ...]:
    """Return eigenvectors as columns and eigenvalues as a row, the largest first; r(505) when not symmetric."""
    import numpy as np

    if not matrix.symmetric:
        raise StataError(505, "matrix not symmetric")
    values, vectors = np.linalg.eigh((matrix.values + matrix.values.T) / 2)
    names = tuple(f"e{i + 1}" for i in range(len(values)))
    return Matrix(matrix.rows, names, vectors[:, ::-1].copy()), Matrix(("r1",), names, values[np.newaxis, ::-1].copy())


def _singular(matrix: Matrix) -> tuple[Matrix, ...]:
    """Return U, the singular values as a row, and V."""
    import numpy as np

    u, w, vt = np.linalg.svd(matrix.values, full_matrices=False)
    return (
        Matrix(matrix.rows, matrix.cols[: u.shape[1]], u),
        Matrix(("r1",), matrix.cols[: len(w)], w[np.newaxis, :]),
        Matrix(matrix.cols, matrix.cols[: len(w)], vt.T.copy()),
    )


COMMANDS: tuple[tuple[CommandDecl, Run], ...] = (
    (MATRIX, run),
    (DROP, run_drop),
    (RENAME, run_rename),
    *((declaration, run_naming) for declaration in NAMINGS),
    (SYMEIGEN, run_decomposition),
    (SVD, run_decomposition),
)
