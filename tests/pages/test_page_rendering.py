"""Pages: how results are said, what a sentence carries along, what becomes of what is absent."""

import re
from datetime import date
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osw_stats.errors import InputError
from osw_stats.report import harvest, own_claims
from osw_stats.report.language import Said
from osw_stats.report.pages.blocks import blocks
from osw_stats.report.pages.marks import PRIVATE, pieces, said
from osw_stats.report.pages.render import environment, prepared
from osw_stats.report.pages.values import QUESTIONS, Told
from osw_stats.vocabulary.numbers import INTERVAL_WORDS, Absent, Fact
from osw_stats.vocabulary.scan import scan
from tests.pages.made import BOX, change, drawing, not_published, number, rendered, results, shown, told

TITLE = "# Titel\n\n"
UNASKED = Absent("not_asked", "x")
UNKNOWN = Absent("not_estimable", "x")


@pytest.fixture
def page(tmp_path, tables):
    def make(text, language="nl", /, **values):
        return rendered(tmp_path, TITLE + text, results(**values), tables, language)

    return make


def one(page):
    (item,) = told(page)
    return item.facts["text"]


@pytest.mark.parametrize(
    ("way", "nl", "en"),
    [
        ("{{ n }}", "5,6 procent", "5.6 percent"),
        ("{{ n.number }}", "5,6", "5.6"),
        ("{{ n.interval }}", "3,6 tot 7,6 procent", "3.6 to 7.6 percent"),
        ("{{ n.kind }}", INTERVAL_WORDS["overdispersed"]["nl"], INTERVAL_WORDS["overdispersed"]["en"]),
        ("{{ n.one_in }}", "ongeveer 1 op de 18", "about 1 in 18"),
        ("{{ n.change }}", "5,6 procent meer", "5.6 percent more"),
        ("{{ n.span }}", "3,6 procent meer tot 7,6 procent meer", "3.6 percent more to 7.6 percent more"),
        ("{{ n.period }}", "2024", "2024"),
        ("{{ n.before }}", "2023", "2023"),
        ("{{ n.verdict }}", "Dat is meer dan gewone schommeling. De oorzaak is daarmee niet bekend.",
         "That is more than ordinary variation. The cause is not known by that."),
        ('{{ n.direction("op", "neer", "gelijk") }}', "op", "op"),
        ('{{ plural(n, "reeks", "reeksen") }}', "reeksen", "reeksen"),
        ("{{ day }}", "1 juli 2024", "1 July 2024"),
        ("{{ year }}", "2024", "2024"),
        ("{{ count }}", "12.206", "12,206"),
        ("{{ words }}", "zo’n 72.000", "some 72,000"),
    ],
)  # fmt: skip
def test_each_way_prints_what_the_language_says(page, way, nl, en):
    values = {
        "n": change(5.6, verdict="more_than_ordinary_variation"), "day": date(2024, 7, 1), "year": 2024, "count": 12206,
        "words": Fact({"nl": "zo’n 72.000", "en": "some 72,000"}),
    }  # fmt: skip
    for language, expected in (("nl", nl), ("en", en)):
        made = page(f"::: {{#s}}\nX {way}.\n:::\n", language, **values)
        assert one(made) == f"X {expected}."


@pytest.mark.parametrize(
    ("code", "words"), [("2024-H2", "de tweede helft van 2024"), ("2024-07", "juli 2024")]
)
def test_a_part_of_a_year_is_named_in_words(page, code, words):
    assert one(page("In {{ n.period }}.", n=change(1.0, period=code))) == f"In {words}."


def test_a_sentence_carries_its_numbers_grade_words_and_question(page):
    made = page(
        '::: {#growth .headline question="Meer?"}\nVan {{ a }} naar {{ b.number }}: {{ a.number }} in {{ d }} bij {{ c }} van {{ q }}.\n:::\n',
        a=number(5.2, 4.9, 5.5, grade="A"), b=number(7.0, grade="C"), d=date(2024, 7, 1), c=1234,
        q=Fact({"nl": "“ruim 3”", "en": "“over 3”"}, quotes=("ruim 3",), counts=(3,)),
    )  # fmt: skip
    (item,) = told(made)
    facts = item.facts
    assert (facts["name"], facts["headline"], facts["question"], facts["grade"]) == (
        "growth",
        True,
        "Meer?",
        "C",
    )
    assert [n["name"] for n in facts["numbers"]] == ["a", "b"]
    assert facts["counted"] == [1234, 3]
    assert facts["words"] == ["1 juli 2024", "1.234", "ruim 3"]
    assert "".join(words for words, _ in facts["parts"]) == facts["text"]
    assert [name for _, name in facts["parts"] if name] == ["a", "b", "a"]
    assert item.data["text/markdown"].startswith(f"**{facts['text']}**\n\nZekerheid van het bewijs C: ")


