"""``save``: the data in memory to a file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from engine.commands.base import Context, Effects
from engine.commands.file_names import read_file_name
from engine.data.dta import write_dta
from engine.data.dta_write import timestamp_now
from engine.data.files import exists, local_path
from engine.data.sources import ENDING, is_address, is_bundled
from engine.errors import StataError
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, OptionDecl, VarlistRule

DECLARATION = CommandDecl(
    name="save",
    minimum=2,
    title="Save data",
    help="Writes the data in memory to a Stata data file (format 118).",
    menu=("File", "Save as..."),
    varlist=VarlistRule.TEXT,
    options=(
        OptionDecl(
            name="replace",
            minimum=7,
            label="Overwrite the file",
            help="Overwrite the file when it exists.",
            page="model",
        ),
    ),
    examples=("save mydata", "save mydata, replace"),
)


def run(command: Command, context: Context) -> Effects:
    """Write the file; r(602) when it exists and replace was not given, r(603) when it cannot be written."""
    part = command.main
    dataset = context.dataset
    if not dataset.variables:
        raise StataError(111, "no variables defined; there is nothing to save")
    name = read_file_name(part.body, part.body_span) if part.body else _own_name(dataset.path)
    name = name if Path(name).suffix else name + ENDING
    if is_address(name):
        raise StataError(198, f"{name}: data can be saved to a file, not to an address", part.body_span)
    path = local_path(name)
    if is_bundled(str(path)):
        raise StataError(603, "the examples that come with the program are not overwritten; give another name")
    if exists(path) and path.is_dir():
        raise StataError(603, f"{name} is a folder, not a file", part.body_span)
    replacing = part.has("replace")
    if exists(path) and not replacing:
        raise StataError(602, f"file {name} already exists", part.body_span)
    if replacing and not exists(path):
        context.say(f"(file {name} not found)")
    saved = replace(dataset, path=name, changed=False, timestamp=timestamp_now())
    write_dta(saved, path)
    context.say(f"file {name} saved")
    return Effects(dataset=saved)


def _own_name(path: str) -> str:
    """Return the name of the file the data came from, where that is one to save to."""
    if not path or is_address(path) or is_bundled(path):
        raise StataError(198, "save needs a file name: these data do not come from a file of yours")
    return path
