"""French usage that no official file holds: "dans l'Ain", "en Haute-Corse", "à Paris".

Written by hand, once; geography.build puts it into departments.csv, where it is read.
"""

from typing import Final

# INSEE's link words by TNCC (type de nom en clair), as it prints them for départements.
LINK_WORDS: Final = {
    "0": "de ",
    "1": "d'",
    "2": "du ",
    "3": "de la ",
    "4": "des ",
    "5": "de l'",
    "6": "des ",
    "7": "de las ",
    "8": "de los ",
}

# TNCC says "du Vaucluse", "du Lot-et-Garonne"; the départements themselves and usage do not.
OF_BY_USAGE: Final = {
    "41": "de Loir-et-Cher",
    "47": "de Lot-et-Garonne",
    "82": "de Tarn-et-Garonne",
    "84": "de Vaucluse",
}

# Collectivities without a row in INSEE's table of départements, and the French abroad.
# code: name, TNCC, "of" where the link word alone would not do.
COLLECTIVITIES: Final = {
    "975": ("Saint-Pierre-et-Miquelon", "0", ""),
    "977": ("Saint-Barthélemy", "0", ""),
    "978": ("Saint-Martin", "0", ""),
    "984": ("Terres australes et antarctiques françaises", "4", ""),
    "986": ("Wallis-et-Futuna", "0", ""),
    "987": ("Polynésie française", "3", "de Polynésie française"),
    "988": ("Nouvelle-Calédonie", "3", ""),
    "989": ("Île de Clipperton", "5", "de l'île de Clipperton"),
    "ZZ": ("Français établis hors de France", "4", ""),
}

# The one seat of 977 covers two collectivities; a département of one seat has no number.
CONSTITUENCIES_BY_USAGE: Final = {
    "977-01": "circonscription de Saint-Barthélemy et de Saint-Martin",
}

_DANS_LE: Final = "14 15 18 25 29 30 32 39 45 46 56 59 62 63 67 68 69 81 83 90 94 95"
_DANS_LA: Final = "23 26 42 50 51 55 58 72 80 86"
_DANS_L: Final = "01 02 03 10 11 12 27 34 36 38 60 61 89 91"
_DANS_LES: Final = "04 05 06 08 13 22 40 64 65 66 78 79 88 92 984"
_EN: Final = (
    "07 09 16 17 19 21 24 28 2A 2B 31 33 35 37 41 43 44 47 48 49 52 53 54 57 70 71 73 74 76 77 82 "
    "84 85 87 93 971 972 973 987 988"
)
_A: Final = "75 974 975 976 977 978 986"

IN_WORDS: Final = {
    code: word
    for codes, word in (
        (_DANS_LE, "dans le "),
        (_DANS_LA, "dans la "),
        (_DANS_L, "dans l'"),
        (_DANS_LES, "dans les "),
        (_EN, "en "),
        (_A, "à "),
    )
    for code in codes.split()
}

IN_BY_USAGE: Final = {"989": "sur l'île de Clipperton", "ZZ": "hors de France"}


def department_words(code: str, name: str, tncc: str) -> tuple[str, str]:
    """Give "de l'Ain" and "dans l'Ain" for one département or collectivity.

    Raises:
        KeyError: the hand tables do not know the code: write its usage here first.
    """
    of_words = OF_BY_USAGE.get(code) or COLLECTIVITIES.get(code, ("", "", ""))[2]
    in_words = IN_BY_USAGE.get(code) or IN_WORDS[code] + name
    return of_words or LINK_WORDS[tncc] + name, in_words


def guessed_tncc(name: str) -> str:
    """Give the TNCC of a commune that has none (overseas collectivities), from its name.

    A name in H counts as aspirated ("de Huahine"): true of all 7 in these collectivities.
    """
    for article, tncc in (("Le ", "2"), ("La ", "3"), ("Les ", "4"), ("L'", "5")):
        if name.startswith(article):
            return tncc
    return "1" if name[0] in "AEIOUÂÉÈÊÎÔ" else "0"
