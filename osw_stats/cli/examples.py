"""Examples that every `--help` ends with."""

EXAMPLES = {
    "osw": "examples:\n  osw build\n  osw run prevalence -p deff 1.6\n  osw claims --explain s4_8e",
    "build": (
        "examples:\n  osw build                        the whole report\n"
        "  osw build --only clean           the tidy tables alone\n"
        "  osw build --only render          the site again, from the last runs\n"
        "  osw build --draft                the pages alone, to look at while you write\n"
        "  osw build --edition 2024 --renderer pandoc\n"
        "  osw build --force                everything anew, also what did not change\n"
        "  osw build --matrix regions.yml   one notebook for many regions\n"
        "  osw build --matrix regions.yml --scheduler tcp://10.0.0.5:8786\n\n"
        "Only what is stale is made again. build/YEAR/run.jsonl is the log of the last build."
    ),
    "verify": (
        "examples:\n  osw verify\n  osw verify --manifest downloaded/checksums.json\n\n"
        "Exit status 1 when a file is different, missing, extra or altered after it was published. Equal bytes are\n"
        "promised for the same lock file, code and kind of machine; elsewhere numbers within 1e-9 pass as equal."
    ),
    "run": (
        "examples:\n  osw run prevalence\n  osw run prevalence -p deff 1.6 -p language en\n"
        "  osw run trend -p alpha 0.1 -o trend.ipynb\n"
        "  osw run trend -p region PV20      needs a police table by region in data/raw\n"
        "  osw run capacity_gap -p scenario my.yml    after the example of scenarios/central.yml"
    ),
    "check": (
        "examples:\n  osw check\n  osw check --rows no_year_is_missing\n  osw check --format json\n\n"
        "Exit status 1 when a rule fails; a warning is no failure."
    ),
    "record": "examples:\n  osw record        after you put a download into data/raw, or edited a table there",
    "read": (
        "examples:\n  osw read 47013NED_export.csv\n  osw read download/ --format json\n\n"
        "Nothing of the project is touched. Exit status 2 when the file cannot be read; the last line says why."
    ),
    "claims": (
        "examples:\n  osw claims\n  osw claims --format json\n  osw claims --explain s4_8e\n"
        "  osw claims --ledger mine.csv     another ledger, on the same observations\n"
        "  osw claims --record              after an input changed and you looked at the new verdicts\n\n"
        "Exit status 1 when a verdict changed though no input did, or a formula holds literals alone."
    ),
    "scan": (
        "examples:\n  osw claims scan report.txt\n"
        "  osw claims scan report.txt --ledger claims.csv --non-claims non_claims.csv\n"
        "  osw claims scan report.txt --ledger claims.csv --propose > new_rows.csv\n"
        "  osw claims scan letter.docx --language en --format json\n\n"
        "start and end count characters in the whole decoded text, from 0, the end not included:\n"
        "content[start:end] is the text, which may hold a line break. line is that of the start, from 1.\n"
        "is_claim is true for count, percent, ratio, money, fte and duration, which data can confirm or deny;\n"
        "false for date, year, age_band, article, page, phone, list and other. Only a claim has value, rule,\n"
        "lower, upper and unit; value is empty where the words give a range. Shares are in percent.\n"
        "Rows of a ledger that are not in the text are named on stderr. Exit status 0; 1 when a file cannot be used."
    ),
    "fetch": (
        "examples:\n  osw fetch --all                  every table the project knows\n"
        "  osw fetch cbs 7461bev --where Geslacht=3000,4000 --where BurgerlijkeStaat=T001019\n"
        "  osw fetch police 47013NED --where RegioS=NL01\n"
        "  osw fetch cbs 7461bev --base https://opendata.cbs.nl/ODataFeed/OData    the bulk feed\n\n"
        "Each download becomes a folder data/raw/PUBLISHER/TABLE/DATE, DATE being the day the publisher\n"
        "modified the table; a folder that is there is never overwritten. After an interruption the same\n"
        "command goes on where it stopped. This is the only command that uses the network."
    ),
    "new-edition": """\
examples:
  osw new-edition 2025                    editions/2025.yml, a checklist, and sheets in fill-in/2025/
  osw new-edition 2025 --as-of 2026-06-30 only what was public on that day will count
  osw build --edition 2025                then render it""",
    "page": """\
examples:
  osw page trend                          print the Dutch page of notebooks/trend.ipynb
  osw page trend --language en --edition 2023
  osw page trend --worlds                 its sentences where figures rise, fall, stand still or lack

The notebook runs once; after an edit of pages/nl/trend.qmd only the page is made again. What a build would refuse
of the page goes to stderr, and the exit status is 1 then. docs/pages.md says how a page is written.""",
    "diff": """\
examples:
  osw diff 2023 2024                      two editions that were built here
  osw diff 2023 2024 --format json        for programs
  osw diff old-site new-site --format markdown --language nl
                                          two builds, as text for a page or a review""",
}
