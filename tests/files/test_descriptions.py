"""Data package, catalogue, citations and identity, read back as their readers do."""

import csv
import hashlib
import json
import re
import shutil

import jsonschema
import numpy as np
import pandas as pd
import pytest
import yaml

from osw_stats.errors import InputError
from osw_stats.report.downloads import CONTENTS, write_tidy
from osw_stats.report.files.catalogue import catalogue
from osw_stats.report.files.citations import Work, bibtex, csl, works, write_citations
from osw_stats.report.files.dictionary import schemas
from osw_stats.report.files.identity import Identity, identity
from osw_stats.report.files.package import describe_package, write_json
from osw_stats.report.harvest import Item, Page
from osw_stats.report.tables import csv_text
from osw_stats.sources.clean import clean
from osw_stats.sources.quality import judge
from osw_stats.vocabulary.observations import records
from tests.conftest import PROJECT

# what the standard asks of a descriptor (Data Package 2.0, Data Resource 2.0, Table Schema 2.0)
FIELD = {
    "type": "object",
    "required": ["name", "type"],
    "properties": {
        "name": {"type": "string", "minLength": 1},
        "type": {"enum": ["string", "number", "integer", "boolean"]},
        "description": {"type": "string", "minLength": 1},
    },
}
RESOURCE = {
    "type": "object",
    "required": ["name", "path"],
    "properties": {
        "name": {"type": "string", "pattern": r"^[a-z0-9._-]+$"},
        "path": {"type": "string", "pattern": r"^[^/~.][^/]*$"},
        "type": {"enum": ["table"]},
        "hash": {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"},
        "bytes": {"type": "integer", "minimum": 1},
        "mediatype": {"type": "string", "pattern": "^[^/]+/[^/]+$"},
        "schema": {
            "type": "object",
            "required": ["fields"],
            "properties": {"fields": {"type": "array", "minItems": 1, "items": FIELD}},
        },
    },
}
PACKAGE = {
    "type": "object",
    "required": ["resources"],
    "properties": {
        "$schema": {"const": "https://datapackage.org/profiles/2.0/datapackage.json"},
        "name": {"type": "string", "pattern": r"^[a-z0-9._-]+$"},
        "licenses": {
            "type": "array",
            "minItems": 1,
            "items": {"type": "object", "required": ["name", "path"]},
        },
        "contributors": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "properties": {"roles": {"type": "array", "items": {"type": "string"}}},
            },
        },
        "sources": {"type": "array", "items": {"type": "object", "required": ["title"]}},
        "resources": {"type": "array", "minItems": 1, "items": RESOURCE},
    },
}
NOBODY = Identity("osw_stats", "the osw_stats contributors", "0.1.0")
SOMEBODY = Identity(
    "osw_stats", "Publisher {x} & co", "0.1.0", "https://example.org/osw/", "https://example.org",
    "Desk", "desk@example.org",
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tables, tmp_path_factory):
    out = tmp_path_factory.mktemp("processed")
    write_tidy(tables, judge(PROJECT, clean(PROJECT)), out)
    (out / "numbers.json").write_text("[]\n")
    return out


@pytest.fixture(scope="module")
def package(tables, folder):
    return describe_package(
        tables.edition, records(tables.sources), folder, NOBODY, CONTENTS, schemas(folder)
    )


def test_the_package_meets_the_standard_and_names_every_file_once(package, folder):
    jsonschema.validate(package, PACKAGE)
    names = [r["name"] for r in package["resources"]]
    assert len(set(names)) == len(names)
    assert {r["path"] for r in package["resources"]} == {p.name for p in folder.iterdir()}


def parses(text: str, kind: str) -> bool:
    """Read a cell as the Table Schema type says; independent of how the type was found."""
    shapes = {
        "integer": r"[+-]?\d+", "number": r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", "boolean": r"True|False",
        "string": r"(?s).*",
    }  # fmt: skip
    return text == "" or re.fullmatch(shapes[kind], text) is not None


