"""Names of communes, cut by first letter, so that a visit loads only those it may need.

A line is "Saint-Denis;93=6,974=6": a name, then each département that has it with the number of
digits of the commune's population. Names that are no longer a commune's have files of their own
("s-former", without sizes): few visits need them. The scripts (text.js, search.js) read the same
form with the same rules.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from outreach.letters.typography import typeset

_ARTICLE = re.compile(r"^(?:le|la|les|l|los|las) (?=.)")

_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A name that a citizen may type.

    Attributes:
        population: None for a former commune.
    """

    name: str
    department_code: str
    population: int | None


def shown(name: str) -> str:
    """Write a commune's name as French print does: "L’Haÿ-les-Roses", "Lyon 5e arrondissement"."""
    return typeset(name).replace(" Arrondissement", " arrondissement")


def curled(text: str) -> str:
    """Write the apostrophes of print in a line of an address, and change nothing else in it."""
    return _APOSTROPHE.sub("’", text)


def plain(text: str) -> str:
    """Write a name in lower case without accents, "saint" in full; text.js does the same."""
    text = text.lower().replace("œ", "oe").replace("æ", "ae")
    text = "".join(
        letter
        for letter in unicodedata.normalize("NFD", text)
        if not "\u0300" <= letter <= "\u036f"
    )
    text = re.sub(r"\bs/(?=\s*s\b)", "sous ", text)
    text = re.sub(r"\bs/", "sur ", text)
    text = re.sub(r"[^a-z0-9]+", " ", text).strip()
    text = re.sub(r"\bst\b", "saint", text)
    text = re.sub(r"\bste\b", "sainte", text)
    return re.sub(r"\b(\d+)(?:er|e|eme|ieme)\b", r"\1", text)


def key(text: str) -> str:
    """Give the plain name without its leading article: people type "Rochelle" for La Rochelle."""
    return _ARTICLE.sub("", plain(text))


def shard_of(name: str) -> str:
    """Give the file that holds a name: its first letter, or "0"."""
    first = key(name)[:1]
    return first if "a" <= first <= "z" else "0"


def cut_names(places: Iterable[PlaceName]) -> dict[str, str]:
    """Write the lines of each file: letter, or letter and "-former" → text, names in order."""
    today: dict[str, dict[str, str]] = defaultdict(dict)
    former: dict[str, dict[str, str]] = defaultdict(dict)
    for place in places:
        if place.population is None:
            former[place.name][place.department_code] = ""
        else:
            today[place.name][place.department_code] = f"={len(str(place.population))}"
    files: dict[str, list[str]] = defaultdict(list)
    for table, ending in ((today, ""), (former, "-former")):
        for name in sorted(table):
            found = ",".join(f"{code}{size}" for code, size in sorted(table[name].items()))
            files[shard_of(name) + ending].append(f"{name};{found}")
    return {file: "\n".join(files[file]) for file in sorted(files)}