def test_paragraphs_without_a_name_are_called_after_the_first_thing_they_say(page):
    made = page("Er zijn {{ a }}.\n\nEn {{ a }} ook.\n\n::: {#own}\nNiets geteld.\n:::\n\nGewoon.\n", a=12)
    assert [i.name for i in told(made)] == ["a", "a-2", "own"]
    assert shown(made)[-1] == "Gewoon."


def test_no_two_sentences_have_one_name(page):
    made = page("Er zijn {{ a }}.\n\n::: {#a}\nX {{ a }}.\n\nY {{ a }}.\n:::\n", a=12)
    assert [i.name for i in told(made)] == ["a-also", "a", "a-2"]


def test_lines_of_a_paragraph_are_joined_and_tags_leave_no_gap(page):
    made = page(
        "De telling is\n{% if a %}\n, met {{ a }}\n{% endif %}\n: klaar {% if a %}x{% endif %}\nNieuw.\n",
        a=12,
    )
    assert one(made) == "De telling is, met 12: klaar x Nieuw."


def test_a_list_keeps_its_lines(page):
    assert one(page("- een {{ a }}\n- twee\n", a=12)) == "- een 12\n- twee"


def test_words_of_a_source_open_no_block_and_are_no_markup(page):
    made = page("{{ a }}\n", a=Fact({"nl": "# kop\n\n::: {.x}\n*vet* <b>\ue000", "en": ""}))
    (item,) = told(made)
    assert item.facts["text"] == "# kop ::: {.x} *vet* <b>"
    assert item.data["text/markdown"] == "\\# kop ::: {.x} \\*vet\\* \\<b\\>"


RULES = {
    "rises": [1, 0, 0], "falls": [0, 1, 0], "unchanged": [0, 0, 1],
}  # fmt: skip


@pytest.mark.parametrize("test", RULES)
def test_direction_is_that_of_what_is_printed(page, test):
    text = "{% if n." + test + " %}ja {{ k }}{% else %}nee {{ k }}{% endif %}"
    for value, holds in zip((0.06, -0.06, -0.04), RULES[test], strict=True):
        assert one(page(text, n=change(value), k=3)) == ("ja 3" if holds else "nee 3")


@pytest.mark.parametrize(
    ("question", "values", "holds"),
    [
        ("demonstrated", change(5.0), True), ("demonstrated", change(1.0), False), ("demonstrated", number(5.0), False),
    ],
)  # fmt: skip
def test_only_an_interval_that_leaves_out_no_change_demonstrates(question, values, holds):
    assert getattr(Told("n", values, "nl"), question) is holds


@pytest.mark.parametrize(
    ("question", "values", "holds"),
    [
        ("opposite", (change(1.0), change(-1.0)), True), ("opposite", (change(1.0), change(1.0)), False),
        ("opposite", (change(1.0), change(0.0)), False), ("alike", (change(-1.0), change(-3.0)), True),
        ("alike", (change(0.0), change(0.0)), False), ("more", (change(2.0), change(1.0)), True),
        ("more", (change(1.04), change(1.0)), False), ("less", (change(1.0), change(2.0)), True),
        ("equal", (change(1.04), change(1.0)), True), ("verdict", (change(1.0, verdict="k"), "k"), True),
        ("verdict", (change(1.0, verdict="k"), "l"), False), ("exact", (number(3.0),), True),
        ("exact", (number(3.0, 2.5, 3.5, kind="rounding"),), False), ("zero", (Fact(0),), True), ("zero", (Fact(1),), False),
        ("single", (Fact(1),), True), ("every", (Fact(3), Fact(3)), True), ("every", (Fact(2), Fact(3)), False),
    ],
)  # fmt: skip
def test_questions_are_answered_by_what_is_printed(question, values, holds):
    from osw_stats.report.pages.values import value_of

    given_values = [v if isinstance(v, str) else value_of("n", v, "nl") for v in values]
    assert QUESTIONS[question](*given_values) is holds


