"""The publisher of an edition, and the address of its site.

Publisher and address come from `_quarto.yml` and `CITATION.cff` and are never made up: `website.site-url` is the
address of the site (Quarto's own key), and under `publisher` may stand `name`, `url`, `contact-name` and
`contact-email`. Missing values are left out of every file.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from osw_stats.errors import InputError
from osw_stats.yamlfile import read_yaml


@dataclass(frozen=True)
class Identity:
    """Publisher, version and address; empty text if unknown."""

    title: str
    publisher: str
    version: str
    site: str = ""
    publisher_url: str = ""
    contact_name: str = ""
    contact_email: str = ""

    def address(self, path: str) -> str:
        """Return the address of a file of the site; relative to the site where that has no address."""
        return f"{self.site.rstrip('/')}/{path}" if self.site else path


def identity(root: Path) -> Identity:
    """Read the publisher and the address."""
    cited: Any = read_yaml(root / "CITATION.cff", "CITATION.cff")
    settings: Any = read_yaml(root / "_quarto.yml", "_quarto.yml")
    publisher = settings.get("publisher") or {}
    site = settings.get("website", {}).get("site-url", "")
    for column, value in (("site-url", site), ("publisher: url", publisher.get("url", ""))):
        if value and not str(value).startswith(("https://", "http://")):
            remedy = "Write it with https:// in front."
            raise InputError("is no web address", remedy, file="_quarto.yml", column=column, value=value)
    name = publisher.get("name") or cited["authors"][0]["name"]
    url, contact, mail = (publisher.get(key, "") for key in ("url", "contact-name", "contact-email"))
    return Identity(cited["title"], name, str(cited["version"]), site, url, contact, mail)
