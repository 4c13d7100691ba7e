"""What a page says of vintages: which one its figures are, how many were revised, and which was not public yet."""

from __future__ import annotations

from datetime import date

from osw_stats.errors import NotPublishedError
from osw_stats.report.edition import Tables
from osw_stats.report.language import day
from osw_stats.vocabulary.series import series

TEXT = {
    "nl": "Nog niet gepubliceerd, voor zover wij zien: *{what}*. Van dit cijfer is niet zeker dat het op {as_of} "
    "openbaar was.",
    "en": "Not yet published, as far as we can see: *{what}*. It is not certain that this figure was public on "
    "{as_of}.",
}  # fmt: skip


def vintage_line(tables: Tables, revised: int, language: str) -> str:
    """Say which vintage the figures of a page are, and where dates and hashes of all files stand."""
    as_of = day(tables.edition.as_of, language)
    count = (
        {"nl": f"zijn er {revised}", "en": f"{revised} were"}
        if revised
        else {"nl": "is er geen", "en": "none was"}
    )
    text = {
        "nl": f"Dit zijn de cijfers zoals ze openbaar waren op {as_of}. Van de cijfers op deze pagina "
        f"{count['nl']} herzien. Datum en controlegetal (hash) van elk bestand staan bij [de gegevens](data.qmd).",
        "en": f"These are the figures as they were public on {as_of}. Of the figures on this page {count['en']} "
        "revised. Date and checksum (hash) of every file stand with [the data](data.qmd).",
    }
    return text[language]


def text_of(error: NotPublishedError, as_of: date, language: str) -> str:
    """Return which figure was not public on the as-of date, in words."""
    title = series(error.series_id).title[language]
    what = f"{title}, {error.period}" if error.period else title
    return TEXT[language].format(what=what, as_of=day(as_of, language))
