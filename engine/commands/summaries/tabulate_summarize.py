"""``tabulate, summarize()``: means, standard deviations and frequencies in each cell ([R] tabulate, summarize())."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.commands.base import Context, Effects
from engine.commands.data.collapse_statistics import FloatArray, IntArray, Sample, find_statistic
from engine.data.dataset import Dataset
from engine.data.formats import format_value
from engine.data.missing import MISSING, is_missing
from engine.errors import StataError
from engine.frame.groups import code_variable
from engine.frame.resolve import resolve_name
from engine.frame.rowweights import row_weights
from engine.lang.command import Part
from engine.results.stored import DataRow, DataTable, Stored
from engine.tables.document import Lines, Table, TextLayout

_HEADS = {"mean": "Mean", "sd": "Std. dev.", "count": "Freq."}
_WORDS = {"mean": ("means", "nomeans"), "sd": ("standard", "nostandard"), "count": ("freq", "nofreq")}
_NAMES = {"mean": "Means", "sd": "Standard Deviations", "count": "Frequencies"}


@dataclass(frozen=True, slots=True, eq=False)
class _Given:
    """The values, the code of each along each dimension, the sizes of the dimensions, and the weights."""

    values: FloatArray
    codes: tuple[IntArray, ...]
    sizes: tuple[int, ...]
    kind: str
    weights: FloatArray | None


def run_summarize(part: Part, names: tuple[str, ...], mask: npt.NDArray[np.bool_], context: Context) -> Effects:
    """Show the summaries of a variable in the cells of one or two others."""
    dataset = context.dataset
    use = part.option("summarize")
    assert use is not None
    source = resolve_name((use.argument or "").strip(), dataset, use.argument_span)
    if dataset.variable(source).is_string:
        raise StataError(109, f"type mismatch: {source} holds text", use.argument_span)
    values = dataset.numeric(source)
    mask = mask & ~is_missing(values)
    weights = row_weights(part.weight, dataset, mask, context.lookup)
    if weights is not None:
        mask &= weights.values > 0.0
    if not mask.any():
        context.say("no observations")
        return Effects(r=Stored({"N": 0.0}))
    shown = _shown(part)
    rows = np.flatnonzero(mask)
    coded = [code_variable(dataset, name, mask) for name in names]
    labels = [_labels(dataset, name, rows[c.first_rows()], part) for name, c in zip(names, coded, strict=True)]
    own = None if weights is None else weights.values[rows]
    kind = "" if weights is None else weights.kind
    sizes = tuple(len(one) for one in labels)
    cells = _cells(_Given(values[rows], tuple(c.values for c in coded), sizes, kind, own), shown)
    title = dataset.variable(source).label or source
    heads = [dataset.variable(name).label or name for name in names]
    if len(names) == 1:
        lines = _one_way(title, heads[0], labels[0], cells, shown)
    else:
        lines = _two_way(title, heads, labels, cells, shown)
    data = _data(labels, cells, shown)
    layout = TextLayout(width=max(map(len, lines)), stub=11, drawn=tuple(lines))
    context.emit(Lines(("",)), Table("tabulate", heads[0], (), (), layout, data=data))
    return Effects(tables=(data,), r=Stored({"N": float(len(rows))}))


def _shown(part: Part) -> list[str]:
    """Return which statistics are asked for."""
    wanted = [word for word, (only, _) in _WORDS.items() if part.has(only)]
    chosen = [word for word, (_, without) in _WORDS.items() if (word in wanted or not wanted) and not part.has(without)]
    if not chosen:
        raise StataError(198, "tabulate, summarize() has nothing left to show", part.body_span)
    return chosen


def _labels(dataset: Dataset, name: str, rows: IntArray, part: Part) -> list[str]:
    variable = dataset.variable(name)
    if variable.is_string:
        return [str(dataset.texts(name)[row]) for row in rows]
    words = {} if part.has("nolabel") else dataset.labels_of(name)
    return [words.get(float(v)) or format_value(float(v), variable.format) for v in dataset.numeric(name)[rows]]


def _cells(given: _Given, shown: list[str]) -> dict[str, FloatArray]:
    """Return each statistic in each cell, with one place more along each dimension for the total."""
    sizes = given.sizes
    shape = tuple(size + 1 for size in sizes)
    found = {word: np.full(shape, np.nan) for word in shown}
    for totalled in np.ndindex(*(2 for _ in sizes)):
        used = [np.zeros_like(c) if total else c for c, total in zip(given.codes, totalled, strict=True)]
        dims = tuple(1 if total else size for total, size in zip(totalled, sizes, strict=True))
        flat = np.ravel_multi_index(used, dims)
        sample = Sample(given.values, flat, int(np.prod(dims)), given.kind, given.weights)
        place = tuple(slice(size, size + 1) if t else slice(0, size) for t, size in zip(totalled, sizes, strict=True))
        for word in shown:
            statistic = find_statistic(word, None)
            assert statistic is not None
            found[word][place] = statistic(sample).reshape(dims)
    if "sd" in found:  # as Stata: 0 for a single observation
        counts = _cells(given, ["count"])["count"]
        found["sd"] = np.where(counts == 1, 0.0, found["sd"])
    return found


def _number(value: float, word: str) -> str:
    if word == "count":
        return format_value(value if np.isfinite(value) else 0.0, "%9.0fc").strip()
    return format_value(value if np.isfinite(value) else MISSING, "%10.0g").strip()


def _one_way(title: str, head: str, labels: list[str], cells: dict[str, FloatArray], shown: list[str]) -> list[str]:
    width = 12 * len(shown)
    top = f"Summary of {title}"
    heading = textwrap.wrap(head, 11) or [""]
    lines = [" " * 12 + "|" + f"{top:^{width}}".rstrip()]
    lines += [f"{text:>11} |" for text in heading]
    lines[-1] += "".join(f"{_HEADS[word]:>12}" for word in shown)
    rule = "-" * 12 + "+" + "-" * width
    for i, label in enumerate([*labels, "Total"]):
        if i in (0, len(labels)):
            lines.append(rule)
        lines.append(f"{label[:11]:>11} |" + "".join(f"{_number(cells[word][i], word):>12}" for word in shown))
    return lines


def _two_way(
    title: str, heads: list[str], labels: list[list[str]], cells: dict[str, FloatArray], shown: list[str]
) -> list[str]:
    names = [_NAMES[word] for word in shown]
    whole = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    inner = 11 * len(labels[1])
    top = f"{whole} of {title}"
    lines = [f"{top:^{max(24 + inner, len(top))}}".rstrip(), ""]
    heading = [f"{text:>10} |" for text in textwrap.wrap(heads[0], 10) or [""]]
    heading = [f"{'':>10} |", *heading] if len(heading) < 2 else heading
    heading[-2] += f"{heads[1][:inner]:^{inner}}".rstrip()
    heading[-1] += "".join(f"{text[:10]:>11}" for text in labels[1])[1:] + " |" + f"{'Total':>11}"
    lines += heading
    rule = "-" * 11 + "+" + "-" * inner + "+" + "-" * 11
    lines.append(rule)
    for i, label in enumerate([*labels[0], "Total"]):
        if i == len(labels[0]):
            lines.append(rule)
        for k, word in enumerate(shown):
            texts = [_number(value, word) for value in cells[word][i]]
            body = "".join(f"{text:>11}" for text in texts[:-1])[1:]
            lines.append(f"{label[:10] if k == 0 else '':>10} |{body} |{texts[-1]:>11}")
        if len(shown) > 1 and i < len(labels[0]) - 1:
            lines.append(rule)
    return lines


def _data(labels: list[list[str]], cells: dict[str, FloatArray], shown: list[str]) -> DataTable:
    """Return the numbers: a row for each cell, named by its values."""
    rows = []
    texts = [[*one, "Total"] for one in labels]
    for place in np.ndindex(*(len(one) for one in texts)):
        where = [one[i] for one, i in zip(texts, place, strict=True)]
        rows.append(DataRow(where[1] if len(where) > 1 else "", where[0], tuple(float(cells[w][place]) for w in shown)))
    return DataTable("tabulate", tuple(shown), tuple(rows))
