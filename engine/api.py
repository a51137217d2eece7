"""The one door to the engine: everything a window, a script or a notebook may use.

What only dialogs, graphs and exports need is loaded when it is first asked for, so that a window is up before it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from engine.commands import registry
from engine.commands.base import Settings, WindowRequest
from engine.commands.data.sort import order_of as row_order
from engine.commands.programming.do import dofile_path, dofile_text, read_dofile
from engine.data.bundled import Example, examples
from engine.data.dataset import Dataset, ValueLabel, Variable
from engine.data.file_kinds import kind_of as file_kind
from engine.data.formats import format_value, shown_numbers, use_decimal_comma
from engine.data.missing import is_missing, missing_text, missing_value
from engine.errors import Break, Problem, Span, StataError
from engine.events import CancelToken, Ended, Event, EventSink, Iteration, Printed, Progress, Started
from engine.lang.command import Command, OptionUse, Part, Prefix, Weight
from engine.lang.declaration import (
    ByRule,
    Choice,
    CommandDecl,
    OptionDecl,
    OptionKind,
    Picks,
    PieceDecl,
    PieceKind,
    Scope,
    SubcommandDecl,
    VarlistRule,
)
from engine.lang.parse_command import parse_command
from engine.lang.parse_expr import parse_expression
from engine.lang.parse_varlist import parse_varlist
from engine.lang.prompts import prompts_for
from engine.lang.statements import Statement, statements
from engine.lang.tokens import highlight
from engine.lang.varlist import VarList
from engine.phrase import Phrase, listed
from engine.render.text import render_block, render_text
from engine.results.stored import DataRow, DataTable, Matrix, Stored
from engine.results.verdict import Checks, Trust, Verdict
from engine.session import ErrorReport, HistoryEntry, LogText, Outcome, Session
from engine.tables.document import Block, Cell, Column, Document, Figure, Header, Lines, Role, Row, RowKind, Table
from engine.tables.help_page import option_form, syntax_line

if TYPE_CHECKING:
    from engine.data.foreign.preview import FilePreview
    from engine.data.profile import Grouping, Profile, grouping_of, profile_of
    from engine.frame.nesting import NestingReport, PairFinding
    from engine.frame.preview import PreviewColumn, TermsPreview
    from engine.frame.resolve import resolve_names
    from engine.frame.sample import select
    from engine.frame.terms import Term, terms_of
    from engine.graphs import appearance as graph_appearance
    from engine.graphs.axes import Axis, Key, Legend, Panel, Tick
    from engine.graphs.graphspec import GraphSpec, Layer, LayerStyle, Mark
    from engine.graphs.look import Dash, Look, Symbol
    from engine.graphs.ticks import decades, tick_texts
    from engine.inference.nested import surely_nested
    from engine.lang.function_help import FUNCTION_HELP, FunctionHelp
    from engine.lang.printer import print_command, print_expression, print_varlist
    from engine.postest.assumptions import Concern, Finding
    from engine.postest.figures import FitFigures, fit_figures, likelihood_ratio
    from engine.render.delimited import save_csv
    from engine.render.html import render_html
    from engine.render.markup import latex_table, markdown_table
    from engine.render.places import FigurePlace, TablePlace, figures_in, places
    from engine.render.table_files import TABLE_FILES, save_table
    from engine.render.table_forms import clipboard_forms
    from engine.results.estimates import Estimates, MixedEstimates
    from engine.session.diagnostics import (
        GroupTable,
        fit_levels,
        missing_graphs,
        prepare_findings,
        prepare_graph,
        prepare_groups,
    )
    from engine.session.tryout import Tryout, try_expression
    from engine.spec.mixed import (
        CovarianceKind,
        DisplayOptions,
        Maximization,
        Method,
        Metric,
        MixedReplay,
        MixedSpec,
        RandomEquation,
        Residuals,
    )
    from engine.spec.mixed_declaration import MIXED
    from engine.spec.mixed_printer import print_mixed
    from engine.spec.problems import disabled, disabled_choices, in_force, problems_of
    from engine.spec.rules import NEEDS_TIME
    from engine.spec.suboptions import ORDERED
    from engine.tables.explain import Explanation, explain_cell, explain_figure, facts_of
    from engine.tables.meaning import Meaning, find_cell, of_command
    from engine.tables.reading_words import Facts

_LATE = {
    "engine.data.profile": ("Grouping", "Profile", "grouping_of", "profile_of"),
    "engine.data.foreign.preview": ("FilePreview",),
    "engine.frame.nesting": ("NestingReport", "PairFinding"),
    "engine.frame.preview": ("PreviewColumn", "TermsPreview"),
    "engine.frame.resolve": ("resolve_names",),
    "engine.frame.sample": ("select",),
    "engine.frame.terms": ("Term", "terms_of"),
    "engine.graphs.axes": ("Axis", "Key", "Legend", "Panel", "Tick"),
    "engine.graphs.graphspec": ("GraphSpec", "Layer", "LayerStyle", "Mark"),
    "engine.graphs.look": ("Dash", "Look", "Symbol"),
    "engine.graphs.ticks": ("decades", "tick_texts"),
    "engine.lang.function_help": ("FUNCTION_HELP", "FunctionHelp"),
    "engine.lang.printer": ("print_command", "print_expression", "print_varlist"),
    "engine.render.delimited": ("save_csv",),
    "engine.render.html": ("render_html",),
    "engine.render.markup": ("latex_table", "markdown_table"),
    "engine.render.table_files": ("TABLE_FILES", "save_table"),
    "engine.render.places": ("FigurePlace", "TablePlace", "figures_in", "places"),
    "engine.render.table_forms": ("clipboard_forms",),
    "engine.tables.explain": ("Explanation", "explain_cell", "explain_figure", "facts_of"),
    "engine.tables.meaning": ("Meaning", "find_cell", "of_command"),
    "engine.tables.reading_words": ("Facts",),
    "engine.results.estimates": ("Estimates", "MixedEstimates"),
    "engine.inference.nested": ("surely_nested",),
    "engine.postest.figures": ("FitFigures", "fit_figures", "likelihood_ratio"),
    "engine.postest.assumptions": ("Concern", "Finding"),
    "engine.session.diagnostics": (
        "GroupTable",
        "fit_levels",
        "missing_graphs",
        "prepare_findings",
        "prepare_graph",
        "prepare_groups",
    ),
    "engine.session.tryout": ("Tryout", "try_expression"),
    "engine.spec.mixed": (
        "CovarianceKind",
        "DisplayOptions",
        "Maximization",
        "Method",
        "Metric",
        "MixedReplay",
        "MixedSpec",
        "RandomEquation",
        "Residuals",
    ),
    "engine.spec.mixed_declaration": ("MIXED",),
    "engine.spec.mixed_printer": ("print_mixed",),
    "engine.spec.mixed_reader": ("read_mixed",),
    "engine.spec.problems": ("disabled", "disabled_choices", "in_force", "problems_of"),
    "engine.spec.rules": ("NEEDS_TIME",),
    "engine.spec.suboptions": ("ORDERED",),
}
"""Modules behind the door that are loaded with the first use of one of their names."""

_HOME = {name: module for module, names in _LATE.items() for name in names}


if not TYPE_CHECKING:  # a type checker reads the imports above instead

    def __getattr__(name: str) -> object:
        if name == "graph_appearance":
            return import_module("engine.graphs.appearance")
        if name not in _HOME:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(_HOME[name]), name)
        globals()[name] = value
        return value


def declarations() -> tuple[CommandDecl, ...]:
    """Return the declarations of all commands."""
    return registry.declarations()


def find_command(word: str) -> CommandDecl | None:
    """Return the command that a word stands for, exactly or abbreviated."""
    return registry.find(word)


def command_from_text(text: str) -> Command:
    """Read one command of any kind into its tree (StataError when it cannot be read)."""
    return parse_command(text, registry.find)


def mixed_spec_from_text(text: str) -> MixedSpec | MixedReplay:
    """Read a ``mixed`` command (StataError when it is not one)."""
    from engine.spec.mixed_reader import read_mixed

    command = parse_command(text, registry.find)
    if command.decl.name != "mixed":
        raise StataError(198, f"{command.word} is not a mixed command")
    return read_mixed(command)


def examine_nesting(
    dataset: Dataset,
    levels: Sequence[str],
    spec: MixedSpec | None = None,
    *,
    anew: Collection[tuple[str, str]] = (),
) -> NestingReport:
    """Compare the levels listed (outermost first) with the data, on the rows that ``if``/``in`` of `spec` select.

    `anew` are (outer, inner) levels of which the inner one is known to be numbered anew in each group of the outer one.
    """
    from engine.frame.nesting import examine
    from engine.frame.sample import select

    mask = select(dataset, spec.if_ if spec else None, spec.in_ if spec else None)
    return examine(dataset, tuple(levels), mask, anew=anew)


def preview_terms(text: str, dataset: Dataset, condition: str = "") -> TermsPreview:
    """Return the columns that a list of variables stands for on the rows that fulfil `condition`."""
    from engine.frame.preview import preview_terms as preview
    from engine.frame.sample import select

    mask = select(dataset, parse_expression(condition) if condition.strip() else None, None)
    return preview(parse_varlist(text), dataset, mask)


def data_problem(spec: MixedSpec, dataset: Dataset) -> Problem | None:
    """Return why residual structure, weights or clusters of `spec` do not go with the data, None when they do."""
    from engine.frame.datacheck import data_problem as find

    return find(spec, dataset)


def needs_data_check(spec: MixedSpec) -> bool:
    """Tell whether `spec` has parts that the data can rule out: residual structure, weights, clusters, a condition."""
    from engine.frame.datacheck import needs_data_check as needs

    return needs(spec)


def preview_import(text: str, *, rows: int = 100) -> FilePreview:
    """Return the first rows that an ``import delimited`` or ``import excel`` command would read (StataError as it)."""
    from engine.commands.files.import_preview import preview_import as preview

    return preview(text, rows=rows)


def save_figure(
    graph: GraphSpec, path: str | Path, *, width_mm: float | None = None, dpi: int = 300, dark: bool = False
) -> None:
    """Draw a graph into a PNG, SVG, PDF or TIFF file (by its ending); loads the drawing library on first use."""
    from engine.render.figure import save_figure as save

    save(graph, path, width_mm=width_mm, dpi=dpi, dark=dark)


def save_figures(graphs: Sequence[GraphSpec], path: str | Path, *, columns: int) -> None:
    """Draw graphs side by side into one file, as `save_figure` draws one (StataError when there is none)."""
    from engine.graphs.axes import Grid
    from engine.graphs.combined import combined

    if not graphs:
        raise StataError(198, "there is no graph to save")
    if len(graphs) == 1:
        save_figure(graphs[0], path)
        return
    grid = Grid(columns=columns, common_x=False, common_y=False)
    save_figure(combined(graphs, grid, scale=None, common=(False, False), command=""), path)


def command_words() -> Mapping[str, str]:
    """Return command name -> one-line help, for completion."""
    return {declaration.name: declaration.title for declaration in declarations()}


__all__ = [
    "FUNCTION_HELP",
    "MIXED",
    "NEEDS_TIME",
    "ORDERED",
    "TABLE_FILES",
    "Axis",
    "Block",
    "Break",
    "ByRule",
    "CancelToken",
    "Cell",
    "Checks",
    "Choice",
    "Column",
    "Command",
    "CommandDecl",
    "Concern",
    "CovarianceKind",
    "Dash",
    "DataRow",
    "DataTable",
    "Dataset",
    "DisplayOptions",
    "Document",
    "Ended",
    "ErrorReport",
    "Estimates",
    "Event",
    "EventSink",
    "Example",
    "Explanation",
    "Facts",
    "Figure",
    "FigurePlace",
    "FilePreview",
    "Finding",
    "FitFigures",
    "FunctionHelp",
    "GraphSpec",
    "GroupTable",
    "Grouping",
    "Header",
    "HistoryEntry",
    "Iteration",
    "Key",
    "Layer",
    "LayerStyle",
    "Legend",
    "Lines",
    "LogText",
    "Look",
    "Mark",
    "Matrix",
    "Maximization",
    "Meaning",
    "Method",
    "Metric",
    "MixedEstimates",
    "MixedReplay",
    "MixedSpec",
    "NestingReport",
    "OptionDecl",
    "OptionKind",
    "OptionUse",
    "Outcome",
    "PairFinding",
    "Panel",
    "Part",
    "Phrase",
    "Picks",
    "PieceDecl",
    "PieceKind",
    "Prefix",
    "PreviewColumn",
    "Printed",
    "Problem",
    "Profile",
    "Progress",
    "RandomEquation",
    "Residuals",
    "Role",
    "Row",
    "RowKind",
    "Scope",
    "Session",
    "Settings",
    "Span",
    "Started",
    "StataError",
    "Statement",
    "Stored",
    "SubcommandDecl",
    "Symbol",
    "Table",
    "TablePlace",
    "Term",
    "TermsPreview",
    "Tick",
    "Trust",
    "Tryout",
    "ValueLabel",
    "VarList",
    "Variable",
    "VarlistRule",
    "Verdict",
    "Weight",
    "WindowRequest",
    "clipboard_forms",
    "command_from_text",
    "command_words",
    "data_problem",
    "decades",
    "declarations",
    "disabled",
    "disabled_choices",
    "dofile_path",
    "dofile_text",
    "examine_nesting",
    "examples",
    "explain_cell",
    "explain_figure",
    "facts_of",
    "figures_in",
    "file_kind",
    "find_cell",
    "find_command",
    "fit_figures",
    "fit_levels",
    "format_value",
    "graph_appearance",
    "grouping_of",
    "highlight",
    "in_force",
    "is_missing",
    "latex_table",
    "likelihood_ratio",
    "listed",
    "markdown_table",
    "missing_graphs",
    "missing_text",
    "missing_value",
    "mixed_spec_from_text",
    "needs_data_check",
    "of_command",
    "option_form",
    "parse_expression",
    "parse_varlist",
    "places",
    "prepare_findings",
    "prepare_graph",
    "prepare_groups",
    "preview_import",
    "preview_terms",
    "print_command",
    "print_expression",
    "print_mixed",
    "print_varlist",
    "problems_of",
    "profile_of",
    "prompts_for",
    "read_dofile",
    "render_block",
    "render_html",
    "render_text",
    "resolve_names",
    "row_order",
    "save_csv",
    "save_figure",
    "save_figures",
    "save_table",
    "select",
    "shown_numbers",
    "statements",
    "surely_nested",
    "syntax_line",
    "terms_of",
    "tick_texts",
    "try_expression",
    "use_decimal_comma",
]
