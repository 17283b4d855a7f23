"""The interface's sentences in each language, and what a sentence must hold."""

import json
from functools import lru_cache
from importlib import resources
from typing import Final

LANGUAGES: Final = ("fr", "en")


@lru_cache(maxsize=4)
def load_words(language: str) -> dict[str, str]:
    """Give the sentences of "fr" or "en": name → sentence with places in braces."""
    file = resources.files("outreach.page") / "site" / "words" / f"{language}.json"
    words: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return words


def fill(sentence: str, **values: str) -> str:
    """Put values in the places of a sentence: "{n} seats" and n="3" give "3 seats"."""
    for name, value in values.items():
        sentence = sentence.replace("{" + name + "}", value)
    return sentence
