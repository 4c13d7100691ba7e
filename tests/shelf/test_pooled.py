"""All cells of a survey in one model: derivatives and posteriors by hand. All SIMULATED."""

import math
from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from osw_stats import errors, shelf
from osw_stats.errors import InputError, NotEstimableError
from osw_stats.shelf.microdata.pooled import fit, shrink, terms_table
from osw_stats.stats.survey.contracts import columns
from tests.cases import table
from tests.conftest import PROJECT

Z = 1.959963984540054
CELLS = pd.read_csv(PROJECT / "tests/oracle/data/glm_pub.csv").rename(columns={"x_eff": "y"})
FOUR = pd.DataFrame({"wave": ["2022", "2022", "2024", "2024"], "group": list("abab"), "n_eff": 1000.0})
FOUR["y"] = [100.0, 50, 130, 45]


def simulated(groups, tau, seed=3, n=2000):
    rng = np.random.default_rng(seed)
    rows = []
    for g in range(groups):
        level = rng.normal(-2.5, 0.6)
        for w, shift in enumerate((0.0, 0.1, -0.05)):
            p = 1 / (1 + np.exp(-(level + shift + rng.normal(0, tau))))
            rows.append((str(2020 + 2 * w), f"g{g:04d}", float(n), float(rng.binomial(n, p))))
    return pd.DataFrame(rows, columns=["wave", "group", "n_eff", "y"])


