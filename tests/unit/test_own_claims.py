import pandas as pd
import pytest

from osw_stats.errors import OswError
from osw_stats.report import own_claims
from osw_stats.report.harvest import Item, Page
from osw_stats.results.collected import Results


def run(text, numbers=(), words=(), language="nl"):
    facts = {
        "kind": "sentence", "name": "s", "headline": False, "text": text, "grade": "A", "words": list(words), "counted": [],
        "numbers": [
            {"name": "n", "value": v, "lower": low, "upper": high, "unit": "percent", "observations": ["a/2024/doc"]}
            for v, low, high in numbers
        ],
    }  # fmt: skip
    return {("trend", language): Page("trend", language, (Item("sentence", "s", facts, {}),), Results())}


@pytest.mark.parametrize(
    ("text", "number", "held"),
    [
        ("Dat is 5,6 procent.", (5.6154, -6.6, 19.4), True),
        ("Dat is 5,7 procent.", (5.6154, -6.6, 19.4), False),
        ("Van 6,6 procent minder tot 19,4 procent meer.", (5.6154, -6.612, 19.44), True),
        ("Van 6,6 procent minder tot 19,9 procent meer.", (5.6154, -6.612, 19.44), False),
        ("Het zijn 770.000 mensen.", (769_600, 720_100, 815_000), True),
        ("Het zijn 14.802 meldingen.", (14_802, None, None), True),
        ("Het zijn 14.803 meldingen.", (14_802, None, None), False),
        ("Ongeveer 1 op de 19 mensen.", (5.2, 4.9, 5.5), True),
        ("Ongeveer 1 op de 25 mensen.", (5.2, 4.9, 5.5), False),
        ("Tussen de 4,9 en 5,5 procent.", (5.2, 4.93, 5.48), True),
        ("Er zijn drie toezichthouders.", (5.2, None, None), False),
        ("In 2024 en op 1 juli 2024 gebeurde niets.", (5.2, None, None), True),
        ("In de afgelopen twaalf maanden was het 5,2 procent.", (5.2, None, None), True),
    ],
)
def test_a_printed_number_is_one_the_sentence_was_given(tables, text, number, held):
    found = own_claims.own_claims(run(text, [number]), tables)
    assert found["held"].all() == held
    if not held:
        with pytest.raises(OswError, match=r'pages/nl/trend.qmd, sentence "s": it prints'):
            own_claims.require(found)


def test_a_number_in_quoted_words_must_come_from_a_source(tables):
    quote = "zo’n 72.000 meisjes"
    found = own_claims.own_claims(run(f"Het rapport zegt “{quote}”.", words=[quote]), tables)
    assert found["number"].tolist() == ["quoted"]
    typed = "zo’n 71.000 meisjes"
    assert not own_claims.own_claims(run(f"Het rapport zegt “{typed}”.", words=[typed]), tables)["held"].any()


def test_the_summary_counts_by_page(tables):
    both = run("Dat is 5,6 procent.", [(5.6, None, None)]) | run(
        "It is 5.6 percent.", [(5.6, None, None)], language="en"
    )
    counted = own_claims.summary(own_claims.own_claims(both, tables))
    assert counted.to_dict("records") == [{"notebook": "trend", "sentences": 2, "numbers": 2, "held": 2}]
    assert isinstance(counted, pd.DataFrame)
