"""Importer "odsen": the Senate's general list."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from outreach.errors import InputError
from outreach.roster import odsen as importer


def test_the_csv_is_read_in_cp1252_behind_its_percent_lines(odsen: Callable[..., Path]) -> None:
    """
    Accents and the ligature of cp1252 come out right, and the SQL query is set aside.
    """
    reading = importer.read(odsen())

    assert reading.as_of == dt.date(2026, 11, 20)
    assert reading.by_id()["00001A"].values == {
        "gender": "F",
        "first_name": "Œuvre",
        "last_name": "Élan",
        "department_code": "01",
        "political_group": "Les Républicains",
        "commission": "commission des affaires sociales",
        "functions": "Vice-présidente du Sénat",
        "email": "o.elan@senat.fr",
    }


def test_former_senators_are_set_aside_and_counted(odsen: Callable[..., Path]) -> None:
    """
    ANCIEN rows, whose constituency may be Tizi-Ouzou, are counted and not read.
    """
    reading = importer.read(odsen())

    assert len(reading.records) == 4
    assert "commission" not in reading.by_id()["00002B"].values
    assert reading.notes == ("ODSEN_GENERAL_2026-11-20.csv: 1 former senators (ANCIEN) set aside",)


def test_the_json_gives_the_same_as_the_csv(odsen: Callable[..., Path], tmp_path: Path) -> None:
    """
    Keys without accents, nulls, "results": the same records.
    """
    rows = []
    from outreach.roster.strict import read_table, read_text

    for _, row in read_table(Path("x"), read_text(odsen()))[1]:
        keys = {column.replace("É", "E").replace("é", "e"): cell for column, cell in row.items()}
        rows.append({key.replace(" ", "_").replace("'", "_"): v or None for key, v in keys.items()})
    path = tmp_path / "ODSEN_GENERAL_2026-11-20.json"
    path.write_text(json.dumps({"results": rows}), encoding="utf-8")

    assert importer.recognises(path)
    assert [r.values for r in importer.read(path).records] == [
        r.values for r in importer.read(odsen()).records
    ]


def test_a_copy_with_two_more_columns_is_read(odsen: Callable[..., Path]) -> None:
    """
    Copies with "Code Circonscription" and an empty last column are known.
    """
    header = (
        "Matricule,Qualité,Nom usuel,Prénom usuel,État,Date naissance,Date de décès,"
        "Groupe politique,Type d'app au grp politique,Commission permanente,Circonscription,"
        "Code Circonscription,Fonction au Bureau du Sénat,Courrier électronique,PCS INSEE,"
        "Catégorie professionnelle,Description de la profession,"
    )
    row = "00001A,Mme,Élan,Œuvre,ACTIF,,,SER,,,Ain,01,,o.elan@senat.fr,x,y,z,"

    reading = importer.read(odsen(row, header=header))

    assert reading.records[0].values["department_code"] == "01"
    assert len(reading.notes) == 1


def test_without_a_date_the_file_is_refused(odsen: Callable[..., Path]) -> None:
    """
    The list holds no date: the name must, or the caller.
    """
    path = odsen(name="ODSEN_GENERAL.csv")

    with pytest.raises(InputError, match="put it in the file's name"):
        importer.read(path)
    assert importer.read(path, dt.date(2026, 11, 1)).as_of == dt.date(2026, 11, 1)


def test_an_unknown_state_and_an_unknown_place_are_both_listed(odsen: Callable[..., Path]) -> None:
    """
    A state that is neither ACTIF nor ANCIEN, and a place that elects no senator, are refused.
    """
    with pytest.raises(InputError) as refusal:
        importer.read(
            odsen(
                "1,Mme,A,B,SUSPENDU,,,SER,,,Ain,,,,,",
                "2,Mme,C,D,ACTIF,,,SER,,,Atlantide,,,,,",
            )
        )

    assert 'line 4, État: "SUSPENDU" is neither' in refusal.value.problems[0]
    assert '"Atlantide" is not the name of a département' in refusal.value.problems[1]


def test_a_json_without_results_is_refused(tmp_path: Path) -> None:
    """
    An answer without its list is refused.
    """
    path = tmp_path / "ODSEN_GENERAL_2026-11-20.json"
    path.write_text('{"erreur": "Matricule Prenom_usuel Etat"}', encoding="utf-8")

    with pytest.raises(InputError, match='no list "results"'):
        importer.read(path)
