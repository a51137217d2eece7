"""Write what there is to translate: a Qt translation source (.ts) with every text that the window shows.

python3 packaging/strings.py [FILE.ts]      build/mixedgui.ts where no file is named

A translator copies the file to mixedgui_<language>.ts, sets its `language`, fills it in with Qt Linguist
(`pyside6-linguist`), and `pyside6-lrelease` makes resources/i18n/mixedgui_<language>.qm of it. Where FILE exists its
translations are kept, and those whose text has gone are dropped.

Texts are read from the source: `self.tr("…")` in the context of its class, `tr("…")` and `mark("…")` in the context
`mixedgui`, `counted(n, "…", "…")` as one text with plural forms. Labels and help of commands, explanations of
numbers and titles of examples, which the engine declares, and the rules and findings that it puts into words for
dialogs (`phrase("…")`), stand in the context `declarations`. Qt's own tool would find the first kind only. Results
and the errors of the language are not among them: they stay in English.
"""

import ast
import os
import sys
import xml.etree.ElementTree as ET

import environment

WORDS, DECLARATIONS = "mixedgui", "declarations"


class Text:
    """A text with the places it stands at."""

    def __init__(self, context, source, plural=False):
        self.context, self.source, self.plural = context, source, plural
        self.places = []


def all_texts():
    """Return every text to translate, by context and source."""
    found = {}

    def add(context, source, place=None, plural=False):
        text = found.setdefault((context, source), Text(context, source, plural))
        text.plural = text.plural or plural
        if place:
            text.places.append(place)

    for path in source_files():
        with open(path, encoding="utf-8") as file:
            tree = ast.parse(file.read())
        name = os.path.relpath(path, environment.ROOT).replace(os.sep, "/")
        for context, source, line, plural in marked(tree):
            add(context, source, (name, line), plural)
    for source in declared_texts():
        add(DECLARATIONS, source)
    return [found[key] for key in sorted(found)]


def source_files(package="mixedgui"):
    """Return the paths of the modules of the window, or of the engine."""
    for folder, _folders, names in os.walk(os.path.join(environment.ROOT, package)):
        for name in sorted(names):
            if name.endswith(".py"):
                yield os.path.join(folder, name)


def marked(tree):
    """Yield context, text, line and whether it has plural forms, of each text that a module marks."""
    contexts = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            for inner in ast.walk(node):
                contexts[inner] = node.name
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called, first = node.func, node.args[0]
        own = isinstance(called, ast.Attribute) and called.attr == "tr"
        name = called.id if isinstance(called, ast.Name) else ""
        if name == "counted" and len(node.args) > 2 and isinstance(node.args[2], ast.Constant):
            yield WORDS, node.args[2].value, node.lineno, True
        elif (own or name in ("tr", "mark")) and isinstance(first, ast.Constant) and isinstance(first.value, str):
            yield contexts.get(node, WORDS) if own else WORDS, first.value, node.lineno, False


def phrases():
    """Yield the patterns of the sentences that the engine makes for dialogs."""
    for path in source_files("engine"):
        with open(path, encoding="utf-8") as file:
            source = file.read()
        if "phrase(" not in source:
            continue
        for node in ast.walk(ast.parse(source)):
            made = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "phrase"
            if made and isinstance(node.args[0], ast.Constant):
                yield node.args[0].value


def declared_texts():
    """Return the labels and sentences of all commands, of what explains numbers, of rules, and of the examples."""
    from engine.api import declarations, examples
    from engine.spec.rules import OFF, OFF_CHOICES, RULES
    from engine.tables.explain import HEADINGS
    from engine.tables.meaning import FORMULA, meanings
    from engine.tables.reading_words import PIECES

    def of_options(options):
        for option in options:
            yield option.label
            yield option.help
            yield getattr(option, "refused", "")
            for choice in option.choices:
                yield choice.label
                yield choice.help
                yield choice.refused

    found = {FORMULA, *HEADINGS, *PIECES, *phrases()}
    found.update(rule.text for rule in (*RULES, *OFF, *OFF_CHOICES))
    for meaning in meanings():
        found.update(meaning.sentences)
    for example in examples():
        found.update([example.title, example.rows, example.description])
    for command in declarations():
        found.update([command.title, command.help, command.text_label, *command.menu])
        found.update(of_options(command.options))
        found.update(of_options(command.pieces))
        for word in command.subcommands:
            found.add(word.help)
            found.update(of_options(word.options))
    return sorted(text for text in found if text)


def tree_of(texts, kept=None):
    """Return the texts as a .ts tree; `kept` holds translations by context and source."""
    root = ET.Element("TS", version="2.1", sourcelanguage="en")
    groups = {}
    for text in texts:
        if text.context not in groups:
            groups[text.context] = ET.SubElement(root, "context")
            ET.SubElement(groups[text.context], "name").text = text.context
        message = ET.SubElement(groups[text.context], "message")
        for path, line in text.places:
            ET.SubElement(message, "location", filename=path, line=str(line))
        ET.SubElement(message, "source").text = text.source
        forms = (kept or {}).get((text.context, text.source), [])
        translation = ET.SubElement(message, "translation")
        if text.plural:
            message.set("numerus", "yes")
            for form in forms or ["", ""]:
                ET.SubElement(translation, "numerusform").text = form
        elif forms:
            translation.text = forms[0]
        if not any(forms):
            translation.set("type", "unfinished")
    ET.indent(root)
    return ET.ElementTree(root)


def translations_in(path):
    """Return the translations of a .ts file, by context and source."""
    kept = {}
    for context in ET.parse(path).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            forms = [form.text or "" for form in translation.iter("numerusform")] or [translation.text or ""]
            if any(forms):
                kept[context.findtext("name"), message.findtext("source")] = forms
    return kept


def write(texts, path, kept=None):
    """Write the texts as a .ts file."""
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    with open(path, "wb") as file:
        file.write(b'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n')
        tree_of(texts, kept).write(file, encoding="utf-8")


def main():
    """Write the file; where another Python runs than the program's own, hand over to that one."""
    python = environment.prepare()
    if os.path.realpath(python) != os.path.realpath(sys.executable) and "MIXEDGUI_STRINGS" not in os.environ:
        import subprocess

        settings = dict(os.environ, PYTHONPATH=environment.ROOT, MIXEDGUI_STRINGS="1")
        return subprocess.call([python, os.path.abspath(__file__), *sys.argv[1:]], env=settings)
    sys.path.insert(0, environment.ROOT)
    path = sys.argv[1] if len(sys.argv) > 1 else os.path.join(environment.ROOT, "build", "mixedgui.ts")
    kept = translations_in(path) if os.path.exists(path) else None
    texts = all_texts()
    write(texts, path, kept)
    print("%d texts in %s" % (len(texts), path))
    return 0


if __name__ == "__main__":
    sys.exit(main())