def test_of_what_is_absent_every_question_is_false(page):
    asked = [f"n.{t}" for t in ("rises", "falls", "unchanged", "demonstrated")] + [
        "n", 'verdict(n, "k")', "opposite(n, a)", "alike(a, n)", "more(n, a)", "less(a, n)", "equal(n, a)", "zero(n)",
        "single(n)", "every(n, a)", "exact(n)",
    ]  # fmt: skip
    text = "".join(f"{{% if {q} %}}{q}{{% endif %}}" for q in asked)
    assert one(page(text + "{{ k }}", n=not_published(), a=change(1.0), k=3)) == "3"


def test_unlike_units_are_not_compared(page):
    with pytest.raises(InputError, match=r"trend.qmd, row 3.*percent and fte are compared"):
        page("{% if more(a, b) %}x{% endif %}", a=number(1.0), b=number(1.0, unit="fte"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{ nobody }}", "row 3: 'nobody' is undefined"), ("{{ a.nonsense }}", "row 3"), ("{{ a._number }}", "row 3"),
        ("{% if a %}", "row 3.*cannot be read"), ("{{ a.verdict }}", 'row 3, column "a": the number has no verdict'),
        ("{{ b.verdict }}", 'column "b", value "made up": this verdict has no words'), ("{{ a.rises }}", "prints what is no result"),
        ('x {{ table("t") }}', "stands inside a paragraph"), ('{{ table("nobody") }}', "is no registered table"),
        ('{{ figure("nobody") }}', "is no registered figure"), ("{{ t }}", "is no number"), ("{{ nought.one_in }}", "of zero"),
        ("{% include 'x' %}", "row 3"), ("{{ ''.__class__ }}", "row 3"),
    ],
)  # fmt: skip
def test_what_cannot_be_filled_in_is_told_with_its_line(page, text, message):
    with pytest.raises(InputError, match=message):
        page(
            text,
            a=number(1.0),
            b=change(1.0, verdict="made up"),
            t=pd.DataFrame({"x": [1]}),
            nought=number(0.0),
        )


def test_the_engine_lends_templates_nothing():
    made = environment()
    assert not made.globals
    assert not made.filters
    assert not made.tests
    assert made.loader is None


# --- what is absent

REASON = "Hiervoor ontbreekt in deze editie een cijfer: *Meldingen van seksuele misdrijven, 1999* (stond niet in wat wij lazen)."


def test_a_paragraph_that_prints_what_is_absent_becomes_the_reason_once_a_section(page):
    made = page(
        "## A\n\nX {{ n.change }} en {{ k }}.\n\nY {{ n.before }}.\n\nZ {{ k }}.\n\n## B\n\n{{ n }} {{ k }}\n",
        n=not_published(),
        k=3,
    )
    assert shown(made) == ["# Titel", "## A", REASON, "Z 3.", "## B", REASON]
    assert told(made, "unpublished")[0].facts["lost"] == ["n", "k"]


def test_two_figures_of_one_series_lack_in_one_sentence(page):
    made = page(
        "X {{ n }}.\n\nY {{ m }}.\n\nZ {{ k }}.", n=not_published(), m=not_published(period="1998"), k=3
    )
    (reason,) = told(made, "unpublished")
    assert reason.facts["text"].count("stond niet in wat wij lazen") == 2
    assert reason.facts["text"].count("Hiervoor ontbreekt") == 1


@pytest.mark.parametrize("first", ["headline", "plain"])
def test_a_headline_that_lacks_goes_to_the_start_page_as_its_reason(page, first):
    both = ['::: {#s .headline question="Q?"}\n{{ n.change }}\n:::\n\n', "A {{ n }}.\n\n"]
    made = page("".join(both if first == "headline" else reversed(both)), n=not_published())
    (reason,) = told(made, "unpublished")
    facts = reason.facts
    assert (facts["headline"], facts["question"], facts["text"]) == (True, "Q?", REASON)


def test_two_headlines_that_lack_answer_each_its_own_question(page):
    text = "".join(f'::: {{#{q} .headline question="{q}?"}}\n{{{{ n }}}}\n:::\n\n' for q in ("a", "b"))
    assert [i.facts["question"] for i in told(page(text, n=not_published()), "unpublished")] == ["a?", "b?"]


def test_prose_that_speaks_of_what_is_not_there_goes_and_the_heading_stays(page):
    made = page(
        "## A\n\nDrie antwoorden.\n\n{{ n }}\n\nNog iets.\n\n## B\n\nProza.\n\nX {{ k }}.\n", n=UNKNOWN, k=3
    )
    assert shown(made) == [
        "# Titel", "## A", "De gepubliceerde cijfers laten hier geen schatting toe.", "## B", "Proza.", "X 3.",
    ]  # fmt: skip


