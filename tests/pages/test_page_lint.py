"""Bad pages are refused before anything runs: each planted wording by file, line, words and what to write instead."""

import json

import pytest

from osw_stats.errors import OswError
from osw_stats.report.pages import lint
from osw_stats.report.pages.claim_words import claims, numbers

CODE = """
report.add(n=1, m=2, count=3, whole=4, day=5)
report.table("t", frame)
report.table("trend_pairs", frame)
report.figure("f", draw, frame)
report.parts("chapters", frame, by="chapter")
"""
BOX = {
    "nl": "::: {.callout-note}\n## Wat dit niet laat zien\n\n- Geen trend en niets over alle mensen.\n:::\n",
    "en": "::: {.callout-note}\n## What this does not show\n\n- No trend and nothing about all people.\n:::\n",
}
OTHER_LANGUAGE = ("is used here and not in", "is no sentence of", "(...) is not asked like this")


@pytest.fixture
def project(tmp_path):
    def make(text, language="nl", code=CODE, other=None, always=(), box=True):
        (tmp_path / "notebooks").mkdir(exist_ok=True)
        cells = [{"cell_type": "code", "source": c, "metadata": {}, "outputs": []} for c in code.split("---")]
        notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        (tmp_path / "notebooks" / "made.ipynb").write_text(json.dumps(notebook))
        for each in ("nl", "en"):
            body = text if each == language else other if other is not None else ""
            front = (
                "---\nalways:\n" + "".join(f"  - {json.dumps(a)}\n" for a in always) + "---\n"
                if always
                else ""
            )
            path = tmp_path / "pages" / each / "made.qmd"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{front}# Titel\n\n{body}\n\n" + (BOX[each] if box else ""), encoding="utf-8")
        return tmp_path

    return make


def found(root, language="nl"):
    """The faults of one page, but for what the other language lacks."""
    return [
        e for e in lint.faults(root)
        if f"/{language}/" in str(e.file) and not any(e.problem.startswith(p) or p in e.problem for p in OTHER_LANGUAGE)
    ]  # fmt: skip


