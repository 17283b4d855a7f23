"""Building data/geography: strict reading, full refusals, the same bytes again."""

import hashlib
import re
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from click.testing import CliRunner

from outreach.bundle import data_path
from outreach.cli.geography import geography as command
from outreach.errors import InputError
from outreach.geography.build import build_geography, build_tables
from outreach.geography.catalogue import FILES
from outreach.geography.communes import commune_constituencies
from outreach.geography.official import find_files, ministry_communes, read_polygons, read_tables
from outreach.geography.outlines import Outlines, decode, encode


def table(columns: str, *rows: str) -> pd.DataFrame:
    """A table of text: columns and rows as comma-separated words."""
    return pd.DataFrame([row.split(",") for row in rows], columns=columns.split(","))


@pytest.fixture
def squares() -> Outlines:
    """The constituency 55-02 as one square."""
    return decode(encode(["55-02"], np.array([shapely.box(5, 49, 6, 50)])))


def test_missing_files_are_all_named(tmp_path: Path) -> None:
    """A folder without the official files is refused; each missing file is listed."""
    with pytest.raises(InputError) as refusal:
        find_files(tmp_path)

    assert len(refusal.value.problems) == len(FILES)
    assert refusal.value.problems[0].startswith("v_commune_20*.csv: missing; Insee, https://")


def test_two_editions_are_refused(tmp_path: Path) -> None:
    """Two years of the COG in one folder: which one is meant cannot be guessed."""
    for year in (2025, 2026):
        (tmp_path / f"v_commune_{year}.csv").touch()

    with pytest.raises(InputError, match=r"v_commune_2025\.csv, v_commune_2026\.csv; keep one"):
        find_files(tmp_path)


def test_columns_gone_and_new_are_named(tmp_path: Path) -> None:
    """A renamed column is said as gone and as new, in every file at once."""
    regions, departments = tmp_path / "regions.csv", tmp_path / "departements.csv"
    regions.write_text("REG,CHEFLIEU,TNCC,NCC,NCCENR,NOM\n84,69123,1,A,A,A\n", encoding="utf-8")
    departments.write_text("DEP,REG,CHEFLIEU,TNCC,NCC,NCCENR\n", encoding="utf-8")

    with pytest.raises(InputError) as refusal:
        read_tables({"regions": regions, "departments": departments})

    assert refusal.value.problems == (
        "regions.csv: column 'LIBELLE' is gone",
        "regions.csv: column 'NOM' is new; read it or name it as ignored",
        "departements.csv: column 'LIBELLE' is gone",
    )


def test_odd_cells_are_named_with_their_row(tmp_path: Path) -> None:
    """Each cell that is not what its column holds is named as a spreadsheet shows it."""
    path = tmp_path / "laposte_hexasmal.csv"
    path.write_text(
        "Code_commune_INSEE;Nom_commune;Code_postal;Ligne_5;Libellé_d_acheminement;"
        "coordonnees_geographiques\n"
        "01001;A;01400;;A;46.1, 4.9\n"
        "1004;B;1500;;B;46,1\n",
        encoding="utf-8",
    )

    with pytest.raises(InputError) as refusal:
        read_tables({"postcodes": path})

    assert refusal.value.problems == (
        'laposte_hexasmal.csv, row 3, Code_commune_INSEE: "1004" is not as expected',
        'laposte_hexasmal.csv, row 3, Code_postal: "1500" is not as expected',
    )


@pytest.mark.parametrize("name", ["circo_composition.xlsx", "circos566_osm_25m.parquet"])
def test_a_file_that_is_not_what_its_name_says_is_refused(tmp_path: Path, name: str) -> None:
    """A web page saved as a workbook or as Parquet is refused with the file's name."""
    path = tmp_path / name
    path.write_text("<!DOCTYPE html>", encoding="utf-8")

    with pytest.raises(InputError, match=name.replace(".", r"\.")):
        read_polygons(path) if name.endswith("parquet") else read_tables({"insee_table": path})


