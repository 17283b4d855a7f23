"""Where the bundled data and letters are: beside the code in a wheel, at the top in a checkout."""

from pathlib import Path

_IN_WHEEL = Path(__file__).parent / "_bundle"
_IN_CHECKOUT = Path(__file__).parents[2]


def data_path(*parts: str) -> Path:
    """Give the path of a bundled data file, such as ``data_path("deputies", "deputies.csv")``."""
    return _root().joinpath("data", *parts)


def letters_path(*parts: str) -> Path:
    """Give the path of a bundled campaign, such as ``letters_path("solidarite-en-danger")``."""
    return _root().joinpath("letters", *parts)


def _root() -> Path:
    return _IN_WHEEL if _IN_WHEEL.is_dir() else _IN_CHECKOUT
