"""A figure and where it comes from. No pandas, no rounding, no sentence here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

AreaLevel = Literal["constituency", "department", "country"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One number that a letter may quote.

    Attributes:
        name: the key, such as "establishments", "places", "staff_headcount", "population".
        value: None when unknown; never 0 for unknown.
        unit: what is counted, in French, singular ("établissement", "place", "habitant", "%").
        known: how many rows the value rests on; of: how many rows there are. Both 0 for a
            published indicator, which rests on its publisher's own survey.
        as_of: "2026-08-13", "2020-12-31", "2019": as precise as the source.
        source: in French, fit to be quoted in a letter ("FINESS, extrait du 13 août 2026").
        subject: what a list of sources calls it, in French, in the number it is said in ("taux de
            pauvreté", "bénéficiaires de l’APA"); "" where the plural of the unit says it.
    """

    name: str
    value: float | int | None
    unit: str
    known: int
    of: int
    as_of: str
    source: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class LocalFigures:
    """What is known of one area.

    Attributes:
        level: how local the figures are; a letter's wording follows it.
        area_code: a constituency code, a department code, or "FR".
        figures: name → Figure, sums over all fields and published indicators of the area at
            ``level``.
        by_field: field of activity (code, such as "handicap") → name → Figure, the same by field.
        constituency: published indicators of the recipient's constituency, whatever ``level``;
            empty for a senator.
        department: published indicators of the recipient's département, whatever ``level``.
        country: published indicators for France, for comparison.
        establishments: (name, commune) of up to five of the largest whose name a letter can quote,
            the name in French case.
        certainty: the weakest certainty of the rows behind a constituency's sums ("address",
            "commune" or "postcode"), "department" for a département's, "" for the country's.
        unsure: establishments of the department whose constituency is not certain; they are in
            the department's sums and in no constituency's.
    """

    level: AreaLevel
    area_code: str
    figures: Mapping[str, Figure]
    by_field: Mapping[str, Mapping[str, Figure]]
    constituency: Mapping[str, Figure] = field(default_factory=dict)
    department: Mapping[str, Figure] = field(default_factory=dict)
    country: Mapping[str, Figure] = field(default_factory=dict)
    establishments: tuple[tuple[str, str], ...] = ()
    certainty: str = ""
    unsure: int = 0
