"""Every published shape as a specification. The tables here are made up; their shape is real."""

import json
import os
from pathlib import Path

import pytest

from osw_stats.data.statline.keys import period
from osw_stats.data.statline.output import to_csv, to_json
from osw_stats.data.statline.read import read_table
from osw_stats.errors import InputError
from tests.conftest import PROJECT

BULK = """\ufeff"ID";"SoortMisdrijf";"RegioS";"Perioden";"GeregistreerdeMisdrijven_1";"Per1000Inw_2"
"0";"1.4.1 ";"NL01  ";"2023JJ00";"    8214";"     0.5"
"1";"1.4.1 ";"GM0363";"2023JJ00";"       .";""
"2";"0.0.0 ";"NL01  ";"2023JJ00";"  802043";"    45.0"
"""
EXPORT = """\ufeff"Soort misdrijf";"Perioden";"Regio's";"Geregisteerde misdrijven (aantal)";"Per 1 000 (per 1 000)"
"1.4.1 Zedenmisdrijf";"2018";"Nederland";8278;0,5
"1.4.1 Zedenmisdrijf";"2019*";"Nederland";7357;10
"1.4.1 Zedenmisdrijf";"2024 juli";"Nederland";.;
"""
MARGINS = """"Marges";"Perioden";"Slachtoffers (%)"
"Waarde";"2023";15,4
"Ondergrens 95%-interval";"2023";15,1
"Bovengrens 95%-interval";"2023";15,6
"""
DUMP = '"ID","Perioden","Bevolking_1","Correcties_2"\n0,"2022MM12",17810000,-5\n1,"2023MM01",17811291,\n'
PERIODEN = (
    '"Key","Title","Description","Status"\r\n"2022MM12","2022 december","Regel een\r\r\nregel twee","Definitief"\r\n'
    '"2023MM01 ","2023 januari","","Voorlopig"\r\n'
)
V3 = {
    "odata.metadata": "https://example.org/$metadata#Cbs.OData.WebAPI.TypedDataSet",
    "value": [
        {"ID": 0, "SoortMisdrijf": "0.0.0 ", "WijkenEnBuurten": "GM1680    ", "Perioden": "2012MM01", "GeregistreerdeMisdrijven_1": 1382},
        {"ID": 1, "SoortMisdrijf": "1.4.1 ", "WijkenEnBuurten": "GM1680    ", "Perioden": "2012MM01", "GeregistreerdeMisdrijven_1": None},
    ],
}  # fmt: skip
V4 = {
    "@odata.context": "https://example.org/$metadata#Observations",
    "value": [
        {"Id": 0, "Measure": "M000352", "ValueAttribute": "None", "Value": 17407585.0, "StringValue": None, "Geslacht": "T001038", "Perioden": "2020JJ00"},
        {"Id": 1, "Measure": "M000352", "ValueAttribute": "Confidential", "Value": None, "StringValue": None, "Geslacht": "T001038", "Perioden": "2021JJ00"},
        {"Id": 2, "Measure": "M000352", "ValueAttribute": "Impossible", "Value": None, "StringValue": None, "Geslacht": "T001038", "Perioden": "2022JJ00"},
    ],
}  # fmt: skip


def table(tmp_path: Path, text, name="table.csv"):
    path = tmp_path / name
    path.write_bytes((text if isinstance(text, str) else json.dumps(text)).encode("utf-8"))
    return read_table(path)


def cells(found):
    return [
        (r["time_period"], r["value"] if r["value"] == r["value"] else None, r["obs_status"])
        for r in found.frame.to_dict("records")
    ]


def test_bulk_csv_with_keys(tmp_path):
    found = table(tmp_path, BULK, "47025NED_UntypedDataSet_01022024_120000.csv")
    assert (found.name, found.shape, found.dims) == ("47025NED", "bulk", ("SoortMisdrijf", "RegioS"))
    first = found.frame[found.frame["measure"] == "GeregistreerdeMisdrijven_1"]
    assert first["value"].tolist()[0::2] == [8214, 802043]
    assert first["obs_status"].tolist() == ["normal", "withheld", "normal"]
    assert first["RegioS"].tolist() == ["NL01", "GM0363", "NL01"]
    assert found.frame["obs_status"].tolist().count("not_applicable") == 1


def test_the_csv_button_s_export(tmp_path):
    found = table(tmp_path, EXPORT)
    assert (found.shape, found.dims) == ("export", ("Soort misdrijf", "Regio's"))
    assert cells(found) == [
        ("2018", 8278, "normal"), ("2019", 7357, "provisional"), ("2024-07", None, "withheld"),
        ("2018", 0.5, "normal"), ("2019", 10, "provisional"), ("2024-07", None, "not_applicable"),
    ]  # fmt: skip
    assert found.frame["measure"].iloc[0] == "Geregisteerde misdrijven (aantal)"  # the publisher's spelling


def test_three_rows_of_a_margin_become_one_observation(tmp_path):
    found = table(tmp_path, MARGINS)
    assert found.frame[["value", "ci_lower", "ci_upper"]].to_numpy().tolist() == [[15.4, 15.1, 15.6]]
    assert found.dims == ()