def test_hashes_rows_headings_and_types_are_those_of_the_files(package, folder):
    for resource in package["resources"]:
        path = folder / resource["path"]
        assert resource["hash"] == f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
        assert resource["bytes"] == path.stat().st_size
        if path.suffix != ".csv":
            continue
        with path.open(encoding="utf-8", newline="") as handle:
            head, *rows = list(csv.reader(handle))
        fields = resource["schema"]["fields"]
        assert [f["name"] for f in fields] == head
        assert resource["rows"] == len(rows)
        for at, field in enumerate(fields):
            wrong = [row[at] for row in rows if not parses(row[at], field["type"])]
            assert not wrong, (path.name, field, wrong[:3])
        for key in resource["schema"].get("primaryKey", []):
            values = [row[head.index(key)] for row in rows]
            assert len(set(values)) == len(values), (path.name, key)


def test_every_column_of_the_tidy_tables_is_explained_in_both_languages(package):
    silent = [
        (r["path"], f["name"])
        for r in package["resources"]
        if r.get("type") == "table"
        for f in r["schema"]["fields"]
        if not {"description", "description_nl"} <= set(f)
    ]
    assert silent == []


@pytest.mark.parametrize("value", [float("inf"), float("-inf")])
@pytest.mark.parametrize("others", [[], [1.5], [float("nan"), -2.0]])
def test_a_number_without_end_is_written_in_no_table(value, others):
    frame = pd.DataFrame({"text": ["=x"] * (len(others) + 1), "ratio": [*others, value]})
    with pytest.raises(InputError, match='column "ratio": holds a number without end'):
        csv_text(frame)
    assert "inf" not in csv_text(frame.replace([np.inf, -np.inf], np.nan))


def test_no_published_table_holds_a_number_without_end(folder):
    for path in [*folder.glob("*.csv"), *folder.glob("*.json")]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(?<![\w-])-?(inf|Infinity|NaN)(?=[,\]}\n])", text), path.name


def test_two_packages_are_the_same_and_hold_no_moment(tables, folder, package, tmp_path):
    assert (
        describe_package(tables.edition, records(tables.sources), folder, NOBODY, CONTENTS, schemas(folder))
        == package
    )
    write_json(package, tmp_path / "datapackage.json")
    text = (tmp_path / "datapackage.json").read_text(encoding="utf-8")
    assert "created" not in json.loads(text)
    assert json.loads(text) == package


MANDATORY = {
    "dcat:Catalog": {"dct:title", "dct:description", "dct:publisher", "dcat:dataset"},
    "dcat:Dataset": {"dct:title", "dct:description", "dct:identifier", "dct:publisher", "dct:creator", "dct:accessRights", "dcat:theme", "dcat:distribution"},
    "dcat:Distribution": {"dcat:accessURL", "dct:license"},
}  # fmt: skip


@pytest.mark.parametrize("who", [NOBODY, SOMEBODY])
def test_the_catalogue_has_what_the_profile_asks_and_nothing_made_up(tables, package, who):
    told = catalogue(tables.edition, tables.observations["time_period"], package, who)
    (dataset,) = told["dcat:dataset"]
    for node in (told, dataset, *dataset["dcat:distribution"]):
        assert MANDATORY[node["@type"]] <= set(node)
    assert {t["@language"] for t in dataset["dct:title"]} == {"nl", "en"}
    assert ("dcat:contactPoint" in dataset) == ("dct:conformsTo" in dataset) == bool(who.contact_email)
    assert ("mailto:" in json.dumps(told)) == bool(who.contact_email)
    assert "dct:issued" not in json.dumps(told)


def test_the_catalogue_describes_the_very_files(tables, package, folder):
    told = catalogue(tables.edition, tables.observations["time_period"], package, SOMEBODY)
    for node in told["dcat:dataset"][0]["dcat:distribution"]:
        address = node["dcat:downloadURL"]["@id"]
        assert address.startswith("https://example.org/osw/data/")
        path = folder / address.rpartition("/")[2]
        found = node["spdx:checksum"]["spdx:checksumValue"]["@value"]
        assert found == hashlib.sha256(path.read_bytes()).hexdigest()


