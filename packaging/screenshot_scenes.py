"""Open every window in one scheme at one size of text and take its picture: FOLDER light|dark FACTOR."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QDeadlineTimer, QEvent, QEventLoop, QSettings, Qt
from PySide6.QtWidgets import QApplication, QToolButton, QWidget

LONGEST_MS = 180_000
SETTLING_ROUNDS = 20
GROUPS_MS = 500
MODEL = "mixed mathach ses sector || id: ses, cov(un)"
GRAPH = "scatter mathach ses in 1/800, msize(small) || lfit mathach ses in 1/800"


class Photographer:
    """Saves pictures of widgets under a name, a scheme and a size."""

    def __init__(self, folder: Path, scheme: str, factor: float) -> None:
        self.folder = folder
        self.factor = factor
        self.ending = f"{scheme}_{round(100 * factor)}"

    def take(self, name: str, widget: QWidget) -> None:
        """Save how a widget looks once it is laid out."""
        for _ in range(SETTLING_ROUNDS):  # tables and cards take their heights one after the other
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            QApplication.processEvents()
        picture = widget.grab()
        if not picture.save(str(self.folder / f"{name}_{self.ending}.png")):
            sys.exit(f"{self.folder} cannot be written to")


def wait_until(met: Callable[[], bool]) -> None:
    """Let the window live until something is so."""
    left = QDeadlineTimer(LONGEST_MS)
    while not met():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 50)
        if left.hasExpired():
            sys.exit("a window was not ready in time for its picture")


def main(folder: Path, scheme: str, factor: float) -> None:
    """Take all pictures of one scheme at one size."""
    from mixedgui.app import build
    from mixedgui.theme import ThemeChoice

    app = QApplication(["mixedgui"])
    font = app.font()
    font.setPointSizeF(font.pointSizeF() * factor)
    app.setFont(font)
    _, window = build(["mixedgui"])
    window.choose_theme(ThemeChoice[scheme.upper()])
    window.resize(round(1440 * factor), round(900 * factor))
    window.layout_.reset()
    window.show()
    camera = Photographer(folder, scheme, factor)
    main_window(window, camera)
    dialogs(window, camera)
    data_windows(window, camera)
    other_windows(window, camera)
    window.session.data = type(window.session.data)()  # nothing to save, so nothing is asked
    window.close()


def run(window, *commands: str) -> None:
    """Run commands one after the other."""
    for command in commands:
        window.run_command(command)
    wait_until(lambda: not window.busy)


def main_window(window, camera: Photographer) -> None:
    """The start page, and results both ways."""
    from mixedgui.widgets.thumbnail_view import ThumbnailView

    wait_until(lambda: all(view.picture is not None for view in window.findChildren(ThumbnailView)))
    camera.take("start_page", window)
    run(window, "use hsb", "summarize mathach ses sector", "mixed mathach ses || id:", MODEL)
    camera.take("results_as_text", window)
    window.results.show_tables()
    camera.take("results_as_tables", window)
    window.results.show_text()


def dialogs(window, camera: Photographer) -> None:
    """Each tab of the model dialog, and two dialogs after the fit."""
    dialog = window.open_dialog("mixed")
    dialog.state.load_command(MODEL)
    groups = QDeadlineTimer(GROUPS_MS)
    wait_until(groups.hasExpired)  # counted on another thread, which does not say when
    for page in range(dialog.tabs.count()):
        dialog.tabs.setCurrentIndex(page)
        camera.take(f"dialog_{page + 1}_{dialog.tabs.widget(page).objectName() or page}", dialog)
    dialog.close()
    for name in ("predict", "margins", "test", "lrtest"):
        dialog = window.open_dialog(name)
        camera.take(f"dialog_{name}", dialog)
        dialog.close()


def data_windows(window, camera: Photographer) -> None:
    """The Data Editor and the Variables Manager."""
    run(window, "edit")
    editor = window.data_windows.editor
    editor.resize(round(1100 * camera.factor), round(720 * camera.factor))
    camera.take("data_editor", editor)
    run(window, "varmanage")
    camera.take("variables_manager", editor)
    editor.close()


def other_windows(window, camera: Photographer) -> None:
    """Graphs, the dashboard and what stands beside the main window."""
    from mixedgui.plots.graph_window import GraphWindow

    run(window, GRAPH)
    graph = window.findChildren(GraphWindow)[-1]
    camera.take("graph", graph)
    graph.findChild(QToolButton, "graph_edit").click()
    camera.take("graph_edited", graph)
    graph.close()
    dashboard = window._menus.dashboard.show_dashboard()
    dashboard.resize(round(1440 * camera.factor), round(900 * camera.factor))
    for place in range(dashboard.pages.bar.count()):
        dashboard.pages.open(place)
        QApplication.processEvents()
        wait_until(lambda: bool(dashboard.assumptions.cards))
        wait_until(lambda: all(tile.view is not None for tile in dashboard.pages.in_front()))
        camera.take(f"dashboard_{place + 1}", dashboard)
    dashboard.close()
    satellites = window.satellites
    camera.take("preferences", satellites.preferences())
    satellites.put_into_dofile(f"use hsb\n{MODEL}\n")
    camera.take("dofile_editor", satellites.dofile_editor())
    satellites.postest()
    camera.take("postestimation", satellites._postest)
    tour = satellites.take_tour()
    camera.take("tour", window)
    tour.close_tour()


if __name__ == "__main__":
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    with tempfile.TemporaryDirectory() as settings:
        QSettings.setDefaultFormat(QSettings.Format.IniFormat)
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, settings)
        main(Path(sys.argv[1]), sys.argv[2], float(sys.argv[3]))
