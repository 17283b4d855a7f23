"""Which roster a command uses: the bundled one, or the user's renewed copy when it is newer."""

import os
from pathlib import Path

import platformdirs

from outreach.bundle import data_path
from outreach.roster.seat import Chamber, Roster
from outreach.roster.table import FOLDER, read_roster, read_toml


def load_roster(chamber: Chamber, path: Path | None = None) -> Roster:
    """Give all the seats of one chamber.

    Args:
        chamber: "assemblee" or "senat".
        path: a roster folder; without it the bundled one, or the copy that
            `outreach roster update` wrote for this user when its as-of date is newer.

    Raises:
        InputError: a file of the folder is missing, changed or unreadable; all faults listed.
    """
    return read_roster(path or folder_in_use(chamber), chamber)


def folder_in_use(chamber: Chamber) -> Path:
    """Give the folder that commands read: the user's renewed copy when it is newer.

    Raises:
        InputError: a source.toml is missing or is not TOML.
    """
    bundled, renewed = data_path(FOLDER[chamber]), renewed_folder(chamber)
    if not (renewed / "source.toml").exists():
        return bundled
    # on the same day the renewed one: it was made after the other
    return max(renewed, bundled, key=lambda folder: read_toml(folder / "source.toml")["as_of"])


def renewed_folder(chamber: Chamber) -> Path:
    """Give the folder of the user's renewed copy; it may not exist.

    The environment variable OUTREACH_DATA_HOME overrides the system's usual place.
    """
    home = os.environ.get("OUTREACH_DATA_HOME")
    base = Path(home) if home else Path(platformdirs.user_data_dir("outreach", appauthor=False))
    return base / FOLDER[chamber]
