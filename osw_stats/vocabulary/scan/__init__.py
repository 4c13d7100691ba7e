"""Find every numeric statement of a text: where it stands, what it is, what it leaves open."""

from osw_stats.vocabulary.scan.languages import language_of
from osw_stats.vocabulary.scan.statements import CLAIMS, KINDS, Statement, scan

__all__ = ["CLAIMS", "KINDS", "Statement", "language_of", "scan"]
