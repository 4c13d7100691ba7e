import pandas as pd
import pytest
import yaml

from osw_stats.analysis.revisions import alternatives, revisions
from osw_stats.errors import InputError
from osw_stats.sources.clean import clean
from osw_stats.vocabulary.definitions import Bridge, DefinitionMismatchError, require_same
from tests.conftest import raw_row, write_raw

REASON = {"nl": "De uitgever schreef dit fout.", "en": "The publisher wrote this wrongly."}


def correction(**overrides):
    entry = {
        "id": "a", "action": "drop", "match": {"series_id": "police_reports", "time_period": "2024"},
        "expect": 14802, "reason": REASON, "status": "open",
    }  # fmt: skip
    return {k: v for k, v in (entry | overrides).items() if v is not None}


def later(**overrides):
    return raw_row(
        value="14900",
        as_reported="14.900",
        step="1",
        note="full count",
        source_id="later",
        published="2026-03-01",
        **overrides,
    )


def cleaned(root, *corrections):
    if corrections:
        (root / "data/raw/corrections.yml").write_text(yaml.safe_dump(list(corrections)))
    return clean(root).observations


def test_a_figure_is_dropped_with_a_reason(tmp_path):
    other = raw_row(time_period="2023", value="14015", as_reported="14.015")
    rows = cleaned(write_raw(tmp_path, raw_row(), other), correction())
    assert rows["time_period"].tolist() == ["2023"]


def test_a_figure_is_mended_and_says_so(tmp_path):
    row = cleaned(write_raw(tmp_path, raw_row()), correction(action="override", value=14820.0)).iloc[0]
    assert (row["obs_value"], row["obs_status"], row["note"]) == (14820, "revised", REASON["en"])
    assert row["as_reported"] == "14.802 meldingen"  # raw stays as it was


def test_the_guard_fails_the_day_the_publisher_repairs_it(tmp_path):
    with pytest.raises(InputError, match=r"corrections\.yml.*expects 14999 and finds \[14802\.0\]"):
        cleaned(write_raw(tmp_path, raw_row()), correction(expect=14999))


def test_a_correction_that_matches_nothing_is_refused(tmp_path):
    with pytest.raises(InputError, match="matches no figure"):
        cleaned(
            write_raw(tmp_path, raw_row()),
            correction(match={"series_id": "police_reports", "time_period": "1999"}),
        )


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": {"nl": "kort", "en": "short"}},
        {"action": "forget"},
        {"expect": None},
        {"match": {"colour": "red"}},
        {"action": "prefer", "expect": None},
    ],
)
def test_an_incomplete_correction_is_refused(tmp_path, wrong):
    with pytest.raises(InputError, match=r"corrections\.yml"):
        cleaned(write_raw(tmp_path, raw_row()), correction(**wrong))


def test_two_sources_that_differ_are_not_silently_chosen(tmp_path):
    with pytest.raises(InputError, match=r"row 3, column \"value\", value \"14900\": doc says 14802"):
        cleaned(write_raw(tmp_path, raw_row(), later()))


def test_one_source_is_preferred_and_the_other_stays_visible(tmp_path):
    prefer = correction(
        action="prefer", match={"series_id": "police_reports", "source_id": "doc"}, over="later", expect=None
    )
    rows = cleaned(write_raw(tmp_path, raw_row(), later()), prefer)
    assert rows.set_index("source_id")["role"].to_dict() == {"doc": "main", "later": "alternative"}
    assert alternatives(rows)["obs_value"].tolist() == [14900]
    assert revisions(rows).empty


def test_a_new_edition_is_a_revision_with_old_and_new_value(tmp_path):
    declared = correction(
        action="revision",
        match={"series_id": "police_reports", "source_id": "later"},
        over="doc",
        expect=None,
    )
    table = revisions(cleaned(write_raw(tmp_path, raw_row(), later()), declared))
    assert table[["old_value", "new_value", "change", "new_known_by"]].to_numpy().tolist() == [
        [14802, 14900, 98, "2026-03-01"]
    ]


def test_different_definitions_are_compared_only_over_a_bridge(observations):
    reports = observations[observations["series_id"] == "police_reports"]
    offences = observations[observations["series_id"] == "police_registered_141"]
    with pytest.raises(DefinitionMismatchError, match=r"police_registered_141\.1 \(registered_offences\)"):
        require_same(pd.concat([reports, offences]))
    bridge = Bridge(nl="Beide tellen wat de politie vastlegt.", en="Both count what the police record.")
    require_same(pd.concat([reports, offences]), bridge)


def test_one_series_across_a_break_is_refused_too(observations):
    with pytest.raises(DefinitionMismatchError, match=r"cbs_osi_12m\.1.*cbs_osi_12m\.2"):
        require_same(observations[observations["series_id"] == "cbs_osi_12m"])


def test_a_bridge_is_a_sentence():
    with pytest.raises(ValueError, match="is a sentence"):
        Bridge(nl="ja", en="yes")


def test_occupied_posts_and_formation_are_different_definitions(observations):
    ap = observations[observations["series_id"] == "ap_fte"]
    with pytest.raises(DefinitionMismatchError, match=r"ap_fte\.1:formation.*ap_fte\.1:occupied"):
        require_same(ap)
