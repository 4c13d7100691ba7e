"""`catalog.jsonld`: the edition as a dataset in the words of DCAT-AP-NL 3.0.

What nobody told us is not there. The profile asks for a contact point; without one in
`_quarto.yml` the catalogue does not claim to conform.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from osw_stats.report.editions import Edition
from osw_stats.report.files.identity import Identity
from osw_stats.report.files.report import WORDS, title

NAME = "catalog.jsonld"
EU = "http://publications.europa.eu/resource/authority/"
LICENCE = f"{EU}licence/CC_BY_4_0"
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/", "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#", "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}  # fmt: skip
SAID = WORDS["catalogue"]
FILE_TYPES = {"csv": "CSV", "json": "JSON", "pdf": "PDF", "docx": "DOCX", "xlsx": "XLSX"}
PROFILE = "https://docs.geostandaarden.nl/dcat/dcat-ap-nl30/"
Node = dict[str, Any]


def catalogue(
    edition: Edition, periods: Iterable[str], package: Mapping[str, Any], identity: Identity
) -> Node:
    """Return the catalogue with its dataset and one distribution a file of the package; `periods` (`time_period`) give its years."""
    year = edition.year
    home = identity.address("") if identity.site else "./"
    publisher = {"@type": "foaf:Agent", "foaf:name": identity.publisher} | (
        {"@id": identity.publisher_url} if identity.publisher_url else {}
    )
    titles = [_text(title(edition, lang), lang) for lang in ("nl", "en")]
    common = {
        "dct:title": titles, "dct:description": [_text(text, lang) for lang, text in SAID["description"].items()],
        "dct:publisher": publisher,
        "dct:language": [{"@id": f"{EU}language/{code}"} for code in ("NLD", "ENG")],
        "dct:spatial": {"@id": f"{EU}country/NLD"},
    }  # fmt: skip
    dataset = (
        {"@type": "dcat:Dataset", "@id": f"{home}#dataset-{year}"}
        | common
        | _dataset(edition, periods, identity)
    )
    dataset["dcat:distribution"] = [_distribution(r, identity) for r in package["resources"]]
    told = {"@context": CONTEXT, "@type": "dcat:Catalog", "@id": f"{home}#catalogue"} | common
    told |= {"dct:license": {"@id": LICENCE}, "dcat:dataset": [dataset]}
    contact = _contact(identity)
    if contact:
        dataset["dcat:contactPoint"] = told["dcat:contactPoint"] = contact
        dataset["dct:conformsTo"] = told["dct:conformsTo"] = {"@id": PROFILE}
    return told


def _dataset(edition: Edition, periods: Iterable[str], identity: Identity) -> Node:
    years = sorted(int(y) for p in periods for y in re.findall(r"^\d{4}", p))
    return {
        "dct:identifier": identity.address(f"#dataset-{edition.year}") if identity.site else f"osw-stats-{edition.year}",
        "dct:creator": {"@type": "foaf:Agent", "foaf:name": identity.publisher},
        "dcat:version": f"{edition.year}, {edition.as_of.isoformat()}",
        "dct:accessRights": {"@id": f"{EU}access-right/PUBLIC"},
        "dct:accrualPeriodicity": {"@id": f"{EU}frequency/ANNUAL"},
        "dcat:theme": [{"@id": f"{EU}data-theme/{code}"} for code in ("JUST", "SOCI")],
        "dcat:keyword": [_text(word, lang) for lang, words in SAID["keywords"].items() for word in words],
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": {"@type": "xsd:gYear", "@value": str(years[0])},
            "dcat:endDate": {"@type": "xsd:gYear", "@value": str(years[-1])},
        },
        **({"dcat:landingPage": {"@id": identity.site}} if identity.site else {}),
    }  # fmt: skip


def _distribution(resource: Mapping[str, Any], identity: Identity) -> Node:
    # the catalogue stands beside the files, so a relative reference is the bare name
    address = identity.address(f"data/{resource['path']}") if identity.site else resource["path"]
    titles = [
        _text(resource[key], lang) for lang, key in (("nl", "title_nl"), ("en", "title")) if key in resource
    ]
    kind = FILE_TYPES.get(resource["format"])
    return {
        "@type": "dcat:Distribution",
        "dct:title": titles or resource["path"],
        "dcat:accessURL": {"@id": address},
        "dcat:downloadURL": {"@id": address},
        "dct:license": {"@id": LICENCE},
        "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{resource['mediatype']}"},
        **({"dct:format": {"@id": f"{EU}file-type/{kind}"}} if kind else {}),
        "dcat:byteSize": {"@type": "xsd:nonNegativeInteger", "@value": str(resource["bytes"])},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"},
            "spdx:checksumValue": {"@type": "xsd:hexBinary", "@value": resource["hash"].removeprefix("sha256:")},
        },
    }  # fmt: skip


def _contact(identity: Identity) -> Node:
    if not identity.contact_email:
        return {}
    return {
        "@type": "vcard:Kind",
        "vcard:fn": identity.contact_name or identity.publisher,
        "vcard:hasEmail": {"@id": f"mailto:{identity.contact_email}"},
    }


def _text(text: str, language: str) -> Node:
    return {"@language": language, "@value": text}