def test_what_nobody_asked_for_is_silent_and_its_section_goes(page):
    made = page(
        "## A\n\nX {{ k }}.\n\n{{ r }}\n\n## De regio {{ r }}\n\nProza.\n\n{{ r }}\n\n## C\n\nProza.\n",
        r=UNASKED,
        k=3,
    )
    assert shown(made) == ["# Titel", "## A", "X 3.", "## C", "Proza."]


def test_tables_and_figures_that_lack_are_reasons_as_well(page):
    made = page('{{ table("t") }}\n\n## B\n\n{{ figure("f") }}\n', t=not_published(), f=UNASKED)
    assert shown(made) == ["# Titel", REASON]


def test_a_page_of_nothing_keeps_its_title_its_box_and_its_sources(page):
    text = (
        "Intro.\n\n::: {#what}\nWat wij doen.\n:::\n\n::: {#none .nothing}\nOp {{ day }} was er niets.\n:::\n\n## A\n\n{{ n }}\n"
        + BOX
        + '\n## Bronnen {#sources}\n\n{{ sources("n") }}\n'
    )
    made = page(text, n=UNKNOWN, day=date(2024, 12, 31))
    assert shown(made)[:2] == ["# Titel", "Op 31 december 2024 was er niets."]
    (reason,) = told(made, "unpublished")
    assert (reason.facts["headline"], reason.facts["instead_of"], reason.name) == (True, ["*"], "none")
    assert [i.kind for i in harvest.items(made)] == ["unpublished", "sources"]
    assert harvest.has_box(made)
    assert "Op 31 december" not in "".join(shown(page(text, n=number(1.0), day=date(2024, 12, 31))))


PARTS = st.lists(
    st.tuples(st.integers(2, 4), st.sampled_from(["prose", "there", "gone", "unasked", "empty"])), max_size=9
)


@settings(max_examples=60)
@given(PARTS)
def test_headings_never_jump_a_level(tables, tmp_path_factory, drawn):
    text, level = "", 1
    content = {
        "prose": "Proza.",
        "there": "X {{ k }}.",
        "gone": "X {{ n }}.",
        "unasked": "X {{ r }}.",
        "empty": "{% if not k %}x{% endif %}",
    }
    for wanted, kind in drawn:
        level = min(wanted, level + 1)
        text += f"{'#' * level} Kop\n\n{content[kind]}\n\n"
    made = rendered(
        tmp_path_factory.mktemp("p"), TITLE + text, results(k=3, n=not_published(), r=UNASKED), tables
    )
    levels = [len(p) - len(p.lstrip("#")) for p in made.parts if isinstance(p, str) and p.startswith("#")]
    assert levels[0] == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))


# --- tables, figures, and what is said of series and documents

ROWS = pd.DataFrame(
    {"series": ["police_reports", "helpwanted_requests"], "observations": ["police_reports/2024/politie-2025-03-09"] * 2}
)  # fmt: skip


def test_a_figure_has_its_files_its_rows_and_its_sentence(page):
    made = page("::: {#s}\nX {{ k }}.\n:::\n\n" + '{{ figure("f", says="s") }}\n', k=3, f=drawing("f", ROWS))
    (figure,) = told(made, "figure")
    assert set(figure.data) == {"image/svg+xml", "image/png"}
    assert figure.facts["says"] == "s"
    assert figure.facts["csv"].startswith("series,observations\n")
    assert (figure.facts["caption"], figure.facts["alt"], figure.facts["groups"]) == ("C", "A", [["a", "b"]])


def test_parts_of_a_table_take_the_whole_along_once(page, tables):
    claims = tables.claims()
    made = page(
        "{% for part in chapters %}\n### {{ part.name }}\n\n" + '{{ table("claims_result", chapter=part.key) }}\n\n{% endfor %}\n',
        claims_result=claims, chapters=[{"key": c, "name": {"nl": f"Hoofdstuk {c}", "en": c}, "figure": ""} for c in ("1", "4")],
    )  # fmt: skip
    assert [i.kind for i in harvest.items(made)] == ["table", "extract", "extract"]
    whole = told(made, "table")[0]
    assert whole.data["text/markdown"] == ""
    assert whole.facts["csv"].count("\n") > len(claims)
    assert [p for p in shown(made) if p.startswith("###")] == ["### Hoofdstuk 1", "### Hoofdstuk 4"]


def test_a_loop_over_what_is_absent_says_nothing(page):
    assert shown(
        page("{% for part in chapters %}\n### {{ part.name }}\n{% endfor %}\n\nX.", chapters=UNKNOWN)
    ) == ["# Titel", "X."]


