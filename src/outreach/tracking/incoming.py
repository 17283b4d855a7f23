"""Messages that came back, read from a mailbox without changing it.

A Maildir, an mbox, a folder of .eml files or an IMAP folder, opened read-only: nothing is
deleted, moved or marked as read.
"""

import binascii
import datetime as dt
import email
import imaplib
import mailbox
import re
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import EmailPolicy
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote, urlsplit

from outreach.errors import DeliveryError, InputError
from outreach.sending import LOCALHOST

_LARGEST = 25_000_000
_LONGEST_HEADER = 4_000


class _Guarded(EmailPolicy):
    """Python's parser of headers, for headers from anybody.

    Its time grows with the square of an address header's length (50 000 quotes: 28 s), it recurses
    into comments, and some broken headers make it fail.
    """

    def header_fetch_parse(self, name: str, value: Any) -> Any:
        """Read a header: its beginning and its end when it is very long, "" when it cannot be."""
        if isinstance(value, str) and len(value) > _LONGEST_HEADER:
            half = _LONGEST_HEADER // 2
            value = f"{value[:half]} {value[-half:]}"
        try:
            return super().header_fetch_parse(name, value)
        except (ValueError, IndexError, AttributeError, TypeError, LookupError, RecursionError):
            return ""


_GUARDED = _Guarded()


@dataclass(frozen=True, slots=True)
class Access:
    """How an IMAP server knows us.

    Attributes:
        secret: the password, or an access token.
        by_token: the secret is an OAuth2 token, for XOAUTH2.
        since: messages that came before are not asked for; None asks for all.
    """

    secret: str = ""
    by_token: bool = False
    since: dt.date | None = None


def read_messages(place: str, access: Access | None = None) -> Iterator[EmailMessage]:
    """Give the messages of a mailbox.

    Args:
        place: a path, or imaps://login@host/Folder (imap:// for a server on this computer).
        access: for IMAP.

    Raises:
        InputError: there is no mailbox there.
        DeliveryError: the IMAP server cannot be used.
    """
    if place.startswith(("imap://", "imaps://")):
        yield from _from_imap(place, access or Access())
        return
    try:
        yield from _from_files(Path(place))
    except OSError as error:
        raise InputError(f"{place} cannot be read: {error.strerror or error}.") from error


def _from_files(path: Path) -> Iterator[EmailMessage]:
    if path.is_dir() and (path / "cur").is_dir():
        yield from _from_maildir(path)
    elif path.is_dir():
        files = sorted(path.rglob("*.eml"))
        if not files:
            raise InputError(f"{path} is no Maildir and holds no .eml files.")
        for file in files:
            yield parse(file.read_bytes())
    elif path.suffix.lower() == ".eml" and path.is_file():
        yield parse(path.read_bytes())
    elif path.is_file():
        yield from _from_mbox(path)
    else:
        raise InputError(f"{path} does not exist; name a Maildir, an mbox, .eml files or imaps://…")


def _from_mbox(path: Path) -> Iterator[EmailMessage]:
    with path.open("rb") as file:
        start = file.read(5)
    if start not in (b"", b"From "):
        raise InputError(
            f'{path} is no mbox, whose first line begins with "From "; name a Maildir, an mbox, a '
            "folder of .eml files or imaps://…"
        )
    box = mailbox.mbox(path, create=False)
    try:
        for key in box.iterkeys():
            yield parse(box.get_bytes(key))
    finally:
        box.close()


def parse(content: bytes) -> EmailMessage:
    """Parse one message, however faulty; of one nested too deep only the headers."""
    content = content[:_LARGEST]
    try:
        message = email.message_from_bytes(content, policy=_GUARDED)
        for _ in message.walk():
            pass
    except RecursionError:
        message = BytesHeaderParser(policy=_GUARDED).parsebytes(content)
    # The type of an EmailPolicy's messages, which the type stubs cannot tell of a subclass.
    return cast("EmailMessage", message)


def _from_maildir(path: Path) -> Iterator[EmailMessage]:
    # Read as files: Python's Maildir would move messages from new to cur.
    for file in sorted([*path.glob("new/*"), *path.glob("cur/*")]):
        if file.is_file() and not file.name.startswith("."):
            yield parse(file.read_bytes())


def _from_imap(place: str, access: Access) -> Iterator[EmailMessage]:
    url = urlsplit(place)
    host, login = url.hostname or "", unquote(url.username or "")
    if url.scheme == "imap" and host not in LOCALHOST:
        raise InputError("imap:// sends the password in clear; write imaps://")
    if not host or not login:
        raise InputError(
            f"{place}: name login and server, imaps://contact%40example.org@imap.example.org/INBOX "
            "(an @ within the login is written %40)."
        )
    folder = unquote(url.path.lstrip("/")) or "INBOX"
    try:
        with _connected(url.scheme, host, url.port) as server:
            _log_in(server, login, access)
            quoted = '"' + mailbox_name(folder).replace("\\", "\\\\").replace('"', '\\"') + '"'
            if server.select(quoted, readonly=True)[0] != "OK":
                raise InputError(f"{host} has no folder {folder} for {login}.")
            since = f"SINCE {_imap_date(access.since)}" if access.since else "ALL"
            _, found = server.uid("SEARCH", since)
            for number in (found[0] or b"").split():
                # PEEK leaves \\Seen as it is, whatever the server makes of read-only.
                _, parts = server.uid("FETCH", number.decode("ascii"), "(BODY.PEEK[])")
                for part in parts:
                    if isinstance(part, tuple):
                        yield parse(part[1])
    except (OSError, imaplib.IMAP4.error) as error:
        raise DeliveryError(f"{host} cannot be read by IMAP: {_said(error)}.") from error


def _connected(scheme: str, host: str, port: int | None) -> imaplib.IMAP4:
    if scheme == "imaps":
        context = ssl.create_default_context()
        return imaplib.IMAP4_SSL(host, port or 993, ssl_context=context, timeout=60)
    return imaplib.IMAP4(host, port or 143, timeout=60)


def _log_in(server: imaplib.IMAP4, login: str, access: Access) -> None:
    if access.by_token:
        answer = f"user={login}\1auth=Bearer {access.secret}\1\1".encode()
        server.authenticate("XOAUTH2", lambda _: answer)
    elif f"{login}{access.secret}".isascii():
        server.login(login, access.secret)
    else:
        # imaplib writes LOGIN in ASCII only.
        server.authenticate("PLAIN", lambda _: f"\0{login}\0{access.secret}".encode())


def mailbox_name(folder: str) -> str:
    """Write a folder's name as IMAP does: modified UTF-7, RFC 3501 §5.1.3.

    "Éléments envoyés" is "&AMk-l&AOk-ments envoy&AOk-s".
    """

    def coded(found: re.Match[str]) -> str:
        base64 = binascii.b2a_base64(found[0].encode("utf-16-be"), newline=False).decode("ascii")
        return f"&{base64.rstrip('=').replace('/', ',')}-"

    return re.sub(r"[^ -~]+", coded, folder.replace("&", "&-"))


def _imap_date(day: dt.date) -> str:
    # Months in English, whatever this computer speaks.
    month = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][
        day.month - 1
    ]
    return f"{day.day}-{month}-{day.year}"


def _said(error: Exception) -> str:
    said = error.args[0] if error.args and isinstance(error.args[0], bytes) else str(error)
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said
