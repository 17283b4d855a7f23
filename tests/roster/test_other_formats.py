"""Importers "senat-api", "libre-office" and "rne", and how a file finds its importer."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from outreach.errors import InputError
from outreach.roster import libre_office, rne, senate_api
from outreach.roster.formats import FORMATS, read_official

API_ITEM = {
    "matricule": "00001A",
    "nom": "Élan",
    "prenom": "Œuvre",
    "tri": "ELAN OEUVRE",
    "civilite": "Mme",
    "feminise": True,
    "serie": "1",
    "siege": 1,
    "url": "/x.html",
    "urlAvatar": "/x.jpg",
    "organismes": [
        {
            "code": "COM-SOCI",
            "type": "COMMISSION",
            "libelle": "Commission des affaires sociales",
            "ordre": 1,
        },
        {
            "code": "COMEUR-AFEU",
            "type": "COMMISSION",
            "libelle": "Commission des affaires européennes",
            "ordre": 2,
        },
    ],
    "groupe": {"code": "UMP", "libelle": "Groupe Les Républicains", "ordre": 1},
    "circonscription": {
        "code": "998",
        "libelle": "Français établis hors de France (Série 1)",
        "ordre": 998,
    },
    "categorieProfessionnelle": {"code": "1", "libelle": "x", "ordre": 1},
}
LIBRE_OFFICE = (
    '"identifiant","Prénom","Nom","Région","Département","Numéro de circonscription","Profession",'
    '"Groupe politique (complet)","Groupe politique (abrégé)"\n'
    '"2","Jeanne","Testard","R","Saint-Barthélemy et Saint-Martin","1","P","Les Républicains","LR"\n'
)
RNE_DEPUTIES = (
    "Code du département;Libellé du département;Code de la collectivité à statut particulier;"
    "Libellé de la collectivité à statut particulier;Code de la circonscription législative;"
    "Libellé de la circonscription législative;Nom de l'élu;Prénom de l'élu;Code sexe;"
    "Date de naissance;Code de la catégorie socio-professionnelle;"
    "Libellé de la catégorie socio-professionnelle;Date de début du mandat\r\n"
    "1;Ain;;;101;1Ère Circonscription;TESTARD;Jeanne;F;11/11/1911;33;x;08/07/2024\r\n"
    "ZZ;Français de l'étranger;;;ZZ04;4Ème;PREUVE;Lise;F;11/11/1911;33;x;08/07/2024\r\n"
)


@pytest.fixture
def api(tmp_path: Path) -> Callable[..., Path]:
    """Write an answer of the API."""

    def write(*items: object) -> Path:
        path = tmp_path / "api-senat_2026-11-20.json"
        path.write_text(json.dumps(items or [API_ITEM]), encoding="utf-8")
        return path

    return write


def test_the_api_gives_the_permanent_commission_and_the_place_abroad(
    api: Callable[..., Path],
) -> None:
    """
    The committee on European affairs is not the permanent commission; 998 is ZZ.
    """
    reading = senate_api.read(api())

    assert reading.records[0].values == {
        "gender": "F",
        "first_name": "Œuvre",
        "last_name": "Élan",
        "department_code": "ZZ",
        "political_group": "UMP",
        "commission": "Commission des affaires sociales",
    }


def test_the_api_without_groups_is_refused(api: Callable[..., Path]) -> None:
    """
    A key of the answer that is gone stops the reading.
    """
    item = {key: value for key, value in API_ITEM.items() if key != "groupe"}

    with pytest.raises(InputError, match="changed its columns"):
        senate_api.read(api(item))


def test_the_api_lists_items_that_cannot_be_read(api: Callable[..., Path]) -> None:
    """
    A place that does not exist and a key that one item lacks are both listed.
    """
    elsewhere = {
        **API_ITEM,
        "matricule": "2",
        "circonscription": {"code": "20", "libelle": "x", "ordre": 1},
    }
    lacking = {**API_ITEM, "matricule": "3", "groupe": {"libelle": "x", "ordre": 1}}

    with pytest.raises(InputError) as refusal:
        senate_api.read(api(API_ITEM, elsewhere, lacking))

    assert [problem[:7] for problem in refusal.value.problems] == ["item 2:", "item 3:"]


def test_the_short_list_gets_its_pa_and_its_code(tmp_path: Path) -> None:
    """
    The id of the list for spreadsheets lacks PA, and its département is a name.
    """
    path = tmp_path / "liste_deputes_libre_office_2026-11.csv"
    path.write_text(LIBRE_OFFICE, encoding="utf-8")

    record = libre_office.read(path).records[0]

    assert (record.official_id, record.values["constituency_code"]) == ("PA2", "977-01")


def test_the_short_list_refuses_a_place_it_does_not_know(tmp_path: Path) -> None:
    """
    A département that has no seat is refused with its line.
    """
    path = tmp_path / "liste_deputes_libre_office_2026-11.csv"
    path.write_text(
        LIBRE_OFFICE.replace("Saint-Barthélemy et Saint-Martin", "Seine"), encoding="utf-8"
    )

    with pytest.raises(InputError) as refusal:
        libre_office.read(path)

    assert refusal.value.problems[0].startswith('line 2: "Seine" is not the name')


def test_the_register_drops_zeros_and_has_no_ids(tmp_path: Path) -> None:
    """
    "1" and "101" are 01 and 01-01; there is no official id in the RNE.
    """
    path = tmp_path / "RNE_deputes_2024-07-30.csv"
    path.write_text(RNE_DEPUTIES, encoding="utf-8", newline="")

    reading = rne.read(path)

    assert [r.values["constituency_code"] for r in reading.records] == ["01-01", "ZZ-04"]
    assert {r.official_id for r in reading.records} == {""}
    assert reading.records[0].values["in_office_since"] == "2024-07-08"


def test_the_older_register_of_senators_is_read_in_tabs(tmp_path: Path) -> None:
    """
    snake_case, tabs, no constituency: the senators of an older layout.
    """
    path = tmp_path / "RNE_senateurs_2023-12.csv"
    path.write_text(
        "code_departement\tcode_collectivite_statut_particulier\tnom_elu\tprenom_elu\tsexe_elu\t"
        "date_naissance_elu\tdate_debut_mandat\tlieu_naissance_elu\n"
        "\t977\tBONNET\tFrançois\tM\t1911-11-11\t2020-10-01 00:00:00+00\tVillenée\n",
        encoding="utf-8",
    )

    reading = rne.read(path)

    assert reading.chamber == "senat"
    assert reading.records[0].values["department_code"] == "977"
    assert reading.records[0].values["in_office_since"] == "2020-10-01"


def test_each_format_is_recognised_by_its_content(
    amo: Callable[..., Path],
    odsen: Callable[..., Path],
    datan: Callable[..., Path],
    api: Callable[..., Path],
) -> None:
    """
    Nobody has to say which format a file is in.
    """
    paths = [amo(), odsen(), datan(), datan(name="deputes.json"), api()]

    sources = [read_official(path).source for path in paths]

    assert sources == ["amo", "odsen", "datan", "datan", "senat-api"]


def test_an_unknown_file_names_the_known_formats(tmp_path: Path) -> None:
    """
    A file in no official format is refused with the list of formats.
    """
    path = tmp_path / "membres.csv"
    path.write_text("nom;ville\na;b\n", encoding="utf-8")

    with pytest.raises(InputError) as refusal:
        read_official(path)

    assert len(refusal.value.problems) == len(FORMATS)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    """
    A wrong path is one plain line.
    """
    with pytest.raises(InputError, match="there is no such file"):
        read_official(tmp_path / "AMO10.zip")


def test_birth_and_staff_are_named_as_ignored_in_every_layout() -> None:
    """
    Each format says what it sets aside, and why.
    """
    for format_ in FORMATS:
        reasons = set(format_.LAYOUT.ignored.values())
        assert all(reason.strip() for reason in reasons)
        assert not set(format_.LAYOUT.read) & set(format_.LAYOUT.ignored)
