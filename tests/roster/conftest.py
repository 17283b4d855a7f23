"""Small lists in the official shapes: a chamber of five deputies, one of four senators.

Seats are real, people are invented, save where a trap is about a public person's own name or
address. No birth data, no staff: where a format has them, they are invented too, to prove that
they are never imported.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from outreach.roster.declared import ARRIVAL_COLUMNS, CORRECTION_COLUMNS
from outreach.roster.labels import COMMISSION_COLUMNS, GROUP_COLUMNS
from outreach.roster.seats import SEAT_COLUMNS
from outreach.roster.table import VACANCY_COLUMNS, csv_bytes

Json = dict[str, Any]
NIL: Json = {"@xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance", "@xsi:nil": "true"}


def write_tables(
    folder: Path, chamber: str, seats: Sequence[Mapping[str, str]], total: int
) -> Path:
    """The hand-kept tables of a small chamber, with nothing declared."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "chamber.toml").write_text(
        f'chamber = "{chamber}"\nseats = {total}\ncommissions_renewed = 2026-10-01\n'
        'lasting_functions = ["Présidente de l\'Assemblée nationale"]\n\n[address]\n'
        'lines = ["Chambre", "1 rue de la Paix"]\npostcode = "75001"\ncity = "Paris"\n',
        encoding="utf-8",
    )
    (folder / "seats.csv").write_bytes(csv_bytes(SEAT_COLUMNS, seats))
    groups = [
        {"label": label, "since": "", "political_group": ours, "political_group_name": name}
        for label, ours, name in [
            ("DR", "DR", "Droite Républicaine"),
            ("LR", "DR" if chamber == "assemblee" else "LR", "Les Républicains"),
            ("Les Républicains", "LR", "Les Républicains"),
            ("UMP", "LR", "Les Républicains"),
            ("SOC", "SOC" if chamber == "assemblee" else "SER", "Socialistes"),
            ("SER", "SER", "Socialistes"),
            ("ECOS", "ECOS", "Écologiste et Social"),
            ("NI", "NI", "Non inscrit"),
        ]
    ]
    (folder / "groups.csv").write_bytes(csv_bytes(GROUP_COLUMNS, groups))
    commissions = [
        {"label": label, "commission": "commission des affaires sociales"}
        for label in ("Commission des affaires sociales",)
    ]
    (folder / "commissions.csv").write_bytes(csv_bytes(COMMISSION_COLUMNS, commissions))
    (folder / "arrivals.csv").write_bytes(csv_bytes(ARRIVAL_COLUMNS, []))
    (folder / "corrections.csv").write_bytes(csv_bytes(CORRECTION_COLUMNS, []))
    (folder / "vacancies.csv").write_bytes(csv_bytes(VACANCY_COLUMNS, []))
    return folder


@pytest.fixture
def deputy_tables(tmp_path: Path) -> Path:
    """Five seats: 01-01, 01-02, 2A-01, 974-01, ZZ-01."""
    seats = [
        {"department_code": code, "department_name": name, "other_names": "", "seats": count}
        for code, name, count in [
            ("01", "Ain", "2"),
            ("2A", "Corse-du-Sud", "1"),
            ("974", "La Réunion", "1"),
            ("ZZ", "Français établis hors de France", "1"),
        ]
    ]
    return write_tables(tmp_path / "deputy-tables", "assemblee", seats, 5)


@pytest.fixture
def senator_tables(tmp_path: Path) -> Path:
    """Four seats: two in 01, one in 977, one in ZZ."""
    seats = [
        {"department_code": code, "department_name": name, "other_names": "", "seats": count}
        for code, name, count in [
            ("01", "Ain", "2"),
            ("977", "Saint-Barthélemy", "1"),
            ("ZZ", "Français établis hors de France", "1"),
        ]
    ]
    return write_tables(tmp_path / "senator-tables", "senat", seats, 4)


def add_rows(path: Path, *rows: Mapping[str, str]) -> None:
    """Add rows to a table of the project; what a row does not name is empty."""
    with path.open(encoding="utf-8", newline="") as lines:
        columns = next(csv.reader(lines))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writerows(rows)
    path.write_bytes(path.read_bytes() + text.getvalue().encode())


