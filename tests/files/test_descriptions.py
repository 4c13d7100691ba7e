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

from osw_stats.data.clean import clean
from osw_stats.data.quality import judge
from osw_stats.errors import InputError
from osw_stats.meaning.observations import records
from osw_stats.publish.contents import Item, Page
from osw_stats.publish.downloads import write_tidy
from osw_stats.publish.files import package as files
from osw_stats.publish.identity import Identity, identity
from osw_stats.text.tables import csv_text
from tests.cases import beside
from tests.conftest import PROJECT
from tests.files.conftest import CASES

PACKAGE = beside(__file__, "datapackage.schema.yml")
NOBODY = Identity("osw_stats", "the osw_stats contributors", "0.1.0")
DESK = ("https://example.org/osw/", "https://example.org", "Desk", "desk@example.org")
SOMEBODY = Identity("osw_stats", "Publisher {x} & co", "0.1.0", *DESK)
# of a cell that is not empty, by its type in Table Schema; independent of how the type was found
SHAPES = {"integer": r"[+-]?\d+", "number": r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?"}
SHAPES |= {"boolean": "True|False", "string": "(?s).*"}


@pytest.fixture(scope="module")
def folder(tables, tmp_path_factory):
    out = tmp_path_factory.mktemp("processed")
    write_tidy(tables, judge(PROJECT, clean(PROJECT)), out)
    (out / "numbers.json").write_text("[]\n")
    return out


@pytest.fixture(scope="module")
def package(tables, folder):
    sources, columns = records(tables.sources), files.schemas(folder)
    return files.describe_package(tables.edition, sources, folder, NOBODY, files.CONTENTS, columns)


def require_package(package, folder) -> None:
    """Check a package against the standard and the files it describes, every column in both languages."""
    jsonschema.validate(package, PACKAGE)
    assert len({r["name"] for r in package["resources"]}) == len(package["resources"])
    for resource in package["resources"]:
        path = folder / resource["path"]
        assert resource["hash"] == f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
        assert resource["bytes"] == path.stat().st_size
        if path.suffix != ".csv":
            continue
        with path.open(encoding="utf-8", newline="") as handle:
            head, *rows = list(csv.reader(handle))
        fields = resource["schema"]["fields"]
        assert ([f["name"] for f in fields], resource["rows"]) == (head, len(rows))
        for at, field in enumerate(fields):
            cells = filter(None, (row[at] for row in rows))
            assert all(re.fullmatch(SHAPES[field["type"]], cell) for cell in cells), (path.name, field)
            assert {"description", "description_nl"} <= set(field), f"dictionary.yml: {path.stem}, {field}"
        for key in resource["schema"].get("primaryKey", []):
            values = [row[head.index(key)] for row in rows]
            assert len(set(values)) == len(values), (path.name, key)


def test_the_package_meets_the_standard_and_describes_every_file(package, folder):
    require_package(package, folder)
    assert {r["path"] for r in package["resources"]} == {p.name for p in folder.iterdir()}
    assert "created" not in package


@pytest.mark.parametrize("ratios", [[np.inf], [1.5, -np.inf], [np.nan, -2.0, np.inf]])
def test_a_number_without_end_is_written_in_no_table(folder, ratios):
    frame = pd.DataFrame({"text": "=x", "ratio": ratios})
    with pytest.raises(InputError, match='column "ratio": holds a number without end'):
        csv_text(frame)
    assert "inf" not in csv_text(frame.replace([np.inf, -np.inf], np.nan))
    for path in [*folder.glob("*.csv"), *folder.glob("*.json")]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(?<![\w-])-?(inf|Infinity|NaN)(?=[,\]}\n])", text), path.name


