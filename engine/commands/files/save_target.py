"""Where a command writes a file: the name it is given, and what may stand there."""

from __future__ import annotations

from pathlib import Path

from engine.commands.base import Context
from engine.commands.files.file_names import read_file_name
from engine.errors import Span, StataError
from engine.lang.declaration import OptionDecl

REPLACE = OptionDecl(
    name="replace",
    minimum=7,
    label="Overwrite the file",
    help="Overwrite the file when it exists.",
    page="model",
)


def target_path(typed: str, ending: str, span: Span | None, *, replacing: bool, context: Context) -> tuple[Path, str]:
    """Return the path to write to and the name to show for it.

    Raises
    ------
    StataError
        198 for an address, 602 when the file exists and `replacing` is False, 603 for a folder or an example.
    """
    from engine.data.files import exists, local_path
    from engine.data.sources import is_address, is_bundled

    name = read_file_name(typed, span)
    name = name if Path(name).suffix else name + ending
    if is_address(name):
        raise StataError(198, f"{name}: data can be saved to a file, not to an address", span)
    path = local_path(name)
    if is_bundled(str(path)):
        raise StataError(603, "the examples that come with the program are not overwritten; give another name", span)
    if exists(path) and path.is_dir():
        raise StataError(603, f"{name} is a folder, not a file", span)
    if exists(path) and not replacing:
        raise StataError(602, f"file {name} already exists", span)
    if replacing and not exists(path):
        context.say(f"(file {name} not found)")
    return path, name
