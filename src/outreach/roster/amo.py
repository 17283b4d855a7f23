"""Importer "amo": the Assembly's tree of actors and bodies (AMO10, AMO30), zip or folder of JSON.

One file per actor and per body. AMO10 has a root key ("acteur") and xmlns; extracts of AMO30 do
not. Empty values are null or {"@xsi:nil": "true"}; a list of one is that one.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from outreach.errors import InputError
from outreach.geography.codes import constituency_code, department_of
from outreach.roster.amo_tree import BODY_TYPES, Json, as_list, as_text, is_tree, load_tree
from outreach.roster.emails import is_official, read_address
from outreach.roster.places import constituency_office
from outreach.roster.reading import (
    FUNCTIONS_BETWEEN,
    Reading,
    Record,
    filled,
    gender_of,
    refuse_doubles,
)
from outreach.roster.seat import Gender, PostalAddress
from outreach.roster.strict import BIRTH, PRIVATE, STAFF, UNUSED, XML, Layout, key_paths

SOURCE: Final = "amo"
TITLE: Final = "Assemblée nationale, acteurs, mandats et organes (AMO10, AMO30)"
PUBLISHER: Final = "Assemblée nationale"

LAYOUT: Final = Layout(
    read={
        "uid/#text": "official_id",
        "etatCivil/ident/civ": "gender",
        "etatCivil/ident/prenom": "first_name",
        "etatCivil/ident/nom": "last_name",
        "adresses/adresse/type": "which address it is: 2 constituency office, 15 e-mail",
        "adresses/adresse/valElec": "email",
        "adresses/adresse/intitule": "constituency office",
        "adresses/adresse/numeroRue": "constituency office",
        "adresses/adresse/nomRue": "constituency office",
        "adresses/adresse/complementAdresse": "constituency office",
        "adresses/adresse/codePostal": "constituency office",
        "adresses/adresse/ville": "constituency office",
        "mandats/mandat/typeOrgane": "which mandates are read: seat, group, commission, Bureau",
        "mandats/mandat/dateDebut": "the latest mandate of a kind; the date of the list",
        "mandats/mandat/datePublication": "the date of the list",
        "mandats/mandat/dateFin": "mandates that have ended are not read",
        "mandats/mandat/infosQualite/codeQualite": "functions",
        "mandats/mandat/organes/organeRef": "political_group, commission, functions",
        "mandats/mandat/election/lieu/numDepartement": "constituency_code",
        "mandats/mandat/election/lieu/numCirco": "constituency_code",
        "mandats/mandat/mandature/datePriseFonction": "in_office_since",
    },
    ignored={
        "@xmlns": XML,
        "uid/@xmlns:xsi": XML,
        "uid/@xsi:type": XML,
        "etatCivil/ident/alpha": "sorting form of the name",
        "etatCivil/ident/trigramme": UNUSED,
        "etatCivil/infoNaissance": BIRTH,
        "etatCivil/dateDeces": "holders of seats are alive",
        "profession": PRIVATE,
        "uri_hatvp": "declaration of interests: not needed to write to somebody",
        "adresses/adresse/@xmlns:xsi": XML,
        "adresses/adresse/@xsi:type": "adresses/adresse/type says the same",
        "adresses/adresse/uid": UNUSED,
        "adresses/adresse/poids": UNUSED,
        "adresses/adresse/typeLibelle": "adresses/adresse/type says the same",
        "adresses/adresse/adresseDeRattachement": "ties a phone to an office; phones are not read",
        "mandats/mandat/@xmlns:xsi": XML,
        "mandats/mandat/@xsi:type": "mandats/mandat/typeOrgane says the same",
        "mandats/mandat/uid": "only to sort mandates of one day",
        "mandats/mandat/acteurRef": "the actor it stands in",
        "mandats/mandat/legislature": "dateFin says what is in force",
        "mandats/mandat/preseance": UNUSED,
        "mandats/mandat/nominPrincipale": UNUSED,
        "mandats/mandat/infosQualite/libQualite": "codeQualite says the same",
        "mandats/mandat/infosQualite/libQualiteSex": "not reliable: see _FUNCTIONS",
        "mandats/mandat/chambre": UNUSED,
        "mandats/mandat/libelle": UNUSED,
        "mandats/mandat/missionPrecedenteRef": UNUSED,
        "mandats/mandat/missionSuivanteRef": UNUSED,
        "mandats/mandat/collaborateurs": STAFF,
        "mandats/mandat/suppleants": "substitutes hold no seat",
        "mandats/mandat/election/lieu/region": UNUSED,
        "mandats/mandat/election/lieu/regionType": UNUSED,
        "mandats/mandat/election/lieu/departement": "numDepartement says the same",
        "mandats/mandat/election/causeMandat": UNUSED,
        "mandats/mandat/election/refCirconscription": "numDepartement and numCirco say the same",
        "mandats/mandat/mandature/causeFin": UNUSED,
        "mandats/mandat/mandature/premiereElection": UNUSED,
        "mandats/mandat/mandature/placeHemicycle": UNUSED,
        "mandats/mandat/mandature/mandatRemplaceRef": UNUSED,
    },
)
_ADDRESS_TYPES: Final[Mapping[str, str]] = {
    "0": "the chamber",
    "2": "constituency office",
    "11": "phone",
    "12": "fax",
    "15": "e-mail",
    "22": "website",
    "23": "page of a former senator",
    "24": "Twitter",
    "25": "Facebook",
    "29": "Instagram",
    "30": "LinkedIn",
}
# The Assembly's own feminine labels are missing for two commission presidents in three.
_FUNCTIONS: Final[Mapping[str, tuple[str, str]]] = {
    "Président": ("Président", "Présidente"),
    "Vice-Président": ("Vice-président", "Vice-présidente"),
    "Rapporteur général": ("Rapporteur général", "Rapporteure générale"),
    "Questeur": ("Questeur", "Questeure"),
    "Secrétaire": ("Secrétaire", "Secrétaire"),
}
_OLDEST_BUREAU: Final = "BURAG"  # sits for one day, under the oldest member


def recognises(path: Path) -> bool:
    """Tell whether the path is such a tree."""
    return is_tree(path)


def read(path: Path, as_of: dt.date | None = None) -> Reading:
    """Read the deputies in office.

    Args:
        path: the zip as published, or a folder that holds acteur/ and organe/.
        as_of: the date of the list; without it the latest date inside.

    Raises:
        InputError: the tree is not whole, a key that we read is gone, an id is doubled.
    """
    actors, bodies = load_tree(path)
    paths: set[str] = set()
    for actor in actors.values():
        paths |= key_paths(actor)
    notes = list(LAYOUT.check(path.name, _leaves(paths)))
    notes += _new_address_types(path, actors)
    problems: list[str] = []
    records: list[Record] = []
    for place, actor in sorted(actors.items()):
        try:
            record = _record(place, actor, bodies, notes)
        except (KeyError, TypeError, AttributeError) as error:
            problems.append(f"{place}: is built otherwise than the others ({error})")
        except InputError as error:
            problems.append(f"{place}: {error.message}")
        else:
            if record:
                records.append(record)
    if problems:
        raise InputError(f"{path}: actors cannot be read.", problems)
    refuse_doubles(path, records)
    notes += _absent_bodies(path, actors, bodies)
    day = as_of or _latest_date(actors)
    return Reading(SOURCE, PUBLISHER, "assemblee", path, day, tuple(records), tuple(notes))


def _leaves(paths: set[str]) -> set[str]:
    above = {path.rpartition("/")[0] for path in paths}
    return {path for path in paths if path not in above}


def _new_address_types(path: Path, actors: Mapping[str, Json]) -> list[str]:
    types = {
        f"{address['type']} ({address['typeLibelle']})"
        for actor in actors.values()
        for address in as_list(actor["adresses"]["adresse"])
        if address["type"] not in _ADDRESS_TYPES
    }
    return [f"{path.name}: address type {kind} is new and was not read" for kind in sorted(types)]


def _absent_bodies(path: Path, actors: Mapping[str, Json], bodies: Mapping[str, Json]) -> list[str]:
    absent = {
        f"{reference} ({mandate['typeOrgane']})"
        for actor in actors.values()
        for mandate in as_list(actor["mandats"]["mandat"])
        if mandate["typeOrgane"] in BODY_TYPES and not as_text(mandate["dateFin"])
        for reference in as_list(mandate["organes"]["organeRef"])
        if reference not in bodies
    }
    return [f"{path.name}: body {body} is not in the file" for body in sorted(absent)]


def _record(place: str, actor: Json, bodies: Mapping[str, Json], notes: list[str]) -> Record | None:
    official_id = as_text(actor["uid"])
    mandates = [m for m in as_list(actor["mandats"]["mandat"]) if not as_text(m["dateFin"])]
    seats = _of_type(mandates, "ASSEMBLEE")
    if not seats:
        notes.append(f"{place}: {official_id} holds no seat (no open mandate ASSEMBLEE); set aside")
        return None
    person = actor["etatCivil"]["ident"]
    gender = gender_of(as_text(person["civ"]))
    lieu = seats[-1]["election"]["lieu"]
    groups, commissions = _of_type(mandates, "GP"), _of_type(mandates, "COMPER")
    values = {
        "gender": gender,
        "first_name": as_text(person["prenom"]),
        "last_name": as_text(person["nom"]),
        "department_code": department_of(lieu["numDepartement"]),
        "constituency_code": constituency_code(lieu["numDepartement"], lieu["numCirco"]),
        "political_group": _label(groups, bodies, "libelleAbrev"),
        "commission": _label(commissions, bodies, "libelle"),
        "functions": FUNCTIONS_BETWEEN.join(
            _functions([*_of_type(mandates, "BUREAU"), *groups, *commissions], bodies, gender)
        ),
        "email": _email(place, actor, notes),
        "in_office_since": as_text(seats[-1]["mandature"]["datePriseFonction"]),
    }
    return Record(official_id, filled(values), place, _offices(place, actor, notes))


def _of_type(mandates: Sequence[Json], kind: str) -> list[Json]:
    """Give the open mandates of one kind, the latest last.

    Presidents and members of a commission's bureau have two in the same body.
    """
    found = [mandate for mandate in mandates if mandate["typeOrgane"] == kind]
    return sorted(found, key=lambda mandate: (as_text(mandate["dateDebut"]), mandate["uid"]))


def _label(mandates: Sequence[Json], bodies: Mapping[str, Json], key: str) -> str:
    labels = [
        as_text(bodies[reference][key])
        for mandate in mandates
        for reference in as_list(mandate["organes"]["organeRef"])
        if reference in bodies
    ]
    return labels[-1] if labels else ""


def _functions(
    mandates: Sequence[Json], bodies: Mapping[str, Json], gender: Gender | str
) -> list[str]:
    functions = []
    for mandate in mandates:
        words = _FUNCTIONS.get(as_text(mandate["infosQualite"]["codeQualite"]))
        body = bodies.get(as_list(mandate["organes"]["organeRef"])[0])
        if words and body and body["libelleAbrev"] != _OLDEST_BUREAU:
            of_body = as_text(body["libelleEdition"]) or f"({as_text(body['libelle'])})"
            functions.append(f"{words[1] if gender == 'F' else words[0]} {of_body}")
    return list(dict.fromkeys(functions))


def _email(place: str, actor: Json, notes: list[str]) -> str:
    """Give the address on the Assembly's domain; private ones beside it are not imported."""
    official = []
    for address in as_list(actor["adresses"]["adresse"]):
        if address["type"] == "15":
            try:
                read = read_address(as_text(address["valElec"]))
            except ValueError as error:
                notes.append(f"{place}: {error}; left out")
            else:
                if is_official(read, "assemblee"):
                    official.append(read)
    distinct = list(dict.fromkeys(official))
    if len(distinct) > 1:
        notes.append(f"{place}: several official addresses ({', '.join(distinct)}); first taken")
    return distinct[0] if distinct else ""


def _offices(place: str, actor: Json, notes: list[str]) -> tuple[PostalAddress, ...]:
    offices = []
    for address in as_list(actor["adresses"]["adresse"]):
        if address["type"] == "2":
            try:
                offices.append(
                    constituency_office(
                        as_text(address["intitule"]),
                        as_text(address["numeroRue"]),
                        as_text(address["nomRue"]),
                        as_text(address["complementAdresse"]),
                        as_text(address["codePostal"]),
                        as_text(address["ville"]),
                    )
                )
            except ValueError as error:
                notes.append(f"{place}: constituency office left out: {error}")
    return tuple(dict.fromkeys(offices))


def _latest_date(actors: Mapping[str, Json]) -> dt.date:
    dates = [
        as_text(mandate[key])
        for actor in actors.values()
        for mandate in as_list(actor["mandats"]["mandat"])
        for key in ("dateDebut", "datePublication")
    ]
    return dt.date.fromisoformat(max(dates))
