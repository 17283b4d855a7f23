"""Lists whose right answer is computed, never typed.

finess: sites with coordinates; the truth is the polygon around the point (25 m polygons), then the
    point and the INSEE code are hidden.
siae: a list with hand-corrected postcode and commune; the truth is the constituency of the corrected
    commune, found by an exact join of La Poste's file with the corrected cells.
national: communes drawn by population with a postcode of theirs; the truth is the commune drawn.
"""

from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import pandas as pd

from outreach.establishments.columns import TABLE, make_frame
from outreach.geography.places import Geography
from outreach.geography.points import locate


@dataclass(frozen=True)
class Labelled:
    """A list with its truth.

    Attributes:
        rows: the cells, by column name as a person would type it.
        truth: the constituency of each row.
        split: whether the row's commune is split over several constituencies.
        communes: the commune of each row, "" where the truth does not say.
    """

    name: str
    rows: list[dict[str, str]]
    truth: list[str]
    split: list[bool]
    communes: list[str]


def finess(shared: Path, geography: Geography) -> Labelled:
    """Every site of the FINESS sample with a point; postcode, city and street are what is shown."""
    sample = pd.read_csv(
        shared / "establishments/finess/finess_sample_20260813.csv",
        dtype=str,
        keep_default_na=False,
    )
    sample = sample[sample["lon"] != ""]
    located = locate(sample["lon"].to_numpy(float), sample["lat"].to_numpy(float))
    keep = np.asarray(located.inside)
    sample, truth = sample[keep], np.asarray(located.constituency_code)[keep]
    of = geography.constituencies_of
    rows = [
        {"Nom": row["rs"], "Adresse": row["ligne4"], "CP": row["codepostal"], "Ville": row["ligneacheminement"]}
        for row in sample.to_dict("records")
    ]  # fmt: skip
    codes = sample["cog_commune"].tolist()
    split = [len(of.get(code, ())) != 1 for code in codes]
    return Labelled("finess", rows, [str(code) for code in truth], split, codes)


def siae(shared: Path, geography: Geography) -> Labelled:
    """The list of insertion structures; rows whose corrected cells join La Poste's file exactly."""
    table = pd.read_csv(
        shared / "establishments/lists/siae_201907_stripped.csv",
        sep=";",
        dtype=str,
        keep_default_na=False,
    )
    poste = geography.postcodes
    place = poste["arrondissement_code"].where(
        poste["arrondissement_code"] != "", poste["commune_code"]
    )
    exact = {}
    for postcode, label, code in zip(poste["postcode"], poste["label"], place, strict=True):
        exact.setdefault((postcode, label), set()).add(code)
    of = geography.constituencies_of
    rows, truth, split, communes = [], [], [], []
    for row in table.to_dict("records"):
        label = row["COMMUNE_CORRIGEE"].strip()
        label = f"ST {label[6:]}" if label.startswith("SAINT ") else label
        places = exact.get((row["CODE_POSTAL_CORRIGE"], label), set())
        constituencies = {code for place in places for code in of.get(place, ())}
        if not places:
            continue
        rows.append(
            {"Nom": row["DENOMINATION_SOCIALE"], "Adresse": f"{row['NUM_RUE']} {row['NOM_RUE']}",
             "CP": row["CODE_POSTAL"], "Ville": row["COMMUNE"]}
        )  # fmt: skip
        split.append(len(constituencies) != 1)
        truth.append(min(constituencies) if len(constituencies) == 1 else "")
        communes.append(min(places))
    return Labelled("siae", rows, truth, split, communes)


def national(geography: Geography, size: int, seed: int) -> Labelled:
    """A list over the whole country: communes that are not split, by population, official names."""
    random = Random(seed)
    of = geography.constituencies_of
    communes = geography.communes
    names = dict(zip(communes["commune_code"], communes["name"], strict=True))
    weights = dict(
        zip(communes["commune_code"], communes["population"].fillna(0).tolist(), strict=True)
    )
    pairs = {
        (postcode, code)
        for postcode, code in zip(
            geography.postcodes["postcode"], geography.postcodes["commune_code"], strict=True
        )
        if len(of.get(code, ())) == 1
    }
    ordered = sorted(pairs)
    drawn = random.choices(ordered, [weights[code] + 50 for _, code in ordered], k=size)
    rows = [
        {"Nom": f"Foyer {n}", "Adresse": f"{n % 120 + 1} rue de la Mairie", "CP": postcode, "Ville": names[code]}
        for n, (postcode, code) in enumerate(drawn)
    ]  # fmt: skip
    codes = [code for _, code in drawn]
    return Labelled("national", rows, [of[code][0] for code in codes], [False] * size, codes)


def as_table(rows: list[dict[str, str]]) -> pd.DataFrame:
    """The rows as a checked table, as if read without any repair."""
    count = len(rows)
    columns: dict[str, list[object]] = {
        name: [""] * count if kind == "string" else [None] * count for name, kind in TABLE.items()
    }
    columns["establishment_id"] = [f"row-{n + 2}" for n in range(count)]
    columns["source_row"] = list(range(2, count + 2))
    for ours, theirs in (
        ("name", "Nom"),
        ("address", "Adresse"),
        ("postcode", "CP"),
        ("commune_name", "Ville"),
    ):
        columns[ours] = [row[theirs] for row in rows]
    return make_frame(columns, TABLE)
