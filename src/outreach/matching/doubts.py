"""The doubts of a matched table, counted and named as staff act on them."""

from collections import Counter
from dataclasses import dataclass, field

import pandas as pd

_DOUBTS = (
    ("but the city is", "postcode and city contradict each other: correct one"),
    ("is abroad", "the city is abroad: leave it out, or decide its constituency"),
    ("but with one other digit", "postcode and city contradict each other: correct one"),
    ("it is nearly that of", "postcode and city contradict each other: correct one"),
    ("but \"", "INSEE code and city contradict each other: correct one"),
    ("m from the boundary", "the point is within 50 m of a boundary: look at a map"),
    ("the point is", "the point and the commune contradict each other: check both"),
    ("there is no point", "the commune or postcode is in several constituencies: give the point or ask the geocoder"),
    ("communes are called", "several communes have this name: add the postcode"),
    ("only the département", "only the département is known: add the commune"),
    ("is no commune", "the commune is not known: correct its name"),
    ("where there is no", "the commune is not in the postcode's département: correct one"),
    ("left open", "left open by a person"),
    ("nothing says", "nothing says where it is: add postcode and commune"),
    ("no deputy", "the commune votes for no deputy"),
)  # fmt: skip


@dataclass
class Summary:
    """How a matched list stands, added up part by part.

    Attributes:
        certainty: certainty → rows.
        doubts: kind of doubt → doubtful rows.
    """

    certainty: Counter[str] = field(default_factory=Counter)
    doubts: Counter[str] = field(default_factory=Counter)

    def add(self, matched: pd.DataFrame) -> None:
        """Count the rows of a matched table."""
        self.certainty.update(matched["certainty"].tolist())
        doubtful = matched["certainty"] == "unsure"
        self.doubts.update(map(kind_of_doubt, matched.loc[doubtful, "reason"].tolist()))


def kind_of_doubt(reason: str) -> str:
    """Name the kind of a doubt, as staff act on it."""
    for sign, kind in _DOUBTS:
        if sign in reason:
            return kind
    return "other"
