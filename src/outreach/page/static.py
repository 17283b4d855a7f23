"""The documents that work without scripts: the page itself, the map, who to write to by département."""

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from babel.dates import format_date

from outreach.bundle import data_path
from outreach.geography.outlines import decode
from outreach.letters.numbers import date_words, number, plural
from outreach.letters.typography import typeset
from outreach.page import france_map
from outreach.page.documents import content_policy, render, renderer
from outreach.page.local import map_figure
from outreach.page.local import source as figure_source
from outreach.page.places import CutPlaces, countries
from outreach.page.words import fill, load_words

if TYPE_CHECKING:
    from outreach.page.build import SiteSource


def static_documents(
    source: "SiteSource",
    places: CutPlaces,
    people: Mapping[str, Any],
    models: Mapping[str, tuple[str, list[list[str]]]],
    *,
    version: str,
) -> dict[str, str]:
    """Render every HTML document: path → text."""
    environment = renderer()
    page = source.campaign.page
    french = load_words("fr")
    shared = {
        "title": page.title or source.campaign.name,
        "description": (page.introduction or (french["people_title"],))[0],
        "organisation": source.campaign.sender.organisation,
        "address": page.address and page.address.rstrip("/") + "/",
        "policy": content_policy(page.geocoder),
        "version": version,
        "dates": _dates(source, "fr"),
        "geocoder": page.geocoder,
        "root": "",
        "words": french,
    }
    documents = _indexes(environment, shared, source)
    documents["carte.html"] = _map_document(environment, shared, source, people)
    return documents | _departments(environment, shared, places, people, models)


def _indexes(environment: Any, shared: Mapping[str, Any], source: "SiteSource") -> dict[str, str]:
    """Render the page itself in French and in English; what has no translation stays French."""
    page = source.campaign.page
    index = {
        "introduction": page.introduction,
        "demands": source.campaign.demands,
        "abroad": countries(source.geography),
        "french_title": False,
        "french_introduction": False,
        "other_page": "en.html",
    }
    in_english = {
        **index,
        "introduction": page.english_introduction or page.introduction,
        "french_title": not page.english_title,
        "french_introduction": not page.english_introduction,
        "other_page": "index.html",
    }
    of_english = {
        "words": load_words("en"),
        "title": page.english_title or shared["title"],
        "dates": _dates(source, "en"),
    }
    return {
        "index.html": render(environment, "index", shared, **index),
        "en.html": render(environment, "index", {**shared, **of_english}, **in_english),
    }


def _dates(source: "SiteSource", language: str) -> dict[str, str]:
    """Give the date of each chamber's list in words; "" for a chamber that is not written to."""
    dates = {"assemblee": "", "senat": ""}
    for roster in source.rosters:
        dates[roster.chamber] = (
            date_words(roster.as_of)
            if language == "fr"
            else format_date(roster.as_of, "d MMMM y", locale=language)
        )
    return dates


def _map_document(
    environment: Any, shared: Mapping[str, Any], source: "SiteSource", people: Mapping[str, Any]
) -> str:
    words = shared["words"]
    name = source.campaign.page.map_figure
    spots, rows, label, credit = {}, [], name, ""
    for code, constituency in source.geography.constituencies.items():
        figure = map_figure(source.local.for_area(code), code, name)
        value = None if figure is None or figure.value is None else float(figure.value)
        said = words["map_unknown"] if value is None else typeset(number(value))
        if figure is not None:
            label, credit = _label(figure.unit), figure_source(figure)
        shown = typeset(constituency.name)
        spots[code] = france_map.MapPlace(code, shown, value, said)
        holder = people[constituency.department_code]["deputies"].get(code, {})
        rows.append(
            {
                "code": code,
                "name": shown,
                "deputy": words["seat_vacant_short"]
                if "vacancy" in holder
                else holder.get("name", ""),
                "value": said,
            }
        )
    light = decode(data_path("geography", "outlines-light.npz").read_bytes())
    outlines = dict(zip(map(str, light.codes), light.polygons, strict=True))
    limits = france_map.levels([spot.value for spot in spots.values()])
    drawing = france_map.draw(
        spots, outlines, title=fill(words["map_intro"], label=label), paris=words["map_paris"]
    )
    return render(
        environment, "map", shared, drawing=drawing, rows=rows, label=label, source=credit,
        legend=france_map.legend(limits, words["map_unknown"]),
    )  # fmt: skip


def _label(unit: str) -> str:
    return _sentence(plural(unit))


def _sentence(words: str) -> str:
    """Write the first letter as a capital and leave the others: str.capitalize() would not."""
    return words[:1].upper() + words[1:]


def _departments(
    environment: Any,
    shared: Mapping[str, Any],
    places: CutPlaces,
    people: Mapping[str, Any],
    models: Mapping[str, tuple[str, list[list[str]]]],
) -> dict[str, str]:
    shared = {**shared, "root": "../"}
    seats = {code: _seats(code, places, people) for code in people}
    held = {code: table for code, table in people.items() if seats[code] or table["senators"]}
    documents = {
        "departements/index.html": render(
            environment,
            "departments",
            shared,
            departments=[(code, table["name"]) for code, table in held.items()],
        )
    }
    for code, table in held.items():
        documents[f"departements/{code}.html"] = render(
            environment, "department", shared, name=table["name"], seats=seats[code],
            senators=table["senators"], colon="\u00a0:", model=models.get(code),
        )  # fmt: skip
    return documents


def _seats(department: str, places: CutPlaces, people: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Give who sits for any commune of a département, its own constituencies first.

    A constituency may reach into the next département: Saint-Martin votes with Saint-Barthélemy.
    """
    whole, split = _communes(places, department)
    guests = {code for code, homes in places.home.items() if department in homes}
    codes = dict.fromkeys([*sorted(people[department]["deputies"]), *sorted(guests)])
    seats = []
    for code in codes:
        table = people[code.split("-")[0]]
        if code in table["deputies"]:
            seats.append(
                {
                    "constituency": _sentence(table["constituencies"][code]["name"]),
                    "holder": table["deputies"][code],
                    "communes": ", ".join(whole[code]),
                    "split": ", ".join(split[code]),
                }
            )
    return seats


def _communes(
    places: CutPlaces, department: str
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Give a département's communes wholly, and in part, in each constituency: code → names."""
    whole: dict[str, list[str]] = defaultdict(list)
    split: dict[str, list[str]] = defaultdict(list)
    table = places.departments.get(department, {"communes": []})  # abroad there are none
    for _, name, _, codes in table["communes"]:
        found = codes.split()
        for code in found:
            (whole if len(found) == 1 else split)[code].append(name)
    return whole, split
