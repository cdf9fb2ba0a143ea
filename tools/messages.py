"""``make messages``: collect the texts of pages and code into ``locale/<language>/``.

The texts in code are English. English is complete by itself; Bokmål and Nynorsk are translated by people
in the .po files, where new texts stand empty until then. A test fails while one is empty.
"""

from __future__ import annotations

import io
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from allting.kernel.text import LANGUAGES

SOURCE = Path(__file__).resolve().parent.parent / "src" / "allting"
METHODS = [("**/tests/**", "ignore"), ("**.py", "python"), ("**/templates/**.html", "jinja2")]
PLAIN = ("_", "gettext", "gettext_lazy")
KEYWORDS = dict.fromkeys(PLAIN) | {
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}


def collect() -> Catalog:
    """Every text in the source, with the file it stands in (no line numbers: they only make noise)."""
    catalog = Catalog(project="Allting", charset="utf-8")
    options = {"**/templates/**.html": {"trimmed": "true", "extensions": "jinja2.ext.do"}}
    found = extract_from_dir(SOURCE, METHODS, options, KEYWORDS, comment_tags=("Translators:",))
    for file, _line, message, comments, context in found:
        catalog.add(message, locations=[(file, None)], auto_comments=comments, context=context)
    return catalog


def path_of(language: str) -> Path:
    return SOURCE / "locale" / language / "LC_MESSAGES" / "django.po"


def current(language: str) -> Catalog:
    """The catalogue as it stands, or an empty one."""
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def updated(language: str, template: Catalog) -> Catalog:
    """The current catalogue with today's texts: old translations kept, dead ones gone, none guessed."""
    catalog = current(language)
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    if language == "en":
        for message in catalog:
            if message.id:
                message.string = message.id
    return catalog


def untranslated(catalog: Catalog) -> list[str]:
    """The texts that stand empty, or in part."""
    missing = []
    for message in catalog:
        strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        if message.id and not all(strings):
            missing.append(message.id if isinstance(message.id, str) else message.id[0])
    return missing


def write(language: str, catalog: Catalog) -> None:
    """Write the .po file sorted, with a short head that stays the same from day to day."""
    buffer = io.BytesIO()
    write_po(buffer, catalog, sort_output=True, omit_header=True, width=0)
    plural = catalog.plural_forms
    head = (
        f'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"MIME-Version: 1.0\\n"\n'
        f'"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {plural}\\n"\n\n'
    )
    path_of(language).parent.mkdir(parents=True, exist_ok=True)
    path_of(language).write_bytes(head.encode() + buffer.getvalue())


def main() -> None:
    template = collect()
    for language in LANGUAGES:
        catalog = updated(language, template)
        write(language, catalog)
        print(f"{language}: {len(catalog)} texts, {len(untranslated(catalog))} to translate")


if __name__ == "__main__":
    main()
