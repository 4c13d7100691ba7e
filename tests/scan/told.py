"""What the scan tells of a text, in a form that fits on a line of a table."""

from osw_stats.vocabulary.scan import scan


def kinds(text, language="nl"):
    """Return kind and words of every statement."""
    return [(s.kind, s.text) for s in scan(text, language=language)]


def figures(text, language="nl"):
    """Return what every claim says: kind, words, rule, limits, unit."""
    return [
        (s.kind, s.text, s.rule, round(s.lower, 4), round(s.upper, 4), s.unit)
        for s in scan(text, language=language)
        if s.is_claim
    ]
