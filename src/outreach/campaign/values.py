"""What single values of campaign.toml must look like: a line, an address, a path."""

import datetime as dt
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, StringConstraints, ValidationInfo

_LONGEST_TITLE = 80


def _one_line(text: str) -> str:
    # Control, bidi and format characters in a name would reach headers and file names.
    if any(not (character.isprintable() or character in "\u00a0\u202f") for character in text):
        raise ValueError("holds a line break or an invisible control character; type it again")
    return text


def _title(text: str) -> str:
    # Paper has one line for it: a longer one without a space runs off the page.
    if len(text) > _LONGEST_TITLE:
        raise ValueError(f"has {len(text)} characters; a title has at most {_LONGEST_TITLE}")
    return text


def _email(text: str) -> str:
    if not text:
        return text
    from email_validator import EmailNotValidError, validate_email  # 40 ms to import

    if not text.isascii():
        raise ValueError("an address is written without accents here; use its ASCII form")
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise ValueError(f"is not an e-mail address: {error}") from error


def _url(text: str) -> str:
    if text and not text.startswith(("https://", "http://")):
        raise ValueError('starts with neither "https://" nor "http://"; write the whole address')
    if any(character in text for character in " \"'<>`\\"):
        raise ValueError("holds a space, quote or bracket; copy the address from the browser")
    return text


def _in_folder(path: Path, info: ValidationInfo) -> Path:
    folder: Path = (info.context or {}).get("folder", Path())
    return folder / path.expanduser()


def _existing(path: Path, info: ValidationInfo) -> Path:
    path = _in_folder(path, info)
    if not path.is_file():
        raise ValueError(f"there is no file {path}; correct the name or put the file there")
    return path


def _existing_folder(path: Path, info: ValidationInfo) -> Path:
    path = _in_folder(path, info)
    if not path.is_dir():
        raise ValueError(f"there is no folder {path}; correct the name")
    return path


def date_text(value: object) -> object:
    """Turn a TOML date or number into the text that letters print."""
    # TOML knows dates and numbers: 2019 and 2023-10-24 are both fit to be a figure's date.
    return str(value) if isinstance(value, dt.date | int) else value


Chamber = Literal["assemblee", "senat"]
Style = Literal["classique", "sobre", "moderne"]
Line = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_one_line)]
Words = Annotated[Line, StringConstraints(min_length=1)]
Title = Annotated[Words, AfterValidator(_title)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Email = Annotated[Line, AfterValidator(_email)]
Url = Annotated[Line, AfterValidator(_url)]
NewPath = Annotated[Path, AfterValidator(_in_folder)]
ExistingFolder = Annotated[Path, AfterValidator(_existing_folder)]
ExistingPath = Annotated[Path, AfterValidator(_existing)]