def test_a_dump_takes_status_and_labels_from_its_code_lists(tmp_path):
    (tmp_path / "Perioden.csv").write_bytes(PERIODEN.encode())
    found = table(tmp_path, DUMP, "data.csv")
    assert found.shape == "dump"
    assert cells(found)[:2] == [("2022-12", 17810000, "normal"), ("2023-01", 17811291, "provisional")]
    assert cells(found)[2:] == [("2022-12", -5, "normal"), ("2023-01", None, "withheld")]
    assert found.labels["Perioden"]["2023MM01"] == "2023 januari"


@pytest.mark.parametrize("name", ["a" * 101, "../../Perioden", "a/b"])
def test_a_column_that_can_name_no_file_is_no_dimension(tmp_path, name):
    with pytest.raises(InputError, match="has none of the shapes"):
        table(tmp_path, DUMP.replace("Perioden", name), "data.csv")


def test_odata_3_null_is_withheld_never_zero(tmp_path):
    found = table(tmp_path, V3, "page.json")
    assert (found.shape, found.dims) == ("v3-json", ("SoortMisdrijf", "WijkenEnBuurten"))
    assert cells(found) == [("2012-01", 1382, "normal"), ("2012-01", None, "withheld")]
    assert found.frame["WijkenEnBuurten"].tolist() == ["GM1680", "GM1680"]


def test_odata_3_pages_in_a_folder(tmp_path):
    for number, record in enumerate(V3["value"], start=1):
        (tmp_path / f"UntypedDataSet-{number:04d}.json").write_text(json.dumps(V3 | {"value": [record]}))
    assert cells(read_table(tmp_path)) == cells(table(tmp_path, V3, "page.json"))


def test_odata_4_says_why_a_value_is_missing(tmp_path):
    found = table(tmp_path, V4, "Observations.json")
    assert cells(found) == [
        ("2020", 17407585, "normal"),
        ("2021", None, "withheld"),
        ("2022", None, "not_applicable"),
    ]
    assert (found.dims, found.frame["measure"].iloc[0]) == (("Geslacht",), "M000352")


@pytest.mark.parametrize(
    ("code", "expected"),
    [("2024JJ00", "2024"), ("2024KW03", "2024-Q3"), ("2024HJ02", "2024-H2"), ("2024MM07", "2024-07"), ("2024", "2024"),
     ("2024 juli", "2024-07"), ("2024 1e kwartaal**", "2024-Q1"), ("2024 2e halfjaar", "2024-H2"), (" 2024JJ00 ", "2024")],
)  # fmt: skip
def test_period_keys_and_labels(code, expected):
    assert period(code)[0] == expected


@pytest.mark.parametrize(
    "code", ["2024MM13", "2024KW05", "2024XX01", "juli 2024", "2024 July", "", "2024***", "9999JJ00"]
)
def test_an_unknown_period_code_stops(code):
    with pytest.raises(InputError, match="no period that StatLine uses"):
        period(code)


@pytest.mark.parametrize(
    ("text", "name", "problem", "row", "column"),
    [
        (BULK.replace("    8214", "   8.214,0"), "t.csv", "is not a number", 2, "GeregistreerdeMisdrijven_1"),
        (BULK.replace("  802043", "     NaN"), "t.csv", "is not a number", 4, "GeregistreerdeMisdrijven_1"),
        (BULK.replace("    8214", "    =1+1"), "t.csv", "is not a number", 2, "GeregistreerdeMisdrijven_1"),
        (BULK.replace("    8214", "   -8214"), "t.csv", "negative count", 2, "GeregistreerdeMisdrijven_1"),
        (BULK.replace('"1.4.1 ";"NL01', '"=HYPERLINK(1)";"NL01'), "t.csv", "no code or label", 2, "SoortMisdrijf"),
        (BULK.replace("GM0363", "NL01  "), "t.csv", "stands twice", 3, "GeregistreerdeMisdrijven_1"),
        (BULK.replace("2023JJ00", "2023QQ00", 1), "t.csv", "no period", 2, "Perioden"),
        (BULK.replace('"Perioden"', '"Tijd"'), "t.csv", "no column Perioden", 1, None),
        (BULK[:-20], "t.csv", "ends in the middle of a line", 4, None),
        (BULK.replace(';"     0.5"', ""), "t.csv", "has 5 cells", 2, None),
        (BULK.replace('"    8214"', '"' + "9" * 200_000 + '"'), "t.csv", "cannot be read as CSV", 2, None),
        (EXPORT.replace("8278;0,5", "8278;0.5"), "t.csv", "is not a number", 2, "Per 1 000 (per 1 000)"),
        (MARGINS.replace("Ondergrens 95%-interval", "Ondergrens 90%-interval"), "t.csv", "unknown kind of margin", 3, "Marges"),
        (MARGINS.replace("15,1", "15,9"), "t.csv", "outside its own limits", 2, "Slachtoffers (%)"),
        (MARGINS.replace('"Waarde";"2023"', '"Waarde";"2022"'), "t.csv", "without its value", 3, "Marges"),
        ("", "t.csv", "is empty", 1, None),
        ("<html><body>503</body></html>\n", "t.csv", "holds no row", 1, None),
        (V3 | {"value": []}, "p.json", "no OData answer with rows", 1, None),
        ({"odata.error": {"code": ""}}, "p.json", "error message of the service", 1, None),
        ('{"value": [{"ID": 0, "Perioden": "2012JJ00", "A_1": NaN}]}', "p.json", "cannot be read as JSON", 1, None),
        (json.dumps(V3)[:-9], "p.json", "cannot be read as JSON", 1, None),
        (V3 | {"value": [V3["value"][0], {**V3["value"][1], "GeregistreerdeMisdrijven_2": 1}]}, "p.json", "other fields than the first", 2, "GeregistreerdeMisdrijven_2"),
        (V3 | {"value": [V3["value"][0] | {"GeregistreerdeMisdrijven_1": True}]}, "p.json", "neither text nor a number", 1, "GeregistreerdeMisdrijven_1"),
        (V4 | {"value": [V4["value"][0] | {"ValueAttribute": "Secret"}]}, "p.json", "unknown reason", 1, "ValueAttribute"),
    ],
)  # fmt: skip
def test_a_bad_file_gives_one_error_with_its_place(tmp_path, text, name, problem, row, column):
    with pytest.raises(InputError, match=problem) as caught:
        table(tmp_path, text, name)
    assert str(caught.value.file).endswith(name)
    assert caught.value.row == row
    assert caught.value.column == column


