"""Published indicators, bundled: data/figures/indicators.csv with indicators.toml beside it."""

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from outreach.bundle import data_path
from outreach.errors import InputError
from outreach.figures.figure import AreaLevel, Figure

COLUMNS = ("indicator", "level", "area_code", "value")
COUNTRY = "FR"
_BUNDLED = data_path("figures")
_LEVELS: dict[str, AreaLevel] = {
    "constituency": "constituency",
    "department": "department",
    "country": "country",
}


@dataclass(frozen=True, slots=True)
class Indicators:
    """Published figures by area.

    Attributes:
        by_area: (level, area code) → name → Figure. An area or name that the publisher does not
            give is absent: Mayotte, and 2A and 2B, which the DREES publishes as one, "20".
        fields: name of an indicator → its field of activity, for those that have one.
    """

    by_area: Mapping[tuple[AreaLevel, str], Mapping[str, Figure]]
    fields: Mapping[str, str]

    def of(self, level: AreaLevel, area_code: str) -> Mapping[str, Figure]:
        """The figures of one area; empty when nothing is published of it."""
        return self.by_area.get((level, area_code), {})


def definitions(folder: Path = _BUNDLED) -> dict[str, Any]:
    """Read indicators.toml: what each indicator is and where it stands at its publisher's."""
    with (folder / "indicators.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def load_indicators(folder: Path = _BUNDLED) -> Indicators:
    """Read the bundled indicators.

    Raises:
        InputError: the table holds an indicator that is not defined, or a value that is no number.
    """
    sources = definitions(folder).values()
    known = {item["name"]: item for source in sources for item in source["indicators"]}
    elsewhere = {
        (name, area): dated
        for source in sources
        for dated in source.get("elsewhere", ())
        for name in dated["indicators"]
        for area in dated["areas"]
    }
    areas: dict[tuple[AreaLevel, str], dict[str, Figure]] = {}
    problems: list[str] = []
    with (folder / "indicators.csv").open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            item = known.get(row["indicator"])
            level = _LEVELS.get(row["level"])
            value = _number(row["value"])
            if item is None or value is None or level is None:
                problems.append(f"indicators.csv, row {number}: {','.join(row.values())}")
                continue
            dated = elsewhere.get((row["indicator"], row["area_code"]), item)
            figure = Figure(
                item["name"],
                value,
                item["unit"],
                known=0,
                of=0,
                as_of=dated["as_of"],
                source=dated["source"],
                subject=item.get("subject", ""),
            )
            areas.setdefault((level, str(row["area_code"])), {})[item["name"]] = figure
    if problems:
        raise InputError(
            "data/figures/indicators.csv is not what `outreach figures build` writes; build it again.",
            problems,
        )
    return Indicators(areas, {name: item.get("field", "") for name, item in known.items()})


def _number(text: str) -> float | int | None:
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        return None
