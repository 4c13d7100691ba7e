"""A page in other worlds: each change in every state, each verdict of its family, counts, and absences."""

import pytest

from osw_stats import cli
from osw_stats.report.pages import trial
from osw_stats.report.pages.values import verdicts
from osw_stats.report.pages.worlds import mirrored, sentences, states, worlds
from osw_stats.vocabulary.numbers import Absent, Fact
from tests.pages.made import change, number, results, write

WITHIN, BEYOND = "within_ordinary_variation", "more_than_ordinary_variation"
PAGE = """# Titel

::: {#s}
Dat is {{ c.change }} dan in {{ c.before }}: {{ c.direction("stijging", "daling", "geen verandering") }}. {{ c.verdict }}
{% if opposite(c, d) %}
Anders dan {{ d.change }}.
{% endif %}
:::

{% if single(k) %}Een enkele{% elif zero(k) %}Geen{% else %}Er zijn {{ k }}.{% endif %}

Plat {{ n }}.
"""


@pytest.fixture
def found():
    return results(c=change(5.6, 9.0, verdict=WITHIN), d=change(-2.0), k=7, n=number(3.0))


def test_every_state_and_verdict_of_every_change_is_a_world(found):
    names = [w.name for w in worlds(found)]
    assert names[:2] == ["as is", "mirrored"]
    for state in (
        f"c rises, {BEYOND}",
        f"c falls, {BEYOND}",
        f"c falls, {WITHIN}",
        f"c is unchanged, {WITHIN}",
        "d rises",
    ):
        assert state in names
    assert f"c is unchanged, {BEYOND}" not in names
    assert [n for n in names if "n " in n.split(",")[0][:2]] == []  # no change, so it has no states
    assert names[-3:] == ["all absent", "half absent", "the other half absent"]


def test_a_number_that_is_no_change_keeps_its_value_under_every_verdict_of_its_family():
    level = number(7.0, 6.0, 8.0, verdict=WITHIN)
    names = [w.name for w in worlds(results(level=level)) if w.name.startswith("level")]
    assert names == [
        f"level is {k}" for k, v in verdicts().items() if v.get("family") == "one_change" and k != WITHIN
    ]
    assert all(
        w.results.numbers["level"].value == 7.0 for w in worlds(results(level=level)) if w.name in names
    )


def test_a_world_changes_only_what_it_says(found):
    for world in worlds(found):
        before, after = found.numbers, world.results.numbers
        different = {n for n in before if before[n] != after.get(n)}
        assert different <= set(world.changed)


def test_the_interval_of_a_state_goes_with_its_verdict():
    for verdict in (WITHIN, BEYOND):
        for state, made in states(change(5.6, verdict=verdict)):
            demonstrated = not made.lower <= 0 <= made.upper
            assert demonstrated == (verdicts()[made.verdict]["holds"] == "change"), state


def test_a_factor_is_mirrored_about_one():
    turned = mirrored(number(2.0, 1.6, 2.5, unit="times"))
    assert (turned.value, turned.lower, turned.upper) == (0.5, 0.4, 0.625)
    assert mirrored(turned).value == 2.0


def test_sentences_follow_their_worlds(tmp_path, tables, found):
    write(tmp_path, PAGE)
    said = {w.name: sentences(tmp_path, "trend", "nl", w.results, tables) for w in worlds(found)}
    assert said["mirrored"]["s"].startswith("Dat is 5,6 procent minder dan in 2023: daling.")
    assert "geen verandering" in said[f"c is unchanged, {WITHIN}"]["s"]
    assert "Anders dan 2,0 procent minder" in said["as is"]["s"]
    assert "Anders dan" not in said["d rises"]["s"]
    assert "meer dan gewone schommeling" in said[f"c rises, {BEYOND}"]["s"]
    assert "k" not in said["counts are 0"]
    assert set(said["all absent"]) == {"police_reports", "absent"}


def test_a_false_sentence_shows_in_its_world(tmp_path, tables, found):
    write(tmp_path, "# T\n\nDe stijging is {{ c.change }}.\n")
    text = "\n".join(trial.in_worlds(tmp_path, "trend", "nl", found, tables))
    assert "== mirrored\n   c: 5.6 (-3.4 to 14.6) within_ordinary_variation -> -5.6" in text
    assert "De stijging is 5,6 procent minder." in text


def test_a_world_without_changes_is_still_told(tmp_path, tables):
    write(tmp_path, "# T\n\nX {{ k }}.\n")
    found = results(k=Fact(3), gone=Absent("not_estimable"))
    assert "not said: k" in "\n".join(trial.in_worlds(tmp_path, "trend", "nl", found, tables))


def test_the_command_has_help_with_an_example(capsys):
    with pytest.raises(SystemExit):
        cli.main(["page", "--help"])
    assert "osw page trend --worlds" in capsys.readouterr().out


def test_the_command_tells_a_name_that_is_not_there(capsys):
    assert cli.main(["page", "trendd"]) == 1
    assert 'Did you mean "trend"?' in capsys.readouterr().err