@pytest.mark.parametrize(("who", "prefix"), [(NOBODY, ""), (SOMEBODY, "https://example.org/osw/data/")])
def test_the_catalogue_has_what_the_profile_asks_and_no_more(tables, package, folder, tmp_path, who, prefix):
    periods = tables.observations["time_period"]
    files.write_json(files.catalogue(tables.edition, periods, package, who), tmp_path / "catalog.jsonld")
    made = json.loads((tmp_path / "catalog.jsonld").read_text(encoding="utf-8"))
    (dataset,) = made["dcat:dataset"]
    for node in dataset["dcat:distribution"]:
        path = folder / node["dcat:downloadURL"]["@id"].removeprefix(prefix)
        content = path.read_bytes()
        assert node["spdx:checksum"]["spdx:checksumValue"]["@value"] == hashlib.sha256(content).hexdigest()
    for node in (made, dataset, *dataset["dcat:distribution"]):
        assert set(CASES["mandatory"][node["@type"]]) <= set(node)
    assert {t["@language"] for t in dataset["dct:title"]} == {"nl", "en"}
    for node in (made, dataset):
        assert ("dcat:contactPoint" in node) == ("dct:conformsTo" in node) == bool(who.contact_email)
        assert node["dct:publisher"]["foaf:name"] == who.publisher
    assert ("mailto:" in json.dumps(made)) == bool(who.contact_email)
    assert "dct:issued" not in json.dumps(made)
    years = {period[:4] for period in periods}
    extent = [dataset["dct:temporal"][f"dcat:{end}Date"]["@value"] for end in ("start", "end")]
    assert extent == [min(years), max(years)]


@pytest.fixture(params=[NOBODY, SOMEBODY])
def cited(request, tables, tmp_path):
    """Return who publishes, the BibTeX and the CSL items of two figures in two languages."""
    texts = enumerate(CASES["captions"])
    parts = tuple(Item("figure", f"simulated-{n}", {"caption": text}, {}) for n, text in texts)
    pages = {("trend", lang): Page("trend", lang, parts, None) for lang in ("nl", "en")}
    files.write_citations(tables.edition, pages, request.param, tmp_path)
    items = json.loads((tmp_path / "citations.json").read_text(encoding="utf-8"))
    return request.param, (tmp_path / "citations.bib").read_text(encoding="utf-8"), items


def test_every_figure_and_the_edition_can_be_cited_in_both_languages_whatever_its_title(cited):
    who, bib, items = cited
    keys = re.findall(r"^@(?:techreport|misc)\{([a-z0-9_]+),$", bib, flags=re.MULTILINE)
    assert len(keys) == len(set(keys)) == 6 and [item["id"] for item in items] == keys
    assert {item["title"] for item in items} >= set(CASES["captions"])
    assert all(("URL" in item) == bool(who.site) and "issued" not in item for item in items)
    figure = items[4]
    assert figure["container-title"] == "Online sexual violence in figures 2024"
    assert figure.get("URL", "") in ("", "https://example.org/osw/en/trend.html#fig-simulated-0")
    # no title breaks out of its entry; escaped braces do not count
    bib = re.sub(r"\\[{}]|  url = .*", "", bib)
    assert bib.count("{") == bib.count("}") and bib.count("\n@") == 5
    assert r"\textbackslash" in bib and "Ruim 760 duizend" in bib
    assert not re.search(r"(?<!\\)[%&#$]", bib)


def test_who_publishes_comes_from_the_project_files(tmp_path):
    def published_at(address):
        settings = yaml.safe_load((PROJECT / "_quarto.yml").read_text())
        settings["website"]["site-url"] = address
        settings["publisher"] = {"name": "N", "contact-email": "a@example.org"}
        (tmp_path / "_quarto.yml").write_text(yaml.safe_dump(settings))

    who = identity(PROJECT)
    assert (who.publisher, who.version) == ("the osw_stats contributors", "0.1.0")
    shutil.copyfile(PROJECT / "CITATION.cff", tmp_path / "CITATION.cff")
    published_at("https://example.org")
    who = identity(tmp_path)
    assert (who.site, who.publisher, who.contact_email) == ("https://example.org", "N", "a@example.org")
    published_at("javascript:alert(1)")
    with pytest.raises(InputError, match=r"site-url.*is no web address"):
        identity(tmp_path)
