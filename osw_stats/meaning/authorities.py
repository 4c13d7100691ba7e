"""The authorities and other bodies in this report, the five questions, and the codes for answers."""

from dataclasses import dataclass
from pathlib import Path

from osw_stats.yamlfile import read_yaml, refusals

refused = refusals(__file__)


@dataclass(frozen=True)
class Authority:
    """One body: its code, short and full name, and whether the five questions were put to it."""

    code: str
    nl: str
    en: str
    full_nl: str
    full_en: str
    asked: bool = True


_DATA = read_yaml(Path(__file__).with_name("authorities.yml"))
AUTHORITIES = {code: Authority(code, **entry) for code, entry in _DATA["bodies"].items()}
QUESTIONS: dict[int, dict[str, str]] = _DATA["questions"]
CODES: dict[int, dict[str, str]] = _DATA["codes"]
SCOPES: dict[str, dict[str, str]] = _DATA["scopes"]
NO_RECORD = 9
REFUSED = 0


def authority(code: str) -> Authority:
    """Return one body, or raise InputError if there is no such body."""
    if code not in AUTHORITIES:
        raise refused("body", value=code, bodies=", ".join(AUTHORITIES))
    return AUTHORITIES[code]
