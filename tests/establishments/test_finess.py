"""Tests of the FINESS readers, the bundled list and its build."""

import json
from pathlib import Path

import pytest

from outreach.bundle import data_path
from outreach.errors import InputError
from outreach.establishments.build import build_establishments
from outreach.establishments.bundled import load_bundled
from outreach.establishments.categories import field_of, load_categories
from outreach.establishments.enrichment import Extract, enrich
from outreach.establishments.finess_classic import commune_of_classic
from outreach.establishments.read import read_establishments
from outreach.establishments.storage import read_table, table_text

CLASSIC = """finess;etalab;111;2026-05-12
structureet;010000099;010780099;FOYER DES ESSAIS;FOYER DEPARTEMENTAL DES ESSAIS;;;12;R;DES LILAS;;;053;01;AIN;01000 BOURG EN BRESSE;0400000000;;500;EHPAD;4401;X;;;;;;;;;2020-02-04;
structureet;970200099;970210099;SERVICE DES ESSAIS;;;;;;;;;209;9B;MARTINIQUE;97200 FORT DE FRANCE;;;340;MJPM;4608;X;;;;;;;;;2020-02-04;
structureet;970100099;970110099;PMI DES ESSAIS;;;;;;;;;123;9A;GUADELOUPE;97133 ST BARTHELEMY;;;223;PMI;2202;X;;;;;;;;;2019-02-15;
structureet;BROKEN;X
geolocalisation;010000099;871640;6569237;1,ATLASANTE,96,BAN,EPSG:2154 RGF93;2026-05-04
geolocalisation;970200099;708000;1616000;2,ATLASANTE,96,BAN,EPSG:5490 RGAF09/UTM Zone 20N (Antilles);2026-05-04
"""


def test_the_classic_file_is_read(tmp_path: Path) -> None:
    """Sections, overseas communes and projections of the classic file; a broken line is listed."""
    path = tmp_path / "etalab.csv"
    path.write_bytes(CLASSIC.encode("iso8859-15"))

    reading = read_establishments(path)

    table = reading.table
    assert table["name"].tolist()[0] == "FOYER DEPARTEMENTAL DES ESSAIS"
    assert table["commune_code"].tolist() == ["01053", "97209", "97701"]
    assert table["department_code"].tolist() == ["01", "972", "977"]
    assert table["field"].tolist()[0] == "autonomie_personnes_agees"
    assert table["longitude"].iloc[0] == pytest.approx(5.226, abs=0.01)
    assert table["latitude"].iloc[1] == pytest.approx(14.6, abs=0.1)
    assert "0400000000" not in table_text(table)
    assert [row.row for row in reading.refused] == [5]
    assert reading.source == "FINESS, extrait du 12 mai 2026"


@pytest.mark.parametrize(
    ("commune", "department", "code"),
    [
        ("451", "01", "01451"),
        ("209", "9B", "97209"),
        ("123", "9A", "97701"),
        ("127", "9A", "97801"),
        ("606", "9F", "97606"),
        ("613", "9J", "98613"),
        ("004", "2A", "2A004"),
    ],
)
def test_communes_of_the_classic_file(commune: str, department: str, code: str) -> None:
    """Three digits and a département of 9A to 9J make the code of the commune of today."""
    assert commune_of_classic(commune, department) == code


@pytest.mark.shared
def test_the_bundled_list_is_what_the_command_writes(shared: Path, tmp_path: Path) -> None:
    """Built again from the official files, data/establishments is the same, byte for byte."""
    finess = shared / "establishments" / "finess"

    build_establishments(
        finess / "finess-structures-20260813-echantillon.json.gz",
        finess / "finess-activites-20260813-echantillon.json.gz",
        finess / "finess_cs1500106_stock_20250526-0337.xml.gz",
        tmp_path,
    )

    for name in ("establishments.csv", "categories.csv", "source.toml"):
        assert (tmp_path / name).read_bytes() == data_path("establishments", name).read_bytes()


@pytest.mark.shared
def test_capacities_of_the_sample(shared: Path) -> None:
    """Authorised capacities equal those of the flattened sample, site by site."""
    flat = read_establishments(
        shared / "establishments" / "finess" / "finess_sample_20260813.csv",
        columns={"places": "cap_autorisee_09", "field": ""},
    ).table.set_index("finess")

    ours = load_bundled().table.set_index("finess")

    expected = flat.loc[ours.index]
    assert ours["places"].fillna(0).tolist() == expected["places"].fillna(0).tolist()
    assert ours["measures"].fillna(0).tolist() == expected["measures"].fillna(0).tolist()


def test_the_bundled_list_holds_public_facts_of_the_five_fields() -> None:
    """602 open sites, each with a field, unique numbers, and a source to quote."""
    reading = load_bundled()

    assert len(reading.table) == 602
    assert reading.table["establishment_id"].is_unique
    assert (reading.table["field"] != "").all()
    assert reading.source == "FINESS, extrait du 13 août 2026"


def test_a_table_reads_back_equal(tmp_path: Path) -> None:
    """The bundled table written and read is the same table, and the same bytes."""
    table = load_bundled().table
    (tmp_path / "t.csv").write_text(table_text(table), "utf-8")

    again = read_table(tmp_path / "t.csv")

    assert again.equals(table)
    assert table_text(again) == (tmp_path / "t.csv").read_text("utf-8")


