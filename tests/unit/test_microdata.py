"""Design-based estimates against R's survey package, against the truth of a simulation, and on bad input."""

import numpy as np
import pandas as pd
import pytest

from osw_stats.analysis.survey.microdata import prevalence_from_microdata
from osw_stats.errors import InputError
from tests.conftest import PROJECT

R = (
    PROJECT / "tests" / "oracle" / "r"
)  # simulated answers; survey.R there says how the expected values were made
SURVEY = pd.read_csv(R / "survey.csv")
EXPECTED = pd.read_csv(R / "expected.csv").set_index(["design", "group"])
DESIGNS = {"clustered": {"strata": "stratum", "cluster": "cluster"}, "flat": {}}


def estimate(frame=SURVEY, **options):
    return prevalence_from_microdata(frame, **{"weight": "weight", "by": ()} | options)


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("grouped", [False, True])
def test_estimates_and_errors_are_those_of_r(design, grouped):
    found = estimate(by=("sex", "age") if grouped else (), **DESIGNS[design])
    for _, row in found.iterrows():
        r = EXPECTED.loc[design, f"{row['sex']} {row['age']}" if grouped else "all"]
        assert row["pct"] == pytest.approx(100 * r["mean"], rel=1e-9)
        assert row["se"] == pytest.approx(100 * r["se"], rel=1e-9)
        assert row["df"] == r["df"]
        # another interval than R's two, from the same size and degrees of freedom: it lies close to them
        for end in ("lower", "upper"):
            near = sorted(100 * r[f"{kind}_{end}"] for kind in ("logit", "beta"))
            assert near[0] - 0.5 < row[end] < near[1] + 0.5


def test_a_lone_cluster_can_be_centred_as_r_does():
    cut = SURVEY[(SURVEY["stratum"] != 6) | (SURVEY["cluster"] == 1)]
    found = estimate(cut, strata="stratum", cluster="cluster", single="centre").iloc[0]
    r = EXPECTED.loc["lonely", "all"]
    assert (found["pct"], found["se"]) == (
        pytest.approx(100 * r["mean"], rel=1e-9),
        pytest.approx(100 * r["se"], rel=1e-9),
    )
    assert found["df"] == r["df"]


def test_a_lone_cluster_is_refused_and_named():
    cut = SURVEY[(SURVEY["stratum"] != 6) | (SURVEY["cluster"] == 1)].reset_index(drop=True)
    row = int(cut.index[cut["stratum"] == 6][0]) + 1
    with pytest.raises(InputError, match=rf'row {row}, column "stratum", value "6": .*single cluster'):
        estimate(cut, strata="stratum", cluster="cluster")


def test_equal_names_of_clusters_in_two_strata_are_two_clusters():
    unique = SURVEY.assign(cluster=SURVEY["stratum"] * 100 + SURVEY["cluster"])
    one, other = (estimate(f, strata="stratum", cluster="cluster") for f in (SURVEY, unique))
    pd.testing.assert_frame_equal(one, other)


def test_order_and_scale_of_weights_do_not_matter():
    shuffled = SURVEY.sample(frac=1, random_state=1).assign(weight=lambda d: d["weight"] * 7)
    options = {"strata": "stratum", "cluster": "cluster", "by": ("sex", "age")}
    pd.testing.assert_frame_equal(estimate(**options), estimate(shuffled, **options))


def test_no_answer_is_left_out_and_differs_by_item():
    gaps = SURVEY.assign(other=SURVEY["osi_12m"].astype(float))
    gaps.loc[:99, "other"] = np.nan
    found = estimate(gaps, items=("osi_12m", "other")).set_index("item")
    assert found["n"].tolist() == [600, 500]
    alone = estimate(gaps.iloc[100:], items=("osi_12m",)).iloc[0]
    assert found.loc["other", "pct"] == pytest.approx(alone["pct"])


def test_limits_hold_the_truth_as_often_as_they_say():
    """Simulated: 300 samples of 60 clusters in 3 strata from a population with a known share."""
    rng = np.random.default_rng(7)
    truth = np.clip(rng.beta(2, 18, (3, 400)), 0, 1)  # share by cluster of the population
    held = 0
    for _ in range(300):
        rows = []
        for stratum in range(3):
            for cluster in rng.choice(400, 20, replace=False):
                answers = rng.random(25) < truth[stratum, cluster]
                rows += [(stratum, cluster, 1.0, int(a)) for a in answers]
        frame = pd.DataFrame(rows, columns=["stratum", "cluster", "weight", "osi_12m"])
        found = estimate(frame, strata="stratum", cluster="cluster").iloc[0]
        held += found["lower"] <= 100 * truth.mean() <= found["upper"]
    assert 0.92 <= held / 300 <= 0.98


def test_too_few_respondents_are_marked():
    found = estimate(SURVEY.groupby("sex").head(40), by=("sex",))
    assert found["suppressed"].all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"weight": 0.0}, 'column "weight", value "0": all weights are zero'),
        ({"weight": -1.0}, r'row 1, column "weight", value "-1.0": is no weight'),
        ({"osi_12m": 5.2}, r'row 1, column "osi_12m", value "5.2": is no answer'),
        ({"sex": None}, r'row 1, column "sex": is empty'),
        ({"osi_12m": np.nan}, r'column "osi_12m", value "female": nobody .* answered in this group'),
    ],
)
def test_bad_input_names_its_place(change, message):
    with pytest.raises(InputError, match=message):
        estimate(SURVEY.assign(**change), by=("sex",))


@pytest.mark.parametrize(
    ("frame", "options", "message"),
    [
        (SURVEY.iloc[:0], {}, "there are no respondents"),
        (SURVEY, {"weight": "gewicht"}, r'column "gewicht": there is no such column'),
        (SURVEY, {"single": "ignore"}, "Choose: error, centre"),
    ],
)
def test_what_cannot_be_estimated_is_refused(frame, options, message):
    with pytest.raises(InputError, match=message):
        estimate(frame, **options)
