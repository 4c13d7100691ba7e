"""The worked example in docs/ is what its script makes today, figures and all."""

import importlib.util

from tests.conftest import PROJECT


def test_the_worked_example_is_up_to_date():
    path = PROJECT / "docs" / "examples" / "burglaries.py"
    spec = importlib.util.spec_from_file_location("burglaries", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name, content in module.make().items():
        assert (PROJECT / "docs" / name).read_text(encoding="utf-8") == content, (
            f"docs/{name} differs; run python docs/examples/burglaries.py"
        )
