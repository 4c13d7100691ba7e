"""How many relations between figures `osw claims scan --check` finds, in the made-up sentences of tests/wording.

Run with `python benchmarks/relations.py`. A relation found is right when its name, verdict, reported and recomputed figure are
those worked out by hand; a planted error is found when an inconsistent relation is.
"""

from collections import Counter
from pathlib import Path

import yaml

from osw_stats.claims.relations import relations
from osw_stats.wording.scan import scan

HERE = Path(__file__).parents[1] / "tests" / "wording"


def key(relation, verdict, *numbers):
    return relation, verdict, *(n if isinstance(n, str) else round(n, 2) for n in numbers)


def main():
    for path in sorted(HERE.glob("relations*.yml")):
        counts = Counter()
        for section, by_language in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            for language, rows in by_language.items():
                for text, wanted in rows:
                    told = [
                        key(r.relation, r.verdict, r.reported, r.recomputed)
                        for r in relations(text, scan(text, language=language))
                    ]
                    listed = [key(*row) for row in wanted]
                    right = sum((Counter(told) & Counter(listed)).values())
                    counts.update(texts=1, told=len(told), listed=len(listed), right=right)
                    wrong = [row for row in listed if row[1] == "inconsistent"]
                    counts.update(planted=len(wrong), found=sum(row in told for row in wrong))
                    counts["alarms in traps"] += (
                        sum(row not in listed for row in told) if section == "traps" else 0
                    )
        precision, recall, planted = (
            counts[a] / counts[b] for a, b in (("right", "told"), ("right", "listed"), ("found", "planted"))
        )
        print(f"{path.name:24} {dict(counts)}")
        print(f"{'':24} precision {precision:.3f}, recall {recall:.3f}, planted errors found {planted:.3f}")


if __name__ == "__main__":
    main()
