"""Menu entries for the diagnostic graphs of the last fit; greyed with the reason when there is none."""

from __future__ import annotations

from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, SignalInstance
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from engine.api import Session
from mixedgui.plots.diagnostics import (
    Diagnostic,
    Effect,
    commands_for,
    drawable_effects,
    predictors,
    reason_against,
)
from mixedgui.state.translation import mark, tr

_ENTRIES = (
    (Diagnostic.RESIDUAL_QUANTILES, mark("Residuals of the last fit: &normal quantile plot")),
    (Diagnostic.RESIDUALS_FITTED, mark("Residuals of the last fit against &fitted values")),
    (Diagnostic.RESIDUALS_XB, mark("Residuals of the last fit against the fi&xed part")),
    (Diagnostic.RESIDUALS_PREDICTOR, mark("Residuals of the last fit against a &predictor")),
    (Diagnostic.EFFECT_QUANTILES, mark("&Random effects of the last fit: normal quantile plot")),
)
_WITH_CHOICE = frozenset({Diagnostic.RESIDUALS_PREDICTOR, Diagnostic.EFFECT_QUANTILES})


class Host(Protocol):
    """The main window, as far as these entries need it."""

    command_finished: SignalInstance

    @property
    def session(self) -> Session:
        """The session whose last fit is drawn."""

    def run_command(self, text: str) -> object:
        """Run commands as if typed."""


def add_diagnostics(menu: QMenu, window: Host) -> None:
    """Add the entries to `menu`."""
    menu.setToolTipsVisible(True)
    Diagnostics(menu, window)


class Diagnostics(QObject):
    """Keeps the entries in step with the session each time their menu opens."""

    def __init__(self, menu: QMenu, window: Host) -> None:
        super().__init__(menu)
        self._window = window
        self._actions: dict[Diagnostic, QAction] = {}
        self._menus: dict[Diagnostic, QMenu] = {}
        menu.addSeparator()
        for kind, text in _ENTRIES:
            if kind in _WITH_CHOICE:
                choices = menu.addMenu(tr(text))
                choices.setToolTipsVisible(True)
                self._menus[kind] = choices
                action = choices.menuAction()
            else:
                action = menu.addAction(tr(text))
                action.triggered.connect(partial(self._draw, kind))
            action.setObjectName(f"action_diagnostic_{kind.value}")
            self._actions[kind] = action
        menu.aboutToShow.connect(self.refresh)
        window.command_finished.connect(self.refresh)
        self.refresh()

    def refresh(self, *_: object) -> None:
        """Enable what the last fit allows, say why the rest is off, and list predictors and effects."""
        session = self._window.session
        for kind, action in self._actions.items():
            reason = reason_against(kind, session.mixed, session.data)
            action.setEnabled(not reason)
            text = tr("Not available now: {reason}").format(reason=reason) if reason else ""
            action.setToolTip(text)
            action.setStatusTip(text)
            action.setWhatsThis(text)
        self._list_choices(session)

    def _list_choices(self, session: Session) -> None:
        for choices in self._menus.values():
            choices.clear()
        if session.mixed is None:
            return
        for name in predictors(session.mixed, session.data):
            self._choice(Diagnostic.RESIDUALS_PREDICTOR, name, predictor=name)
        for effect in drawable_effects(session.mixed):
            self._choice(Diagnostic.EFFECT_QUANTILES, effect.label, effect=effect)

    def _choice(self, kind: Diagnostic, label: str, *, predictor: str = "", effect: Effect | None = None) -> None:
        action = self._menus[kind].addAction(label.replace("&", "&&"))
        action.triggered.connect(partial(self._draw, kind, predictor=predictor, effect=effect))

    def _draw(
        self, kind: Diagnostic, _checked: bool = False, *, predictor: str = "", effect: Effect | None = None
    ) -> None:
        """Run the commands; the first that fails stops the rest."""
        session = self._window.session
        if session.mixed is None:
            return
        commands = commands_for(kind, session.mixed, session.data, predictor=predictor, effect=effect)
        self._window.run_command("\n".join(commands))