def plus_site(
    finess: str, state: str, category: str, addresses: list[dict[str, object]]
) -> dict[str, object]:
    """A fictional site in FINESS+'s shape."""
    return {
        "informationsGeneralesEGE": {
            "numFinessEge": finess, "nomEgeLong": f"SITE {finess}", "nomEgeCourt": "S", "siret": None,
        },
        "categorieentiteGeographiqueExercice": category,
        "adresse": addresses,
        "contact": [{"telecom": {"telephone": "0400000000"}}],
        "etatObjet": state,
    }  # fmt: skip


def capacity(number: str, status: str = "09", **parts: str) -> dict[str, object]:
    """A capacity line in FINESS+'s shape."""
    empty = dict.fromkeys(("habilitation", "genre", "typeLogement", "modeFinancement"))
    return {
        "nombre": number,
        "statutCapacite": status,
        "uniteMesureCapacite": "02",
        **empty,
        **parts,
    }


def test_finess_plus_is_read_with_its_capacities(tmp_path: Path) -> None:
    """Open sites only; the address 03; degrees in either pair; totals without their parts."""
    home: dict[str, object] = {
        "usageAdresse": "03", "ligneQuatre": "5 RUE DU LYCEE", "cogCommune": "01053",
        "ligneAcheminement": "BOURG EN BRESSE", "codePostal": "01000",
        "coordonneesGeographique": {
            "coordonneeX": "871632.78", "coordonneeY": "6569212.89",
            "directionLongitude": "5.226", "directionLatitude": "46.201",
        },
    }  # fmt: skip
    post: dict[str, object] = home | {
        "usageAdresse": "06",
        "ligneQuatre": "BP 1",
        "coordonneesGeographique": None,
    }
    sites = [
        plus_site("010000001", "A", "500", [post, home]),
        plus_site("010000002", "A", "340", [home]),
        plus_site("010000003", "I", "500", [home]),
    ]
    activity = {"caracteristiquesGeneriques": {"etatObjet": "A"}}
    closed = {"caracteristiquesGeneriques": {"etatObjet": "I"}, "capacite": [capacity("7")]}
    lines = [capacity("50"), capacity("20", habilitation="02"), capacity("48", "08")]
    top = {"schemaVersion": "v1.0.0", "generatedAt": "2026-08-13T02:07:30Z"}
    manager = {"informationsGeneralesPMEJ": {"denominationPm": "GESTIONNAIRE"}, "ege": sites}
    (tmp_path / "s.json").write_text(json.dumps(top | {"pmej": [manager]}), "utf-8")
    exercised = [
        {"numFinessEge": "010000001", "activitesExercees": [activity | {"capacite": lines}, activity | {"capacite": [capacity("5")]}, closed]},
        {"numFinessEge": "010000002", "activitesExercees": [activity | {"capacite": [capacity("1500")]}]},
    ]  # fmt: skip
    (tmp_path / "a.json").write_text(json.dumps(top | {"pmej": [{"ege": exercised}]}), "utf-8")

    reading = read_establishments(tmp_path / "s.json", activities=tmp_path / "a.json")

    table = reading.table
    assert table["finess"].tolist() == ["010000001", "010000002"]
    assert table["address"].tolist() == ["5 RUE DU LYCEE"] * 2
    assert table["longitude"].tolist() == [5.226] * 2
    assert table["places"].tolist()[0] == 55
    assert table["places"].isna().tolist() == [False, True]
    assert table["measures"].tolist()[1] == 1500
    assert "0400000000" not in table_text(table)


def test_a_cut_finess_plus_is_refused(tmp_path: Path) -> None:
    """A JSON that breaks off gives one clear error."""
    path = tmp_path / "finess.json"
    path.write_text(
        '{"schemaVersion": "v1", "generatedAt": "2026-08-13", "pmej": [{"ege": [', "utf-8"
    )

    with pytest.raises(InputError, match="breaks off"):
        read_establishments(path)


def test_every_category_has_one_field_and_capacity() -> None:
    """Measures and places are told apart, and hospitals have no field."""
    categories = load_categories()

    assert categories["340"].capacity == "measure"
    assert categories["500"].field == "autonomie_personnes_agees"
    assert categories["355"].field == ""
    assert {category.capacity for category in categories.values()} == {"place", "measure"}


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ("Handicap", "handicap"),
        ("PA", "autonomie_personnes_agees"),
        ("Secteur protection de l'enfance", "protection_enfance"),
        ("M.J.P.M", ""),
        ("Lutte contre les exclusion", "lutte_exclusions"),
        ("Enfance / Handicap", ""),
        ("", ""),
    ],
)
def test_fields_in_peoples_words(words: str, field: str) -> None:
    """What lists call a field is understood, and two fields at once are not guessed."""
    assert field_of(words) == field


def test_a_row_with_a_number_takes_what_finess_knows(tmp_path: Path) -> None:
    """Point, commune and category come from the extract; differences are told; places stay."""
    extract = load_bundled().table
    known = extract[extract["longitude"].notna() & extract["places"].notna()].iloc[0]
    path = tmp_path / "list.csv"
    path.write_text(
        f"Nom;FINESS;CP;Ville;Places\nNotre foyer;{known['finess']};99999;Ailleurs;7\nX;;01000;Bourg;\n",
        "utf-8",
    )

    enriched = enrich(read_establishments(path).table, Extract(extract))

    row = enriched.table.iloc[0]
    assert row["longitude"] == known["longitude"]
    assert (row["commune_code"], row["name"], row["places"]) == (
        known["commune_code"],
        "Notre foyer",
        7,
    )
    assert enriched.found == 1
    assert {difference.column for difference in enriched.differences} == {
        "commune_name", "postcode", "places",
    }  # fmt: skip
    assert enriched.table["finess"].tolist()[1] == ""
