"""The numbers of a row as words for the sentences about it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from engine.results.stored import DataTable
from engine.tables.document import RowKind, Table

NORMAL_95 = 1.96
"""Standard deviations within which 95 % of a normal distribution lie."""


def as_it_is(text: str) -> str:
    """Return a sentence in English, as it is written."""
    return text


@dataclass(frozen=True, slots=True)
class Facts:
    """What sentences refer to: the command, its outcome, the names of e(b), the fixed effects.

    Attributes
    ----------
    translate
        Returns a sentence, its places still empty, in the reader's language.
    """

    command: str = ""
    outcome: str = ""
    coefficients: Sequence[str] = ()
    fixed: DataTable | None = None
    translate: Callable[[str], str] = as_it_is


PIECES = (
    HIGHER := "higher",
    LOWER := "lower",
    UPWARDS := "upwards",
    DOWNWARDS := "downwards",
    ABOVE := "above",
    BELOW := "below",
    INSIDE := "0 lies inside: no effect would be in line with the data, and so would one as large as either end.",
    OUTSIDE := "0 lies outside.",
    AROUND := " Around the fixed effect of {center} that is {low} to {high}.",
    FEWER := "fewer than 1 in 1,000 samples",
    ABOUT := "about {number} of 100 samples",
    PARTNERS := "where what it is multiplied with is 0 or at its base level, and everything else equal",
    EQUAL := "everything else in the model equal",
    AT_BASE := "at its base level",
    JOINT := " and ",
)
"""What is put into the places of sentences, beside numbers and names."""


class _Known(dict[str, str]):
    """Raises KeyError for what is not known, so that a sentence with it is left out."""


def in_sentence(template: str, words: Mapping[str, str]) -> str:
    """Return a sentence with its places filled, empty where one of them is not known."""
    try:
        return template.format_map(_Known(words))
    except KeyError:
        return ""


def short(value: float) -> str:
    """Return a number as it stands in a sentence: four digits, a real minus sign."""
    if value == int(value) and abs(value) < 1e7:
        text = f"{int(value):,}"
    elif abs(value) >= 100:
        text = f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:,.2f}"
    else:
        text = f"{value:.4g}"
    return text.replace("-", "−")


def cell_words(
    table: Table, row: int, key: str, *, value: float | None, values: Mapping[str, float], facts: Facts
) -> dict[str, str]:
    """Return the words for a cell: those of its own number, of its row and of its name."""
    found = table.rows[row]
    name = found.name or found.caption
    words = {key_: short(number) for key_, number in values.items()}
    words["name"] = shown_name(table, row)
    words["column"] = next((column.heading for column in table.columns if column.key == key), key)
    if facts.outcome:
        words["outcome"] = facts.outcome
    words |= _limits(table, values, facts) | _name_words(name, table, row, facts)
    if value is not None:
        words |= _value_words(value, facts)
    if "p" in values and key == "p":
        words["in_samples"] = _in_samples(values["p"], facts)
    if "statistic" in values:
        words["statistic_size"] = short(abs(values["statistic"]))
        words["side"] = facts.translate(ABOVE if values["statistic"] >= 0 else BELOW)
    if "estimate" in values:
        words |= _estimate_words(values["estimate"], name, key, table, facts)
    return words


def shown_name(table: Table, row: int) -> str:
    """Return what a row is called in a sentence: coefficients by their full names, others as they are headed."""
    found = table.rows[row]
    caption = " ".join(found.caption.split())
    return found.name if found.name and (table.id == "fixed" or "#" in found.name) else caption or found.name


def figure_words(label: str, value: float, facts: Facts) -> dict[str, str]:
    """Return the words for a figure with a label."""
    words = {"in_samples": _in_samples(value, facts)} | _value_words(value, facts)
    df = re.search(r"\(\s*(\d+)", label)
    if df:
        words["df_in_label"] = df[1]
    if facts.outcome:
        words["outcome"] = facts.outcome
    return words


def _value_words(value: float, facts: Facts) -> dict[str, str]:
    say = facts.translate
    words = {"value": short(value), "size": short(abs(value)), "more": say(HIGHER if value >= 0 else LOWER)}
    words |= {"half": short(value / 2), "double": short(2 * value), "spread": f"±{short(NORMAL_95 * abs(value))}"}
    words |= {"bend": say(UPWARDS if value >= 0 else DOWNWARDS), "tendency": say(ABOVE if value >= 0 else BELOW)}
    words |= {"percent": f"{100 * value:.3g} %", "squared": f"{100 * value * value:.3g} %"}
    if value >= 0:
        words["root"] = short(math.sqrt(value))
    if abs(value) < 300:
        words["exponential"] = short(math.exp(value))
    return words


def _limits(table: Table, values: Mapping[str, float], facts: Facts) -> dict[str, str]:
    headings = " ".join(column.heading for column in table.columns)
    level = re.search(r"(\d+(?:\.\d+)?)%", headings)
    words = {"level": level[1] if level else "95"}
    for wald in ("", "wald_"):
        low, high = values.get(f"{wald}ll"), values.get(f"{wald}ul")
        if low is not None and high is not None:
            words |= {f"{wald}low": short(low), f"{wald}high": short(high)}
            if not wald:
                inside = low <= 0 <= high
                words["zero"] = facts.translate(INSIDE if inside else OUTSIDE)
    return words


def _estimate_words(estimate: float, name: str, key: str, table: Table, facts: Facts) -> dict[str, str]:
    """Return the words for a variance: its root, and where 95 % of the groups lie around the fixed effect."""
    words = {"range": ""}
    if table.id not in {"random", "profile"} or estimate < 0:
        return words
    variance = re.match(r"(?:\S+: )?var\(", name) is not None
    sd = math.sqrt(estimate) if variance else estimate
    if variance or "sd(" in name:
        words |= {"sd": short(sd), "spread": f"±{short(NORMAL_95 * sd)}"}
        inner = re.fullmatch(r"(?:var|sd)\((.*)\)", name)
        center = _fixed_effect(inner[1], facts) if inner else None
        if center is not None and key != "sd":
            low, high = center - NORMAL_95 * sd, center + NORMAL_95 * sd
            around = facts.translate(AROUND)
            words["range"] = around.format(center=short(center), low=short(low), high=short(high))
    return words


def _fixed_effect(name: str, facts: Facts) -> float | None:
    rows = facts.fixed.rows if facts.fixed is not None else ()
    return next((row.values[0] for row in rows if row.name == name and not row.status), None)


def _in_samples(p: float, facts: Facts) -> str:
    return facts.translate(FEWER) if p < 0.001 else facts.translate(ABOUT).format(number=f"{100 * p:.2g}")


_LEVEL = re.compile(r"(-?\d+)(?:bn|b|o)?\.([\w.]+)")


def _name_words(name: str, table: Table, row: int, facts: Facts) -> dict[str, str]:
    """Return the words for what a row is named after: variable, level and base level, parts of an interaction."""
    words: dict[str, str] = {}
    parts = name.split("#")
    levels = [match for match in map(_LEVEL.fullmatch, parts) if match]
    slopes = [part.removeprefix("c.") for part in parts if part.startswith("c.")]
    if len(levels) == 1:
        words |= {"variable": levels[0][2], "level_of": levels[0][1], "base": _base(levels[0][2], facts)}
    if len(parts) == 1:
        words["held"] = _held(levels[0][2] if levels else name, facts)
    if levels:
        words["joined"] = facts.translate(JOINT).join(f"{match[2]} = {match[1]}" for match in levels)
    if slopes:
        words |= {"slope": slopes[0], "first": slopes[0]}
    inner = re.search(r"\((.*)\)$", name)
    if inner:
        words["inner"] = inner[1].removeprefix("R.").replace(",", facts.translate(JOINT))
    above = [each for each in table.rows[:row] if each.kind is RowKind.GROUP]
    if above:
        words["group"] = above[-1].caption.partition(":")[0].strip()
    percentile = re.fullmatch(r"p(\d+)", name)
    if percentile:
        words["share"] = percentile[1]
    return words


def _held(variable: str, facts: Facts) -> str:
    """Say what is held fixed while a term changes: where it is part of a product, its partners are at 0."""
    pattern = re.compile(rf"(?:c|\d+(?:bn|b|o)?)\.{re.escape(variable)}")
    for name in facts.coefficients:
        parts = name.rpartition(":")[2].split("#")
        if len(parts) > 1 and any(pattern.fullmatch(part) for part in parts):
            return facts.translate(PARTNERS)
    return facts.translate(EQUAL)


def _base(variable: str, facts: Facts) -> str:
    """Return the base level of a factor, in words where the names of e(b) do not tell it."""
    pattern = re.compile(rf"(?:.*[:#])?(-?\d+)b\.{re.escape(variable)}")
    found = next((match for match in map(pattern.fullmatch, facts.coefficients) if match), None)
    return found[1] if found else facts.translate(AT_BASE)
