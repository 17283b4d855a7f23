"""A city's cell that names another country, or a town of one: never a place of France.

"75001 New York" would otherwise be read by its postcode. Countries and consular posts are those of
data/geography/abroad.csv; what lists call the neighbours, and towns near the border, are in
data/establishments/spelling.toml.
"""

import re

from outreach.establishments.spelling import plain
from outreach.matching.gazetteer import Gazetteer
from outreach.matching.said import Found, Said

# What stands in brackets, or behind the last comma or dash.
_BESIDE = re.compile(r"\(([^)]*)\)|(?:[,;–—]|\s-)\s*([^,;–—()]+)$")


def find_abroad(said: Said, key: str, index: Gazetteer) -> Found | None:
    """Give what a city abroad is: unsure, with the constituency of the French who live there.

    A name that is also a commune's in France ("Vienne", "Montréal") says nothing by itself;
    "Montréal (Canada)" does.
    """
    name = said.commune_name
    if not name or (
        key in index.in_country and "(" not in name and "," not in name and "-" not in name
    ):
        return None
    words = plain(name)
    beside = [plain(text) for match in _BESIDE.findall(name) for text in match if text]
    constituency = next(
        (index.countries.get(text) or index.abroad.get(text, "") for text in beside), ""
    )
    if not constituency and key not in index.in_country:
        constituency = index.abroad.get(words, "") or index.countries.get(words, "")
        for length in (1, 2):
            first, *last = words.rsplit(" ", length)
            if not constituency and first and last:
                constituency = index.countries.get(" ".join(last), "")
    if not constituency:
        return None
    reason = f'"{name}" is abroad ({constituency} for the French who live there)'
    return Found((), "none", "unsure", reason, abroad=constituency)