@pytest.mark.parametrize(
    ("department", "commune", "code"),
    [
        ("1", "4", "01004"),
        ("2A", "4", "2A004"),
        ("ZA", "101", "97101"),
        ("ZD", "401", "97401"),
        ("ZM", "501", "97601"),
        ("ZM", "517", "97617"),
        ("ZN", "801", "98801"),
        ("ZP", "11", "98711"),
        ("ZS", "501", "97501"),
        ("ZX", "701", "97701"),
        ("ZX", "801", "97801"),
    ],
)
def test_commune_codes_of_the_ministry(department: str, commune: str, code: str) -> None:
    """The ministry's two cells without zeros become an INSEE code; Mayotte has its own numbers."""
    rows = table("department,commune,name,number,canton", f"{department},{commune},x,1,1")

    assert ministry_communes(rows)["code"].tolist() == [code]


def test_a_merged_commune_in_two_constituencies_is_split(squares: Outlines) -> None:
    """Both parts of a merger since 2021 bring their constituency."""
    tables = {
        "insee_table": table("code,constituency", "01001,01001", "01002,01002", "01003,01003"),
        "ministry_table": table("department,commune,name,number,canton"),
        "moves": table(
            "date,kind_before,code_before,name_before,kind_after,code_after",
            "2024-01-01,COM,01001,A,COM,01001",
            "2024-01-01,COM,01002,B,COM,01001",
        ),
    }
    today = {("COM", "01001"): frozenset({"01001"}), ("COM", "01003"): frozenset({"01003"})}
    nowhere = pd.DataFrame({"code": [], "longitude": [], "latitude": []})

    placed = commune_constituencies(tables, today, nowhere, squares)

    assert placed.to_numpy().tolist() == [
        ["01001", "01-01", "part", "moves"],
        ["01001", "01-02", "part", "moves"],
        ["01003", "01-03", "whole", "insee"],
    ]


def test_a_commune_in_no_table_is_placed_by_its_point(squares: Outlines) -> None:
    """A ghost commune, without constituency in INSEE's table, is where its point is."""
    tables = {
        "insee_table": table("code,constituency", "55039,"),
        "ministry_table": table("department,commune,name,number,canton"),
        "moves": table("date,kind_before,code_before,name_before,kind_after,code_after"),
    }
    point = pd.DataFrame({"code": ["55039"], "longitude": [5.4], "latitude": [49.2]})

    placed = commune_constituencies(
        tables, {("COM", "55039"): frozenset({"55039"})}, point, squares
    )

    assert placed.to_numpy().tolist() == [["55039", "55-02", "whole", "point"]]


def test_arrondissements_come_from_the_ministry_and_from_the_law(squares: Outlines) -> None:
    """Paris's cantons 15 and 28 are the 1st and the 14th; Lyon's 8th is in three by law."""
    tables = {
        "insee_table": table("code,constituency", "75056,75001", "75056,75011", "75056,75010"),
        "ministry_table": table(
            "department,commune,name,number,canton",
            "75,56,Paris,1,15",
            "75,56,Paris,10,28",
            "75,56,Paris,11,28",
        ),
        "moves": table("date,kind_before,code_before,name_before,kind_after,code_after"),
    }
    today = {("COM", "75056"): frozenset({"75056"})} | {
        ("ARM", code): frozenset({"75056"}) for code in ("75101", "75114", "69388")
    }
    nowhere = pd.DataFrame({"code": [], "longitude": [], "latitude": []})

    placed = commune_constituencies(tables, today, nowhere, squares)

    of_arrondissements = placed[placed["commune_code"] != "75056"]
    assert of_arrondissements.to_numpy().tolist() == [
        ["69388", "69-01", "part", "law"],
        ["69388", "69-03", "part", "law"],
        ["69388", "69-04", "part", "law"],
        ["75101", "75-01", "whole", "ministry"],
        ["75114", "75-10", "part", "ministry"],
        ["75114", "75-11", "part", "ministry"],
    ]


def test_wallis_and_futuna_is_one_row_for_three_districts(squares: Outlines) -> None:
    """The ministry's single row covers INSEE's three districts."""
    tables = {
        "insee_table": table("code,constituency"),
        "ministry_table": table("department,commune,name,number,canton", "ZW,1,W,1,1"),
        "moves": table("date,kind_before,code_before,name_before,kind_after,code_after"),
    }
    districts = ("98611", "98612", "98613")
    today = {("COM", code): frozenset({code}) for code in districts}
    nowhere = pd.DataFrame({"code": [], "longitude": [], "latitude": []})

    placed = commune_constituencies(tables, today, nowhere, squares)

    assert placed["commune_code"].tolist() == list(districts)
    assert set(placed["constituency_code"]) == {"986-01"}