class TestPooled:
    def test_the_marginal_effect_and_its_error_by_numerical_derivatives(self):
        model, size = fit(CELLS), np.array([3.0, 10, 90, 3, 10, 90])
        first, last = ([(wave, g) for g in model.groups] for wave in ("2020", "2024"))

        def effect(coef):
            p = [1 / (1 + np.exp(-model.design(pairs) @ coef)) for pairs in (first, last)]
            return 100 * size @ (p[1] - p[0]) / size.sum()

        steps = 1e-6 * np.eye(len(model.coef))
        gradient = np.array([(effect(model.coef + e) - effect(model.coef - e)) / 2e-6 for e in steps])
        # these cells vary around the model, by a spread that is estimated
        assert model.tau2 > 0
        middle = effect(model.coef)

        def reach(direction):
            total, known = (direction @ cov @ direction for cov in (model.covariance, model.cov))
            df = model.df_resid * (total / (total - known)) ** 2  # only what is estimated has few
            return stats.t.isf(0.025, df) * np.sqrt(total)

        half = reach(gradient)
        table = terms_table(model, dict(zip(model.groups, size, strict=True))).set_index("term")
        row = table.loc["wave2024"]
        ends = (middle, middle - half, middle + half)
        assert tuple(row[["ame", "ame_lower", "ame_upper"]]) == pytest.approx(ends, rel=1e-6)
        alone = np.eye(len(model.coef))[model.terms.index("wave2024")]
        odds = np.exp([row["logit"], row["logit"] + reach(alone)])
        assert row[["or", "or_upper"]].tolist() == pytest.approx(odds.tolist())
        assert table["ame"].isna().tolist() == [True] + [False] * (len(table) - 1)

    def test_rows_of_one_cell_are_added_up_and_a_lone_wave_is_refused(self):
        halves = pd.concat([FOUR.assign(n_eff=FOUR["n_eff"] / 2, y=FOUR["y"] / 2)] * 2)
        assert fit(halves).coef == pytest.approx(fit(FOUR).coef, rel=1e-8)
        with pytest.raises(InputError, match="two waves and two groups"):
            fit(FOUR.head(2))

    def test_variances_grow_with_what_cells_vary_around_the_model(self):
        wild, calm = fit(simulated(12, 0.3)), fit(FOUR.assign(y=[100.0, 50, 110, 55]))
        assert wild.tau2 == pytest.approx(shrink(wild)["tau"].iloc[0] ** 2)
        assert calm.tau2 == 0
        assert calm.covariance == pytest.approx(calm.cov, rel=1e-4)
        # the estimate is near the truth plus (X'WX)^-1 X'W u, u being what each logit is off, by its size and by the cells
        p, x = 1 / (1 + np.exp(-wild.matrix @ wild.coef)), wild.matrix
        w = wild.cells["n_eff"].to_numpy() * p * (1 - p)
        moved = np.linalg.solve(x.T @ np.diag(w) @ x, x.T @ np.diag(w))
        by_hand = moved @ np.diag(1 / w + wild.tau2) @ moved.T
        se = terms_table(wild, dict.fromkeys(wild.groups, 1.0))["se"]
        assert se.tolist() == pytest.approx(np.sqrt(np.diag(by_hand)).tolist(), rel=1e-6)
        assert (se > 1.2 * np.sqrt(np.diag(wild.cov))).all()
        for model in (wild, fit(FOUR)):  # with the quantile of t and with the normal one
            with pytest.raises(InputError, match='column "alpha"'):
                terms_table(model, dict.fromkeys(model.groups, 1.0), alpha=1.5)

    def test_shrunken_shares_are_those_of_the_posterior(self):
        """Flat prior on wave and group, normal one on each cell: its precision is (1 - hat matrix) / tau squared."""
        wild = FOUR.assign(y=[100.0, 50, 190, 30])
        table = shrink(fit(wild))
        p, tau2, x = wild["y"].to_numpy() / 1000, table["tau"].iloc[0] ** 2, fit(wild).matrix
        prior, data = (np.eye(4) - x @ np.linalg.inv(x.T @ x) @ x.T) / tau2, np.diag(1000 * p * (1 - p))
        posterior = np.linalg.inv(prior + data)
        centre, half = posterior @ data @ np.log(p / (1 - p)), Z * np.sqrt(np.diag(posterior))
        for name, side in (("shrunken_pct", 0), ("lower", -1), ("upper", 1)):
            assert table[name].tolist() == pytest.approx((100 / (1 + np.exp(-centre - side * half))).tolist())
        assert table["weight"].tolist() == pytest.approx((tau2 / (tau2 + 1 / np.diag(data))).tolist())

    def test_the_spread_is_found_and_solves_its_own_equation(self):
        """Weighted residual sum of squares equals its degrees of freedom; the less a cell knows the more it is drawn."""
        cells = simulated(60, 0.25)
        small = cells["group"] < "g0030"
        cells.loc[small, ["n_eff", "y"]] /= 10
        model = fit(cells)
        table, y, n = shrink(model), model.cells["y"].to_numpy(), model.cells["n_eff"].to_numpy()
        assert table["tau"].iloc[0] == pytest.approx(0.25, abs=0.07)
        assert table.loc[small, "weight"].median() < 0.7 * table.loc[~small, "weight"].median()
        scale, eta = 1 / np.sqrt(n / (y * (n - y)) + table["tau"].iloc[0] ** 2), np.log(y / (n - y))
        _, rss, rank, _ = np.linalg.lstsq(model.matrix * scale[:, None], eta * scale, rcond=None)
        assert rss[0] == pytest.approx(len(y) - rank, rel=1e-5)
        assert shrink(fit(simulated(12, 0.0, seed=5)))["weight"].max() < 0.3

    @pytest.mark.filterwarnings("error")
    @table(__file__, "four_cells", "change error problem")
    def test_cells_of_everybody_or_nobody_are_fitted_and_those_without_an_answer_refused(
        self, change, error, problem
    ):
        cells = FOUR.assign(**change)
        if error:
            with pytest.raises(getattr(errors, error), match=problem):
                fit(cells)
            return
        model = fit(cells)
        assert np.abs(model.coef).max() < 15
        assert np.isfinite(shrink(model)[["shrunken_pct", "lower", "upper"]]).all(axis=None)

    @pytest.mark.filterwarnings("error")
    @pytest.mark.parametrize("seed", range(5))
    def test_sparse_cells_are_fitted_or_refused_and_never_run_away(self, seed):
        rng = np.random.default_rng(seed)
        cells = pd.DataFrame(product(("2020", "2022", "2024"), "abcd"), columns=["wave", "group"])
        for _ in range(20):
            n = rng.integers(2, 12, len(cells)).astype(float)
            try:
                model = fit(cells.assign(n_eff=n, y=rng.binomial(n.astype(int), 0.15).astype(float)))
            except NotEstimableError:
                continue
            assert np.abs(model.coef).max() < 12 and np.sqrt(np.diag(model.cov)).max() < 20


