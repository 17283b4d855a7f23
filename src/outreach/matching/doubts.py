"""The doubts of a matched table, counted and named as staff act on them."""

from collections import Counter
from dataclasses import dataclass, field

import pandas as pd

_DOUBTS = (
    ("but the département is", "the département contradicts the postcode, the city or the INSEE code: correct one"),
    ("but the city is", "postcode and city contradict each other: correct one"),
    ("is abroad", "the city is abroad: leave it out, or decide its constituency"),
    ("but with one other digit", "postcode and city contradict each other: correct one"),
    ("it is nearly that of", "postcode and city contradict each other: correct one"),
    ("but \"", "INSEE code and city contradict each other: correct one"),
    ("m from the boundary", "the point is within 50 m of a boundary: look at a map"),
    ("the point is", "the point and the commune contradict each other: check both"),
    ("no coordinates are known", "the commune or postcode is in several constituencies: add columns longitude and latitude, or run again with --geocode"),
    ("communes are called", "several communes have this name: add the postcode"),
    ("only the département", "only the département is known: add the commune"),
    ("is no commune", "the commune is not known: correct its name"),
    ("where there is no", "the commune is not in the postcode's département: correct one"),
    ("left open", "left open by a person"),
    ("nothing says", "nothing says where it is: add postcode and commune"),
    ("no deputy", "the commune votes for no deputy"),
)  # fmt: skip

# The same for the review file, which staff open: their language is French.
_IN_FRENCH = {
    "postcode and city contradict each other: correct one": "le code postal et la ville se contredisent : corriger l'un des deux",
    "the city is abroad: leave it out, or decide its constituency": "la ville est à l'étranger : écarter la ligne, ou choisir la circonscription",
    "INSEE code and city contradict each other: correct one": "le code Insee et la ville se contredisent : corriger l'un des deux",
    "the département contradicts the postcode, the city or the INSEE code: correct one": "le département contredit le code postal, la ville ou le code Insee : corriger l'un des deux",
    "the point is within 50 m of a boundary: look at a map": "le point est à moins de 50 m d'une limite : regarder une carte",
    "the point and the commune contradict each other: check both": "le point et la commune se contredisent : vérifier les deux",
    "the commune or postcode is in several constituencies: add columns longitude and latitude, or run again with --geocode": "la commune ou le code postal est partagé entre plusieurs circonscriptions : chercher l'adresse sur une carte",
    "several communes have this name: add the postcode": "plusieurs communes portent ce nom : ajouter le code postal",
    "only the département is known: add the commune": "seul le département est connu : ajouter la commune",
    "the commune is not known: correct its name": "la commune est inconnue : corriger son nom",
    "the commune is not in the postcode's département: correct one": "la commune n'est pas dans le département du code postal : corriger l'un des deux",
    "left open by a person": "laissé ouvert par une personne",
    "nothing says where it is: add postcode and commune": "rien ne dit où c'est : ajouter le code postal et la commune",
    "the commune votes for no deputy": "la commune n'élit pas de député",
}  # fmt: skip


@dataclass
class Summary:
    """How a matched list stands, added up part by part.

    Attributes:
        certainty: certainty → rows.
        decided: rows that a person decided; not in ``certainty``.
        doubts: kind of doubt → doubtful rows.
    """

    certainty: Counter[str] = field(default_factory=Counter)
    doubts: Counter[str] = field(default_factory=Counter)
    decided: int = 0

    def add(self, matched: pd.DataFrame) -> None:
        """Count the rows of a matched table."""
        doubtful = matched["certainty"] == "unsure"
        decided = (matched["method"] == "review") & ~doubtful
        self.decided += int(decided.sum())
        self.certainty.update(matched.loc[~decided, "certainty"].tolist())
        self.doubts.update(map(kind_of_doubt, matched.loc[doubtful, "reason"].tolist()))


def doubt_in_french(reason: str) -> str:
    """Say the kind of a doubt to French staff; "" for one that has no kind."""
    return _IN_FRENCH.get(kind_of_doubt(reason), "")


def kind_of_doubt(reason: str) -> str:
    """Name the kind of a doubt, as staff act on it."""
    for sign, kind in _DOUBTS:
        if sign in reason:
            return kind
    return "other"
