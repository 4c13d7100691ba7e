"""The pooled model against numerical derivatives, least squares and simulation."""

import numpy as np
import pandas as pd
import pytest

from osw_stats.analysis.survey.pooled import design, fit, marginal, shrink, terms_table
from osw_stats.errors import InputError
from tests.conftest import PROJECT

CELLS = pd.read_csv(PROJECT / "tests/oracle/data/glm_pub.csv").rename(columns={"x_eff": "y"})


def simulated(groups, tau, seed=3, n=2000):
    rng = np.random.default_rng(seed)
    rows = []
    for g in range(groups):
        level = rng.normal(-2.5, 0.6)
        for w, shift in enumerate((0.0, 0.1, -0.05)):
            p = 1 / (1 + np.exp(-(level + shift + rng.normal(0, tau))))
            rows.append((str(2020 + 2 * w), f"g{g:04d}", float(n), float(rng.binomial(n, p))))
    return pd.DataFrame(rows, columns=["wave", "group", "n_eff", "y"])


def predicted(model, coef, wave, group):
    return 1 / (1 + np.exp(-design([wave], [group], model.waves, model.groups)[0] @ coef))


def test_the_marginal_effect_and_its_error_by_numerical_derivatives():
    model = fit(CELLS)
    size = np.array([3.0, 10, 90, 3, 10, 90])
    found = marginal(model, [("2020", g) for g in model.groups], [("2024", g) for g in model.groups], size)

    def effect(coef):
        w = size / size.sum()
        return sum(
            w[i] * (predicted(model, coef, "2024", g) - predicted(model, coef, "2020", g))
            for i, g in enumerate(model.groups)
        )

    step = 1e-6
    gradient = np.array(
        [
            (effect(model.coef + step * e) - effect(model.coef - step * e)) / (2 * step)
            for e in np.eye(len(model.coef))
        ]
    )
    half = 1.959963984540054 * np.sqrt(gradient @ model.cov @ gradient)
    assert found == pytest.approx((effect(model.coef), effect(model.coef) - half, effect(model.coef) + half), rel=1e-6)  # fmt: skip


def test_the_table_of_terms_has_effects_for_waves_and_groups():
    table = terms_table(fit(CELLS), dict.fromkeys(set(CELLS["group"]), 1.0)).set_index("term")
    assert table["or"].tolist() == pytest.approx(np.exp(table["logit"]).tolist())
    assert np.isnan(table.loc["(Intercept)", "ame"])
    assert table.drop("(Intercept)")["ame"].notna().all()
    assert (table.loc["wave2024", "ame_lower"] < table.loc["wave2024", "ame"]).all()


def test_rows_of_one_cell_are_added_up():
    halves = pd.concat([CELLS.assign(n_eff=CELLS["n_eff"] / 2, y=CELLS["y"] / 2)] * 2)
    one, two = fit(CELLS), fit(halves)
    assert two.coef == pytest.approx(one.coef, rel=1e-8)
    assert two.deviance == pytest.approx(one.deviance, rel=1e-8)


def test_errors_are_inflated_where_cells_vary_too_much():
    calm, wild = fit(simulated(12, 0.0)), fit(simulated(12, 0.3))
    assert calm.inflation == 1.0
    assert wild.phi > 1.5
    assert wild.se == pytest.approx(np.sqrt(np.diag(wild.cov) * wild.phi))


def test_shrinking_finds_the_spread_and_draws_less_where_more_is_known():
    table = simulated(60, 0.25)
    small = table["group"] < "g0030"
    table.loc[small, ["n_eff", "y"]] = table.loc[small, ["n_eff", "y"]] / 10
    found = shrink(fit(table))
    assert found["tau"].iloc[0] == pytest.approx(0.25, abs=0.07)
    assert found.loc[small, "weight"].median() < 0.7 * found.loc[~small, "weight"].median()


def test_the_spread_solves_its_own_equation():
    """Weighted residual sum of squares equals its degrees of freedom, by least squares on scaled rows."""
    model = fit(simulated(20, 0.2))
    tau = shrink(model)["tau"].iloc[0]
    y, n = model.cells["y"].to_numpy(), model.cells["n_eff"].to_numpy()
    p = y / n
    scale = 1 / np.sqrt(1 / (n * p * (1 - p)) + tau**2)
    x = design(list(model.cells["wave"]), list(model.cells["group"]), model.waves, model.groups)
    _, rss, rank, _ = np.linalg.lstsq(x * scale[:, None], np.log(p / (1 - p)) * scale, rcond=None)
    assert rss[0] == pytest.approx(len(y) - rank, rel=1e-5)


def test_without_spread_every_cell_goes_to_the_model():
    model = fit(simulated(12, 0.0, seed=5))
    found = shrink(model)
    if found["tau"].iloc[0] == 0:
        fitted = [100 * predicted(model, model.coef, w, g) for w, g in found[["wave", "group"]].to_numpy()]
        assert found["shrunken_pct"].tolist() == pytest.approx(fitted, rel=0.02)
    assert found["weight"].max() < 0.3


def test_a_cell_of_zero_is_no_trouble():
    table = simulated(12, 0.1)
    table.loc[0, "y"] = 0.0
    found = shrink(fit(table))
    assert np.isfinite(found[["shrunken_pct", "lower", "upper"]]).all(axis=None)


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (CELLS.assign(y=CELLS["n_eff"] + 1), 'row 1, column "y"'),
        (CELLS.assign(n_eff=0.0), "is no count of a sample"),
        (CELLS[CELLS["wave"] == CELLS["wave"].iloc[0]], "two waves and two groups"),
    ],
)
def test_cells_that_cannot_be_are_refused(cells, message):
    with pytest.raises(InputError, match=message):
        fit(cells)