def estimates(groups, waves=("2022", "2024"), **more):
    """Return simulated estimates of groups of women, one row a wave and age."""
    cells = list(product(waves, range(groups)))
    rows = [
        (w, f"{20 + 5 * g}-{24 + 5 * g}", 5.0 + g + (w == "2024") * (1 + g % 2), f"o{g}") for w, g in cells
    ]
    frame = pd.DataFrame(rows, columns=["wave", "age", "pct", "observations"])
    frame["group"] = "female " + frame["age"]
    about = {"sex": "female", "n_eff": 1000.0, "interval_kind": "published", "grade": "A", "unit": "percent"}
    return frame.assign(**about, definition_version="d").assign(**more)


NOBODY = pd.DataFrame(
    columns=["series_id", "time_period", "sex", "age", "obs_value", "lower", "upper", "breakdown", "obs_id"]
)


class TestGroupModel:
    ONE, TWO = estimates(1), estimates(2)

    @pytest.mark.parametrize(
        ("cells", "count", "shrunken"),
        [
            *((estimates(n), 2 * n, 14 * (n == 7)) for n in (2, 6, 7)),
            # nothing tells waves from groups
            *((some, None, 0) for some in (ONE, TWO[:2], TWO.drop(index=[1, 2]))),
            # cells without a size, and groups that hold others, stay out
            (pd.concat([TWO, ONE.assign(age="16+", group="female")]), 4, 0),
            (pd.concat([TWO, ONE.assign(age="60-64", group="x", n_eff=math.nan)]), 4, 0),
        ],
    )
    def test_two_waves_and_two_groups_are_enough(self, cells, count, shrunken):
        tables = shelf.group_model(cells, NOBODY, alpha=0.05)
        assert tables.fit["cells"].tolist() == ([count] if count else [])
        assert (len(tables.terms) > 0) is bool(count)
        assert len(tables.shrunken) == shrunken
        assert list(tables.fit.columns) == columns("prev_model_fit")
        assert list(tables.shrunken.columns) == columns("prev_shrunken")

    def test_the_foot_and_the_terms_are_those_of_the_fit(self):
        cells = estimates(3, interval_kind=["assumed", *["published"] * 5], grade=["B", *"AAAAA"])
        plain = fit(cells.assign(y=cells["n_eff"] * cells["pct"] / 100))
        tables = shelf.group_model(cells, NOBODY, alpha=0.05)
        foot = tables.fit[["cells", "deviance", "df", "lr_p", "observations"]].to_numpy().tolist()
        p = stats.chi2.sf(plain.deviance, plain.df_resid)
        assert foot == [[6, plain.deviance, plain.df_resid, p, "o0 o1 o2"]]
        # every group counts alike where people are not known
        alike = terms_table(plain, dict.fromkeys(cells["group"], 1.0))
        assert tables.terms["ame"].tolist() == pytest.approx(alike["ame"].tolist(), nan_ok=True)
        assert (set(tables.terms["interval_kind"]), set(tables.terms["grade"])) == ({"assumed"}, {"B"})

    def test_people_weigh_the_groups(self):
        cells, names = estimates(2), ("female 20-24", "female 25-29")
        rows = [("cbs_population", "total", "16+", 10e6), ("cbs_phgsg_population", "total", "16+", 9e6)]
        rows += [("cbs_population", "female", "20-24", 3e6), ("cbs_population", "female", "25-29", 1e6)]
        observations = pd.DataFrame(rows, columns=["series_id", "sex", "age", "obs_value"]).assign(
            time_period="2024", breakdown="", lower=lambda d: d["obs_value"], upper=lambda d: d["obs_value"]
        )
        observations["obs_id"] = observations["sex"] + observations["age"]
        terms = shelf.group_model(cells, observations, alpha=0.05).terms
        plain = terms_table(fit(cells.assign(y=cells["pct"] * 10)), dict(zip(names, (3.0, 1.0), strict=True)))
        assert terms["ame"].tolist() == pytest.approx(plain["ame"].tolist(), nan_ok=True)
        assert "female20-24" in terms["observations"].iloc[0].split()
