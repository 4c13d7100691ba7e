"""Find every numeric statement of a text: where it stands, what it is, what it leaves open."""

from osw_stats.wording.scan.statements import CLAIMS, KINDS, Statement, scan
from osw_stats.wording.scan.words import language_of

__all__ = ["CLAIMS", "KINDS", "Statement", "language_of", "scan"]
