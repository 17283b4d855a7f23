"""What a template may name: the record handed to the sandbox, and the list that documents it.

Two things that must agree stand side by side: build_context() makes the values for one recipient,
known_fields() tells every name before anybody is known (for checks, and for docs/letters.md).
Unknown is None everywhere, so that {% if … %} asks "is it known?".
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from outreach.campaign import Campaign, NationalFigure
from outreach.figures.figure import Figure, LocalFigures
from outreach.figures.indicators import load_indicators
from outreach.letters import numbers
from outreach.letters.acts import Act
from outreach.letters.french import at, of
from outreach.letters.kinds import AFigure, Kind, Leaf, ListOf, Record
from outreach.letters.salutation import Salutation
from outreach.letters.values import UNTOLD, FigureView
from outreach.letters.wording import AREA, RECIPIENT, area_words, recipient_words
from outreach.roster.seat import Parliamentarian

FIELD_LABELS: Final = {
    "handicap": "handicap",
    "protection_enfance": "protection de l’enfance",
    "autonomie_personnes_agees": "autonomie des personnes âgées",
    "protection_juridique_majeurs": "protection juridique des majeurs",
    "lutte_exclusions": "lutte contre les exclusions",
}
_SUMS = ("establishments", "places", "measures", "staff_headcount", "staff_fte")


@dataclass(frozen=True, slots=True)
class FigureNames:
    """Names of figures that may be asked for, so that a name that nobody has is a fault.

    The bundled indicators always count, whoever is written to: a template that names one is right
    for the French abroad too, of whom it is not known.
    """

    area: tuple[str, ...]
    constituency: tuple[str, ...]
    department: tuple[str, ...]
    country: tuple[str, ...]

    @classmethod
    def of(cls, all_figures: Iterable[LocalFigures]) -> "FigureNames":
        """Gather the names: the sums, the bundled indicators, and what the recipients' areas have."""
        area = dict.fromkeys(_SUMS)
        published: dict[str, dict[str, None]] = {
            "constituency": {},
            "department": {},
            "country": {},
        }
        for (level, _), figures in load_indicators().by_area.items():
            published[level] |= dict.fromkeys(figures)
        seen: set[int] = set()
        for local in all_figures:
            for figures in (local.figures, *local.by_field.values()):
                area |= dict.fromkeys(figures)
            for scope, names in published.items():
                of_scope = getattr(local, scope)
                if id(of_scope) not in seen:
                    seen.add(id(of_scope))
                    names |= dict.fromkeys(of_scope)
        for names in published.values():
            area |= names
        return cls(tuple(area), *(tuple(names) for names in published.values()))


def known_fields(campaign: Campaign, names: FigureNames, blocks: Iterable[str] = ()) -> Record:
    """Tell every field that a template of this campaign may name."""

    def figures(of_names: Iterable[str], words: str) -> Record:
        return Record(dict.fromkeys(of_names, AFigure()), words)

    return Record(
        {
            "title": Leaf("how the recipient is addressed; repeat it in the closing"),
            "date": Leaf("the date of the letter"),
            "recipient": Record(RECIPIENT, "the holder of the seat"),
            "area": Record(AREA, "the area that the figures are of; wording follows its level"),
            "figures": figures(names.area, "figures of the area; nothing where not known"),
            "constituency": figures(names.constituency, "published figures of the constituency"),
            "department": figures(names.department, "published figures of the département"),
            "country": figures(names.country, "the same published figures for France"),
            "national": Record(
                {
                    item.key: AFigure(f"{item.text} ({item.source})")
                    for item in campaign.national_figures
                },
                "national figures of campaign.toml",
            ),
            "fields": ListOf(
                Record(
                    {"key": Leaf("handicap, protection_enfance…"), "label": Leaf("in French")}
                    | dict.fromkeys(names.area, AFigure())
                ),
                "fields of activity present in the area, largest first, each with its figures",
            ),
            "establishments": ListOf(
                _ESTABLISHMENT,
                "up to five of the largest in the area, with a name that a letter can quote",
            ),
            "unsure": Leaf("establishments of the département whose constituency is not certain"),
            "demands": ListOf(_DEMAND, "demands of campaign.toml, in order"),
            "demand": Record({item.key: _DEMAND for item in campaign.demands}, "one by its key"),
            "act": Record(_ACT, "the latest sourced act of the recipient; nothing without one"),
            "stance": Leaf("thank, ask or remind"),
            "sender": Record(_SENDER, "[sender] of campaign.toml"),
            "signature": Record(_SIGNATURE, "[signature] of campaign.toml"),
            "campaign": Record(_CAMPAIGN, "the campaign"),
            "blocks": Record({name: Leaf() for name in blocks}, "for {% include blocks.NAME %}"),
        }
    )