def test_without_an_address_references_are_relative_to_the_catalogue(tables, package, folder, tmp_path):
    told = catalogue(tables.edition, tables.observations["time_period"], package, NOBODY)
    write_json(told, tmp_path / "catalog.jsonld")
    for node in json.loads((tmp_path / "catalog.jsonld").read_text())["dcat:dataset"][0]["dcat:distribution"]:
        assert (folder / node["dcat:downloadURL"]["@id"]).is_file()


def test_the_temporal_extent_is_that_of_the_figures(tables, package):
    extent = catalogue(tables.edition, tables.observations["time_period"], package, NOBODY)["dcat:dataset"][
        0
    ]["dct:temporal"]
    years = {p[:4] for p in tables.observations["time_period"]}
    assert extent["dcat:startDate"]["@value"] == min(years)
    assert extent["dcat:endDate"]["@value"] == max(years)


def runs(*captions: str):
    parts = tuple(Item("figure", f"simulated-{n}", {"caption": c}, {}) for n, c in enumerate(captions))
    return {("trend", lang): Page("trend", lang, parts, None) for lang in ("nl", "en")}


CAPTIONS = ("100% of {x} & \\input{y} #1 $z$ ~a_b^c", "Ruim 760 duizend é")


@pytest.mark.parametrize("who", [NOBODY, SOMEBODY])
def test_every_figure_and_the_edition_can_be_cited_in_both_languages(tables, tmp_path, who):
    bib, items = write_citations(tables.edition, runs(*CAPTIONS), who, tmp_path)
    keys = re.findall(r"^@misc\{([a-z0-9_]+),$", bib.read_text(encoding="utf-8"), flags=re.MULTILINE)
    told = json.loads(items.read_text(encoding="utf-8"))
    assert len(keys) == len(set(keys)) == len(told) == 6
    assert [t["id"] for t in told] == keys
    assert {t["title"] for t in told} >= set(CAPTIONS)
    assert all(("URL" in t) == bool(who.site) for t in told)
    assert not [t for t in told if "issued" in t]
    assert "#fig-simulated-0" in str(told) or not who.site


def test_a_title_cannot_break_out_of_its_bibtex_entry(tables):
    entry = bibtex(Work("k", CAPTIONS[0], "x"), tables.edition, SOMEBODY)
    plain = re.sub(r"\\[{}]", "", entry.strip())  # escaped braces do not count
    depth = 0
    for at, mark in enumerate(plain):
        depth += (mark == "{") - (mark == "}")
        assert depth >= 0
        assert depth > 0 or at < 5 or at == len(plain) - 1
    assert depth == 0
    assert r"\textbackslash{}input" in entry
    assert not re.search(r"(?<!\\)[%&#$]", entry)


def test_a_figure_is_cited_inside_its_edition(tables):
    figure = list(works(tables.edition, runs("Caption"), "en"))[1]
    told = csl(figure, tables.edition, SOMEBODY)
    assert told["container-title"] == "Online sexual violence in figures 2024"
    assert told["URL"] == "https://example.org/osw/en/trend.html#fig-simulated-0"


def test_who_publishes_comes_from_the_project_files(tmp_path):
    who = identity(PROJECT)
    assert (who.publisher, who.version) == ("the osw_stats contributors", "0.1.0")
    for name in ("_quarto.yml", "CITATION.cff"):
        shutil.copyfile(PROJECT / name, tmp_path / name)
    settings = yaml.safe_load((tmp_path / "_quarto.yml").read_text())
    settings["website"]["site-url"] = "https://example.org"
    settings["publisher"] = {"name": "N", "contact-email": "a@example.org"}
    (tmp_path / "_quarto.yml").write_text(yaml.safe_dump(settings))
    told = identity(tmp_path)
    assert (told.site, told.publisher, told.contact_email) == ("https://example.org", "N", "a@example.org")
    settings["website"]["site-url"] = "javascript:alert(1)"
    (tmp_path / "_quarto.yml").write_text(yaml.safe_dump(settings))
    with pytest.raises(InputError, match=r"site-url.*is no web address"):
        identity(tmp_path)
