"""A campaign → a folder that any host, or a USB stick, can serve.

geography ─▶ places, names, shapes ─┐
rosters ──▶ people ─────────────────┤
letters ──▶ blocks ─────────────────┼─▶ data files ─┐
members ──▶ establishments ─────────┘               ├─▶ whole_folder
site/ ────▶ scripts, style, documents ──────────────┘
"""

import dataclasses
import datetime as dt
import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from outreach.bundle import data_path
from outreach.campaign import Campaign
from outreach.files import whole_folder
from outreach.geography.outlines import decode
from outreach.geography.places import Geography
from outreach.letters.typography import typeset
from outreach.page.blocks import CutLetter, cut_letters
from outreach.page.data_files import data_file
from outreach.page.letter_files import LetterFiles, letter_files
from outreach.page.local import check_names, shown_figures
from outreach.page.members import cut_members, members
from outreach.page.people import cut_people
from outreach.page.picture import draw_picture
from outreach.page.places import CutPlaces, countries, cut_places
from outreach.page.press import citizen_campaign
from outreach.page.shapes import encode_shapes, frames
from outreach.page.static import static_documents
from outreach.page.words import LANGUAGES, load_words
from outreach.roster.seat import Roster

if TYPE_CHECKING:
    import pandas as pd

    from outreach.figures.local import LocalFigureTable

Progress = Callable[[str, int, int], None]
# In the order they need one another; page.js is these, one after the other.
_SCRIPTS: Final = (
    "text", "data", "words", "dom", "search", "places", "shapes", "letter", "exits", "memory",
    "split-map", "split-view", "find-view", "people-view", "print-view", "send-view",
    "letter-view", "app",
)  # fmt: skip
_PROMPTS: Final = (
    "Je vous écris parce que …",
    "Dans ma commune, je vois …",
    "Un de mes proches …",
    "Je travaille dans ce secteur : …",
)


@dataclass(frozen=True, slots=True)
class SiteSource:
    """What a page is made from: a campaign, and what match_campaign() gives of it."""

    campaign: Campaign
    geography: Geography
    rosters: tuple[Roster, ...]
    matched: "pd.DataFrame"
    local: "LocalFigureTable"


@dataclass(frozen=True, slots=True)
class Built:
    """What was written: sizes in bytes, and how many letters are behind the page."""

    folder: Path
    files: int
    size: int
    people: int
    establishments: int


def build_site(
    source: SiteSource, folder: Path, *, today: dt.date, progress: Progress | None = None
) -> Built:
    """Write the page of a campaign, whole or not at all.

    Args:
        source: the campaign and its matched establishments.
        folder: becomes the site; one that outreach wrote before is replaced.
        today: the date that letters bear.
        progress: called with (stage, done, total).

    Raises:
        InputError: [page] names a figure that does not exist.
        TemplateError: a letter cannot be rendered; every fault is listed.
        OutreachError: the folder cannot be written.
    """
    tell = progress or (lambda stage, done, total: None)
    with whole_folder(folder) as beside:  # refuses at once a folder that is not ours
        files = site_files(source, today=today, progress=tell)
        for done, (name, content) in enumerate(sorted(files.items()), start=1):
            path = beside / name
            path.parent.mkdir(parents=True, exist_ok=True)
            # whole_folder gives the name at the end only: no need to sync each of 700 files.
            path.write_bytes(content)
            tell("files", done, len(files))
    return Built(
        folder,
        len(files),
        sum(map(len, files.values())),
        sum(len(roster.members) for roster in source.rosters),
        sum(1 for _ in members(source.matched)) if source.campaign.page.establishments else 0,
    )


def site_files(
    source: SiteSource, *, today: dt.date, progress: Progress | None = None
) -> dict[str, bytes]:
    """Make every file of the site: path → content; the same inputs give the same bytes."""
    tell = progress or (lambda stage, done, total: None)
    # A chamber without a letter for citizens is not shown: there would be nothing to send.
    chambers = citizen_campaign(source.campaign).chambers
    source = dataclasses.replace(
        source, rosters=tuple(one for one in source.rosters if one.chamber in chambers)
    )
    check_names(
        source.campaign.page,
        [source.local.for_area(code) for code in source.geography.constituencies],
    )
    polygons = _polygons()
    places = cut_places(source.geography, polygons)
    cut = cut_letters(
        source.campaign, source.rosters, source.local, today=today,
        progress=lambda done, total: tell("letters", done, total),
    )  # fmt: skip
    letters = letter_files(cut)
    people = _people(source, letters)
    data = _data(source, places, letters, people)
    data |= _shapes(polygons)
    version = hashlib.sha256(
        json.dumps(data, sort_keys=True, ensure_ascii=False).encode() + _front_end()
    ).hexdigest()[:12]
    data["start"] = _start(source, places, version, data.pop("files"))
    files = _data_files(data) | _own_files(version)
    files |= static_documents(source, places, people, models(cut), version=version)
    written = {name: content.encode("utf-8") for name, content in files.items()}
    campaign = source.campaign
    written["picture.png"] = draw_picture(
        campaign.page.title or campaign.name,
        campaign.sender.organisation,
        "Écrivez à vos parlementaires, avec vos mots.",
    )
    return written


