"""``graph export``: a graph as a picture."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from engine.commands.base import Context, Effects
from engine.data.files import local_path
from engine.errors import StataError
from engine.lang.command import Command, OptionUse, Part
from engine.lang.declaration import Choice, CommandDecl, OptionDecl, OptionKind, VarlistRule

_FORMATS = {"png": "PNG", "svg": "SVG", "pdf": "PDF", "tif": "TIFF"}
_ENDINGS = {**{word: word for word in _FORMATS}, "tiff": "tif"}
_PIXEL_FORMATS = frozenset({"png", "tif"})
_MM = {"mm": 1.0, "cm": 10.0, "in": 25.4, "pt": 25.4 / 72}
_LENGTH = re.compile(r"(?P<number>[0-9]+(?:\.[0-9]+)?|\.[0-9]+)\s*(?P<unit>px|mm|cm|in|pt)?")
_DEFAULT_DPI = 300
_PIXELS = (80, 20_000)
_MILLIMETRES = (20.0, 2_000.0)

_LENGTH_HELP = (
    "with its unit (px, mm, cm, in or pt); without one, pixels for .png and .tif and inches for .svg and .pdf."
)

DECLARATION = CommandDecl(
    name="graph export",
    minimum=3,
    title="Save the graph as a picture",
    help="graph export FILE saves the graph drawn last as .png, .svg, .pdf or .tif, by the ending of the name.",
    varlist=VarlistRule.TEXT,
    options=(
        OptionDecl(
            name="replace",
            minimum=3,
            label="Replace an existing file",
            help="Overwrites the file when there is one of that name.",
            page="model",
        ),
        OptionDecl(
            name="as",
            minimum=2,
            kind=OptionKind.CHOICE,
            label="Format",
            help="The format, where the name of the file does not tell it.",
            choices=tuple(Choice(word, 3, label) for word, label in _FORMATS.items()),
            page="model",
        ),
        OptionDecl(
            name="name",
            minimum=2,
            kind=OptionKind.NAME,
            label="Name of the graph",
            help="The graph to save, where it is not the one drawn last.",
            page="model",
        ),
        OptionDecl(
            name="width",
            minimum=5,
            kind=OptionKind.TEXT,
            label="Width",
            help=f"Width {_LENGTH_HELP} Left out, that of the scheme, 175 mm.",
            page="model",
        ),
        OptionDecl(
            name="height",
            minimum=6,
            kind=OptionKind.TEXT,
            label="Height",
            help=f"Height {_LENGTH_HELP} Left out, in proportion to the width.",
            page="model",
        ),
        OptionDecl(
            name="dpi",
            minimum=3,
            kind=OptionKind.INTEGER,
            label="Pixels per inch",
            help="Resolution of a .png or .tif whose size is not given in pixels.",
            default=_DEFAULT_DPI,
            low=50,
            high=1200,
            page="model",
        ),
        OptionDecl(
            name="dark",
            minimum=4,
            label="On a dark ground",
            help="Light marks on a dark ground, for slides.",
            page="model",
        ),
    ),
    examples=("graph export residuals.png, replace", "graph export figure1.pdf, width(85mm)"),
)


class _Size(NamedTuple):
    """Physical size in millimetres (None where it is not said) and pixels per inch."""

    width: float | None
    height: float | None
    dpi: float


def run(command: Command, context: Context) -> Effects:
    """Write the file and say so."""
    from engine.commands.graphs.graph_files import graph_named
    from engine.graphs.appearance import scheme_of
    from engine.render.figure import save_figure

    part = command.main
    target, form = _target(part)
    named = part.option("name")
    graph = graph_named(named.argument or "" if named is not None else "", context)
    if target.exists() and not part.has("replace"):
        raise StataError(602, f"file {target} already exists; add the option replace to overwrite it", part.body_span)
    if not target.absolute().parent.is_dir():
        raise StataError(603, f"file {target} could not be opened: there is no folder {target.parent}", part.body_span)
    size = _size(part, form, scheme_of(graph).width_mm)
    save_figure(
        graph,
        target,
        width_mm=size.width,
        height_mm=size.height,
        dpi=size.dpi,
        dark=part.has("dark"),
    )
    context.say(f"file {target} saved as {_FORMATS[form]} format")
    return Effects()


def _target(part: Part) -> tuple[Path, str]:
    """Return the file and its format; an `as()` format is added to a name that does not end in it."""
    from engine.commands.files.file_names import read_file_name
    from engine.lang.options import find_choice

    path = local_path(read_file_name(part.body, part.body_span))
    use = part.option("as")
    ending = path.suffix[1:].lower()
    if use is not None and use.argument:
        form = find_choice(use.decl, use.argument) or use.argument
        if _ENDINGS.get(ending) != form:
            path = path.with_name(f"{path.name}.{form}")
        return path, form
    if ending not in _ENDINGS:
        told = f".{ending} is none of them" if ending else f"{path.name} has no ending"
        raise StataError(198, f"graphs are saved as .png, .svg, .pdf or .tif; {told}", part.body_span)
    return path, _ENDINGS[ending]


def _size(part: Part, form: str, usual_mm: float) -> _Size:
    """Return the size asked for; one in pixels leaves the physical size and changes the resolution."""
    resolution = part.option("dpi")
    dpi = float(resolution.argument) if resolution and resolution.argument else float(_DEFAULT_DPI)
    across, up = (_length(part.option(name), form) for name in ("width", "height"))
    width_mm: float | None = None
    height_mm: float | None = None
    if across is not None and across[1] == "px":
        dpi = across[0] / (usual_mm / 25.4)
        width_mm = usual_mm
    elif across is not None:
        width_mm = across[0] * _MM[across[1]]
    if up is not None and up[1] == "px":
        height_mm = up[0] / dpi * 25.4
    elif up is not None:
        height_mm = up[0] * _MM[up[1]]
    return _Size(width_mm, height_mm, dpi)


def _length(use: OptionUse | None, form: str) -> tuple[float, str] | None:
    """Return number and unit of a length; r(198) for what is no length or none that makes sense."""
    if use is None:
        return None
    name = use.decl.name
    match = _LENGTH.fullmatch((use.argument or "").strip())
    if match is None:
        raise StataError(
            198, f"option {name}() incorrectly specified: write a number and px, mm, cm, in or pt", use.argument_span
        )
    pixels = form in _PIXEL_FORMATS
    number, unit = float(match["number"]), match["unit"] or ("px" if pixels else "in")
    if unit == "px" and not pixels:
        message = f"{name}() in pixels is for .png and .tif; a .{form} takes mm, cm, in or pt"
        raise StataError(198, message, use.argument_span)
    low, high = _PIXELS if unit == "px" else _MILLIMETRES
    size = number if unit == "px" else number * _MM[unit]
    if not low <= size <= high:
        limits = f"{low:g} and {high:g} {'px' if unit == 'px' else 'mm'}"
        raise StataError(198, f"{name}() must be between {limits}", use.argument_span)
    return number, unit
