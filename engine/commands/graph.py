"""``graph export``: save the current graph as a picture."""

from __future__ import annotations

import re
from pathlib import Path

from engine.commands.base import Context, Effects
from engine.commands.file_names import read_file_name
from engine.errors import StataError
from engine.graphs.graphspec import GraphSpec
from engine.lang.command import Command, OptionUse, Part
from engine.lang.declaration import Choice, CommandDecl, OptionDecl, OptionKind, VarlistRule

_FORMATS = {"png": "PNG", "svg": "SVG", "pdf": "PDF"}
_MM = {"mm": 1.0, "cm": 10.0, "in": 25.4, "pt": 25.4 / 72}
_WIDTH = re.compile(r"(?P<number>[0-9]+(?:\.[0-9]+)?|\.[0-9]+)\s*(?P<unit>px|mm|cm|in|pt)?")
_DEFAULT_WIDTH_MM = 175.0
_DEFAULT_DPI = 300
_PIXELS = (80, 20_000)
_MILLIMETRES = (20.0, 2_000.0)

DECLARATION = CommandDecl(
    name="graph",
    minimum=2,
    title="Save the graph",
    help="graph export FILE saves the graph drawn last as .png, .svg or .pdf, by the ending of the name.",
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
            choices=tuple(Choice(word, len(word), label) for word, label in _FORMATS.items()),
            page="model",
        ),
        OptionDecl(
            name="width",
            minimum=5,
            kind=OptionKind.TEXT,
            label="Width",
            help="Width with its unit (px, mm, cm, in or pt); without one, pixels for .png and inches for .svg and "
            ".pdf. Left out, 175 mm.",
            page="model",
        ),
        OptionDecl(
            name="dpi",
            minimum=3,
            kind=OptionKind.INTEGER,
            label="Pixels per inch",
            help="Resolution of a .png whose width is not given in pixels.",
            default=_DEFAULT_DPI,
            low=50,
            high=1200,
            page="model",
        ),
    ),
    examples=("graph export residuals.png, replace", "graph export figure1.pdf, width(85mm)"),
)


def run(command: Command, context: Context) -> Effects:
    """Write the file and say so."""
    part = command.main
    subcommand, _, rest = part.body.strip().partition(" ")
    if len(subcommand) < 3 or not "export".startswith(subcommand):
        what = f"graph {subcommand}" if subcommand else "graph alone"
        raise StataError(198, f"{what} is not available; graph export FILE saves the graph drawn last", part.body_span)
    target, form = _target(rest.strip(), part)
    if context.graph is None:
        raise StataError(693, "there is no graph yet; draw one first, for example with scatter or qnorm")
    if target.exists() and not part.has("replace"):
        raise StataError(602, f"file {target} already exists; add the option replace to overwrite it", part.body_span)
    if not target.absolute().parent.is_dir():
        raise StataError(603, f"file {target} could not be opened: there is no folder {target.parent}", part.body_span)
    _save(context.graph, target, form, part)
    context.say(f"file {target} saved as {_FORMATS[form]} format")
    return Effects()


def _target(text: str, part: Part) -> tuple[Path, str]:
    """Return the file and its format; an `as()` format is added to a name that does not end in it."""
    path = Path(read_file_name(text, part.body_span)).expanduser()
    use = part.option("as")
    ending = path.suffix[1:].lower()
    if use is not None and use.argument:
        if ending != use.argument:
            path = path.with_name(f"{path.name}.{use.argument}")
        return path, use.argument
    if ending not in _FORMATS:
        told = f".{ending} is none of them" if ending else f"{path.name} has no ending"
        raise StataError(198, f"graphs are saved as .png, .svg or .pdf; {told}", part.body_span)
    return path, ending


def _save(graph: GraphSpec, target: Path, form: str, part: Part) -> None:
    from engine.render.figure import save_figure

    use, resolution = part.option("width"), part.option("dpi")
    dpi = float(resolution.argument) if resolution and resolution.argument else float(_DEFAULT_DPI)
    width_mm = _DEFAULT_WIDTH_MM
    if use is not None:
        number, unit = _width(use, form)
        if unit == "px":
            dpi = number / (_DEFAULT_WIDTH_MM / 25.4)
        else:
            width_mm = number * _MM[unit]
    save_figure(graph, target, width_mm=width_mm, dpi=dpi)


def _width(use: OptionUse, form: str) -> tuple[float, str]:
    """Return the number and the unit of ``width()``; r(198) for what is no width or none that makes sense."""
    match = _WIDTH.fullmatch((use.argument or "").strip())
    if match is None:
        raise StataError(
            198, "option width() incorrectly specified: write a number and px, mm, cm, in or pt", use.argument_span
        )
    number, unit = float(match["number"]), match["unit"] or ("px" if form == "png" else "in")
    if unit == "px" and form != "png":
        raise StataError(198, f"width() in pixels is for .png; a .{form} takes mm, cm, in or pt", use.argument_span)
    low, high = _PIXELS if unit == "px" else _MILLIMETRES
    size = number if unit == "px" else number * _MM[unit]
    if not low <= size <= high:
        limits = f"{low:g} and {high:g} {'px' if unit == 'px' else 'mm'}"
        raise StataError(198, f"width() must be between {limits}", use.argument_span)
    return number, unit