def models(letters: Iterable[CutLetter]) -> dict[str, tuple[str, list[list[str]]]]:
    """Give one letter for each département, for those without scripts: code → name, paragraphs.

    It speaks of the département at most: nobody was asked where they live.
    """
    found: dict[str, tuple[str, list[list[str]]]] = {}
    for letter in sorted(letters, key=lambda one: one.level != "department"):
        code = letter.recipient.department_code
        if code in found or (letter.recipient.constituency_code and letter.level == "own"):
            continue
        texts = [next(iter(piece.texts.values())) for piece in (*letter.pieces, letter.sources)]
        paragraphs = "\n\n".join(text for text in texts if text).split("\n\n")
        found[code] = (letter.recipient.full_name, [part.split("\n") for part in paragraphs])
    return found


def _people(source: SiteSource, letters: LetterFiles) -> dict[str, dict[str, Any]]:
    """Join cards, names of constituencies and figures: département → what its file holds."""
    people = cut_people(source.rosters, letters.addresses)
    wanted = source.campaign.page.figures
    for code, department in source.geography.departments.items():
        held = people.setdefault(code, {"deputies": {}, "senators": []})
        held["name"] = typeset(department.name)
        held["constituencies"] = {}
        of_department = source.local.for_area(code)
        held["figures"] = (
            shown_figures(of_department.figures, wanted)
            if of_department.level == "department"
            else []
        )
    for code, constituency in source.geography.constituencies.items():
        local = source.local.for_area(code)
        own = local.figures if local.level == "constituency" else local.constituency
        people[constituency.department_code]["constituencies"][code] = {
            "name": typeset(constituency.name),
            "figures": shown_figures(own, wanted),
        }
    return people


def _data(
    source: SiteSource, places: CutPlaces, letters: LetterFiles, people: Mapping[str, Any]
) -> dict[str, Any]:
    data: dict[str, Any] = {f"places/{code}": table for code, table in places.departments.items()}
    data |= {f"names/{letter}": lines for letter, lines in places.names.items()}
    data |= {f"people/{code}": table for code, table in people.items()}
    data |= {f"letters/{code}": table for code, table in letters.departments.items()}
    data["letters/common"] = letters.common
    data["files"] = {}
    if source.campaign.page.establishments:
        shards, data["files"] = cut_members(members(source.matched))
        data |= {f"establishments/{name}": shard for name, shard in shards.items()}
    return data


def _data_files(data: Mapping[str, Any]) -> dict[str, str]:
    files = {f"data/{name}.js": data_file(name, value) for name, value in data.items()}
    for language in LANGUAGES:
        files[f"data/words-{language}.js"] = data_file("words", load_words(language))
    return files


def _polygons() -> dict[str, Any]:
    """Give the outline of each constituency: code → polygon."""
    outlines = decode(data_path("geography", "outlines.npz").read_bytes())
    return dict(zip(map(str, outlines.codes), outlines.polygons, strict=True))


def _shapes(polygons: Mapping[str, Any]) -> dict[str, Any]:
    by_department: dict[str, dict[str, Any]] = defaultdict(dict)
    for code, polygon in polygons.items():
        by_department[code.split("-")[0]][code] = polygon
    data: dict[str, Any] = {
        f"shapes/{code}": encode_shapes(shapes) for code, shapes in by_department.items()
    }
    data["shapes/frames"] = frames(polygons)
    return data


def _start(
    source: SiteSource, places: CutPlaces, version: str, files: Mapping[str, str]
) -> dict[str, Any]:
    campaign, geography = source.campaign, source.geography
    return {
        "version": version,
        "uid": campaign.uid,
        "address": campaign.page.address,
        "chambers": [roster.chamber for roster in source.rosters],
        "rosters": {roster.chamber: roster.as_of.isoformat() for roster in source.rosters},
        "departments": {code: typeset(one.name) for code, one in geography.departments.items()},
        "abroad": countries(geography),
        "names": sorted(places.names),
        "prefixes": places.prefixes,
        "crossing": places.crossing,
        "home": places.home,
        "geocoder": {"url": campaign.page.geocoder} if campaign.page.geocoder else None,
        "prompts": list(campaign.page.prompts or _PROMPTS),
        "establishments": dict(files),
    }


def _site_text(*parts: str) -> str:
    return resources.files("outreach.page").joinpath("site", *parts).read_text(encoding="utf-8")


def page_script() -> str:
    """Give page.js: the scripts one after the other, in the order they need one another."""
    return "\n".join(_site_text("scripts", f"{name}.js") for name in _SCRIPTS)


def _front_end() -> bytes:
    parts = [page_script(), _site_text("page.css"), _site_text("scripts", "map.js")]
    return "\0".join([*parts, *(json.dumps(load_words(code)) for code in LANGUAGES)]).encode()


def _own_files(version: str) -> dict[str, str]:
    # The English page and its words are kept when they are visited.
    first = ["./", "index.html"] + [
        f"{name}?v={version}"
        for name in ("page.css", "page.js", "data/start.js", "data/words-fr.js")
    ]
    worker = _site_text("scripts", "worker.js").removeprefix('"use strict";\n')
    header = f'"use strict";\nconst VERSION = {json.dumps(version)};\nconst FIRST_FILES = {json.dumps(first)};\n'
    return {
        "page.js": page_script(),
        "map.js": _site_text("scripts", "map.js"),
        "page.css": _site_text("page.css"),
        "icon.svg": _site_text("icon.svg"),
        "worker.js": header + worker,
    }
