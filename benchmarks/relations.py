"""How many relations between figures `osw claims scan --check` finds, in the made-up sentences of tests/wording.

Run with `python benchmarks/relations.py`. A relation found is right when its name, verdict, reported and recomputed figure are
those worked out by hand; a planted error is found when an inconsistent relation is. Of a sentence with a place to fill, the
figure that fits must give the relation with the figure worked out, the other an inconsistent one. `--missed` prints what is not.
"""

import sys
from collections import Counter
from pathlib import Path

import yaml

from osw_stats.claims.relations import relations
from osw_stats.wording.scan import scan

HERE = Path(__file__).parents[1] / "tests" / "wording"


def told_of(text, language):
    rows = relations(text, scan(text, language=language))
    return [(r.relation, r.verdict, r.reported, r.recomputed) for r in rows]


def key(relation, verdict, *numbers):
    return relation, verdict, *(n if isinstance(n, str) else round(n, 2) for n in numbers)


def listed(table):
    """Yield what was told of each sentence of a table, and what should have been."""
    for by_language in table.values():
        for language, rows in by_language.items():
            for text, wanted in rows:
                yield text, [key(*row) for row in told_of(text, language)], [key(*row) for row in wanted]


def filled(table):
    """Yield the same of a table of sentences with a place to fill: one relation each, of a trap none."""
    for language, rows in table.items():
        for name, text, fits, fails, *wanted in rows if language != "traps" else ():
            for filling, planted in ((fits, False), (fails, True)):
                sentence, met = text.replace("{}", filling), []
                for relation, verdict, _, number in told_of(sentence, language):
                    wrong = verdict == "inconsistent"
                    named = relation == name or (planted and name == "points" and relation == "growth")
                    given = planted or not wanted or abs(abs(number) - abs(wanted[0])) < 0.01
                    right = named and wrong == planted and given
                    if right or wrong:
                        met.append((name, verdict if wrong else "fits") if right else (relation, "not so"))
                asked = (name, "inconsistent" if planted else "fits")
                # an error may break two relations; a figure that fits breaks none
                others = [] if planted and asked in met else [row for row in met if row != asked]
                yield sentence, [asked] * (asked in met) + others, [asked]
    for language, texts in table["traps"].items():
        for text in texts:
            yield text, [(r, v) for r, v, *_ in told_of(text, language) if v == "inconsistent"], []


def main():
    for path in sorted(HERE.glob("*.yml")):
        if not path.stem.startswith(("relations", "kinds", "written", "held")):
            continue
        table = yaml.safe_load(path.read_text(encoding="utf-8"))
        counts = Counter()
        for text, told, wanted in (filled if "traps" in table and "nl" in table else listed)(table):
            right = Counter(told) & Counter(wanted)
            planted = [row for row in wanted if row[1] == "inconsistent"]
            counts.update(texts=1, told=len(told), listed=len(wanted), right=sum(right.values()))
            counts.update(planted=len(planted), found=sum(row in told for row in planted))
            if "--missed" in sys.argv and Counter(told) != Counter(wanted):
                print(f"{path.stem}: {text}\n   {told}\n   not {wanted}")
        precision, recall, planted = (
            counts[of] / counts[whole]
            for of, whole in (("right", "told"), ("right", "listed"), ("found", "planted"))
        )
        print(
            f"{path.stem}: {counts['texts']} sentences, precision {precision:.3f}, recall {recall:.3f}, "
            f"planted errors found {counts['found']} of {counts['planted']} ({planted:.3f})"
        )


if __name__ == "__main__":
    main()
