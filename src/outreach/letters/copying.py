"""A campaign copied into a new folder, with an identifier of its own."""

import re
import shutil
import uuid
from pathlib import Path

from outreach.campaign import FILE_NAME
from outreach.errors import InputError
from outreach.files import unwritable, whole_folder

_UID = re.compile(r'^uid = "[^"\n]*"', flags=re.MULTILINE)
_KEPT = frozenset([".md", ".toml", ".csv", ".png", ".svg"])


def check_free(folder: Path) -> None:
    """Refuse a place for a new campaign that holds something already.

    Raises:
        InputError: it is a file, or a folder that is not empty.
    """
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is a file; name a new folder for the campaign.")
    if folder.exists() and any(folder.iterdir()):
        raise InputError(
            f"{folder} is not empty; name a new folder, so that nothing of yours is overwritten."
        )


def copy_campaign(example: Path, folder: Path) -> str:
    """Copy a campaign's files and give the copy a random uid.

    The uid is part of what keeps a letter from leaving twice: two campaigns never share one.

    Args:
        example: a campaign folder.
        folder: where to; it does not exist yet, or is empty.

    Returns:
        The new uid.

    Raises:
        InputError: the folder holds something, or the example has no uid.
        OutreachError: the folder cannot be written.
    """
    check_free(folder)
    settings = (example / FILE_NAME).read_text(encoding="utf-8")
    if not _UID.search(settings):
        raise InputError(f"{example / FILE_NAME} has no uid; it is no campaign to copy.")
    uid = uuid.uuid4().hex
    with whole_folder(folder) as beside:
        try:
            for path in sorted(example.rglob("*")):
                if path.is_file() and not path.is_symlink() and path.suffix in _KEPT:
                    target = beside / path.relative_to(example)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(path, target)
            written = _UID.sub(f'uid = "{uid}"', settings, count=1)
            (beside / FILE_NAME).write_text(written, encoding="utf-8")
        except OSError as error:
            raise unwritable(folder, error) from error
    # A campaign is the user's own from now on: no later command may replace the folder whole.
    (folder / ".outreach").unlink(missing_ok=True)
    return uid