def build_context(
    recipient: Parliamentarian,
    local: LocalFigures,
    salutation: Salutation,
    *,
    names: FigureNames,
    shared: Mapping[str, Any],
    act: Act | None,
) -> dict[str, Any]:
    """Make the record of one recipient: plain data and figures only."""
    return {
        **shared,
        "title": salutation.title,
        "recipient": recipient_words(recipient, salutation),
        "area": area_words(local.level, recipient),
        "figures": _views(local.figures, names.area),
        "constituency": _views(local.constituency, names.constituency),
        "department": _views(local.department, names.department),
        "country": _views(local.country, names.country),
        "fields": _fields(local, names),
        "establishments": [
            {"name": name, "commune": place, "at": at(place), "of": of(place)}
            for name, place in local.establishments
            if name and place
        ],
        "unsure": local.unsure,
        "act": act.record() if act else None,
        "stance": act.stance if act else "ask",
    }


def shared_context(campaign: Campaign, today: dt.date) -> dict[str, Any]:
    """Make what is the same in every letter, once."""
    demands = [item.model_dump() for item in campaign.demands]
    sender = campaign.sender
    return {
        "date": numbers.date_words(campaign.date or today),
        "national": {item.key: national_view(item) for item in campaign.national_figures},
        "demands": demands,
        "demand": {item["key"]: item for item in demands},
        "sender": {name: getattr(sender, name) or None for name in _SENDER},
        "signature": {name: getattr(campaign.signature, name) or None for name in _SIGNATURE},
        "campaign": {
            "name": campaign.name,
            "wave": campaign.wave,
            "end": numbers.date_words(campaign.end) if campaign.end else None,
        },
    }


def national_view(item: NationalFigure) -> FigureView:
    """Show a national figure; without a number it still has its words and source."""
    tells = item.unit not in UNTOLD
    figure = Figure(
        f"national.{item.key}",
        item.value,
        item.unit,
        known=0,
        of=0,
        as_of=item.date,
        source=item.source,
        subject=item.subject or ("" if tells else f"« {item.text} »"),
    )
    return FigureView(figure, item.text)


_ESTABLISHMENT: Final = Record(
    {
        "name": Leaf("as in the list; a name in capitals gets French case"),
        "commune": Leaf("Ambérieu-en-Bugey"),
        "at": Leaf("à Lyon, au Mans"),
        "of": Leaf("de Lyon, d’Albi, du Mans"),
    }
)
_DEMAND: Final = Record({"key": Leaf(), "title": Leaf(), "text": Leaf()})
_CAMPAIGN: Final[dict[str, Kind]] = {"name": Leaf(), "wave": Leaf(), "end": Leaf()}
_ACT: Final[dict[str, Kind]] = {
    "text": Leaf("avez voté l’amendement n° 1234"),
    "date": Leaf("12 novembre 2026"),
    "source": Leaf("where it is published"),
    "url": Leaf("its address, or nothing"),
}
_SENDER: Final[dict[str, Kind]] = {
    "organisation": Leaf(),
    "email": Leaf(),
    "web": Leaf(),
    "phone": Leaf(),
}
_SIGNATURE: Final[dict[str, Kind]] = {"name": Leaf(), "function": Leaf(), "place": Leaf()}


def _views(figures: Mapping[str, Figure], names: Iterable[str]) -> dict[str, FigureView | None]:
    return {name: _view(figures.get(name)) for name in names}


def _view(figure: Figure | None) -> FigureView | None:
    return None if figure is None or figure.value is None else FigureView(figure)


def _fields(local: LocalFigures, names: FigureNames) -> list[dict[str, Any]]:
    """Give the fields of activity with an establishment in the area, those with most first."""

    def size(key: str) -> float:
        figure = local.by_field[key].get("establishments")
        return (figure and figure.value) or 0

    present = sorted(
        (key for key in local.by_field if size(key)), key=lambda key: (-size(key), key)
    )
    return [
        {"key": key, "label": FIELD_LABELS.get(key, key), **_views(local.by_field[key], names.area)}
        for key in present
    ]