BAD = {
    "nl": [
        ("Er waren 14.802 meldingen.", "a number is typed", "14.802"),
        ("Er waren drie rondes.", "a number is typed", "drie"),
        ("Dat is de helft van alle keren.", "a number is typed", "helft"),
        ("Het aantal is verdubbeld.", "claims (rise)", "verdubbeld"),
        ("Het gebeurde twee keer zo vaak.", "a number is typed", "twee"),
        ("Zij hebben één definitie.", "a number is typed", "één"),
        ("Anderhalf keer zo veel.", "a number is typed", "Anderhalf"),
        ("Een kwart deed niet mee.", "a number is typed", "kwart"),
        ("De stijging valt op.", "claims (rise)", "stijging"),
        ("Het aantal nam sindsdien flink toe.", "claims (rise)", "nam sindsdien flink toe"),
        ("Er kwamen {{ n.number }} procent meer binnen.", "claims (rise)", "□ procent meer"),
        ("{% if n.falls %}De groei is {{ n }}.{% endif %}", "claims (rise)", "groei"),
        ("{% if n.rises %}Er waren er minder geworden: {{ n }}.{% endif %}", "claims (fall)", "minder geworden"),
        ("{% if n.rises or n.falls %}De stijging is {{ n }}.{% endif %}", "claims (rise)", "stijging"),
        ("{% if n.rises %}x {{ n }}{% else %}De daling is {{ n }}.{% endif %}", "claims (fall)", "daling"),
        ("{% if n.rises and m.rises %}{{ n }}{% elif m.falls %}Een stijging: {{ n }}.{% endif %}", "claims (rise)", "stijging"),
        ("Die daling valt weg.", "claims (fall)", "daling"),
        ("Over het andere kwamen er juist {{ n.change }}.", "claims (contrast)", "juist"),
        ("{% if alike(n, m) %}Daarentegen {{ n.change }}.{% endif %}", "claims (contrast)", "Daarentegen"),
        ("Voor het andere geldt dat niet.", "claims (contrast)", "geldt dat niet"),
        ("Dat is meer dan gewone schommeling.", "claims (beyond)", "meer dan gewone schommeling"),
        ("{% if n.rises %}De stijging is aangetoond: {{ n }}.{% endif %}", "claims (beyond)", "aangetoond"),
        ("{% if verdict(n, \"within_ordinary_variation\") %}Meer dan toeval: {{ n }}.{% endif %}", "claims (beyond)", "Meer dan toeval"),
        ("{% if n.demonstrated %}Dat valt binnen de gewone schommeling: {{ n }}.{% endif %}", "claims (within)", "binnen de gewone schommeling"),
        ("Het totaal is niet gepubliceerd.", "claims (absent)", "niet gepubliceerd"),
        ("{% if n %}Een telling stond niet in wat wij lazen: {{ n }}.{% endif %}", "claims (absent)", "stond niet in wat wij lazen"),
        ("Wat online is, registreert de politie niet apart.", "claims (absent)", "registreert de politie niet"),
        ("Alleen de ACM noemde een aantal.", "claims (only)", "Alleen"),
        ("De AP is de enige die een bedrag noemde.", "claims (only)", "de enige"),
        ("{% if not zero(count) %}Niemand noemde er {{ count }}.{% endif %}", "claims (none)", "Niemand"),
        ("Iedereen noemde een aantal.", "claims (all)", "Iedereen"),
        ("Dit is het hoogste aantal ooit.", "claims (most)", "hoogste"),
        ("Tussen de rondes veranderde het begrip.", "claims (changed)", "veranderde"),
        ("Het aantal bleef gelijk.", "claims (unchanged)", "bleef gelijk"),
        ("Voor het eerst telde de politie dit.", "claims (most)", "Voor het eerst"),
        ("Maar {{ count }} organisaties noemden dit.", "claims (only)", "Maar □"),
        ("Dat is bij {{ n.period }} nog niet gepubliceerd.", "claims (absent)", "nog niet gepubliceerd"),
        ("{{ n.direction(\"daling\", \"stijging\", \"gelijk\") }}", "is the word of another direction", "daling"),
        ("Zie {{ nobody }}.", "no notebook cell registers this name", "nobody"),
        ("{{ n.numbr }} x", "is no way to say a number", "numbr"),
        ("{{ \"stijging\" }}", "is typed between braces", "stijging"),
        ("{{ n.value + 1 }}", "is more than a result", ""),
        ("{% if n %}{% if m %}{{ n }}{% endif %}{% endif %}", "an if stands inside an if", ""),
        ("{% set x = 1 %}", "{% set %} is not for pages", ""),
        ("{% include \"other\" %}", "{% include %} is not for pages", ""),
        ("{% import \"os\" as os %}", "{% import %} is not for pages", ""),
        ("{% macro m() %}{% endmacro %}", "{% macro %} is not for pages", ""),
        ("{% for x in t %}{{ x.key }}{% endfor %}", "loops over what is no registered list", "t"),
        ("{% for x in [1, 2] %}x{% endfor %}", "loops over what is no registered list", ""),
        ("{% if n > 3 %}{{ n }}{% endif %}", "is no test of pages", ""),
        ("{% if verdict(n, \"more_then_ordinary\") %}{{ n }}{% endif %}", "is no verdict", "more_then_ordinary"),
        ("{{ table(\"tt\") }}", "names no registered name", "tt"),
        ("{{ figure(\"t\") }}", "names no registered name", "t"),
        ("{{ figure(\"f\", says=\"no\") }}", "`says` names no sentence", "no"),
        ("{{ counted(\"police_report\") }}", "names no registered name or series", "police_report"),
        ("{{ gaps(\"police_reports\", \"helpwanted\") }}", "names no registered name or series", "helpwanted"),
        ("#### Kop", "a heading jumps a level", ""),
        ("::: {#a}\nX {{ n }}.\n:::\n\n::: {#a}\nY {{ n }}.\n:::", "names a sentence twice", "a"),
    ],
    "en": [
        ("There were 14,802 reports.", "a number is typed", "14,802"),
        ("There were three waves.", "a number is typed", "three"),
        ("That is twice as many.", "a number is typed", "twice"),
        ("Half of them did not take part.", "a number is typed", "Half"),
        ("One third answered.", "a number is typed", "third"),
        ("The rise stands out.", "claims (rise)", "rise"),
        ("The figure went up.", "claims (rise)", "went up"),
        ("{{ n.number }} percent fewer came in.", "claims (fall)", "□ percent fewer"),
        ("{% if n.rises %}The number declined: {{ n }}.{% endif %}", "claims (fall)", "declined"),
        ("By contrast, there were {{ n.change }}.", "claims (contrast)", "By contrast"),
        ("That does not hold for the other.", "claims (contrast)", "does not hold"),
        ("That is more than ordinary variation.", "claims (beyond)", "more than ordinary variation"),
        ("{% if not n.demonstrated %}A significant change: {{ n }}.{% endif %}", "claims (beyond)", "significant"),
        ("The total was not published.", "claims (absent)", "not published"),
        ("{% if n %}We found no explanation: {{ n }}.{% endif %}", "claims (absent)", "found no"),
        ("Only the ACM named a number.", "claims (only)", "Only"),
        ("No body named a number.", "claims (none)", "No"),
        ("All bodies named a number.", "claims (all)", "All"),
        ("It is the largest figure ever.", "claims (most)", "largest"),
        ("The concept changed.", "claims (changed)", "changed"),
    ],
}  # fmt: skip
FAIR = {
    "nl": [
        "Het zijn {{ n.number }} meldingen, {{ n.change }} dan in {{ n.before }}. {{ n.verdict }}",
        "De {{ n.direction(\"stijging\", \"daling\", \"verandering\") }} van {{ n }}.",
        "{% if n.rises %}De stijging is {{ n }}.{% elif n.falls %}De daling is {{ n }}.{% else %}Het bleef gelijk: {{ n }}.{% endif %}",
        "{% if opposite(n, m) %}Daar kwamen er juist {{ m.change }}.{% endif %}",
        "{% if verdict(n, \"more_than_ordinary_variation\") %}Dat is meer dan gewone schommeling: {{ n }}.{% endif %}",
        "{% if verdict(n, \"within_ordinary_variation\") %}{{ n }}{% else %}Dat is meer dan gewone schommeling: {{ n }}.{% endif %}",
        "{% if verdict(n, \"more_than_ordinary_variation\") and verdict(m, \"within_ordinary_variation\") %}Daarvoor geldt dat niet: {{ m }}.{% endif %}",
        "{% if n %}{{ n }}{% else %}Een telling stond niet in wat wij lazen.{% endif %}",
        "{% if zero(count) %}Geen enkele organisatie noemde een aantal.{% elif every(count, whole) %}Alle organisaties noemden er een.{% endif %}",
        "{% if single(count) %}Alleen deze noemde {{ n }}.{% endif %}",
        "{% if not single(count) %}Tussen de rondes veranderde het begrip.{% endif %}",
        "{% if n.rises and m.rises %}De stijging is {{ n }}.{% endif %}",
        "Is het aantal gestegen?",
        "Een melding bij de politie, en een mens. Zie [de gegevens](data-2024.qmd) en `x3`.",
        "De eerste helft, ten minste een enkele keer, niet alleen hier.",
        "{{ counted(\"trend_pairs\", \"police_reports\") }}\n\n{{ sources(\"n\", \"t\", \"f\") }}",
        "## Kop\n\n{% for part in chapters %}\n### {{ part.name }}\n\n{% if part.figure %}\n{{ figure(part.figure) }}\n{% endif %}\n\n{{ table(\"t\", chapter=part.key) }}\n{% endfor %}",
        "::: {#s .headline question=\"Is het meer geworden?\"}\nX {{ n }}.\n:::\n\n{{ figure(\"f\", says=\"s\") }}",
        "{% if more(n, m) %}Dat is de hoogste: {{ n }}.{% endif %}",
        "{% if more(n, m) %}{{ n }}{% elif less(n, m) %}{{ m }}{% else %}Dat is evenveel als {{ m }}.{% endif %}",
    ],
    "en": [
        "There were {{ n.number }} reports, {{ n.change }} than in {{ n.before }}. {{ n.verdict }}",
        "{% if n.falls %}The fall is {{ n }}.{% elif n.rises %}The rise is {{ n }}.{% endif %}",
        "{% if not n.demonstrated %}That is within ordinary variation: {{ n }}.{% endif %}",
        "{% if not n %}The total was not published.{% endif %}",
        "{% if alike(n, m) %}Both… likewise {{ m.change }}.{% endif %}".replace("Both… ", ""),
        "{% if every(count, whole) %}All bodies named a number.{% endif %}",
        "Has it grown? At least at first, one another, no one else.",
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "text", "problem", "words"), [(k, *v) for k, of in BAD.items() for v in of]
)
def test_a_bad_wording_is_refused_with_its_line_and_what_to_write(project, language, text, problem, words):
    faults = found(project(text, language), language)
    hit = [e for e in faults if problem in e.problem and (not words or e.value == words)]
    assert hit, [str(e) for e in faults]
    assert hit[0].remedy
    if "heading" not in problem and "twice" not in problem:
        assert hit[0].row == 3


