"""Our own sentences checked against the ledger: no page may repeat a claim that the ledger calls wrong."""

import csv
import io
import re
from pathlib import Path

from osw_stats.claims.verdicts import WRONG
from osw_stats.data.rows import read_rows
from osw_stats.errors import InputError, OswError
from osw_stats.text.words import word

NAME = "pages/restated.csv"
COLUMNS = ["claim", "language", "pattern"]
QUOTED = re.compile(r"“[^”]*”|„[^”]*”")
Row = dict[str, str]


def read(root: Path) -> list[tuple[Row, re.Pattern[str]]]:
    """Return the claims that pages may not repeat: claim, language, and a pattern of the words."""
    declared = []
    for line, row in read_rows(root / NAME, NAME, COLUMNS):
        try:
            declared.append((row, re.compile(row["pattern"], re.IGNORECASE)))
        except re.error as error:
            problem = InputError(f"is no pattern ({error})", "Write a regular expression.")
            raise problem.located(file=NAME, row=line, column="pattern", value=row["pattern"]) from None
    return declared


def repeated(
    text: str, claims: list[Row], declared: list[tuple[Row, re.Pattern[str]]], language: str
) -> list[tuple[str, str]]:
    """Return every claim called wrong that a text repeats in its own words, with those words."""
    # Quotations of a source are not our words, nor is a line that lists a claim with its verdict.
    wrong = {c["id"]: c for c in claims if c["verdict"] in WRONG}
    judged = [
        (_plain(claim[f"description_{language}"]), word("verdict", verdict, language).lower())
        for claim in wrong.values()
        for verdict in (claim["verdict"], "too_absolute")
    ]
    lines = [_plain(line) for line in text.splitlines()]
    ours = [line or "." for line in lines if not any(c in line and v in line.lower() for c, v in judged)]
    text = QUOTED.sub("…", " ".join(ours).replace("|", "."))
    return [
        (row["claim"], hit[0])
        for row, pattern in declared
        if row["language"] == language and row["claim"] in wrong
        for hit in pattern.finditer(text)
    ]


def require(staged: Path, language: str, root: Path, claims_result: str) -> None:
    """Check that no staged page repeats a claim that the ledger calls wrong; `claims_result` are its verdicts, as CSV or empty."""
    claims = list(csv.DictReader(io.StringIO(claims_result)))
    if not claims:
        return
    declared = read(root)
    known = {row["claim"] for row, _ in declared if row["language"] == language}
    for claim in claims:
        statement = claim["counted_as"] == "statement" and not claim["restates"]
        if claim["verdict"] in WRONG and statement and claim["id"] not in known:
            raise OswError(
                f"{NAME}: the ledger calls the claim {claim['id']} wrong, and no row says in which words a page "
                f"({language}) would repeat it. Add such a row, so that no page does."
            )
    for path in sorted([*staged.glob("*.qmd"), *staged.glob("_*.md")]):
        if path.name.startswith("sources-"):  # what each document prints, as printed
            continue
        for claim_id, words in repeated(path.read_text(encoding="utf-8"), claims, declared, language):
            raise OswError(
                f"pages ({language}): {path.name} says “{words}” as if it held, and the ledger calls that wrong "
                f"(claim {claim_id}). Say it as far as the figures go, or quote the source in “ ”."
            )


def _plain(text: str) -> str:
    """Return the words of Markdown on one line: no marks of emphasis, no escapes."""
    return " ".join(re.sub(r"\\(\W)", r"\1", text).replace("*", "").split())
