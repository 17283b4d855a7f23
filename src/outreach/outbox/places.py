"""Where an outbox may live: a disk of this computer, not a folder that others copy or share.

A synchronised folder brings back older copies, and a network file system breaks SQLite's locks:
both would let a letter leave twice.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from outreach.errors import OutreachError

# File system types of /proc/mounts that live on another computer.
_NETWORK = frozenset(
    [
        "afs",
        "afpfs",
        "ceph",
        "cifs",
        "davfs",
        "fuse.davfs",
        "fuse.glusterfs",
        "fuse.gvfsd-fuse",
        "fuse.rclone",
        "fuse.s3fs",
        "fuse.sshfs",
        "glusterfs",
        "ncpfs",
        "nfs",
        "nfs4",
        "smb3",
        "smbfs",
    ]
)
_SYNC_FOLDERS = {
    "onedrive": "OneDrive",
    "dropbox": "Dropbox",
    "nextcloud": "Nextcloud",
    "owncloud": "ownCloud",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "my drive": "Google Drive",
    "mon drive": "Google Drive",
    "mobile documents": "iCloud Drive",
    "icloud drive": "iCloud Drive",
    "iclouddrive": "iCloud Drive",
    "kdrive": "kDrive",
    "pcloud drive": "pCloud",
    "seafile": "Seafile",
    "syncthing": "Syncthing",
}
_SYNC_MARKS = {
    ".dropbox": "Dropbox",
    ".dropbox.cache": "Dropbox",
    ".nextcloudsync.log": "Nextcloud",
    ".owncloudsync.log": "ownCloud",
    ".stfolder": "Syncthing",
}


def check_place(folder: Path, mounts: Iterable[tuple[str, str]] | None = None) -> None:
    """Refuse a folder that is synchronised or on the network.

    Args:
        folder: where the outbox file is, or will be.
        mounts: (mount point, file system type); None asks the computer.

    Raises:
        OutreachError: with the reason, and where to put the outbox instead.
    """
    place = folder.resolve()
    reason = _synchronised(place) or _on_the_network(place, mounts)
    if reason:
        raise OutreachError(
            f"{place} is {reason}: an older copy could come back and letters would leave twice. "
            "Put the campaign's folder on a disk of this computer, or only the outbox: outbox = "
            '"/…/outbox.sqlite" in the first lines of campaign.toml, above its tables; or, for a '
            'team, [sending] shared_outbox = "postgresql://…".'
        )


def _synchronised(place: Path) -> str:
    for part in (place, *place.parents):
        name = part.name.lower()
        for start, service in _SYNC_FOLDERS.items():
            # "OneDrive - Association", "Dropbox (Personnel)"
            if name == start or name.startswith((f"{start} -", f"{start} (", f"{start}-")):
                return f"in a folder that {service} synchronises"
        for mark, service in _SYNC_MARKS.items():
            if (part / mark).exists():
                return f"in a folder that {service} synchronises"
    return ""


def _on_the_network(place: Path, mounts: Iterable[tuple[str, str]] | None) -> str:
    if str(place).startswith("\\\\"):
        return "on a network share"
    if mounts is None:
        if sys.platform == "win32":
            return _windows_drive(place)
        mounts = _mounts()
    best = max(
        ((point, kind) for point, kind in mounts if place.is_relative_to(point)),
        key=lambda mount: len(mount[0]),
        default=("", ""),
    )
    return f"on a network file system ({best[1]})" if best[1] in _NETWORK else ""


def _mounts() -> list[tuple[str, str]]:
    table = Path("/proc/self/mounts")
    if not table.exists():
        return []
    rows = [line.split() for line in table.read_text(encoding="utf-8").splitlines()]
    # The kernel writes a space in a mount point as \040.
    return [(row[1].replace("\\040", " "), row[2]) for row in rows if len(row) > 2]


def _windows_drive(place: Path) -> str:
    import ctypes

    remote = 4
    windll = getattr(ctypes, "windll")  # noqa: B009 - absent from ctypes on other systems
    kind = windll.kernel32.GetDriveTypeW(place.anchor)
    return "on a network drive" if kind == remote else ""
