"""Accents that a register's capitals left out: put back where they are known, else noticed.

Known are the official names of the establishment's commune and of départements, and the words of
names.toml. A proper name's accent is not known otherwise ("SENE"): such a name is not quoted.
"""

import re
import tomllib
from functools import cache, lru_cache

from outreach.bundle import data_path
from outreach.establishments.spelling import plain
from outreach.geography.codes import DEPARTMENTS
from outreach.geography.french import department_name

_WORD = re.compile(r"[^\W_]+")
_ARTICLE = re.compile(r"(?:(?:Le|La|Les|Los|Las) |L['’])")
# French spelling, of words without accents. An e in the last syllable that is said, before one
# consonant and a mute e, has an accent ("Therese", "Cedre"), and so has one before another e
# ("Pyrenees"), at the beginning before one consonant ("Echelles"), and before a or o unless it
# only softens a g or is written eau, ean ("Bearnais", "Heneo").
_BARE = re.compile(
    r".*e(?:[bcdfghjklmnpqrstvz]|[bcdfgptv][rl]|ch|gn|qu|ph|th)es?"
    r"|.*ees?"
    r"|e(?:[bcdfghjklmnpqrstvz]|[bcdfgptv][rl]|ch|ph|th)[aeiouy].*"
    r"|.*(?<!g)e(?:a(?!u|n$|nn)|o).*"
)


def accented(key: str) -> str:
    """Give a word of names.toml with its accents, "" for a word that is not there."""
    return _words().get(key, "")


def has_lost_accent(word: str) -> bool:
    """Tell whether a word, written without accents, can hardly be right without one."""
    return word.isascii() and _BARE.fullmatch(word.lower()) is not None


def with_places(name: str, commune: str) -> tuple[str, str]:
    """Spell the commune and départements that a name holds as they are spelled officially.

    Args:
        name: in French case.
        commune: the official name of the establishment's commune, "" when it is not known.

    Returns:
        (the name, what of it is no place): a place's own spelling needs no look.
    """
    rest = name
    # A part of the commune's name too: "HOTEL SOCIAL DE SABLE" at Sablé-sur-Sarthe.
    parts = [word for word in _WORD.findall(commune) if not word.isascii()]
    said = plain(name)
    for place in filter(None, (commune, _ARTICLE.sub("", commune), *parts, *_departments())):
        key = _key(place)
        # Hardly any name holds any of 70 places: to look closely at each took 0.6 s of a batch.
        if key not in said:
            continue
        keys = key.split()
        found = _span(name, keys)
        if found is not None:
            name = name[: found[0]] + place + name[found[1] :]
        found = _span(rest, keys)
        if found is not None:
            rest = rest[: found[0]] + rest[found[1] :]
    return name, rest


def _span(text: str, keys: list[str]) -> tuple[int, int] | None:
    """Find where words stand one after another, the last time."""
    words = list(_WORD.finditer(text))
    said = [plain(word[0]) for word in words]
    for at in range(len(said) - len(keys), -1, -1):
        if keys and said[at : at + len(keys)] == keys:
            return words[at].start(), words[at + len(keys) - 1].end()
    return None


@lru_cache(maxsize=20_000)
def _key(place: str) -> str:
    return plain(place)


@cache
def _words() -> dict[str, str]:
    with data_path("establishments", "names.toml").open("rb") as file:
        return {plain(word): word for word in tomllib.load(file)["accented"]["words"].split()}


@cache
def _departments() -> tuple[str, ...]:
    """Names with an accent or of several words: "Paris" needs nothing."""
    names = map(department_name, DEPARTMENTS)
    return tuple(name for name in names if not name.isascii() or "-" in name)