@pytest.fixture
def declare() -> Callable[..., None]:
    """add_rows, for tests."""
    return add_rows


def actor_json(
    official_id: str,
    first_name: str,
    last_name: str,
    department: str,
    number: str,
    *,
    civility: str = "Mme",
    emails: Iterable[str] = (),
    offices: Iterable[Mapping[str, str | None]] = (),
    group: str = "PO1",
    commission: str = "PO2",
    functions: Iterable[tuple[str, str, str]] = (),
    since: str = "2024-07-08",
    listed: str = "2026-11-20",
) -> Json:
    """One actor of AMO10, with invented birth data and staff that must never be imported."""
    addresses: list[Json] = [
        {**_address("0", "AdressePostale_Type", "Adresse officielle"), **_CHAMBER_ADDRESS},
        {**_address("24", "AdresseSiteWeb_Type", "Twitter"), "valElec": "@nobody"},
        *({**_address("15", "AdresseMail_Type", "Mèl"), "valElec": mail} for mail in emails),
        *(
            {**_address("2", "AdressePostale_Type", "Adresse publiée de circonscription"), **office}
            for office in offices
        ),
    ]
    mandates = [
        _mandate("GP", "Membre", group, listed),
        _mandate("COMPER", "Membre", commission, listed),
        *(_mandate(kind, quality, body, listed) for kind, quality, body in functions),
        {
            **_mandate("ASSEMBLEE", "membre", "PO9", "2024-07-07"),
            "suppleants": None,
            "chambre": None,
            "election": {
                "lieu": {
                    "region": "R",
                    "regionType": "Métropolitain",
                    "departement": "D",
                    "numDepartement": department,
                    "numCirco": number,
                },
                "causeMandat": "élections générales",
                "refCirconscription": "PO8",
            },
            "mandature": {
                "datePriseFonction": since,
                "causeFin": None,
                "premiereElection": "1",
                "placeHemicycle": "1",
                "mandatRemplaceRef": None,
            },
            "collaborateurs": {
                "collaborateur": {
                    "qualite": "Mme",
                    "prenom": "Secrète",
                    "nom": "Collaboratrice",
                    "dateDebut": None,
                    "dateFin": None,
                }
            },
        },
    ]
    ident = {"civ": civility, "prenom": first_name, "nom": last_name}
    return {
        "acteur": {
            "@xmlns": "http://schemas.assemblee-nationale.fr/referentiel",
            "uid": {"@xmlns:xsi": "x", "@xsi:type": "IdActeur_type", "#text": official_id},
            "etatCivil": {
                "ident": {**ident, "alpha": last_name, "trigramme": "XXX"},
                "infoNaissance": {
                    "dateNais": "1911-11-11",
                    "villeNais": "Villenée",
                    "depNais": NIL,
                    "paysNais": "France",
                },
                "dateDeces": NIL,
            },
            "profession": {"libelleCourant": NIL, "socProcINSEE": {"catSocPro": "x"}},
            "uri_hatvp": NIL,
            "adresses": {"adresse": addresses},
            "mandats": {"mandat": mandates},
        }
    }


_CHAMBER_ADDRESS: Json = {
    "intitule": "Assemblée nationale,",
    "numeroRue": "126",
    "nomRue": "Rue de l'Université,",
    "complementAdresse": None,
    "codePostal": "75355",
    "ville": "Paris 07 SP",
}


def _address(kind: str, xml_type: str, label: str) -> Json:
    return {
        "@xmlns:xsi": "x",
        "@xsi:type": xml_type,
        "uid": "AD1",
        "type": kind,
        "typeLibelle": label,
        "poids": "1",
        "adresseDeRattachement": None,
    }


def _mandate(kind: str, quality: str, body: str, start: str) -> Json:
    return {
        "@xmlns:xsi": "x",
        "@xsi:type": "MandatSimple_Type",
        "uid": f"PM{kind}{quality}{body}",
        "acteurRef": "PA0",
        "legislature": "17",
        "typeOrgane": kind,
        "dateDebut": start,
        "datePublication": None,
        "dateFin": None,
        "preseance": "1",
        "nominPrincipale": "1",
        "infosQualite": {"codeQualite": quality, "libQualite": quality, "libQualiteSex": quality},
        "organes": {"organeRef": body},
    }


