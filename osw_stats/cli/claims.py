"""`osw claims`: verdicts on a ledger, the arithmetic of one claim, recording; `osw claims scan`: numbers in a text."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from osw_stats.cli import COMMANDS
from osw_stats.errors import InputError
from osw_stats.kept.disk import write
from osw_stats.project import editions, find_root

if TYPE_CHECKING:
    import pandas as pd

    from osw_stats.data.edition import Tables
    from osw_stats.wording.scan import Statement
    from osw_stats.wording.scan.coverage import Coverage

Row = dict[str, Any]
_COLUMNS: list[str] = COMMANDS["claims scan"]["columns"]
# most megabytes of a file, and characters read unless --limit is given
_LARGEST, _AT_ONCE = 20, 2_000_000


def claims(args: argparse.Namespace) -> int:
    """Print the verdict on every claim, or scan a text; status 1 if one changed although no input did."""
    if args.action == "scan":
        return scan(args)
    from osw_stats import load
    from osw_stats.claims.summary import explain
    from osw_stats.data.ledger import VERDICTS, read_other_ledger, verdicts_path
    from osw_stats.text.tables import csv_text

    if args.ledger is not None and args.record:
        raise InputError("--record is for the ledger of the project", "Leave out --ledger or --record.")
    root = find_root()
    years = editions(root)
    latest = max((y for y in years if verdicts_path(root, y).is_file()), default=years[-1])
    tables = load(args.edition or latest)
    unread: list[InputError] = []  # errors in rows of another ledger that cannot be read
    if args.ledger is not None:
        ledger, unused = read_other_ledger(args.ledger, unread)
        if unused:
            print(f"osw: {args.ledger}: these columns are not used: {', '.join(unused)}", file=sys.stderr)
        result = tables.verdicts(ledger, unread)
    elif tables.ledger.empty:
        note = f"Edition {tables.edition.year} has no report to check: none came out since the edition before"
        print(f"{note}, until {tables.edition.as_of}.")
        return 0
    else:
        result = tables.claims()
    if args.explain:
        print(explain(result, tables.observations, args.explain, tables.places))
        return 0
    for error in unread:
        print(f"osw: {error}", file=sys.stderr)
    if unread and result.empty:
        return 1
    _print(result, args.format)
    refused = result.loc[result["reason"] == "no_evidence", "id"].tolist()
    if refused:
        problem = f"a formula of literals alone is no evidence; refused: {', '.join(refused)}"
        print(f"osw: {problem}. Point at observations, other claims or counted places.", file=sys.stderr)
    if args.record:
        path = verdicts_path(root, tables.edition.year)
        write(path, csv_text(result[VERDICTS]).encode())
        print(f"wrote {path.relative_to(root)}", file=sys.stderr)
    unexplained = args.ledger is None and not args.record and _differs(tables, result)
    failed = args.fail_on in set(result["verdict"])
    return int(bool(refused) or bool(unread) or unexplained or failed)


def _print(result: pd.DataFrame, form: str) -> None:
    from osw_stats.claims.summary import summary
    from osw_stats.text.tables import csv_text

    shown = result[COMMANDS["claims"]["columns"]]
    if form == "json":
        print(shown.to_json(orient="records", force_ascii=False, indent=1, double_precision=12))
    elif form == "csv":
        print(csv_text(shown), end="")
    else:
        print(shown.to_string(index=False, na_rep="-", float_format=lambda v: f"{v:,.6g}"))
        table = summary(result).drop(columns=["chapter", "claims"]).sum()
        labels = COMMANDS["claims"]["not_said"]
        print("\n" + "\n".join(f"{n:4d} {labels.get(verdict, verdict)}" for verdict, n in table.items()))


def _differs(tables: Tables, result: pd.DataFrame) -> bool:
    """Print the verdicts that differ from those recorded; return whether one changed without a changed input."""
    from osw_stats.claims.summary import changes
    from osw_stats.data.ledger import load_verdicts
    from osw_stats.meaning.observations import records

    moved = changes(result, load_verdicts(tables.root, tables.edition.year))
    for row in records(moved):
        why = "no input changed, so the computation did. Find out why before you record it"
        if row["explained"]:
            why = "an input changed as well; record it with `osw claims --record`"
        states = f"the verdict is now {row['verdict'] or 'gone'}, recorded is {row['recorded'] or 'nothing'}"
        print(f"osw: claim {row['id']}: {states}: {why}.", file=sys.stderr)
    return bool(len(moved) and (~moved["explained"]).any())


def scan(args: argparse.Namespace) -> int:
    """Print the numeric statements of one document."""
    from osw_stats.data.ledger import HEADER, PLACE
    from osw_stats.data.rows import read_columns
    from osw_stats.wording.scan import language_of
    from osw_stats.wording.scan import scan as find
    from osw_stats.wording.scan.coverage import cover, paragraphs_of

    related = args.check or args.against is not None
    if related and args.format == "csv" and not args.ledger:
        problem = "--format csv lists the rows of a ledger whose figures --check or --against relates"
        raise InputError(problem, "Name one with --ledger, or choose --format json.")
    claims, columns = [], ("id", "paragraph", "text")
    for path in args.ledger:
        claims += read_columns(path, str(path), columns)
    used = {row["id"] for row in claims}
    claims = [row for row in claims if row["text"]]  # the text does not print the others
    others, path = [], args.non_claims
    if path is not None:
        rows = read_columns(path, str(path), ("paragraph", "text", "kind", "reason"))
        others = [row | {"id": f"{path.name}, row {row['row']}"} for row in rows]
    text = _text(args)
    language = language_of(text, "nl") if args.language == "auto" else args.language
    statements, paragraphs = list(find(text, language=language)), paragraphs_of(text)
    ledger = cover(text, statements, claims, paragraphs)
    if related:
        return _check(args, text, statements, language, ledger)
    listed = cover(text, statements, others, paragraphs)
    # generated while they are printed: a long text has very many
    statement_rows = (
        vars(s) | {"paragraph": paragraphs.at(s.start), "ledger": list(ids), "non_claim": bool(listed_as)}
        for s, ids, listed_as in zip(statements, ledger.ids, listed.ids, strict=True)
    )
    if args.propose:
        from osw_stats.claims.relations import relations
        from osw_stats.cli.checked import proposals

        proposed = proposals(statement_rows, text, relations(text, statements), used)
        _csv([*HEADER, *PLACE], proposed)
    elif args.format == "csv":
        _csv(_COLUMNS, (row | {"ledger": " ".join(row["ledger"])} for row in statement_rows))
    else:
        sys.stdout.writelines(_json(statement_rows) if args.format == "json" else _table(statement_rows))
    for name in ledger.missing:
        print(f"osw: ledger row {name}: its words are not in the text", file=sys.stderr)
    for name in ledger.elsewhere:
        print(f"osw: ledger row {name}: its words stand in another paragraph than it names", file=sys.stderr)
    if listed.missing:
        lost = f"{len(listed.missing)} of {len(others)} non-claims are not in the text"
        print(f"osw: {lost}, the first {listed.missing[0]}", file=sys.stderr)
    return 0


def _text(args: argparse.Namespace) -> str:
    """Return the text of the document, or the beginning of a long one; assumptions are printed to stderr."""
    from osw_stats.data.plain_text import read_document

    document = read_document(args.file, limit=args.limit or _LARGEST)
    if document.note:
        print(f"osw: {args.file}: {document.note}", file=sys.stderr)
    text = document.text
    if args.limit is None and len(text) > _AT_ONCE:
        # cut between two words if possible
        gap = max(text.rfind(gap, _AT_ONCE // 2, _AT_ONCE) for gap in " \n")
        part = text[: gap + 1] or text[:_AT_ONCE]
        reached = f"line {part.count(chr(10)) + 1}, {len(part):,} of {len(text):,} characters"
        print(f"osw: {args.file}: read to {reached}; --limit {_LARGEST} reads all", file=sys.stderr)
        return part
    return text


def _check(
    args: argparse.Namespace, text: str, statements: list[Statement], language: str, ledger: Coverage
) -> int:
    """Print the relations between the figures of a text; status 1 if --fail-on selects one of their verdicts."""
    from osw_stats import load
    from osw_stats.claims.against import against
    from osw_stats.claims.relations import relations, unaided
    from osw_stats.cli.checked import printed

    figures = None if args.against is None else load(args.against).vintages
    if figures is None or args.check:
        results = relations(text, statements, figures)
    else:
        results = list(against(text, statements, figures))
    if args.format == "csv":
        _csv(("id", "relation", "verdict"), unaided(results, statements, ledger))
    else:
        sys.stdout.writelines(printed(results, text, str(args.file), args.format, language))
    return int(args.fail_on in {relation.verdict for relation in results})


def _json(rows: Iterable[Row]) -> Iterator[str]:
    between = "[\n"
    for row in rows:
        yield between + json.dumps({c: row[c] for c in _COLUMNS}, ensure_ascii=False)
        between = ",\n"
    yield "[]\n" if between == "[\n" else "\n]\n"


def _table(rows: Iterable[Row]) -> Iterator[str]:
    yield f"{'line':>6} {'paragraph':12}{'kind':9} {'ledger':10} statement\n"
    counts: Counter[str] = Counter()
    for row in rows:
        counts["all"] += 1
        counts["claims"] += row["is_claim"]
        counts["held"] += row["is_claim"] and bool(row["ledger"])
        counts["listed"] += row["non_claim"]
        state = " ".join(row["ledger"]) or ("listed" if row["non_claim"] else "-" if row["is_claim"] else "")
        unit = f"  {row['unit']}" if row["unit"] else ""
        bounds = "" if row["lower"] is None else f"  {row['lower']:,.6g} to {row['upper']:,.6g}"
        place = f"{row['line']:6} {row['paragraph'][:11]:12}"
        yield f"{place}{row['kind']:9} {state:10} {' '.join(row['text'].split())}{bounds}{unit}\n"
    claims, covered = counts["claims"], counts["held"]
    yield f"\n{counts['all']} numeric statements: {claims} claims ({covered} in a ledger, {claims - covered} not), "
    yield f"{counts['all'] - claims} others; {counts['listed']} listed as no claim\n"


def _csv(columns: Sequence[str], rows: Iterable[Row]) -> None:
    writer = csv.DictWriter(sys.stdout, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
