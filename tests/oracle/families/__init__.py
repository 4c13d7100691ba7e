"""Which functions of ours answer which family of reference cases.

One module a subject; each has a dictionary `FAMILIES` from the family's name to a function that takes the
inputs of a case and the folder of the case file, and returns values under the names the case expects.
"""

from tests.oracle.families import capacity, survey, trends, wording

FAMILIES = survey.FAMILIES | trends.FAMILIES | capacity.FAMILIES | wording.FAMILIES