def body_json(uid: str, kind: str, name: str, short: str, of_name: str | None) -> Json:
    """One body of AMO10, with the name of its secretary, who is staff."""
    return {
        "organe": {
            "@xmlns": "x",
            "uid": uid,
            "codeType": kind,
            "libelle": name,
            "libelleEdition": of_name,
            "libelleAbrege": short,
            "libelleAbrev": short,
            "viMoDe": {"dateDebut": "2024-07-18", "dateAgrement": None, "dateFin": None},
            "secretariat": {"secretaire01": "M. Secrétaire Caché", "secretaire02": None},
        }
    }


BODIES = (
    body_json("PO1", "GP", "Droite Républicaine", "DR", "du groupe Droite Républicaine"),
    body_json("PO3", "GP", "Écologiste et Social", "ECOS", "du groupe Écologiste et Social"),
    body_json(
        "PO2",
        "COMPER",
        "Commission des affaires sociales",
        "Affaires sociales",
        "de la commission des affaires sociales",
    ),
    body_json(
        "PO4", "BUREAU", "Bureau de l'Assemblée nationale", "BURAN", "de l'Assemblée nationale"
    ),
)

# Public persons for the sake of their names and addresses; seats and groups are not theirs.
ACTORS = (
    actor_json(
        "PA1", "Émeline", "K/Bidi", "974", "1", emails=["Emeline.Kbidi@assemblee-nationale.fr"]
    ),
    actor_json(
        "PA2", "Jeanne", "Testard", "01", "1", emails=["jeanne.testard@assemblee-nationale.fr"]
    ),
    actor_json("PA3", "Paul", "Essai", "01", "2", civility="M."),
    actor_json("PA4", "Ange", "de Modèle", "2A", "1", civility="M.", group="PO3"),
    actor_json("PA5", "Lise", "Preuve", "099", "1"),
)


def write_amo(
    folder: Path, actors: Iterable[Json] = ACTORS, bodies: Iterable[Json] = BODIES
) -> Path:
    """A folder json/acteur, json/organe as the Assembly's zip unpacks."""
    for kind, values in (("acteur", actors), ("organe", bodies)):
        place = folder / "json" / kind
        place.mkdir(parents=True, exist_ok=True)
        for value in values:
            inner = value.get(kind, value)
            uid = inner["uid"]["#text"] if isinstance(inner["uid"], dict) else inner["uid"]
            (place / f"{uid}.json").write_text(json.dumps(value), encoding="utf-8")
    return folder


@pytest.fixture
def actor() -> Callable[..., Json]:
    """actor_json, for tests."""
    return actor_json


@pytest.fixture
def amo(tmp_path: Path) -> Callable[..., Path]:
    """Write an AMO10 folder; by default the five deputies of the small chamber."""

    def write(*actors: Json, name: str = "AMO10", bodies: Iterable[Json] = BODIES) -> Path:
        return write_amo(tmp_path / name, actors or ACTORS, bodies)

    return write


ODSEN_HEADER = (
    "Matricule,Qualité,Nom usuel,Prénom usuel,État,Date naissance,Date de décès,Groupe politique,"
    "Type d'app au grp politique,Commission permanente,Circonscription,Fonction au Bureau du Sénat,"
    "Courrier électronique,PCS INSEE,Catégorie professionnelle,Description de la profession"
)
ODSEN_ROWS = (
    "00001A,Mme,Élan,Œuvre,ACTIF,1911-11-11 00:00:00.0,,Les Républicains,,"
    "commission des affaires sociales,Ain,Vice-présidente du Sénat,o.elan@senat.fr,x,y,z",
    '00002B,M.,"d\'Essai",Côme,ACTIF,1911-11-11 00:00:00.0,,SER,Rattaché,'
    "Aucune (Président du Sénat),Ain,,Non public,x,y,z",
    "00003C,M.,Bonnet,François,ACTIF,1911-11-11 00:00:00.0,,NI,,,Saint-Barthélemy,,"
    "francois.bonnet@example.org,x,y,z",
    "00004D,Mme,Vogel,Mélanie,ACTIF,1911-11-11 00:00:00.0,,SER,,,"
    "Français établis hors de France,,m.vogel@senat.fr,x,y,z",
    "00005E,M.,Ancien,Jean,ANCIEN,1880-11-11 00:00:00.0,1970-01-01 00:00:00.0,RI,,,Tizi-Ouzou,,,x,y,z",
)


