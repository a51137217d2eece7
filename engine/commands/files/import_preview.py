"""What an ``import`` command would read, without running it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.commands import registry
from engine.commands.files import import_delimited, import_excel
from engine.commands.files.file_names import read_file_name
from engine.errors import StataError
from engine.lang.command import Part
from engine.lang.parse_command import parse_command

if TYPE_CHECKING:
    from engine.data.foreign.preview import FilePreview


def preview_import(text: str, *, rows: int = 100) -> FilePreview:
    """Return the first rows and the variables that an ``import delimited`` or ``import excel`` command would give.

    Raises `StataError` as the command would, except that the data in memory do not matter.
    """
    from engine.data.file_kinds import kind_called
    from engine.data.foreign.preview import preview_delimited, preview_sheet
    from engine.data.foreign.readers import needing_library
    from engine.data.sources import find, is_address

    command = parse_command(text, registry.find)
    part = command.main
    kinds = {import_delimited.DECLARATION.name: ".csv", import_excel.DECLARATION.name: ".xlsx"}
    if command.decl.name not in kinds:
        raise StataError(198, f"there is no preview of {command.decl.name}")
    name = _file_name(part)
    if is_address(name):
        raise StataError(198, "a file on the web is shown once it has been read")
    path = find(name, ending=kinds[command.decl.name]).path
    with needing_library(kind_called(command.decl.name.split()[1])):
        if command.decl.name == import_excel.DECLARATION.name:
            return preview_sheet(path, import_excel.sheet_options(part), rows=rows)
        return preview_delimited(path, import_delimited.delimited_options(part), rows=rows)


def _file_name(part: Part) -> str:
    return read_file_name(part.body) if part.using is None else part.using
