"""The commands there are: their declarations by name and abbreviation, and what runs them."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from engine.commands.base import Run
from engine.errors import StataError
from engine.lang.abbrev import matches
from engine.lang.declaration import CommandDecl

MODULES = (
    "estimation.mixed",
    "files.use",
    "files.webuse",
    "files.import_",
    "files.export_",
    "files.insheet",
    "files.save",
    "summaries.describe",
    "summaries.list_",
    "summaries.summarize",
    "data.clear",
    "data.keep_drop",
    "summaries.count",
    "data.generate",
    "data.sort",
    "data.rename",
    "data.label",
    "data.format_",
    "postestimation.predict",
    "postestimation.dfbeta",
    "estimation.regress",
    "estimation.anova",
    "estimation.xtreg",
    "postestimation.hausman",
    "postestimation.estat_vif",
    "postestimation.estat",
    "postestimation.estimates",
    "postestimation.estimates_show",
    "postestimation.estimates_file",
    "postestimation.lrtest",
    "postestimation.test_",
    "postestimation.lincom",
    "postestimation.nlcom",
    "postestimation.margins",
    "postestimation.contrast",
    "graphs.marginsplot",
    "graphs.distribution",
    "graphs.lowess",
    "graphs.twoway",
    "graphs.rvfplot",
    "graphs.histogram",
    "graphs.diagplot",
    "graphs.kdensity",
    "graphs.graph",
    "graphs.graph_box",
    "graphs.graph_bar",
    "graphs.graph_matrix",
    "graphs.graph_combine",
    "graphs.graph_export",
    "graphs.graph_files",
    "graphs.ladder_plots",
    "estimation.constraint",
    "programming.set_",
    "programming.do",
    "data.egen",
    "data.recode",
    "data.encode",
    "data.arrange",
    "programming.stored_lists",
    "programming.matrix_",
    "programming.matrix_list",
    "programming.matrix_data",
    "programming.program_",
    "programming.tokens_",
    "programming.small",
    "summaries.ci",
    "data.pieces_of_text",
    "data.rows_made",
    "data.missing_codes",
    "data.compress",
    "data.recast",
    "data.xtile",
    "summaries.tabstat",
    "summaries.tab_several",
    "programming.system_values",
    "programming.version_",
    "summaries.tabulate",
    "summaries.correlate",
    "programming.log_",
    "summaries.misstable",
    "programming.local_",
    "programming.display",
    "programming.scalar",
    "data.undo",
    "data.browse",
    "data.notes",
    "programming.window_",
    "data.merge",
    "data.append",
    "data.reshape",
    "data.collapse",
    "data.duplicates",
    "summaries.inspect_",
    "summaries.codebook",
    "summaries.table_",
    "data.xtset",
    "summaries.xtdescribe",
    "data.center",
    "summaries.ladder",
    "programming.cmdlog",
    "programming.help_",
    "programming.checks",
    "summaries.levelsof",
    "files.folders",
    "resampling.bootstrap",
    "resampling.statsby",
)
"""Modules below this package that declare commands: `DECLARATION` with `run`, or `COMMANDS`, pairs of both."""


@cache
def _entries() -> dict[str, tuple[CommandDecl, Run]]:
    entries: dict[str, tuple[CommandDecl, Run]] = {}
    for name in MODULES:
        module = import_module(f"engine.commands.{name}")
        pairs: tuple[tuple[CommandDecl, Run], ...] = getattr(module, "COMMANDS", ())
        for declaration, run in pairs or ((module.DECLARATION, module.run),):
            entries[declaration.name] = (declaration, run)
    return entries


@cache
def find(word: str) -> CommandDecl | None:
    """Return the command that `word` stands for, exactly or by a permitted abbreviation, or None.

    A command with two words (``graph box``) is asked for by the full first one; its `minimum` is that of the second.
    """
    entries = _entries()
    if word in entries:
        return entries[word][0]
    first, _, second = word.partition(" ")
    for declaration, _ in entries.values():
        family, _, own = declaration.name.partition(" ")
        if own or second:
            if own and family == first and matches(second, own, declaration.minimum):
                return declaration
            continue
        for name, minimum in ((declaration.name, declaration.minimum), *declaration.synonyms):
            if matches(word, name, minimum):
                return declaration
    return None


def names() -> tuple[str, ...]:
    """Return the full names of all commands."""
    return tuple(_entries())


def declarations() -> tuple[CommandDecl, ...]:
    """Return the declarations of all commands."""
    return tuple(declaration for declaration, _ in _entries().values())


def runner(name: str) -> Run:
    """Return what runs the command of this full name; StataError r(199) when there is none."""
    try:
        return _entries()[name][1]
    except KeyError:
        raise StataError(199, f"command {name} is unrecognized") from None