@pytest.mark.parametrize(("language", "text"), [(k, v) for k, of in FAIR.items() for v in of])
def test_a_fair_wording_passes(project, language, text):
    assert [str(e) for e in found(project(text, language, other=text), language)] == []


def test_two_planted_false_sentences_stop_the_build(project):
    text = "De stijging valt weg zodra {{ n }}.\n\nHet totaal over {{ n.before }} is nooit gepubliceerd."
    with pytest.raises(OswError) as error:
        lint.check(project(text, other="X {{ n }} {{ n.before }}."))
    told = str(error.value).split("\n")
    assert [line.split(": ")[0] for line in told] == [
        'pages/nl/made.qmd, row 3, value "stijging"', 'pages/nl/made.qmd, row 5, value "nooit gepubliceerd"',
    ]  # fmt: skip
    assert "{% if NAME.rises %}" in told[0]
    assert "always:" in told[1]


def test_the_line_is_that_of_the_word_below_tags_and_front_matter(project):
    text = "Een\nregel.\n\n{% if n.falls %}\nEerst\nde stijging {{ n }}.\n{% endif %}\n"
    (fault,) = found(project(text, always=("Een regel",)))
    assert (fault.row, fault.value) == (12, "stijging")


def test_phrases_that_hold_always_exempt_exactly_themselves(project):
    text = "Wij kiezen er\ngeen. Wij kiezen er {{ n }} van de drie. En er is geen ander."
    faults = found(project(text, always=("Wij kiezen er geen", "{{ n }} van de drie")))
    assert [(e.value, e.row) for e in faults] == [("geen", 9)]