def test_zeros_in_place_of_withheld_months_are_refused(tmp_path):
    """The shape of a copy whose author turned nulls into zeros."""
    lines = ["crime_type_code,date,frequency"]
    lines += [
        f"{code},2020-{m:02d}-01,{n}"
        for code, n in (("0.0.0", 90_000), ("1.4.1 Zedenmisdrijf", 0))
        for m in range(1, 13)
    ]
    with pytest.raises(InputError, match=r"is 0 in all 12 periods: the publisher withholds"):
        table(tmp_path, "\n".join(lines) + "\n")


def test_a_small_place_may_have_a_year_of_zeros(tmp_path):
    records = [
        {"ID": m, "SoortMisdrijf": "1.2.3 ", "RegioS": "GM0001", "Perioden": f"2020MM{m:02d}", "GeregistreerdeMisdrijven_1": 0}
        for m in range(1, 13)
    ]  # fmt: skip
    assert table(tmp_path, V3 | {"value": records}, "p.json").frame["value"].eq(0).all()


def test_printing_gives_the_promised_fields(tmp_path):
    found = table(tmp_path, V3, "page.json")
    entry = json.loads("".join(to_json(found)))[1]
    assert entry == {
        "time_period": "2012-01", "dims": {"SoortMisdrijf": "1.4.1", "WijkenEnBuurten": "GM1680"},
        "measure": "GeregistreerdeMisdrijven_1", "value": None, "ci_lower": None, "ci_upper": None,
        "obs_status": "withheld", "row": 2,
    }  # fmt: skip
    assert (
        "".join(to_csv(found)).splitlines()[2]
        == "1.4.1,GM1680,2012-01,GeregistreerdeMisdrijven_1,,,,withheld,2"
    )


# real downloads, where a folder with them lies beside the checkout or is named
REAL = Path(os.environ.get("OSW_REAL_FILES", PROJECT.parent / "shared" / "facts" / "files"))
needs_real = pytest.mark.skipif(
    not REAL.is_dir(), reason="no folder with real downloads; name one in OSW_REAL_FILES"
)


@needs_real
@pytest.mark.parametrize("path", sorted(REAL.glob("raw_*.csv")), ids=lambda p: p.name)
def test_real_files_can_be_read(path):
    found = read_table(path)
    assert len(found.frame) > 100
    assert found.frame["obs_status"].isin(["normal", "withheld", "not_applicable", "provisional"]).all()


@needs_real
@pytest.mark.parametrize("path", sorted(REAL.glob("police_47022NED*.csv")), ids=lambda p: p.name)
def test_a_real_copy_with_zeros_for_withheld_months_is_refused(path):
    with pytest.raises(InputError, match="is 0 in all"):
        read_table(path)


def test_a_folder_of_pages_takes_labels_from_its_descriptions(tmp_path):
    (tmp_path / "TypedDataSet-0001.json").write_text(json.dumps(V3))
    properties = {"value": [{"Key": "GeregistreerdeMisdrijven_1", "Title": "Geregistreerde misdrijven"}]}
    (tmp_path / "DataProperties.json").write_text(json.dumps(properties))
    kinds = {"value": [{"Key": "1.4.1 ", "Title": "1.4.1 Zedenmisdrijf"}]}
    (tmp_path / "SoortMisdrijf.json").write_text(json.dumps(kinds))
    entry = json.loads("".join(to_json(read_table(tmp_path))))[1]
    assert entry["labels"] == {"SoortMisdrijf": "1.4.1 Zedenmisdrijf", "measure": "Geregistreerde misdrijven"}
