import pytest

from osw_stats.errors import InputError, UnitMismatchError
from osw_stats.vocabulary.quantity import Quantity
from osw_stats.vocabulary.units import UNITS, common_unit, unit


@pytest.mark.parametrize("operation", ["__add__", "__sub__", "__lt__", "__eq__"])
def test_requests_are_not_persons(operation):
    with pytest.raises(UnitMismatchError, match="advice_requests and persons count different things"):
        getattr(Quantity(12206, "advice_requests"), operation)(Quantity(760_000, "persons"))


def test_like_units_combine():
    assert Quantity(60, "fte") - Quantity(49, "fte") == Quantity(11, "fte")
    assert Quantity(14802, "police_reports") / Quantity(14015, "police_reports") == pytest.approx(
        1.05615, abs=1e-5
    )


def test_an_unknown_unit_names_the_nearest_one():
    with pytest.raises(InputError, match='Did you mean "persons"'):
        unit("person")


def test_no_unit_at_all_is_refused():
    with pytest.raises(UnitMismatchError):
        common_unit([])


def test_every_unit_has_words_in_both_languages():
    assert all(u.nl and u.en for u in UNITS.values())
