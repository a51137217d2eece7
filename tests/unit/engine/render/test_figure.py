"""Exported figures: valid files of the stated size, text as text, fonts embedded, the same bytes every time."""

from __future__ import annotations

import re
import struct
import xml.etree.ElementTree as ET
import zlib

import numpy as np
import pytest
from matplotlib.colors import to_rgba

from engine.errors import StataError
from engine.graphs import appearance
from engine.graphs.graphspec import GraphSpec, Layer, LayerStyle, Mark
from engine.graphs.histogram import choose_bins, histogram_graph
from engine.graphs.lowess import smoothed_layers
from engine.graphs.marks import SeriesLook
from engine.graphs.qq import normal_quantiles
from engine.graphs.series import Series, Units
from engine.graphs.smoother import smooth
from engine.render.figure import draw, save_figure

RNG = np.random.default_rng(8)
VALUES = RNG.normal(size=150)


def quantiles(title="Residuals of the $x$ model"):
    return normal_quantiles(Series(title, VALUES), Units(np.arange(150)), command="qnorm r")


def smoothed(n=150):
    x = RNG.normal(size=n)
    layers = smoothed_layers(x + 1, x, np.arange(n), smooth(x + 1, x), look=SeriesLook())
    return GraphSpec(kind="lowess", title="Lowess smoother", x_title="x", y_title="y", layers=tuple(layers))


def bars():
    return histogram_graph(Series("Size", VALUES), Units(np.arange(150)), bins=choose_bins(VALUES))


def png(path):
    """Return width, height, pixels per metre and the RGB(A) pixels of a PNG, read from its chunks."""
    data = path.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    place, chunks = 8, {}
    while place < len(data):
        (length,) = struct.unpack(">I", data[place : place + 4])
        name = data[place + 4 : place + 8].decode()
        chunks[name] = chunks.get(name, b"") + data[place + 8 : place + 8 + length]
        place += 12 + length
    width, height = struct.unpack(">II", chunks["IHDR"][:8])
    return width, height, struct.unpack(">IIB", chunks["pHYs"]), chunks


@pytest.mark.parametrize(("width_mm", "dpi"), [(85, 300), (175, 150)])
def test_a_png_has_the_stated_width_and_resolution(tmp_path, width_mm, dpi):
    save_figure(quantiles(), tmp_path / "q.png", width_mm=width_mm, dpi=dpi)
    width, height, (x_density, y_density, unit), _ = png(tmp_path / "q.png")
    assert abs(width - width_mm / 25.4 * dpi) <= 1
    assert height > width / 2
    assert unit == 1  # per metre
    assert x_density == y_density == pytest.approx(dpi / 0.0254, abs=1)


def test_the_points_of_a_png_are_where_the_numbers_say(tmp_path):
    x, y = np.array([0.0, 10.0]), np.array([0.0, 10.0])
    graph = GraphSpec(kind="scatter", title="", x_title="x", y_title="y", layers=(Layer(mark=Mark.POINT, x=x, y=y),))
    figure = draw(graph, width_mm=85, dark=False)
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure.set_dpi(200)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())[..., :3].astype(int)
    (axes,) = figure.axes
    for px, py in axes.transData.transform(np.column_stack([x, y])):
        red, _, blue = pixels[round(pixels.shape[0] - py), round(px)]
        assert blue > red + 50  # the first colour of the series is a blue
    empty = axes.transData.transform((0.0, 10.0))
    assert pixels[round(pixels.shape[0] - empty[1]), round(empty[0])].tolist() == [255, 255, 255]


def test_an_svg_holds_its_text_as_text(tmp_path):
    save_figure(quantiles(), tmp_path / "q.svg")
    root = ET.parse(tmp_path / "q.svg").getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    texts = {"".join(node.itertext()).strip() for node in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {"Normal quantile plot", "Inverse Normal", "Residuals of the $x$ model", "150 observations"} <= texts
    assert root.get("width").startswith("496.06")  # 175 mm in points


def test_a_pdf_embeds_its_fonts(tmp_path):
    save_figure(quantiles(), tmp_path / "q.pdf", width_mm=85)
    data = (tmp_path / "q.pdf").read_bytes()
    assert data.startswith(b"%PDF-")
    assert data.rstrip().endswith(b"%%EOF")
    plain = data + b"".join(_inflated(data))
    fonts = set(re.findall(rb"/FontName /(\S+)", plain))
    assert fonts
    assert plain.count(b"/FontFile2") >= len(fonts)
    assert b"/Subtype /Type3" not in plain
    assert b"/MediaBox [ 0 0 240.9" in plain  # 85 mm in points


def _inflated(data):
    for match in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL):
        try:
            yield zlib.decompress(match.group(1))
        except zlib.error:
            continue


@pytest.mark.parametrize("ending", [".png", ".svg", ".pdf"])
def test_equal_graphs_are_equal_files(tmp_path, ending):
    graph = smoothed()
    for name in ("a", "b"):
        save_figure(graph, tmp_path / f"{name}{ending}", dpi=100)
    assert (tmp_path / f"a{ending}").read_bytes() == (tmp_path / f"b{ending}").read_bytes()


