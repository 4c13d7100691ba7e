"""How fast `osw claims scan --check` reads: the founding report, and a hundred times as much.

Run with `python benchmarks/scan_large.py`, or with how many times (1 10); `bad` reads texts that no person wrote. Without the report beside the checkout (or in OSW_REPORT) an invented text
of the same length is read. Processor time and peak memory are of this process; time per megabyte should not grow.
"""

import os
import resource
import sys
import time
from pathlib import Path

from osw_stats.claims.relations import relations
from osw_stats.wording.scan import scan

ROOT = Path(__file__).parents[1]
REPORT = Path(
    os.environ.get("OSW_REPORT", ROOT.parent / "shared" / "seed" / "rapport-online-seksueel-geweld-2025.txt")
)
INVENTED = (
    "4.1  In 2024 kwamen ruim 760 duizend verzonnen meldingen binnen, 5 procent meer dan in 2023 (artikel 8 EVRM).\n"
    "Van de 1.234 zaken ging één op de acht over jongeren van 12 tot 18 jaar; de rest kostte € 6,5 miljoen.\n\n"
) * 940


BAD = {
    "brackets, 100,000 deep": "(" * 100_000 + "12" + ")" * 100_000,
    "100,000 numbers, each in the brackets of the one before": "(".join(map(str, range(100_000)))
    + ")" * 100_000,
    "a million digits": "1" * 1_000_000,
    "500,000 groups of three digits": " ".join(["123"] * 500_000),
    "500,000 percentages": "12% " * 500_000,
}


def measured(name, text):
    began = time.process_time()
    statements = list(scan(text))
    took = time.process_time() - began
    told = len(relations(text, statements))
    both, found, size = time.process_time() - began, len(statements), len(text) / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{name}: {size:.2f} million characters {found:8} statements {took:8.2f} s, {told:6} relations {both:8.2f} s in all "
        f"{both / size:6.2f} s/million {peak:6.0f} MB",
        flush=True,
    )


def main():
    if sys.argv[1:] == ["bad"]:
        for name, text in BAD.items():
            measured(name, text)
        return
    text = REPORT.read_text(encoding="utf-8") if REPORT.is_file() else INVENTED
    print(f"read: {REPORT.name if REPORT.is_file() else 'an invented text'}")
    for times in map(int, sys.argv[1:] or ("1", "10", "100")):
        measured(f"{times} times", (text + "\n\n") * times)
        measured(f"{times} times in one line", " ".join(text.split()) * times)


if __name__ == "__main__":
    main()
