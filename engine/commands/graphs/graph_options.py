"""Options that graph commands share: titles, axes, lines, legend, scheme, name, panels, and the look of marks."""

from __future__ import annotations

from dataclasses import replace

from engine.lang.declaration import OptionDecl, OptionKind

_TITLE = (
    'Text in quotes; several quoted texts are several lines. A size() may follow a comma: title("Pigs", size(large)).'
)


def _text(name: str, minimum: int, label: str, help_: str, *, bare: bool = False) -> OptionDecl:
    return OptionDecl(
        name=name, minimum=minimum, kind=OptionKind.TEXT, label=label, help=help_, page="model", bare=bare
    )


def _of_axis(name: str, minimum: int, label: str, help_: str) -> OptionDecl:
    """Return an option of the y axis, which may be given once more for the axis at the right."""
    return OptionDecl(
        name=name, minimum=minimum, kind=OptionKind.TEXT, label=label, help=help_, page="model", repeatable=True
    )


def _lines(name: str, label: str, help_: str) -> OptionDecl:
    return OptionDecl(
        name=name, minimum=5, kind=OptionKind.TEXT, label=label, help=help_, page="model", repeatable=True
    )


def _on(page: str, *declared: OptionDecl) -> tuple[OptionDecl, ...]:
    """Return options on a page of their own in dialogs."""
    return tuple(replace(each, page=page) for each in declared)


TITLES = _on(
    "titles",
    _text("title", 3, "Title", _TITLE),
    _text("subtitle", 5, "Subtitle", "Text of the second line."),
    _text("note", 4, "Note", "Text below the plot."),
    _text("caption", 3, "Caption", "Text below the note."),
    _text("xtitle", 3, "Title of the x axis", "Text along the horizontal axis; empty for none."),
    _of_axis(
        "ytitle",
        3,
        "Title of the y axis",
        "Text along the vertical axis; empty for none. axis(2) after a comma: along the axis at the right.",
    ),
)

YLINE = _lines("yline", "Horizontal lines at", "Draws horizontal reference lines at these values.")
XLINE = _lines("xline", "Vertical lines at", "Draws vertical reference lines at these values.")

_LABELS = (
    "Places of the labels: a list of numbers such as 0(10)50, about so many as in #5, minmax, none, or numbers with "
    'texts as in 1 "low" 2 "high". After a comma: angle(), format(), grid, nogrid, valuelabel, labsize().'
)
_SECOND = " axis(2): of the axis at the right, which yaxis(2) of a plot makes."
_SCALE = "log, reverse, off, and range() for values that the axis has to reach."

AXES = _on(
    "axes",
    _text("xlabel", 4, "Labels of the x axis", _LABELS),
    _of_axis("ylabel", 4, "Labels of the y axis", _LABELS + _SECOND),
    _text("xtick", 3, "Ticks of the x axis", "Places of further ticks without labels."),
    _of_axis("ytick", 3, "Ticks of the y axis", "Places of further ticks without labels." + _SECOND),
    _text("xscale", 3, "Scale of the x axis", _SCALE),
    _of_axis("yscale", 3, "Scale of the y axis", _SCALE + _SECOND),
    YLINE,
    XLINE,
)

NAME = _text("name", 4, "Name of the graph", "Keeps the graph under a name; replace after a comma takes one in use.")

WHOLE = _on(
    "overall",
    _text(
        "legend",
        3,
        "Legend",
        'on, off, order(), label(1 "text"), cols(), rows(), position(), ring() and title().',
    ),
    _text("scheme", 6, "Scheme", "Colours and ground of the graph: stcolor, s2color, s1mono, journal, slides …"),
    NAME,
    OptionDecl(
        name="nodraw",
        minimum=5,
        label="Do not show it now",
        help="Keeps the graph, for graph combine or graph display, without showing it.",
        page="model",
    ),
    _text("saving", 6, "Save as", "File in which the graph is kept; replace after a comma overwrites it."),
    _text("aspectratio", 6, "Height over width", "Height of the plot over its width."),
    _text("scale", 5, "Size of text", "Factor on the size of all text, such as 1.2."),
    _text("fontface", 5, "Font", "Family of the text, in quotes."),
)

