"""Why a figure is not shown, in the words readers see: one set for tables, charts and the codes in downloads."""

from __future__ import annotations

from typing import Any

from osw_stats.report.gaps import REASONS

WORDS = {
    "primary": {"nl": "niet getoond: te klein", "en": "not shown: too small"},
    "complementary": {
        "nl": "niet getoond: een klein getal zou eruit volgen",
        "en": "not shown: a small number would follow from it",
    },
    "confidential": {
        "nl": "niet getoond: te klein, of een klein getal zou eruit volgen",
        "en": "not shown: too small, or a small number would follow from it",
    },
    "withheld": REASONS["withheld"],
}


def why_not_shown(row: dict[str, Any], language: str) -> str:
    """Return why a figure is left out, in words; nothing where it is shown.

    Examples
    --------
    >>> why_not_shown({"suppression_reason": "primary"}, "en"), why_not_shown({"suppression_reason": ""}, "en")
    ('not shown: too small', '')
    """
    code = str(row["suppression_reason"])
    return WORDS[code][language] if code in WORDS else ""