def test_a_users_own_matplotlib_settings_change_nothing(tmp_path):
    import matplotlib

    graph = quantiles()
    save_figure(graph, tmp_path / "a.png", dpi=100)
    with matplotlib.rc_context({"axes.facecolor": "red", "font.size": 30, "lines.linewidth": 9, "savefig.dpi": 40}):
        save_figure(graph, tmp_path / "b.png", dpi=100)
        assert matplotlib.rcParams["font.size"] == 30
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_what_is_drawn_are_the_arrays_of_the_description():
    graph = smoothed()
    (axes,) = draw(graph, width_mm=85, dark=False).axes
    points, line = axes.lines
    np.testing.assert_array_equal(points.get_xdata(), graph.layers[0].x)
    np.testing.assert_array_equal(points.get_ydata(), graph.layers[0].y)
    np.testing.assert_array_equal(line.get_xdata(), graph.layers[1].x)
    np.testing.assert_array_equal(line.get_ydata(), graph.layers[1].y)


def test_bars_have_the_centres_widths_and_heights_of_the_description():
    graph = bars()
    (axes,) = draw(graph, width_mm=85, dark=False).axes
    drawn, layer = axes.patches, graph.layers[0]
    np.testing.assert_allclose([bar.get_x() + bar.get_width() / 2 for bar in drawn], layer.x)
    np.testing.assert_allclose([bar.get_height() for bar in drawn], layer.y)
    np.testing.assert_allclose([bar.get_width() for bar in drawn], layer.width)


def test_there_are_only_two_axes_lines_and_no_grid():
    (axes,) = draw(quantiles(), width_mm=85, dark=False).axes
    from engine.render.figure import _STYLE

    assert not _STYLE["axes.spines.top"]
    assert not _STYLE["axes.spines.right"]
    assert not any(line.get_visible() for line in axes.get_xgridlines())


def test_a_dark_figure_has_a_dark_ground_and_the_dark_series():
    figure = draw(smoothed(), width_mm=85, dark=True)
    assert figure.get_facecolor() == to_rgba(appearance.DARK.background)
    assert to_rgba(figure.axes[0].lines[0].get_color()) == to_rgba(appearance.DARK.series[0])


def test_series_differ_by_marker_as_well_as_by_colour():
    layers = tuple(
        Layer(mark=Mark.POINT, x=np.arange(3.0), y=np.arange(3.0) + k, group=name) for k, name in enumerate("abc")
    )
    graph = GraphSpec(kind="scatter", title="t", x_title="x", y_title="y", layers=layers)
    figure = draw(graph, width_mm=85, dark=False)
    (axes,) = figure.axes
    assert len({line.get_marker() for line in axes.lines}) == 3
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["a", "b", "c"]


def test_long_titles_stay_inside_the_canvas():
    long = " ".join(["a very long label indeed"] * 8)
    figure = draw(quantiles(long), width_mm=85, dark=False)
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    FigureCanvasAgg(figure).draw()
    box = figure.get_tightbbox()
    assert box.x0 >= -0.01
    assert box.y0 >= -0.01
    assert box.x1 <= figure.get_figwidth() + 0.01
    assert box.y1 <= figure.get_figheight() + 0.01


def test_letters_that_no_font_has_do_not_stop_the_export(tmp_path):
    save_figure(quantiles("成績 \U0001f600"), tmp_path / "q.png", width_mm=85, dpi=72)
    assert (tmp_path / "q.png").stat().st_size > 0


def test_more_points_than_can_be_told_apart_become_a_raster(tmp_path):
    n = appearance.RASTER_LIMIT + 1
    layer = Layer(mark=Mark.POINT, x=RNG.normal(size=n), y=RNG.normal(size=n))
    graph = GraphSpec(kind="scatter", title="t", x_title="x", y_title="y", layers=(layer,))
    (axes,) = draw(graph, width_mm=85, dark=False).axes
    assert len(axes.images) == 1
    assert not axes.lines
    save_figure(graph, tmp_path / "cloud.svg", width_mm=85, dpi=100)
    assert (tmp_path / "cloud.svg").stat().st_size < 500_000


def test_another_ending_is_refused(tmp_path):
    with pytest.raises(StataError, match=r"\.png, \.svg, \.pdf or \.tif") as caught:
        save_figure(quantiles(), tmp_path / "q.bmp")
    assert caught.value.rc == 198


def test_a_folder_that_is_not_there_is_a_plain_message(tmp_path):
    with pytest.raises(StataError, match="could not be opened") as caught:
        save_figure(quantiles(), tmp_path / "none" / "q.png", dpi=50)
    assert caught.value.rc == 603


def test_a_failed_save_leaves_the_old_file_alone(tmp_path, monkeypatch):
    target = tmp_path / "q.png"
    target.write_bytes(b"old")
    from matplotlib.backend_bases import FigureCanvasBase

    def fail(self, path, **_):
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FigureCanvasBase, "print_figure", fail)
    with pytest.raises(StataError, match="No space left"):
        save_figure(quantiles(), target)
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["q.png"]


def test_reference_lines_lie_under_the_points_and_smoothers_over_them():
    graph = quantiles()
    assert graph.layers[1].style is LayerStyle.REFERENCE
    (axes,) = draw(graph, width_mm=85, dark=False).axes
    points, reference = axes.lines
    assert reference.get_zorder() < points.get_zorder()
    points, line = draw(smoothed(), width_mm=85, dark=False).axes[0].lines
    assert line.get_zorder() > points.get_zorder()
