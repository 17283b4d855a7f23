"""The official formats at hand, and which of them a file is in."""

import datetime as dt
from pathlib import Path
from types import ModuleType
from typing import Final, cast

from outreach.errors import InputError
from outreach.roster import amo, datan, libre_office, odsen, rne, senate_api
from outreach.roster.reading import Reading

# In the order in which a file is tried; each module has SOURCE, TITLE, PUBLISHER, LAYOUT,
# recognises() and read().
FORMATS: Final[tuple[ModuleType, ...]] = (amo, odsen, senate_api, datan, libre_office, rne)


def read_official(path: Path, as_of: dt.date | None = None) -> Reading:
    """Read an official list in whichever format it is.

    Args:
        path: a zip, a folder, a CSV or a JSON.
        as_of: its date, when the file does not hold it and its name neither.

    Raises:
        InputError: the file is missing, in no known format, or faulty.
    """
    if not path.exists():
        raise InputError(f"{path}: there is no such file.")
    for format_ in FORMATS:
        if format_.recognises(path):
            return cast("Reading", format_.read(path, as_of))
    titles = [str(format_.TITLE) for format_ in FORMATS]
    raise InputError(f"{path}: is in none of the official formats.", titles)
