"""Which language the window speaks: a translation made with Qt's tools, from resources/i18n.

A file ``mixedgui_<language>.qm`` there (``de``, ``pt_BR``) is used where the system asks for that language, or where
the environment variable MIXEDGUI_LANGUAGE names it. `packaging/strings.py` writes what there is to translate. Commands,
what they print, and files stay in English whatever the language is.
"""

from __future__ import annotations

import os

from PySide6.QtCore import QCoreApplication, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from mixedgui.paths import resources
from mixedgui.state import translation


def install_language(app: QApplication) -> bool:
    """Load the first translation that the user wants and that is there; tell whether one was."""
    asked = os.environ.get("MIXEDGUI_LANGUAGE", "")
    wanted = [asked] if asked else [name.replace("-", "_") for name in QLocale.system().uiLanguages()]
    folder = resources() / "i18n"
    for name in wanted:
        if name == "en" or name.startswith("en_"):
            return False
        for candidate in (name, name.partition("_")[0]):
            path = folder / f"mixedgui_{candidate}.qm"
            if path.is_file():
                translator = QTranslator(app)
                return translator.load(str(path)) and use(app, translator)
    return False


def use(app: QApplication, translator: QTranslator) -> bool:
    """Speak the translator's language in what is shown from now on."""
    done = app.installTranslator(translator)
    translation.install(lambda context, text, count: QCoreApplication.translate(context, text, None, count))
    return done