@pytest.mark.parametrize(
    ("phrase", "problem"), [("geen", "one word cannot hold"), ("Wij kiezen er twee", "and not on the page")]
)
def test_a_phrase_that_holds_always_is_more_than_a_word_and_stands_there(project, phrase, problem):
    faults = found(project("Er is geen.", other="Er is geen.", always=(phrase,)))
    assert [e.value for e in faults if problem in e.problem] == [phrase]


def test_the_box_may_say_what_is_not_shown_but_no_number_and_no_rise(project):
    root = project("X.", box=False)
    path = root / "pages/nl/made.qmd"
    path.write_text(path.read_text() + BOX["nl"].replace("Geen trend", "Geen stijging in drie rondes"))
    assert {e.value for e in found(root) if e.value} == {"stijging", "drie"}
    assert any("has no box" in e.problem for e in found(root, "en"))


@pytest.mark.parametrize(
    ("nl", "en", "problem", "words"),
    [
        ("X {{ n }}.", "X {{ m }}.", "is used here and not in", "n"),
        ("::: {#a}\nX {{ n }}.\n:::", "X {{ n }}.", "is no sentence of", "a"),
        ("## Kop", "", "has other headings", None),
        ("## Kop\n\n### Kop", "### Kop\n\n## Kop", "has other headings", None),
        ('{{ table("t") }}', "X.", "table(...) is not asked like this", "t"),
    ],
)
def test_both_languages_use_the_same_names_headings_and_blocks(project, nl, en, problem, words):
    faults = [e for e in lint.faults(project(nl, other=en)) if problem in e.problem]
    assert faults
    assert faults[0].value == words


def test_the_nearest_name_is_proposed(project):
    (fault,) = found(project("X {{ cont }}."))
    assert str(fault).endswith(
        'Did you mean "count"? Register it with report.add in the notebook, or mend the name.'
    )


@pytest.mark.parametrize(
    "code", ["report.add(a=1)\n---report.add(a=2)", "report.add(a=1)\nreport.table('a', f)"]
)
def test_a_name_registered_twice_is_refused(project, code):
    (fault,) = [e for e in lint.faults(project("X.", code=code, other="X.")) if "twice" in e.problem]
    assert (fault.value, "notebooks/made.ipynb, cell" in str(fault.file)) == ("a", True)


def test_a_page_that_is_not_there_is_told(project):
    root = project("X.")
    (root / "pages/en/made.qmd").unlink()
    with pytest.raises(OswError, match=r"pages/en/made.qmd: the page of this notebook is not there"):
        lint.check(root)


def test_front_matter_holds_nothing_else(project):
    root = project("X.")
    path = root / "pages/nl/made.qmd"
    path.write_text("---\ntitle: x\n---\n# T\n")
    with pytest.raises(OswError, match="may hold `always` alone"):
        lint.check(root)


@pytest.mark.parametrize(
    ("language", "text", "kinds"),
    [
        ("nl", "niet aantoonbaar hoger", ["within", "rise"]), ("nl", "meer dan de gewone schommeling", ["beyond"]),
        ("nl", "geen enkele stijging", ["none", "rise"]), ("nl", "Een daling? Ja, een daling.", ["fall"]),
        ("en", "no demonstrable change", ["within"]), ("en", "not only", []), ("en", "more\n than\n chance", ["beyond"]),
    ],
)  # fmt: skip
def test_of_phrases_that_overlap_the_longest_counts(language, text, kinds):
    assert [c.kind for c in claims(text, language)] == kinds


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("nl", "een mens, één mens, twaalfduizend, zes- tot achtmaal", ["één", "twaalfduizend", "zes"]),
        ("nl", "eerste helft en tweede keer, halve jaren, half", ["tweede", "half"]),
        ("en", "one body, no one, a dozen, 3rd, twenty-five", ["3", "one", "dozen", "twenty-five"]),
    ],
)
def test_number_words_are_seen(language, text, words):
    assert sorted(c.words for c in numbers(text, language)) == sorted(words)