def test_series_are_those_named_and_those_of_tables(page):
    made = page('{{ counted("t", "meldpunt_reports", "gone") }}\n\n{{ gaps("t") }}\n', t=ROWS, gone=UNKNOWN)
    about = told(made, "about")[0].data["text/markdown"]
    assert about.count("\n") == 2
    assert about.startswith("- *Meldingen van seksuele misdrijven* (Politie).")
    assert told(made, "missing")[0].data["text/markdown"].startswith("- ")


def test_sources_pass_over_what_is_absent(page):
    made = page(
        '{{ sources("t", "gone", "n", "f") }}\n', t=ROWS, gone=UNKNOWN, n=number(1.0), f=drawing("f", ROWS)
    )
    (sources,) = told(made, "sources")
    assert [d["source_id"] for d in sources.facts["documents"]] == ["politie-2025-03-09"]


# --- marks

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(WORDS, st.sampled_from(["number", "fact"]), WORDS)
def test_marks_give_back_what_was_said_and_never_leak(before, way, words):
    found = pieces(PRIVATE.sub("", before) + said("n", way, words))
    assert [(p.name, p.way) for p in found if p.name] == [("n", way)]
    assert not PRIVATE.search("".join(p.words for p in found))


@given(st.text("ab #-{}%\n`|>*", max_size=60))
def test_blocks_lose_no_word(text):
    assert re.sub(r"[^ab]", "", "".join(b.text for b in blocks(text))) == re.sub(r"[^ab]", "", text)


def test_a_line_that_ends_in_a_tag_keeps_its_end():
    text = prepared("a {% if x %}b{% endif %}\nc\n{% if y %}\nd\n{% endif %}\n")
    assert environment().from_string(text).render(x=1, y=1) == "a b\nc\nd\n"


# --- printed numbers are read back

UNITS = st.sampled_from(["percent", "times", "police_reports", "fte", "eur", "percentage_points"])
VALUES = st.floats(0.2, 90_000, allow_nan=False)
SHAPES = {
    "nl": ["Dat is meer dan {{ n }}.", "Het zijn er {{ n.number }}.", "Dat is {{ n.change }} dan in {{ n.before }}.",
           "De marge loopt van {{ n.span }}.", "Ongeveer {{ n }} ({{ n.interval }})."],
    "en": ["That is more than {{ n }}.", "There are {{ n.number }}.", "That is {{ n.change }} than in {{ n.before }}.",
           "The margin runs from {{ n.span }}.", "About {{ n }} ({{ n.interval }})."],
}  # fmt: skip


@given(VALUES, UNITS, st.sampled_from(["nl", "en"]), st.integers(0, 4), st.booleans())
def test_every_printed_number_is_known_by_its_mark_and_read_back(
    tables, tmp_path_factory, value, unit, language, shape, up
):
    made = number(value, value * 0.9, value * 1.1, unit=unit, before="2023")
    page = rendered(
        tmp_path_factory.mktemp("p"), TITLE + SHAPES[language][shape], results(n=made), tables, language
    )
    held = own_claims.own_claims({("trend", language): page}, tables)
    assert set(held["number"]) <= {"n"}
    assert held["held"].all()
    (item,) = told(page)
    for statement in scan(item.facts["text"], language=language):
        if statement.is_claim:
            assert own_claims.read_back(statement, item.facts["numbers"]), (statement, made)


@pytest.mark.parametrize(
    ("language", "text"),
    [("nl", "Dat is meer dan {{ n }} zo sterk."), ("en", "That is more than {{ n }} as much.")],
)
def test_a_limit_that_is_rounded_up_holds(page, tables, language, text):
    made = page(text, language, n=number(1.883, unit="times"))
    found = own_claims.own_claims({("trend", language): made}, tables)
    assert found["number"].tolist() == ["n"]
    (statement,) = [s for s in scan(one(made), language=language) if s.is_claim]
    assert own_claims.read_back(statement, told(made)[0].facts["numbers"])


def test_a_number_beside_a_mark_is_still_nobodys(page, tables):
    made = page("Dat is {{ n.number }} tot 9 procent.", n=number(5.6))
    assert not own_claims.own_claims({("trend", "nl"): made}, tables)["held"].all()


def test_what_is_printed_is_what_said_prints(page):
    value = number(-6.61, -9.2, 3.3)
    for way in ("number", "interval", "change", "span"):
        assert one(page(f"{{{{ n.{way} }}}}", n=value)) == format(Said(value, "nl"), way)
