"""Fictional recipients and figures for tests of letters; real places, people at example.org."""

import datetime as dt
from pathlib import Path
from typing import Any

from outreach.campaign import Campaign, load_campaign
from outreach.figures.figure import AreaLevel, Figure, LocalFigures
from outreach.roster.seat import Chamber, Gender, Parliamentarian, PostalAddress

TODAY = dt.date(2026, 11, 1)
HOUSES: dict[Chamber, PostalAddress] = {
    "assemblee": PostalAddress(
        "chamber", ("Assemblée nationale", "126 rue de l'Université"), "75355", "Paris 07 SP"
    ),
    "senat": PostalAddress("chamber", ("Sénat", "15 rue de Vaugirard"), "75291", "Paris CEDEX 06"),
}
CAMPAIGN = """
uid = "test-campaign"
name = "Essai"
chambers = ["assemblee", "senat"]
[sender]
organisation = "Fédération Exemple"
address = ["1 rue de l'Exemple", "75000 Paris"]
email = "contact@example.org"
[signature]
name = "Camille Exemple"
function = "Présidente"
place = "Paris"
[templates]
assemblee = "letter.md"
senat = "letter.md"
"""
LETTER = '+++\nsubject = "Une question"\n+++\n'


def person(chamber: Chamber = "assemblee", gender: Gender = "F", **changes: Any) -> Parliamentarian:
    """A fictional deputy of 01-04, or senator of the Ain."""
    deputy = chamber == "assemblee"
    values: dict[str, Any] = {
        "official_id": "PA1" if deputy else "10001A",
        "chamber": chamber,
        "gender": gender,
        "first_name": "Élodie",
        "last_name": "D'Exemple",
        "department_code": "01",
        "constituency_code": "01-04" if deputy else "",
        "political_group": "GRP",
        "political_group_name": "Groupe",
        "commission": "",
        "functions": (),
        "contact_method": "email",
        "email": "elodie.dexemple@example.org",
        "addresses": (HOUSES[chamber],),
        "in_office_since": None,
    }
    return Parliamentarian(**(values | changes))


def figure(name: str, value: float | None, unit: str, known: int = 0, of: int = 0) -> Figure:
    """A figure of a fictional list."""
    return Figure(name, value, unit, known, of, "2026-08-13", "Liste d’essai")


def sums(
    establishments: int, places: float | None = None, known: int | None = None
) -> dict[str, Figure]:
    """The figures of an area with so many establishments."""
    behind = (establishments if places is not None else 0) if known is None else known
    return {
        "establishments": figure(
            "establishments", establishments, "établissement", establishments, establishments
        ),
        "places": figure("places", places, "place", behind, establishments),
        "staff_headcount": figure("staff_headcount", None, "professionnel", 0, establishments),
    }


def local(
    level: AreaLevel = "constituency",
    count: int = 12,
    places: float | None = 340,
    known: int | None = None,
    **changes: Any,
) -> LocalFigures:
    """The figures of an area, with two fields of activity and one example."""
    of_area = sums(count, places, known)
    codes = {"constituency": "01-04", "department": "01", "country": "FR"}
    certainties = {"constituency": "commune", "department": "department", "country": ""}
    values: dict[str, Any] = {
        "level": level,
        "area_code": codes[level],
        "figures": of_area,
        "by_field": {"handicap": of_area, "protection_enfance": sums(1)},
        "establishments": (("Foyer d'essai", "Le Mans"),),
        "certainty": certainties[level],
    }
    return LocalFigures(**(values | changes))


def campaign_in(folder: Path, body: str, *, settings: str = CAMPAIGN, **files: str) -> Campaign:
    """A campaign whose one letter has this text; files by name, "__" for "/" and "_md" for ".md"."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "campaign.toml").write_text(settings, encoding="utf-8")
    (folder / "letter.md").write_text(
        body if body.startswith("+++") else LETTER + body, encoding="utf-8"
    )
    for name, text in files.items():
        path = folder / (name.replace("__", "/").removesuffix("_md") + ".md")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return load_campaign(folder)
