"""The commands there are: their declarations by name and abbreviation, and what runs them."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from engine.commands.base import Run
from engine.errors import StataError
from engine.lang.abbrev import matches
from engine.lang.declaration import CommandDecl

MODULES = (
    "mixed",
    "use",
    "webuse",
    "import_",
    "export_",
    "insheet",
    "save",
    "describe",
    "list_",
    "summarize",
    "clear",
    "keep_drop",
    "count",
    "generate",
    "sort",
    "rename",
    "label",
    "format_",
    "predict",
    "dfbeta",
    "regress",
    "anova",
    "xtreg",
    "hausman",
    "estat_vif",
    "estat",
    "estimates",
    "estimates_show",
    "estimates_file",
    "lrtest",
    "test_",
    "lincom",
    "nlcom",
    "margins",
    "contrast",
    "marginsplot",
    "distribution",
    "lowess",
    "twoway",
    "rvfplot",
    "histogram",
    "diagplot",
    "kdensity",
    "graph",
    "graph_box",
    "graph_bar",
    "graph_matrix",
    "graph_combine",
    "graph_export",
    "graph_files",
    "ladder_plots",
    "constraint",
    "set_",
    "do",
    "egen",
    "recode",
    "encode",
    "arrange",
    "stored_lists",
    "matrix_",
    "matrix_list",
    "matrix_data",
    "program_",
    "tokens_",
    "small",
    "ci",
    "pieces_of_text",
    "rows_made",
    "missing_codes",
    "compress",
    "recast",
    "xtile",
    "tabstat",
    "tab_several",
    "system_values",
    "version_",
    "tabulate",
    "correlate",
    "log_",
    "misstable",
    "local_",
    "display",
    "scalar",
    "undo",
    "browse",
    "notes",
    "window_",
    "merge",
    "append",
    "reshape",
    "collapse",
    "duplicates",
    "inspect_",
    "codebook",
    "table_",
    "xtset",
    "xtdescribe",
    "center",
    "ladder",
    "cmdlog",
    "help_",
    "checks",
    "levelsof",
    "folders",
    "bootstrap",
    "statsby",
)
"""Modules of this package that declare commands: `DECLARATION` with `run`, or `COMMANDS`, pairs of both."""


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
