"""Numbers, dates, lists and plurals as French writes them. Babel where it is right.

Thousands are parted by U+202F (narrow no-break space); typography decides the other spaces.
"""

import datetime as dt
import re
from collections.abc import Sequence
from functools import lru_cache

from babel.dates import format_date
from babel.numbers import format_decimal

from outreach.letters.typography import MONTHS

_LOCALE = "fr"
# From one of these on nothing is counted: "places d'hébergement", "équivalents temps plein".
_STOPS = frozenset(
    ["de", "du", "des", "à", "au", "aux", "en", "par", "pour", "dont", "qui", "que", "sur", "sous",
     "temps", "sans", "avec", "chez", "contre", "entre", "vers", "hors", "selon", "dans", "depuis",
     "dès", "avant", "après", "pendant", "parmi", "ni", "où"]
)  # fmt: skip
# Stay as they are, and the adjective after them is counted: "postes non pourvus".
_ADVERBS = frozenset(
    ["non", "très", "trop", "peu", "plus", "moins", "bien", "mal", "encore", "déjà", "toujours"]
)
# Written as words, and not counted: "2 Ehpad".
_ACRONYMS = frozenset(
    ["ehpad", "esat", "sessad", "savs", "samsah", "cada", "itep", "ime", "mecs", "ssiad", "saad",
     "usld", "ulis", "segpa", "camsp", "cmpp", "chrs", "fam", "mas", "spasad", "smic", "etp"]
)  # fmt: skip
_UNLIKE_OTHERS = {
    "travail": "travaux", "bail": "baux", "vitrail": "vitraux", "œil": "yeux", "bleu": "bleus",
    "pneu": "pneus", "aide-soignant": "aides-soignants", "aide-soignante": "aides-soignantes",
    "moniteur-éducateur": "moniteurs-éducateurs", "monitrice-éducatrice": "monitrices-éducatrices",
    "bijou": "bijoux", "genou": "genoux", "chef-lieu": "chefs-lieux",
}  # fmt: skip
_ALONE = {many: one for one, many in _UNLIKE_OTHERS.items()}
_INVARIABLE = ("s", "x", "z", "%", "€")
_SMALL = (
    "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze",
    "treize", "quatorze", "quinze", "seize",
)  # fmt: skip
# What ends like a plural and may stand over a column of numbers without being counted by them.
_ONE_AND_MANY = frozenset(
    ["accès", "avis", "bras", "cas", "choix", "concours", "corps", "cours", "décès", "fois", "mois",
     "parcours", "pays", "poids", "prix", "procès", "progrès", "recours", "repas", "secours", "sens",
     "succès", "taux", "temps", "voix"]
)  # fmt: skip
_AL_WITH_S = frozenset(["bal", "banal", "carnaval", "fatal", "festival", "natal", "naval", "régal"])


# typed: True and 1 are one key otherwise, and the order of calls would decide.
@lru_cache(maxsize=4096, typed=True)
def number(value: float) -> str:
    """Write a number: 1234.5 → "1 234,5" (U+202F), at most three decimals.

    Raises:
        ValueError: not a finite number: a letter has no word for it.
    """
    if isinstance(value, bool) or value != value or value in (float("inf"), float("-inf")):
        raise ValueError(f"{value!r} is not a number that a letter can print")
    return format_decimal(value, locale=_LOCALE)


def is_plural(value: float) -> bool:
    """Tell whether French counts this in the plural: from 2 on (0 place, 1,5 place, 2 places)."""
    return abs(value) >= 2


@lru_cache(maxsize=1024)
def plural(unit: str) -> str:
    """Put what is counted in the plural: "salarié en CDI" → "salariés en CDI".

    Every word takes its mark up to the first link word; acronyms, adverbs and signs stay.
    """
    words = unit.split(" ")
    done: list[str] = []
    for position, word in enumerate(words):
        if word in _STOPS or word.startswith(("d'", "d’", "l'", "l’")):
            return " ".join([*done, *words[position:]])
        done.append(_plural_word(word))
    return " ".join(done)


def _plural_word(word: str) -> str:
    low = word.lower()
    if low in _UNLIKE_OTHERS:
        return _as_typed(word, _UNLIKE_OTHERS[low])
    if (
        not word
        or low.endswith(_INVARIABLE)
        or word.isupper()
        or low in {"et", "ou"} | _ADVERBS | _ACRONYMS
        # "un sans-abri": what follows the hyphen is no noun to be counted
        or low.startswith("sans-")
    ):
        return word
    if word.endswith(("au", "eu")):
        return word + "x"
    if word.endswith("al") and word not in _AL_WITH_S:
        return word[:-2] + "aux"
    return word + "s"


