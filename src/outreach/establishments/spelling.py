"""French names of communes and streets in one spelling, so that two hands' typing can be compared.

The rules are data (data/establishments/spelling.toml); this module only applies them. Keys are
for comparing, never for showing.
"""

import re
import tomllib
import unicodedata
from functools import cache, lru_cache

from outreach.bundle import data_path

_LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "’": "'", "ʼ": "'"})
_NO_WORD = re.compile(r"[^a-z0-9]+")
_NUMBER, _NUMBER_ALONE = re.compile(r"\d"), re.compile(r"\b\d+\b")
_CEDEX = re.compile(r"\bc(?:e|é)?d(?:e|é)?x\b\.?\s*(?:n[°o]?\s*)?\d*\b", re.IGNORECASE)
# The number behind CEDEX is the arrondissement in these three towns, and only there.
_CEDEX_DISTRICT = re.compile(r"^\s*(paris|lyon|marseille)\W+cedex\W*0*(\d{1,2})\s*$", re.IGNORECASE)
_UNDER = re.compile(r"(?<=.)\bs\s*/\s*s\b\.?", re.IGNORECASE)
_OVER = re.compile(r"(?<=.)\bs\s*/", re.IGNORECASE)
# "GRENOBLE FRANCE"; "Roissy-en-France" and "Latour-de-France" are names.
_COUNTRY_BEHIND = re.compile(r"(?<!\ben)(?<!\bde) france$")
_ARTICLE_BEHIND = re.compile(r"^(.*?)\s*\((le|la|les|l')\)\s*$", re.IGNORECASE)
_PARENTHESIS = re.compile(r"\([^)]*\)")
_BOX = re.compile(r"\b(?:bp|cs|tsa|b\.p\.?|c\.s\.?)\s*n?°?\s*\d+(?:\s\d{2,3})*\b", re.IGNORECASE)
# Paris, Lyon and Marseille by arrondissement: "Lyon 3ème", "PARIS 11", "Marseille 9e Arrondissement".
_DISTRICT = re.compile(
    r"^(paris|lyon|marseille)\s+0*(?:(\d{1,2})|([ivx]+))\s*(?:ere|er|e|eme|em|ieme)?"
    r"(?:\s*(?:arrondissement|arrdt|arrond|arr|ardt))?$"
)
_ROMAN = {"i": 1, "v": 5, "x": 10}


@cache
def rules() -> dict[str, dict[str, str]]:
    """The tables of abbreviations, by name."""
    with data_path("establishments", "spelling.toml").open("rb") as file:
        tables: dict[str, dict[str, str]] = tomllib.load(file)
    tables["commune_words"] = tables["words"] | tables["commune_words"]
    tables["street_words"] = tables["words"] | tables["street_words"]
    return tables


@cache
def aliases() -> dict[str, tuple[str, ...]]:
    """Names that are no commune's own → INSEE codes of the communes meant."""
    with data_path("establishments", "spelling.toml").open("rb") as file:
        table = tomllib.load(file)["aliases"]
    return {commune_key(name): tuple(codes) for name, codes in table.items()}


@cache
def countries() -> dict[str, str]:
    """What lists call other countries, and towns there → the country; both as plain gives them."""
    with data_path("establishments", "spelling.toml").open("rb") as file:
        table = tomllib.load(file)["abroad"]
    return {plain(name): plain(country) for country, names in table.items() for name in names}


def plain(text: str) -> str:
    """Lower case, ASCII, words separated by one space: "Saint-Étienne-d’Aix" → "saint etienne d aix"."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
        text = text.encode("ascii", "ignore").decode("ascii")
    return " ".join(_NO_WORD.sub(" ", text.lower()).split())


@lru_cache(maxsize=100_000)
def commune_key(name: str) -> str:
    """Give a commune's name as it is compared: "ST-Etienne s/ Chalaronne CEDEX 2" → "saint etienne sur chalaronne".

    An arrondissement keeps its number: "Lyon 3ème" → "lyon 3". Text of no letter gives "".
    """
    # Each rule is tried only where its sign stands: 80 000 names are compared at every start.
    if _NUMBER.search(name):
        district = _CEDEX_DISTRICT.match(name)
        if district:
            return f"{district[1].lower()} {int(district[2])}"
        name = _BOX.sub(" ", name)
    if "(" in name:
        behind = _ARTICLE_BEHIND.match(name)
        name = _PARENTHESIS.sub(" ", f"{behind[2]} {behind[1]}" if behind else name)
    if "x" in name or "X" in name:
        name = _CEDEX.sub(" ", name)
    if "/" in name:
        name = _OVER.sub(" sur ", _UNDER.sub(" sous ", name))
    words = rules()["commune_words"]
    found = plain(name).split()
    expanded = [found[0]] if found else []
    for word in found[1:]:
        # "s" is "sur" between two words only; a leading "S" is a shortened "Saint".
        expanded.append(words.get(word, word))
    if expanded:
        first = expanded[0]
        expanded[0] = "saint" if first == "s" and len(expanded) > 1 else words.get(first, first)
    key = _COUNTRY_BEHIND.sub("", " ".join(expanded))
    district = _DISTRICT.match(key)
    if district:
        return f"{district[1]} {int(district[2]) if district[2] else _roman(district[3])}"
    # A number that is left is a CEDEX office or a delivery round: "Annecy 74".
    return " ".join(_NUMBER_ALONE.sub(" ", key).split()) if _NUMBER.search(key) else key


def _roman(letters: str) -> int:
    values = [_ROMAN[letter] for letter in letters]
    following = [*values[1:], 0]
    return sum(-one if one < other else one for one, other in zip(values, following, strict=True))


@lru_cache(maxsize=50_000)
def loose_key(name: str) -> str:
    """Give a commune's name without its small words and spaces: "Le Bois-d'Oingt" → "boisoingt"."""
    words = commune_key(name).split()
    kept = [word for word in words if word not in _small_words()]
    return "".join(kept or words)


def ends_with_small_word(key: str) -> bool:
    """Tell a key that ends with an article or preposition, as a name that was cut does."""
    return " " in key and key.rpartition(" ")[2] in _small_words()


@cache
def _small_words() -> frozenset[str]:
    return frozenset(rules()["small_words"]["words"])


def is_cedex(text: str) -> bool:
    """Tell whether a city or postcode cell says CEDEX."""
    return bool(_CEDEX.search(text))


@lru_cache(maxsize=20_000)
def street_key(address: str) -> str:
    """Give a street address as it is compared: "12, Av. du Gal Leclerc - BP 12" → "12 avenue du general leclerc"."""
    words = rules()["street_words"]
    return " ".join(words.get(word, word) for word in plain(_BOX.sub(" ", address)).split())
