"""Find all numeric statements of a text, with place, kind and interval."""

from osw_stats.wording.scan.statements import CLAIMS, KINDS, Statement, scan
from osw_stats.wording.scan.words import language_of

__all__ = ["CLAIMS", "KINDS", "Statement", "language_of", "scan"]