def _as_typed(word: str, other: str) -> str:
    return other[:1].upper() + other[1:] if word[:1].isupper() else other


def singular(counted_things: str) -> str | None:
    """Put what was counted back in the singular: "places autorisées" → "place autorisée".

    Returns:
        None when the first word is not surely a plural: "population", "taux", "ETP".
    """
    words = counted_things.split(" ")
    done: list[str] = []
    for position, word in enumerate(words):
        if position and (word in _STOPS or word.startswith(("d'", "d’", "l'", "l’"))):
            return " ".join([*done, *words[position:]])
        one = _singular_word(word)
        if one is None and not position:
            return None
        done.append(one or word)
    return " ".join(done)


def _singular_word(word: str) -> str | None:
    if word.lower() in _ALONE:
        return _as_typed(word, _ALONE[word.lower()])
    if word.isupper() or word.lower() in _ONE_AND_MANY | _ACRONYMS or word.startswith("sans-"):
        return None
    if word.endswith("aux") and not word.endswith("eaux"):
        return word[:-3] + "al"
    return word[:-1] if word.endswith(("eaux", "eux", "s")) and len(word) > 2 else None


def counted(value: float, unit: str) -> str:
    """Write a number with what it counts: (2, "place") → "2 places", (0, "place") → "0 place"."""
    if not unit:
        return number(value)
    return f"{number(value)}\u00a0{plural(unit) if is_plural(value) else unit}"


def in_words(value: float, unit: str) -> str:
    """Write a small number in words with what it counts: (3, "place") → "trois places".

    Two to sixteen only: "un" needs a gender, and more is read more quickly in digits.
    """
    if value != int(value) or not 2 <= value <= 16:
        return counted(value, unit)
    word = _SMALL[int(value) - 2]
    return f"{word} {plural(unit)}" if unit else word


def about(value: float, unit: str = "") -> str:
    """Write a large number rounded to two digits: 1187 → "près de 1 200", 1213 → "plus de 1 200".

    Below 100, and when nothing is rounded, the number itself. Units in "-million" take "de":
    1 190 000 → "près de 1 200 000".
    """
    if abs(value) < 100:
        return counted(value, unit)
    digits = len(str(int(abs(value))))
    rounded = round(value, 2 - digits)
    said = counted(int(rounded), unit)
    if rounded == value:
        return said
    return f"près de {said}" if rounded > value else f"plus de {said}"


def joined(parts: Sequence[str], word: str = "et") -> str:
    """Write a list: "a", "a et b", "a, b et c"."""
    parts = list(parts)
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"


def date_words(day: dt.date) -> str:
    """Write a date: "24 octobre 2023", "1er novembre 2026" (Babel would say "1 novembre")."""
    said = format_date(day, "d MMMM y", locale=_LOCALE)
    return f"1er{said[1:]}" if day.day == 1 else said


@lru_cache(maxsize=1024)
def as_of_words(as_of: str) -> str:
    """Write a date as precise as it is given: "2026-08-13", "2020-12" and "2019"; else as it is."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", as_of):
        try:
            return date_words(dt.date.fromisoformat(as_of))
        except ValueError:
            return as_of
    if re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", as_of):
        return format_date(dt.date.fromisoformat(f"{as_of}-01"), "MMMM y", locale=_LOCALE)
    return as_of


@lru_cache(maxsize=1024)
def when_words(as_of: str) -> str:
    """Write when a figure was true: "au 31 décembre 2020", "en décembre 2020", "en 2019", or "".

    Args:
        as_of: a date as as_of_words() takes it; "octobre 2023" and "12 avril 2024" too.
    """
    said = as_of_words(as_of)
    if re.fullmatch(rf"(?:1er|\d{{1,2}}) (?:{MONTHS}) \d{{4}}", said):
        return f"au {said}"
    return f"en {said}" if re.fullmatch(rf"(?:(?:{MONTHS}) )?\d{{4}}", said) else ""


def dated_source(source: str, as_of: str) -> str:
    """Write a source with its date, unless it dates itself: "FINESS, extrait du 13 août 2026".

    A survey that names the year of the figure ("Drees, enquête Aide sociale 2020") does too:
    the day stands in the sentence, and the survey has one name whatever each table counts.
    """
    date = as_of_words(as_of)
    year = as_of[:4] if re.fullmatch(r"\d{4}(?:-\d\d){0,2}", as_of) else ""
    if date in source or (year and re.search(rf"\b{year}\b", source)):
        return source
    return f"{source}, {date}"


def ordinal(value: int, *, feminine: bool = False) -> str:
    """Write an ordinal: 1 → "1er" or "1re", 2 → "2e". Typography raises the letters."""
    if value == 1:
        return "1re" if feminine else "1er"
    return f"{number(value)}e"
