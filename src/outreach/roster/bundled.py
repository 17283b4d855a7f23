"""Which roster a command uses: the bundled one, or the user's renewed copy when it is newer."""

import os
from pathlib import Path

import platformdirs

from outreach.bundle import data_path
from outreach.roster.seat import Chamber, Roster
from outreach.roster.table import FOLDER, read_roster


def load_roster(chamber: Chamber, path: Path | None = None) -> Roster:
    """Give all the seats of one chamber.

    Args:
        chamber: "assemblee" or "senat".
        path: a roster folder; without it the bundled one, or the copy that
            `outreach roster update` wrote for this user when its as-of date is newer.

    Raises:
        InputError: a file of the folder is missing, changed or unreadable; all faults listed.
    """
    if path is not None:
        return read_roster(path, chamber)
    bundled = read_roster(data_path(FOLDER[chamber]), chamber)
    renewed = renewed_folder(chamber)
    if not (renewed / "source.toml").exists():
        return bundled
    return max(read_roster(renewed, chamber), bundled, key=lambda roster: roster.as_of)


def renewed_folder(chamber: Chamber) -> Path:
    """Give the folder of the user's renewed copy; it may not exist.

    The environment variable OUTREACH_DATA_HOME overrides the system's usual place.
    """
    home = os.environ.get("OUTREACH_DATA_HOME")
    base = Path(home) if home else Path(platformdirs.user_data_dir("outreach", appauthor=False))
    return base / FOLDER[chamber]
