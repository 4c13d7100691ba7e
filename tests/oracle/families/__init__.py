"""Which functions of ours answer which family of reference cases.

One module a subject; each family has a function of its name that takes the inputs of a case and the folder of the
case file, and returns values under the names the case expects.
"""

import re

from tests.oracle.families import capacity, survey, trends, wording

EVERY = vars(capacity) | vars(survey) | vars(trends) | vars(wording)
FAMILIES = {name: function for name, function in EVERY.items() if re.match("[a-h]_", name)}