def odsen_text(rows: Iterable[str] = ODSEN_ROWS, header: str = ODSEN_HEADER) -> str:
    """The Senate's CSV as text, with its query in lines that start with %."""
    lines = ["% Requête :select senmat as Matricule", "% where s.etasencod in ('ACTIF', 'ANCIEN')"]
    return "\r\n".join([*lines, header, *rows, ""])


@pytest.fixture
def odsen(tmp_path: Path) -> Callable[..., Path]:
    """Write ODSEN_GENERAL_2026-11-20.csv in cp1252, or under another name."""

    def write(
        *rows: str, name: str = "ODSEN_GENERAL_2026-11-20.csv", header: str = ODSEN_HEADER
    ) -> Path:
        path = tmp_path / name
        path.write_bytes(odsen_text(rows or ODSEN_ROWS, header).encode("cp1252"))
        return path

    return write


DATAN_COLUMNS = (
    "id,legislature,civ,nom,prenom,villeNaissance,naissance,age,groupe,groupeAbrev,departementNom,"
    "departementCode,circo,datePriseFonction,job,mail,twitter,facebook,website,nombreMandats,"
    "experienceDepute,scoreParticipation,scoreParticipationSpecialite,scoreLoyaute,scoreMajorite,"
    "dateMaj"
)


def datan_row(official_id: str, last_name: str, first_name: str, **cells: str) -> dict[str, str]:
    """One row of Datan's list."""
    row = dict.fromkeys(DATAN_COLUMNS.split(","), "")
    return row | {
        "id": official_id,
        "legislature": "17",
        "civ": "Mme",
        "nom": last_name,
        "prenom": first_name,
        "villeNaissance": "Villenée",
        "naissance": "1911-11-11",
        "groupeAbrev": "DR",
        "datePriseFonction": "2024-07-08",
        "dateMaj": "2026-11-21",
        **cells,
    }


DATAN_ROWS = (
    datan_row(
        "PA1",
        "K/Bidi",
        "Émeline",
        departementCode="974",
        circo="1",
        mail="Emeline.Kbidi@assemblee-nationale.fr",
    ),
    datan_row(
        "PA2",
        "Testard",
        "Jeanne",
        departementCode="01",
        circo="1",
        mail="jeanne.testard@assemblee-nationale.fr",
    ),
    datan_row("PA3", "Essai", "Paul", civ="M.", departementCode="01", circo="2"),
    datan_row(
        "PA4", "de Modèle", "Ange", civ="M.", departementCode="2a", circo="1", groupeAbrev="ECOS"
    ),
    datan_row("PA5", "Preuve", "Lise", departementCode="099", circo="1"),
)


@pytest.fixture
def datan(tmp_path: Path) -> Callable[..., Path]:
    """Write Datan's list, CSV or JSON by the name."""

    def write(*rows: Mapping[str, str], name: str = "deputes-active.csv") -> Path:
        path, written = tmp_path / name, rows or DATAN_ROWS
        if path.suffix == ".json":
            items = [
                {
                    "__id": n,
                    **{key: cell or None for key, cell in row.items()},
                    "circo": int(row["circo"]),
                }
                for n, row in enumerate(written, start=1)
            ]
            path.write_text(json.dumps(items), encoding="utf-8")
        else:
            path.write_bytes(csv_bytes(DATAN_COLUMNS.split(","), written))
        return path

    return write


@pytest.fixture
def datan_person() -> Callable[..., dict[str, str]]:
    """datan_row, for tests."""
    return datan_row
