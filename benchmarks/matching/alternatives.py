"""What a user would do instead, on the same rows: merges, difflib, recordlinkage.

Each takes rows with CP and Ville and gives a constituency or "" for each, as a short script would.
"""

import csv
import difflib
import subprocess
import tempfile
from pathlib import Path

import pandas as pd

from outreach.geography.places import Geography

Rows = list[dict[str, str]]


def reference(geography: Geography) -> pd.DataFrame:
    """La Poste's postcodes with the constituencies of each commune: what a user would download."""
    of = geography.commune_constituencies.drop_duplicates("commune_code")
    return geography.postcodes.merge(of, on="commune_code")[
        ["postcode", "label", "commune_code", "constituency_code"]
    ]


def merge_on_postcode(rows: Rows, geography: Geography) -> list[str]:
    """pandas merge on the postcode, first commune taken."""
    table = reference(geography).drop_duplicates("postcode")
    merged = pd.DataFrame(rows).merge(table, left_on="CP", right_on="postcode", how="left")
    return merged["constituency_code"].fillna("").tolist()


def merge_on_name(rows: Rows, geography: Geography) -> list[str]:
    """pandas merge on the name in capitals, first commune taken."""
    names = geography.communes.assign(key=geography.communes["name"].str.upper())
    of = geography.commune_constituencies.drop_duplicates("commune_code")
    table = names.merge(of, on="commune_code").drop_duplicates("key")
    frame = pd.DataFrame(rows)
    frame["key"] = frame["Ville"].str.upper()
    merged = frame.merge(table[["key", "constituency_code"]], on="key", how="left")
    return merged["constituency_code"].fillna("").tolist()


def by_difflib(rows: Rows, geography: Geography) -> list[str]:
    """difflib.get_close_matches on every commune's name, whatever the postcode."""
    of = geography.constituencies_of
    communes = geography.communes
    names = dict(zip(communes["name"], communes["commune_code"], strict=True))
    answers = []
    for row in rows:
        near = difflib.get_close_matches(row["Ville"], names, n=1)
        answers.append(of.get(names[near[0]], ("",))[0] if near else "")
    return answers


def by_recordlinkage(rows: Rows, geography: Geography, python: Path) -> tuple[list[str], float]:
    """recordlinkage in its own environment (it needs an older pandas): blocks on postcode, names by Jaro-Winkler."""
    with tempfile.TemporaryDirectory() as folder:
        left, right, out = (Path(folder) / name for name in ("left.csv", "right.csv", "out.csv"))
        with left.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, ["CP", "Ville"], extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)
        reference(geography).drop_duplicates(["postcode", "label"]).to_csv(right, index=False)
        script = Path(__file__).with_name("linkage.py")
        done = subprocess.run(
            [python, script, left, right, out], check=True, capture_output=True, text=True
        )
        answers = out.read_text("utf-8").split("\n")
    return answers, float(done.stdout.strip().splitlines()[-1])
