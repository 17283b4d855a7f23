"""One column name of a list → ours: exactly, without what qualifies it, then by likeness.

The names seen are data (data/establishments/headers.toml).
"""

import re
import tomllib
import unicodedata
from functools import cache
from typing import Any

from rapidfuzz import fuzz, process

from outreach.bundle import data_path

# token_sort_ratio; 84 takes "Code postaux" and "Comune", and refuses "Code poste" for "Code postal".
_ALIKE = 84
# A name without its brackets, or without "de l'établissement", is less sure than the name itself.
_WITHOUT_BRACKETS, _WITHOUT_QUALIFIERS = 96.0, 92.0
_BEGINNING = 86.0
_LONGEST_NAME = 60
_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-Z])")
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")


def simple(text: str) -> str:
    """Give a header without accents, case and punctuation: "N° FINESS (ET)" → "n finess et".

    Words run together are parted: "codePostalEtablissement" → "code postal etablissement".
    """
    parted = _CAMEL.sub(" ", text.replace("°", " "))
    plain = unicodedata.normalize("NFKD", parted).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", " ", plain.lower()).strip()


@cache
def known_names() -> dict[str, str]:
    """Names seen → our column; "" for those never taken."""
    rules = _rules()
    names = {simple(name): ours for ours, seen in rules["columns"].items() for name in seen}
    return names | {simple(name): "" for name in rules["never"]["names"]}


@cache
def recognise(name: str) -> tuple[str, float]:
    """Give our column for one of theirs and how alike the names are (0 to 100); "" for none."""
    known = known_names()
    bare = _BRACKETS.sub(" ", name)
    for text, alike in (
        (simple(name), 100.0),
        (simple(name.replace(".", "")), 100.0),
        (simple(bare), _WITHOUT_BRACKETS),
        (_unqualified(simple(bare)), _WITHOUT_QUALIFIERS),
    ):
        if text in known:
            return known[text], alike
    theirs = simple(name)
    words = theirs.split()
    for ours, beginnings in _rules()["begins"].items():
        if any(f"{theirs} ".startswith(f"{beginning} ") for beginning in beginnings) and not (
            (_rules_words("others") | _rules_words("elsewhere")) & set(words)
        ):
            return ours, _BEGINNING
    # Two or three letters are alike with anything; "Adresse siège" is alike with "Adresse suite".
    if not 4 <= len(theirs) <= _LONGEST_NAME or _rules_words("others") & set(words):
        return "", 0.0
    found = process.extractOne(
        theirs, known.keys(), scorer=fuzz.token_sort_ratio, score_cutoff=_ALIKE
    )
    return (known[found[0]], found[1]) if found else ("", 0.0)


def _unqualified(name: str) -> str:
    """A name without the words that only say whose it is: "cp de la structure" → "cp"."""
    words = name.split()
    kept = [word for word in words if word not in _rules_words("qualifiers")]
    return " ".join(kept) if len(kept) < len(words) else ""


@cache
def _rules() -> dict[str, Any]:
    with data_path("establishments", "headers.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def _rules_words(table: str) -> frozenset[str]:
    return frozenset(_rules()[table]["words"])