def test_disagreements_are_all_listed(squares: Outlines) -> None:
    """A commune without constituency, too few seats, missing polygons: one refusal, all named."""
    tables = {
        "communes": table("kind,code,department_code,tncc,name,parent_code", "COM,01001,01,0,A,"),
        "moves": table("date,kind_before,code_before,name_before,kind_after,code_after"),
        "departments": table("department_code,region_code,tncc,name", "01,84,5,Ain"),
        "regions": table("region_code,region_name", "84,Auvergne-Rhône-Alpes"),
        "overseas": table("code,name,department_code,department_name,population"),
        "populations": table("code,population"),
        "insee_table": table("code,constituency"),
        "ministry_table": table("department,commune,name,number,canton", "1,2,B,1,1"),
        "postcodes": table("code,postcode,locality,label,point", '01999,01400,,X,"'),
    }

    with pytest.raises(InputError) as refusal:
        build_tables(tables, squares)

    assert refusal.value.problems == (
        "constituencies: 1 instead of 577",
        "communes: 01001 A has no constituency",
        "communes: constituency 01-01 has none",
        "polygons: constituency 01-01 has none",
        "polygons: constituency 55-02 is unknown",
        "postcodes: commune code 01999 was never a commune's",
    )


def test_a_refused_build_writes_nothing(tmp_path: Path) -> None:
    """The command refuses an empty folder and leaves no file behind."""
    source, output = tmp_path / "source", tmp_path / "output"
    source.mkdir()

    result = CliRunner().invoke(command, ["build", str(source), "-o", str(output)])

    assert isinstance(result.exception, InputError)
    assert not output.exists()


def test_the_bundled_files_are_those_of_source_toml() -> None:
    """Each bundled file has the size and checksum that source.toml says."""
    folder = data_path("geography")
    note = tomllib.loads((folder / "source.toml").read_text(encoding="utf-8"))

    for name, said in note["file"].items():
        content = (folder / name).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (
            said["bytes"],
            said["sha256"],
        )
        assert all(note["source"][key]["licence"] for key in said["made_of"])


def test_bundled_tables_round_trip() -> None:
    """Each bundled table, read and written again, gives the same bytes."""
    for path in sorted(data_path("geography").glob("*.csv")):
        text = path.read_bytes()

        again = pd.read_csv(path, dtype=str, keep_default_na=False)

        assert again.to_csv(index=False, lineterminator="\n").encode() == text, path.name


def test_the_readme_names_every_file_row_count_and_column() -> None:
    """The data dictionary beside the tables has each file with its rows, and each column."""
    folder = data_path("geography")
    readme = (folder / "README.md").read_text(encoding="utf-8")
    note = tomllib.loads((folder / "source.toml").read_text(encoding="utf-8"))

    for name, said in note["file"].items():
        rows = f"{said['rows']:,}".replace(",", " ") if "rows" in said else "566"
        assert f"| {name} | {rows} |" in readme
        if name.endswith(".csv"):
            header = (folder / name).read_text(encoding="utf-8").partition("\n")[0]
            for column in header.split(","):
                assert re.search(rf"^\|[^|]*\b{column}\b[^|]*\|", readme, re.MULTILINE), column


@pytest.mark.shared
@pytest.mark.slow
def test_the_official_files_give_the_bundled_ones(shared: Path) -> None:
    """Building from the official files gives the bundled tables byte for byte."""
    files = build_geography(shared / "geo")

    for name, content in files.items():
        bundled = data_path("geography", name).read_bytes()
        if name.endswith(".csv"):
            assert content == bundled, name
    outlines, bundled_outlines = (
        decode(content)
        for content in (files["outlines.npz"], data_path("geography", "outlines.npz").read_bytes())
    )
    # Bytes of a compressed file may differ with another zlib; what is in it may not.
    assert shapely.equals_exact(outlines.polygons, bundled_outlines.polygons).all()
