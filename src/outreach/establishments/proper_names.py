"""Names of establishments as a letter writes them, and which of them it may quote.

Registers write names in capitals, cut and abbreviated: "CTRE ACCUEIL ACCOMP REDUCTION RISQUES".
The rules are data (data/establishments/names.toml). Tables and match files keep the name as it came.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from itertools import pairwise

from outreach.bundle import data_path
from outreach.establishments.accents import accented, has_lost_accent, with_places
from outreach.establishments.spelling import plain

_WORD = re.compile(r"[^\W_]+")
# A sentence that holds a longer name between « and » can hardly be read.
_LONGEST = 60
# Typing errors in a kind's word are looked for from this length on: "CDENTRE".
_LONG_WORD = 6
# All that a name that can be quoted is made of; "&" only between spaces: "TOIT & MOI".
# A hyphen joins two words; a dash between spaces is a register's way of adding a town.
_SIGNS = re.compile(r"(?:[^\W_]|[ ’]|(?<!')'|(?<=\w)-(?=\w)|(?<= )&(?= ))+")
_LONE_A = re.compile(r"(?<=\w )[AÀ](?= \w)")
_VOWEL = re.compile(r"[aeiouy]")
_ROMAN = re.compile(r"[ivx]+")
_CROIX_ROUGE = re.compile(r"\bCroix Rouge\b")


@dataclass(frozen=True, slots=True)
class _Rules:
    """names.toml: words without accents, kinds with their spelling."""

    cut_at: frozenset[int]
    acronyms: frozenset[str]
    articles: frozenset[str]
    particles: frozenset[str]
    spelled: dict[str, str]
    networks: dict[str, str]
    kinds: dict[str, str]
    abbreviations: frozenset[str]


@cache
def _rules() -> _Rules:
    with data_path("establishments", "names.toml").open("rb") as file:
        table = tomllib.load(file)
    return _Rules(
        cut_at=frozenset(table["cut_at"]),
        acronyms=frozenset(table["acronyms"].lower().split()),
        articles=frozenset(table["articles"].split()),
        particles=frozenset(table["particles"].split()),
        spelled=table["spelled"],
        networks=table["networks"],
        kinds={plain(word): word for word in table["kinds"]["words"].split()},
        abbreviations=frozenset(table["abbreviations"]["words"].split()),
    )


@lru_cache(maxsize=20_000)
def written_name(name: str, commune: str = "") -> str:
    """Write a name in French case: "EHPAD LE CLOS DE L'AUBE" → "EHPAD Le Clos de l'Aube".

    A name with small letters is somebody's own writing and stays as it is. Accents that capitals
    left out are put back where they are known: in the name of the commune and of départements, in
    words of the nomenclature ("Résidence") and of names.toml ("Cèdre"); those of another proper
    name are not: "EHPAD ROBERT SENE" → "EHPAD Robert Sene".

    Args:
        name: as the list has it.
        commune: the official name of the establishment's commune, "" when it is not known.
    """
    text = " ".join(name.split())
    return with_places(_in_french_case(text), commune)[0] if text.isupper() else text


def _in_french_case(text: str) -> str:
    words = list(_WORD.finditer(text))
    keys = [plain(word[0]) for word in words]
    written, end = "", 0
    for at, word in enumerate(words):
        written += text[end : word.start()] + _cased(word[0], keys, at)
        end = word.end()
    # A lone A between two words is "à"; a particle has no accent to be put back otherwise.
    return _CROIX_ROUGE.sub("Croix-Rouge", _LONE_A.sub("à", written + text[end:]))


def _cased(word: str, keys: list[str], at: int) -> str:
    """Write one word of a name in capitals; ``keys`` are all its words as they are compared."""
    rules, key = _rules(), keys[at]
    if key in rules.networks:
        return rules.networks[key]
    if key in rules.spelled and at + 1 < len(keys):
        return rules.spelled[key]
    if key in rules.acronyms or key == "a" or (len(key) > 1 and not _VOWEL.search(key)):
        return word
    if key in rules.particles or (key in rules.articles and _follows_particle(keys, at)):
        return word.lower() if at else word.capitalize()
    if key in rules.kinds:
        kind = rules.kinds[key] if word.isascii() else word.lower()
        return kind if at and _only_kinds(keys[:at]) else kind.capitalize()
    return ((word.isascii() and accented(key)) or word).capitalize()


def _follows_particle(keys: list[str], at: int) -> bool:
    return at > 0 and keys[at - 1] in _rules().particles


def _only_kinds(keys: list[str]) -> bool:
    """Tell whether the name proper has not begun: "FOYER D'ACCUEIL" of "… MEDICALISE LE CEDRE"."""
    rules = _rules()
    return all(
        key in rules.kinds
        or key in rules.particles
        or (key in rules.articles and _follows_particle(keys, at))
        for at, key in enumerate(keys)
    )


@lru_cache(maxsize=20_000)
def is_quotable(name: str, commune: str = "") -> bool:
    """Tell whether a letter may quote a name: it reads as the name of one establishment.

    Not so a name that was cut or holds abbreviations, signs or brackets, one that says only what it
    is ("ACCUEIL DE JOUR"), and one whose capitals lost an accent that is not known. When in doubt
    a name is not quoted: a letter has other words.

    Args:
        name: as the list has it.
        commune: the official name of the establishment's commune, "" when it is not known.
    """
    rules = _rules()
    text = " ".join(name.split())
    if not text or len(text) > _LONGEST or (text.isupper() and len(text) in rules.cut_at):
        return False
    if not _SIGNS.fullmatch(text):
        return False
    keys = [plain(word) for word in _WORD.findall(written_name(text))]
    if not keys or any(_is_broken(key, text) for key in keys) or _has_gap(keys):
        return False
    if any(
        key in rules.acronyms and before not in rules.articles for before, key in pairwise(keys)
    ):
        return False  # jargon: "EHPAD" opens a name, "… CRF LE HAVRE" does not
    if text.isupper() and _lost_an_accent(with_places(_in_french_case(text), commune)[1]):
        return False
    return any(len(key) > 2 and not _is_generic(key) for key in keys)


def _lost_an_accent(written: str) -> bool:
    """Tell whether a word in French case, acronyms and small words apart, lacks an accent."""
    return any(
        has_lost_accent(word) and not _is_generic(plain(word)) for word in _WORD.findall(written)
    )


def _is_broken(key: str, text: str) -> bool:
    """Tell whether a word is no whole word: an abbreviation, a cut or glued one."""
    rules = _rules()
    if any(
        key in known for known in (rules.acronyms, rules.kinds, rules.articles, rules.particles)
    ):
        # Without its apostrophe: "D HEBERGEMENT".
        return key in ("d", "l") and not re.search(rf"\b{key}['’]", text, re.IGNORECASE)
    # "" is what plain leaves of letters that are not Latin.
    if not key or key in rules.abbreviations or any(map(partial(_is_spoilt, key), rules.kinds)):
        return True
    if not key.isalpha():
        return not key.isdecimal()
    return len(key) == 1 or not (_VOWEL.search(key) or _ROMAN.fullmatch(key))


def _has_gap(keys: list[str]) -> bool:
    """Tell whether words are missing: at the end, or where a lone "a" was not an "à"."""
    particles = _rules().particles
    return keys[-1] in particles | _rules().articles or any(
        one == other and one in particles for one, other in pairwise(keys)
    )


def _is_spoilt(key: str, kind: str) -> bool:
    """Tell whether a word is a kind's word shortened, misspelt, or with its apostrophe lost."""
    if 3 <= len(key) <= len(kind) - 3 and kind.startswith(key):
        return True
    if len(kind) < _LONG_WORD:
        return False
    return _is_slip(key, kind) or (key[0] in "dl" and key[1:].startswith(kind))


def _is_generic(key: str) -> bool:
    rules = _rules()
    words = (rules.kinds, rules.networks, rules.acronyms, rules.particles, rules.articles)
    return any(key in known for known in words) or key.isdecimal()


def _is_slip(key: str, kind: str) -> bool:
    """Tell whether one letter too many, too few, wrong, or two exchanged make a kind of a word."""
    if abs(len(key) - len(kind)) > 1:
        return False
    start = next((at for at, (a, b) in enumerate(zip(key, kind, strict=False)) if a != b), None)
    if start is None:
        return True
    rest, other = key[start:], kind[start:]
    return (
        rest[1:] == other[1:]
        or rest[1:] == other
        or rest == other[1:]
        or (rest[:2] == other[1::-1] and rest[2:] == other[2:])
    )
