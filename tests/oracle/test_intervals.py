"""Reference values reached with other software: R (prop.test, poisson.test, qbeta) and mpmath."""

import math

import pytest

from osw_stats.errors import InputError
from osw_stats.stats.counts.rates import rate_ratio, yearly_dispersion
from osw_stats.stats.survey.intervals import proportion_interval, total_interval


@pytest.mark.parametrize(
    ("x", "n", "deff", "method", "low", "high"),
    [
        (1500, 30000, 1.0, "wilson", 0.047590865531223846, 0.052524363478480454),
        (1500, 30000, 1.0, "agresti_coull", 0.047590192873863346, 0.05252503613584096),
        (1500, 30000, 1.0, "logit", 0.04759060127509553, 0.05252465361943816),
        (1500, 30000, 1.0, "clopper_pearson", 0.047560773502335105, 0.052526827348386186),
        (1250, 25000, 1.35, "wilson", 0.046953263047780074, 0.0532333931311763),
        (1250, 25000, 1.35, "clopper_pearson", 0.04690486229191934, 0.053237387995833454),
        (3, 40, 1.0, "wilson", 0.0258360257745882, 0.19864233524310546),
        (3, 40, 1.0, "clopper_pearson", 0.01574217985104153, 0.20386474873289898),
        (0, 50, 1.0, "wilson", 0.0, 0.07134759913335872),
        (0, 50, 1.0, "clopper_pearson", 0.0, 0.07112173646419767),
        (50, 50, 1.0, "wilson", 0.9286524008666412, 1.0),
        (70, 318, 1.4, "wilson", 0.17114558883882358, 0.2784150594135021),
        (70, 318, 1.4, "logit", 0.1709648992281621, 0.27867113843767743),
        (47, 98, 1.0, "wilson", 0.3833313279110928, 0.5773919369918329),
    ],
)
def test_intervals_of_a_share(x, n, deff, method, low, high):
    found = proportion_interval(x / n, n, deff=deff, method=method)
    assert found == (pytest.approx(low, abs=1e-9), pytest.approx(high, abs=1e-9))


@pytest.mark.parametrize("p", [0.0, 1.0])
def test_the_logit_interval_does_not_exist_at_the_ends(p):
    assert all(math.isnan(end) for end in proportion_interval(p, 50, method="logit"))


@pytest.mark.parametrize(
    ("x1", "x0", "t1", "t0", "ratio", "low", "high", "p"),
    [
        (14802, 14015, 1, 1, 1.0561541205850875, 1.0319665232103588, 1.080912566738314, 3.64859885713979e-06),
        (
            14802,
            14015,
            366,
            365,
            1.0532684535889534,
            1.0291469425458495,
            1.0779592537144387,
            1.07919160489976e-05,
        ),
        (9, 3, 1, 1, 3.0, 0.7486844501970641, 17.22800312689997, 0.14599609375),
        (
            63,
            235,
            0.5,
            0.5,
            0.2680851063829787,
            0.19968444977167682,
            0.3554026040941045,
            1.72616411483566e-24,
        ),
    ],
)
def test_exact_ratios_of_counts(x1, x0, t1, t0, ratio, low, high, p):
    found = rate_ratio(x1, x0, t1=t1, t0=t0)
    assert found.ratio == pytest.approx(ratio, rel=1e-9)
    assert (found.exact_lower, found.exact_upper) == (
        pytest.approx(low, rel=1e-7),
        pytest.approx(high, rel=1e-7),
    )
    assert found.p_exact == pytest.approx(p, rel=1e-5, abs=1e-12)


def test_a_ratio_to_zero_has_a_lower_limit_only():
    found = rate_ratio(5, 0)
    assert found.exact_lower == pytest.approx(0.9163558573154597, rel=1e-7)
    assert found.exact_upper == math.inf
    assert math.isnan(found.ratio)


@pytest.mark.parametrize(
    ("x1", "x0", "phi", "low", "high", "break_even"),
    [
        (14802, 14015, 1, 1.0320363848210006, 1.0808354655270498, 5.593665501102393),
        (14802, 14015, 5, 1.0029849527782906, 1.1121418355669308, 5.593665501102393),
        (14802, 14015, 10, 0.9817534008741802, 1.136193188060894, 5.593665501102393),
        (4648, 5005, 2, 0.8776891703586082, 0.982614877592482, 3.4354194322288714),
    ],
)
def test_overdispersed_ratios(x1, x0, phi, low, high, break_even):
    found = rate_ratio(x1, x0, phi=phi)
    assert (found.lower, found.upper) == (pytest.approx(low, rel=1e-9), pytest.approx(high, rel=1e-9))
    assert found.phi_break_even == pytest.approx(break_even, rel=1e-9)


def test_the_dispersion_of_registered_offences():
    counts = [8077, 7413, 7171, 6805, 7486, 7612, 8278, 7357, 7306, 7847, 9088, 8214]
    assert yearly_dispersion(counts) == pytest.approx(28.36210598568225, rel=1e-9)


def test_a_total_against_simulation():
    """Simulated, seeded: share and population size drawn apart, multiplied, quantiles taken."""
    import numpy as np

    rng = np.random.default_rng(20241125)
    share = rng.normal(0.052, 0.0016, 400_000)
    size = rng.uniform(14.7e6, 14.9e6, 400_000)
    low, high = np.quantile(share * size, [0.025, 0.975])
    found = total_interval(0.052, 0.052 - 1.959964 * 0.0016, 0.052 + 1.959964 * 0.0016, 14.8e6, 0.1e6)
    assert found == (pytest.approx(low, rel=0.004), pytest.approx(high, rel=0.004))


@pytest.mark.parametrize("bad", [{"p": 1.2, "n": 10}, {"p": 0.5, "n": 0}, {"p": 0.5, "n": 10, "deff": 0}])
def test_impossible_samples_are_refused(bad):
    with pytest.raises(InputError, match=r"is no (share|size)"):
        proportion_interval(**bad)