GRAPH_OPTIONS = (*TITLES, *AXES, *WHOLE)

BY = _text(
    "by",
    2,
    "One panel for each value of",
    "Variables, and after a comma total, missing, cols(), rows(), xrescale, yrescale, rescale, note() and title().",
)

MARKERS = (
    _text("msymbol", 2, "Marker", "Symbol of each series: O D T S + X, o d t s smaller, Oh hollow, p a dot, i none."),
    _text(
        "mcolor", 2, "Colour of markers", 'Colour of each series: a name, "0 114 178" or #0072B2; %50 is half opaque.'
    ),
    _text("msize", 4, "Size of markers", "Size of each series: tiny, small, medium, large, huge … or a factor."),
    OptionDecl(
        name="mlabel",
        minimum=4,
        kind=OptionKind.VARIABLES,
        label="Labels of the points",
        help="Variable whose values are written beside the points, one for each series.",
        page="model",
    ),
    _text(
        "mlabposition", 4, "Side of the labels", "Side on which labels of points stand, by the hour; 0 is on the point."
    ),
)

LINES = (
    _text("lcolor", 2, "Colour of lines", 'Colour of each series: a name, "0 114 178" or #0072B2; %50 is half opaque.'),
    _text(
        "lpattern", 2, "Pattern of lines", "Pattern of each series: solid, dash, dot, dash_dot, shortdash, longdash."
    ),
    _text("lwidth", 2, "Width of lines", "Width of each series: thin, medium, thick … or a factor."),
)

JITTER = (
    OptionDecl(
        name="jitter",
        minimum=6,
        kind=OptionKind.REAL,
        label="Move points at random",
        help="Moves points by up to this percentage of the ranges of the axes, so that equal ones do not hide each "
        "other; pointing at one still tells its exact values.",
        low=0,
        high=100,
        page="model",
    ),
    OptionDecl(
        name="jitterseed",
        minimum=10,
        kind=OptionKind.INTEGER,
        label="Seed of these random moves",
        help="Another number moves the points to other places.",
        low=0,
        high=2**31 - 1,
        page="model",
    ),
)

YAXIS = OptionDecl(
    name="yaxis",
    minimum=2,
    kind=OptionKind.INTEGER,
    label="y axis of the plot",
    help="1 measures the plot on the axis at the left, 2 on an axis of its own at the right.",
    low=1,
    high=2,
    page="model",
)

XAXIS = OptionDecl(
    name="xaxis",
    minimum=2,
    kind=OptionKind.TEXT,
    label="x axis of the plot",
    help="Not available: the plots of a graph share one x axis.",
    refused="option xaxis not allowed: the plots of a graph share one x axis; yaxis(2) gives one its own y axis",
    page="model",
)

CONNECT = (
    _text(
        "connect", 1, "Connect points", "How points are joined: l straight, L straight while x rises, J stairs, i not."
    ),
    OptionDecl(
        name="sort",
        minimum=4,
        kind=OptionKind.VARIABLES,
        bare=True,
        label="Sort before connecting",
        help="Joins the points in the order of x, or of these variables, instead of the order of the data.",
        page="model",
    ),
    OptionDecl(
        name="cmissing",
        minimum=4,
        kind=OptionKind.TEXT,
        label="Lines across missing values",
        help="y joins the points on both sides of a missing value, n leaves a gap.",
        page="model",
    ),
)

AREAS = (
    _text("color", 3, "Colour", "Colour of outline and inside."),
    _text("fcolor", 2, "Colour inside", "Colour of the inside."),
    LINES[0],
    LINES[2],
)
