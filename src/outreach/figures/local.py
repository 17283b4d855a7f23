"""Local figures: what the organisations run in each constituency, département and the country.

matching hands over one row per establishment; letters receives one LocalFigures per recipient.
Nothing here rounds a number for display or writes a sentence.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from outreach.establishments.columns import make_frame
from outreach.figures.figure import AreaLevel, Figure, LocalFigures
from outreach.figures.indicators import COUNTRY, Indicators, load_indicators
from outreach.roster.seat import Parliamentarian

# What is summed and its unit. Measures are judicial or educational: never added to places.
SUMMED = {
    "places": "place",
    "measures": "mesure",
    "staff_headcount": "professionnel",
    "staff_fte": "équivalent temps plein",
}
_EXAMPLES = 5
Sums = dict[str, Figure]


class LocalFigureTable:
    """The figures of every area, added up once.

    Args:
        matched: establishments.columns.TABLE + MATCH, one row per establishment.
        source: what a letter says of the list ("FINESS, extrait du 13 août 2026").
        as_of: the list's date, as precise as known.
        indicators: published figures; None takes the bundled ones.

    A sum rests on known values only and says how many (known) of how many rows (of); where none is
    known the value is None, never 0. An establishment whose constituency is not certain counts in
    its département and in the country only.
    """

    def __init__(
        self,
        matched: pd.DataFrame,
        *,
        source: str = "",
        as_of: str = "",
        indicators: Indicators | None = None,
    ) -> None:
        self._source, self._as_of = source, as_of
        self._indicators = indicators or load_indicators()
        table = _numbers(matched)
        keys: dict[AreaLevel, str] = {
            "constituency": "constituency_code",
            "department": "matched_department_code",
            "country": "country",
        }
        self._sums: dict[AreaLevel, dict[str, Sums]] = {}
        self._by_field: dict[AreaLevel, dict[str, dict[str, Sums]]] = {}
        self._examples: dict[AreaLevel, dict[str, tuple[tuple[str, str], ...]]] = {}
        for level, key in keys.items():
            of_level = table[table[key] != ""]
            self._sums[level] = {
                str(area): sums for area, sums in self._add_up(of_level, [key]).items()
            }
            by_field: dict[str, dict[str, Sums]] = {}
            for (area, field), sums in self._add_up(
                of_level[of_level["field"] != ""], [key, "field"]
            ).items():
                by_field.setdefault(area, {})[field] = sums
            self._by_field[level] = by_field
            self._examples[level] = _largest(of_level, key)
        unsure = table[
            (table["constituency_code"] == "") & (table["matched_department_code"] != "")
        ]
        self._unsure = {
            str(code): int(n)
            for code, n in unsure["matched_department_code"].value_counts().items()
        }

    def for_recipient(self, recipient: Parliamentarian) -> LocalFigures:
        """The figures for one letter, as local as they can be.

        A deputy: the constituency; where it holds no establishment, the département; where that
        holds none either, or abroad, the country. A senator: the département, else the country.
        """
        return self._local(recipient.constituency_code, recipient.department_code)

    def for_area(self, area_code: str) -> LocalFigures:
        """The figures of "01-04", "01" or "FR", falling back like a letter's."""
        if area_code == COUNTRY:
            return self._local("", "")
        return self._local(area_code if "-" in area_code else "", area_code.partition("-")[0])

    def _local(self, constituency: str, department: str) -> LocalFigures:
        level: AreaLevel = "country"
        area = COUNTRY
        if department and department in self._sums["department"]:
            level, area = "department", department
        if constituency and constituency in self._sums["constituency"]:
            level, area = "constituency", constituency
        published = self._indicators.of(level, area)
        by_field: dict[str, Mapping[str, Figure]] = {
            **self._by_field[level].get(area, {}),
        }
        for name, figure in published.items():
            field = self._indicators.fields.get(name, "")
            if field:
                by_field[field] = {**by_field.get(field, {}), name: figure}
        return LocalFigures(
            level=level,
            area_code=area,
            figures={**published, **self._sums[level].get(area, self._nothing())},
            by_field=by_field,
            constituency=self._indicators.of("constituency", constituency),
            department=self._indicators.of("department", department),
            country=self._indicators.of("country", COUNTRY),
            establishments=self._examples[level].get(area, ()),
            unsure=self._unsure.get(department, 0),
        )

    def _add_up(self, table: pd.DataFrame, keys: Sequence[str]) -> dict[Any, Sums]:
        """Sum each group: key (or keys, as a tuple) → name → Figure."""
        groups = table.groupby(list(keys), sort=True, observed=True)
        counts = groups.size()
        # min_count=1: where nothing is known the sum is unknown, never 0.
        sums = groups[list(SUMMED)].sum(min_count=1)
        known = groups[list(SUMMED)].count()
        # Plain lists: asking a pandas cell costs a hundred times more.
        totals = {name: sums[name].astype(object).tolist() for name in SUMMED}
        behind = {name: known[name].tolist() for name in SUMMED}
        result: dict[Any, Sums] = {}
        for at, (area, of) in enumerate(zip(counts.index.tolist(), counts.tolist(), strict=True)):
            key = area[0] if isinstance(area, tuple) and len(keys) == 1 else area
            figures = {
                "establishments": self._figure("establishments", of, "établissement", of, of)
            }
            for name, unit in SUMMED.items():
                value = totals[name][at]
                number = None if value is pd.NA else value
                figures[name] = self._figure(name, number, unit, behind[name][at], of)
            result[key] = figures
        return result

    def _figure(self, name: str, value: float | None, unit: str, known: int, of: int) -> Figure:
        return Figure(name, value, unit, known, of, self._as_of, self._source)

    def _nothing(self) -> Sums:
        """The country without any establishment: an empty list, which is known to be empty."""
        sums = {name: self._figure(name, None, unit, 0, 0) for name, unit in SUMMED.items()}
        return {"establishments": self._figure("establishments", 0, "établissement", 0, 0), **sums}


def _numbers(matched: pd.DataFrame) -> pd.DataFrame:
    """The columns that are added up, and the country as one more area."""
    wanted = [
        "name", "matched_commune_name", "commune_name", "field", "constituency_code",
        "matched_department_code", *SUMMED,
    ]  # fmt: skip
    table = matched[wanted].copy()
    table["country"] = make_frame({"country": [COUNTRY] * len(table)}, {"country": "string"})[
        "country"
    ].to_numpy()
    for key in ("field", "constituency_code", "matched_department_code", "country"):
        # Grouping 100 000 codes is four times quicker on categories than on text.
        table[key] = table[key].astype("category")
    return table


def _largest(table: pd.DataFrame, key: str) -> dict[str, tuple[tuple[str, str], ...]]:
    """Up to five of the largest establishments of each area: by places, then by staff."""
    sized = table[table["places"].notna() | table["staff_headcount"].notna()]
    ordered = sized.sort_values(
        ["places", "staff_headcount", "name"], ascending=[False, False, True], na_position="last"
    )
    largest = ordered.groupby(key, sort=False, observed=True).head(_EXAMPLES)
    examples: dict[str, list[tuple[str, str]]] = {}
    for area, name, official, typed in zip(
        largest[key].tolist(), largest["name"].tolist(), largest["matched_commune_name"].tolist(),
        largest["commune_name"].tolist(), strict=True,
    ):  # fmt: skip
        if name:
            examples.setdefault(area, []).append((name, official or typed))
    return {area: tuple(of_area) for area, of_area in examples.items()}
