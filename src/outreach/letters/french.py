"""Link words before the name of a commune or a commission: de, d', du, des; à, au, aux.

Départements and constituencies have official articles (geography.french); communes carry theirs
in their name ("Le Mans"), commissions in theirs ("commission des lois").
"""

import re

# Before these an h is mute in usage; before other names in H-, "de" is written.
_MUTE_H = re.compile(
    r"^h(?:y|é|er(?!s)|ir|ôp|ab|on?n?eur|azebrouck|esdin|endaye|aussonville)", re.I
)
_VOWEL = re.compile(r"^(?:[aàâäæeéèêëiîïoôöœuùûü]|y(?![aeiouéè]))", re.I)
# "Aux Marais" is a commune whose article is contracted already.
_CONTRACTED = {"Le ": ("du ", "au "), "Les ": ("des ", "aux "), "Aux ": ("des ", "aux ")}
_COMMISSIONS = {
    "affaires culturelles et éducation": "des affaires culturelles et de l’éducation",
    "affaires culturelles et de l'éducation": "des affaires culturelles et de l’éducation",
    "affaires économiques": "des affaires économiques",
    "affaires étrangères": "des affaires étrangères",
    "affaires sociales": "des affaires sociales",
    "défense": "de la défense",
    "développement durable": "du développement durable",
    "finances": "des finances",
    "lois": "des lois",
}


def elides(name: str) -> bool:
    """Tell whether "de" loses its vowel before a name: d'Albi, d'Yvetot; de Lyon, de Yaoundé."""
    return bool(_VOWEL.match(name) or _MUTE_H.match(name))


def of(name: str) -> str:
    """Write "de" before the name of a commune or person: de Lyon, d'Albi, du Mans, de La Baule."""
    for article, (contracted, _) in _CONTRACTED.items():
        if name.startswith(article):
            return contracted + name.removeprefix(article)
    return f"d’{name}" if elides(name) else f"de {name}"


def at(name: str) -> str:
    """Write "à" before the name of a commune: à Lyon, au Mans, aux Abymes, à La Baule."""
    for article, (_, contracted) in _CONTRACTED.items():
        if name.startswith(article):
            return contracted + name.removeprefix(article)
    return f"à {name}"


def commission_name(published: str) -> str:
    """Give a commission as a sentence names it: "Défense" → "commission de la défense".

    Returns:
        "" when the words published give no sure form: a letter then does not name it.
    """
    text = published.strip()
    low = text.lower().replace("’", "'")
    if low.startswith("commission "):
        return low.replace("'", "’")
    known = _COMMISSIONS.get(low)
    return f"commission {known}" if known else ""
