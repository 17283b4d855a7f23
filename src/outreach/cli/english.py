"""English plurals, for what the command line counts."""


def noun(count: int, singular: str, plural: str = "") -> str:
    """Give "seat" for one and "seats" for any other number, 0 too."""
    return singular if count == 1 else plural or f"{singular}s"


def counted(count: int, singular: str, plural: str = "") -> str:
    """Write "1 vacant seat", "2 vacant seats"."""
    return f"{count} {noun(count, singular, plural)}"
