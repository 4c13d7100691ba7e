"""A page in other worlds: each change in every state, each verdict of its family, counts, and absences."""

from contextlib import suppress
from datetime import date

import pytest

from osw_stats.claims import summary
from osw_stats.cli import pages
from osw_stats.errors import NotAskedError
from osw_stats.meaning.numbers import Absent
from osw_stats.publish.contents import Item
from osw_stats.publish.pages.render import render
from osw_stats.publish.pages.values import VERDICTS
from osw_stats.publish.pages.worlds import mirrored, sentences, states, worlds
from tests.cases import beside
from tests.conftest import PROJECT
from tests.pages.made import change, number, results, shown, write

WITHIN, BEYOND = "within_ordinary_variation", "more_than_ordinary_variation"
FAMILY = [key for key, about in VERDICTS.items() if about.get("family") == "one_change"]
COUNTED = {f"statements_{key}": key for key in ("checked", "fit", "unfit", "open", "confirmed")}
COUNTED |= {"statements_of_other_unit": "unit", "statements_not_demonstrated": "unproven"}
COUNTED |= {f"findings_{key}": key for key in ("major", "moderate", "minor")}
COUNTED |= {"statements": "all", "findings": "findings"}
UNASKED = Absent("not_asked", "x")
OPENS = {"nl": ("Geen bevinding raakt een", "hoofdcijfer"), "en": ("No finding touches a", "figure")}


@pytest.fixture
def found():
    level = number(7.0, 6.0, 8.0, verdict=WITHIN)
    return results(c=change(5.6, 9.0, verdict=WITHIN), d=change(-2.0), k=7, n=number(3.0), level=level)


def test_every_state_and_verdict_of_every_change_is_a_world(found):
    names = [w.name for w in worlds(found)]
    assert names[:2] == ["as is", "mirrored"]
    assert names[-3:] == ["all absent", "half absent", "the other half absent"]
    assert {f"c {way}, {key}" for way in ("rises", "falls") for key in FAMILY} <= set(names)
    assert {f"c is unchanged, {WITHIN}", "d rises", "counts are 0", "counts are 1"} <= set(names)
    assert f"c is unchanged, {BEYOND}" not in names
    assert not [name for name in names if name.startswith("n ")]  # no change, so it has no states
    levels = {n for n in names if n.startswith("level")}
    assert levels == {f"level is {key}" for key in FAMILY if key != WITHIN}
    # a world changes only what it says, and a level keeps its value
    for world in worlds(found):
        after = world.results.numbers
        assert {n for n, value in found.numbers.items() if value != after.get(n)} <= set(world.changed)
        assert "level" not in after or after["level"].value == 7.0


@pytest.mark.parametrize("verdict", [WITHIN, BEYOND])
def test_the_interval_of_a_state_goes_with_its_verdict(verdict):
    for state, made in states(change(5.6, verdict=verdict)):
        demonstrated = not made.lower <= 0 <= made.upper
        holds = VERDICTS[made.verdict].get("holds")
        assert holds is None or demonstrated == (holds == "change"), state


def test_a_factor_is_mirrored_about_one():
    turned = mirrored(number(2.0, 1.6, 2.5, unit="times"))
    assert (turned.value, turned.lower, turned.upper) == (0.5, 0.4, 0.625)
    assert mirrored(turned).value == 2.0


def test_sentences_follow_their_worlds(tmp_path, tables, found):
    write(tmp_path, beside(__file__, "rendered.yml")["in_worlds"])
    said = {w.name: sentences(tmp_path, "trend", "nl", w.results, tables) for w in worlds(found)}
    assert said["mirrored"]["s"].startswith("Dat is 5,6 procent minder dan in 2023: daling.")
    assert "geen verandering" in said[f"c is unchanged, {WITHIN}"]["s"]
    assert "Anders dan 2,0 procent minder" in said["as is"]["s"]
    assert "Anders dan" not in said["d rises"]["s"]
    assert "meer dan gewone schommeling" in said[f"c rises, {BEYOND}"]["s"]
    assert "k" not in said["counts are 0"]
    assert set(said["all absent"]) == {"police_reports", "absent"}


def test_a_false_sentence_shows_in_its_world_and_what_is_not_said_is_named(tmp_path, tables):
    write(tmp_path, "# T\n\nDe stijging is {{ c.change }}.\n\nX {{ k }}.\n")
    found = results(c=change(5.6, 9.0, verdict=WITHIN), k=3, gone=Absent("not_estimable"))
    text = "\n".join(pages.in_worlds(tmp_path, "trend", "nl", found, tables))
    assert "== mirrored\n   c: 5.6 (-3.4 to 14.6) within_ordinary_variation -> -5.6" in text
    assert "De stijging is 5,6 procent minder." in text and "not said: c, k" in text


@pytest.mark.parametrize("language", OPENS)
@pytest.mark.parametrize("most", [9, 1, 0, None], ids=["as is", "one", "none", "nothing is wrong"])
def test_the_page_of_checks_opens_with_the_findings_that_touch_a_headline_figure(tables, language, most):
    claims = tables.claims()
    major = claims.index[claims["severity"] == "major"]
    claims.loc[major[most:], "severity"] = "moderate"
    if most is None:
        claims = claims.assign(verdict="reproduced", severity="")
    counts, findings = summary.counts(claims), summary.findings(claims)
    told = {name: counts[key] for name, key in COUNTED.items()} | {"claims_findings": findings}
    told |= dict.fromkeys(("claims-strip", "claims_often_read", "statements_unaided"), UNASKED)
    page = render(PROJECT, "claims", language, results(as_of=date(2025, 9, 1), **told), tables)
    texts, major = shown(page), findings[findings["severity"] == "major"]
    rows = [(at, p) for at, p in enumerate(page.parts) if isinstance(p, Item) and p.kind == "extract"]
    assert len(rows) == bool(len(major))
    none, last = OPENS[language]
    opening = next(p for p in page.parts if isinstance(p, Item)).facts["text"]
    assert opening.startswith(f"{len(major)} " if len(major) else none)
    assert opening.partition(". ")[0].endswith(last)
    for at, item in rows:
        assert item.data["text/markdown"].count("\n| ") == 2 + len(major)
        assert sum("## " in text for text in texts[:at]) == 1  # the first section


@pytest.mark.parametrize("carried", [False, True], ids=["something is warned of", "all is carried"])
def test_without_a_new_report_the_page_opens_with_what_the_last_one_says_if_anything(tables, carried):
    last = tables.claims().assign(**({"verdict": "reproduced", "severity": ""} if carried else {}))
    gone = (*COUNTED, "claims-strip", "claims_findings", "statements_unaided", "claims_often_read")
    gone = dict.fromkeys(gone, UNASKED)
    with suppress(NotAskedError):
        gone["claims_often_read"] = summary.often_read(last)
    page = render(PROJECT, "claims", "nl", results(as_of=date(2026, 9, 1), **gone), tables)
    names = ["as_of"] if carried else ["as_of", "claims_often_read"]
    assert [p.name for p in page.parts if isinstance(p, Item)] == names
    assert ("Hieronder" in "".join(shown(page))) != carried
    assert (gone["claims_often_read"] is UNASKED) == carried
