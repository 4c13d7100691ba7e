"""What the analysis of the survey knows of its series, and words that go with its results (`survey.yml`)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from osw_stats.meaning.definitions import Bridge
from osw_stats.yamlfile import read_yaml

SURVEY: dict[str, Any] = read_yaml(Path(__file__).with_name("survey.yml"))
SERIES: dict[str, str] = SURVEY["series"]
BRIDGE = Bridge(**SURVEY["bridge"])
