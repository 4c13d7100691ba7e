"""How a page says that a figure is not there."""

from __future__ import annotations

KIND = "unpublished"
WHOLE_PAGE = "*"  # the page has nothing to report
