"""The worked example in docs/ is what its script makes today, figures and all."""

import importlib.util
import re

import pytest

from tests.conftest import PROJECT

NUMBER = re.compile(r"-?\d+\.\d+")


def test_the_worked_example_is_up_to_date():
    path = PROJECT / "docs" / "examples" / "burglaries.py"
    spec = importlib.util.spec_from_file_location("burglaries", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name, content in module.make().items():
        kept = (PROJECT / "docs" / name).read_text(encoding="utf-8")
        hint = f"docs/{name} differs; run python docs/examples/burglaries.py"
        # another processor adds in another order: a drawing may differ by a thousandth of a point, the text by nothing
        loose = name.endswith(".svg")
        assert (NUMBER.sub("", kept) if loose else kept) == (NUMBER.sub("", content) if loose else content), (
            hint
        )
        old, new = ([float(n) for n in NUMBER.findall(text)] for text in (kept, content))
        assert new == pytest.approx(old, abs=1e-3), hint
