"""Realistic damage to a list of establishments, by seed: what many hands do to names and codes.

Each kind was seen in a real list. A row is damaged with a given probability, by one kind, so that
the curve says how much each more damaged row costs.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from outreach.geography.places import Geography

Row = dict[str, str]
_KEYS_NEAR = {
    "a": "qzs", "e": "rzd", "i": "uok", "o": "ipl", "u": "yij", "n": "bhm", "r": "etf", "s": "dqz",
    "t": "ryg", "l": "kmo", "m": "lpn", "d": "sfe", "c": "vxd", "b": "vnh", "g": "fht", "v": "cbf",
}  # fmt: skip


@dataclass
class Damage:
    """A generator of damage.

    Attributes:
        random: seeded.
        former: commune code → names of communes merged into it.
    """

    random: Random
    former: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def seeded(cls, seed: int, geography: Geography) -> "Damage":
        """Make a generator that knows the former communes."""
        former: dict[str, tuple[str, ...]] = {}
        table = geography.former_communes
        for name, code in zip(
            table["former_name"].tolist(), table["commune_code"].tolist(), strict=True
        ):
            former[code] = (*former.get(code, ()), name)
        return cls(Random(seed), former)

    def strike(self, row: Row, truth: str) -> tuple[Row, str]:
        """Damage one row by one kind; give the row and the kind."""
        kind = self.random.choice(KINDS)
        return getattr(self, kind)(dict(row), truth), kind

    def typo(self, row: Row, _: str) -> Row:
        """One letter wrong, missing, doubled or exchanged with its neighbour."""
        name = row["Ville"]
        if len(name) < 4:
            return row
        at = self.random.randrange(1, len(name) - 1)
        how = self.random.randrange(4)
        letter = name[at]
        if how == 0:
            near = _KEYS_NEAR.get(letter.lower(), "e")
            name = name[:at] + self.random.choice(near) + name[at + 1 :]
        elif how == 1:
            name = name[:at] + name[at + 1 :]
        elif how == 2:
            name = name[:at] + letter + name[at:]
        else:
            name = name[:at] + name[at + 1] + letter + name[at + 2 :]
        return row | {"Ville": name}

    def capitals(self, row: Row, _: str) -> Row:
        """Capitals without accents, hyphens lost, Saint shortened: La Poste's spelling."""
        name = row["Ville"].upper().replace("-", " ").replace("'", " ")
        for accented, plain in zip("ÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒ", "AAACEEEEIIOOUUUYO", strict=True):
            name = name.replace(accented, plain)
        return row | {"Ville": name.replace("SAINT ", "ST ").replace("SAINTE ", "STE ")}

    def lost_accents(self, row: Row, _: str) -> Row:
        """Accents replaced by a question mark, as a wrong export does."""
        return row | {"Ville": row["Ville"].encode("ascii", "replace").decode()}

    def short_words(self, row: Row, _: str) -> Row:
        """s/ for sur, St for Saint, articles left out."""
        name = (
            row["Ville"].replace("-sur-", " s/ ").replace("Saint-", "St ").replace("-lès-", " les ")
        )
        for article in ("Le ", "La ", "Les ", "L'"):
            name = name.removeprefix(article)
        return row | {"Ville": name}

    def swapped(self, row: Row, _: str) -> Row:
        """Postcode and city in each other's cell."""
        return row | {"CP": row["Ville"], "Ville": row["CP"]}

    def one_cell(self, row: Row, _: str) -> Row:
        """Postcode and city together in the city's cell."""
        return row | {"CP": "", "Ville": f"{row['CP']} {row['Ville']}"}

    def lost_zero(self, row: Row, _: str) -> Row:
        """The postcode as a number."""
        return row | {"CP": row["CP"].lstrip("0")}

    def old_name(self, row: Row, truth: str) -> Row:
        """The name before a merger."""
        names = self.former.get(truth)
        return row | {"Ville": self.random.choice(names)} if names else row

    def cedex(self, row: Row, _: str) -> Row:
        """A CEDEX postcode, in no list, and CEDEX behind the city."""
        number = self.random.choice(["", " 1", " 2", " 9", " 04"])
        kept = 3 if row["CP"].startswith(("97", "98")) else 2
        code = row["CP"][:kept] + str(self.random.randrange(10**5)).zfill(5)[kept:]
        return row | {"CP": code, "Ville": f"{row['Ville'].upper()} CEDEX{number}"}

    def wrong_digit(self, row: Row, _: str) -> Row:
        """One digit of the postcode wrong, the département's digits kept."""
        at = self.random.randrange(2, 5)
        digit = self.random.choice([d for d in "0123456789" if d != row["CP"][at]])
        return row | {"CP": row["CP"][:at] + digit + row["CP"][at + 1 :]}

    def wrong_department(self, row: Row, _: str) -> Row:
        """One of the first two digits wrong."""
        at = self.random.randrange(2)
        digit = self.random.choice([d for d in "0123456789" if d != row["CP"][at]])
        return row | {"CP": row["CP"][:at] + digit + row["CP"][at + 1 :]}

    def no_postcode(self, row: Row, _: str) -> Row:
        """The postcode's cell empty."""
        return row | {"CP": ""}

    def no_city(self, row: Row, _: str) -> Row:
        """The city's cell empty."""
        return row | {"Ville": ""}

    def cut(self, row: Row, _: str) -> Row:
        """The city cut at 12 characters."""
        return row | {"Ville": row["Ville"][:12].strip()}

    def first_words(self, row: Row, _: str) -> Row:
        """Only what stands before "sur", "en", "lès" …: "Villefranche" for Villefranche-sur-Saône."""
        return row | {"Ville": _LINK.split(row["Ville"])[0]}

    def beside(self, row: Row, truth: str) -> Row:
        """No postcode, the département in brackets, behind a dash or a comma."""
        department = truth[:3] if truth.startswith("97") else truth[:2]
        form = self.random.choice(["{} ({})", "{} - {}", "{}, {}", "{} {}"])
        return row | {"CP": "", "Ville": form.format(row["Ville"], department)}

    def hamlet(self, row: Row, _: str) -> Row:
        """A hamlet or quarter behind the city."""
        place = self.random.choice(["Le Bourg", "centre", "ZI Nord", "Les Tilleuls", "(La Gare)"])
        return row | {"Ville": f"{row['Ville']} {place}"}

    def mojibake(self, row: Row, _: str) -> Row:
        """Accents encoded twice."""
        return row | {
            "Ville": row["Ville"].encode().decode("cp1252", "replace").replace("\ufffd", "")
        }


_LINK = re.compile(r"[- ](?:sur|sous|en|lès|les|lez|de|du|des|d'|la|le|aux)[- ]")
KINDS = (
    "typo", "capitals", "lost_accents", "short_words", "swapped", "one_cell", "lost_zero",
    "old_name", "cedex", "wrong_digit", "wrong_department", "no_postcode", "no_city", "cut", "first_words", "beside",
    "hamlet", "mojibake",
)  # fmt: skip
