"""A letter frozen as the bytes that will leave, and the checks that nothing slipped into them.

What is approved is what is sent: from here on nobody renders again. After building, the bytes
are parsed afresh and compared with what was meant, because an encoded word in a cell once became
a hidden recipient.
"""

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

from outreach.errors import InputError

# Real servers announce 10 to 35 MB; base64 adds a third.
LARGEST_BYTES = 20_000_000
# RFC 5322 §2.1.1, without the CRLF.
_LONGEST_LINE = 998
_LEFTOVERS = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|«\s*»|\bUndefined\b|\bNone\b|\bnan\b")
_ONCE = ("From", "To", "Subject", "Date", "Message-ID")
_NEVER = ("Cc", "Bcc", "Resent-To", "Resent-Cc", "Resent-Bcc", "Sender")


@dataclass(frozen=True, slots=True)
class FrozenMessage:
    """One recipient's message, final.

    Attributes:
        recipient_id: the official id.
        address: envelope address in ASCII; "" when there is none, and then head is empty.
        message_id: with its angle brackets.
        head, tail: the bytes, CRLF; tail is the attachments, alike in many messages.
        template_digest: of what it was rendered from.
        held: why it may not leave, "" when it may.
    """

    recipient_id: str
    name: str
    chamber: str
    political_group: str
    department_code: str
    constituency_code: str
    address: str
    subject: str
    message_id: str
    head: bytes
    tail: bytes
    template_digest: str
    held: str = ""

    @property
    def digest(self) -> str:
        """The sha256 of the bytes."""
        return hashlib.sha256(self.head + self.tail).hexdigest()


def message_id(campaign_uid: str, wave: int, recipient_id: str, content: str, domain: str) -> str:
    """Make the Message-ID of a letter: the same content gives the same id, at our own domain."""
    parts = "\0".join((campaign_uid, str(wave), recipient_id, content))
    return f"<{hashlib.sha256(parts.encode()).hexdigest()[:32]}@{domain}>"


def new_token() -> str:
    """Make the secret of one letter that its return path and envelope id carry."""
    return secrets.token_hex(6)


def serialize(message: EmailMessage, boundary_seed: str) -> tuple[bytes, bytes]:
    """Write a message as bytes and cut it where its attachments begin.

    Boundaries are made from ``boundary_seed`` (the campaign and wave), so that the attachments'
    bytes are the same in all the letters, and are stored once.

    Returns:
        (head, tail); tail is empty without attachments.
    """
    seed = hashlib.sha256(boundary_seed.encode()).hexdigest()[:24]
    multiparts = [part for part in message.walk() if part.is_multipart()]
    for number, part in enumerate(multiparts):
        part.set_boundary(f"=_{seed}_{number}")
    content = message.as_bytes(policy=SMTP.clone(cte_type="7bit"))
    if message.get_content_type() != "multipart/mixed":
        return content, b""
    # The first part of multipart/mixed is the letter; the second boundary ends it.
    border = f"\r\n--=_{seed}_0\r\n".encode()
    first = content.find(border)
    second = content.find(border, first + len(border))
    return (content, b"") if second < 0 else (content[:second], content[second:])


def check_message(
    content: bytes, *, sender: str, to: str, subject: str, message_id: str
) -> list[str]:
    """Parse the bytes as a receiver would and compare them with what was meant.

    Args:
        content: the whole message.
        sender: the From address meant.
        to: the recipient's address meant, ASCII.
        subject: as meant.
        message_id: as meant.

    Returns:
        Problems, one line each; none when all is as meant.
    """
    problems = _check_bytes(content)
    parsed = message_from_bytes(content, policy=SMTP)
    for name in _ONCE:
        count = len(parsed.get_all(name, []))
        if count != 1:
            problems.append(f"header {name} stands {count} times, not once")
    problems += [f"header {name} would add a recipient" for name in _NEVER if name in parsed]
    problems += _check_header(parsed, "From", sender)
    problems += _check_header(parsed, "To", to)
    if str(parsed.get("Subject", "")) != subject:
        problems.append(f"the subject reads {str(parsed.get('Subject', ''))!r}, not {subject!r}")
    if str(parsed.get("Message-ID", "")).strip() != message_id:
        problems.append("the Message-ID is not the one meant")
    return problems + _check_parts(parsed)


def check_line(what: str, text: str) -> list[str]:
    """Find what may not stand in a header: control, line-breaking, bidirectional characters."""
    return [
        f"{what} holds the invisible character U+{ord(character):04X} after {text[:place]!r}; "
        "take it out"
        for place, character in enumerate(text)
        if unicodedata.category(character) in {"Cc", "Cf", "Zl", "Zp"}
    ]


def similarity(texts: Sequence[str]) -> float:
    """Tell how alike letters are: the share of their words that all have, 0 to 1.

    Offices set identical letters aside; personal and local ones are read.
    """
    if len(texts) < 2:
        return 0.0
    words = [set(text.split()) for text in texts]
    common = set.intersection(*words)
    return len(common) / (sum(len(each) for each in words) / len(words) or 1)


def refuse(problems: Sequence[str]) -> None:
    """Raise one error for all the letters that cannot be frozen.

    Raises:
        InputError: when there is a problem.
    """
    if problems:
        count = "1 fault" if len(problems) == 1 else f"{len(problems)} faults"
        raise InputError(f"nothing is planned: the letters have {count}.", problems)


def _check_bytes(content: bytes) -> list[str]:
    problems = []
    if len(content) > LARGEST_BYTES:
        problems.append(
            f"weighs {len(content) / 1e6:.0f} MB, more than {LARGEST_BYTES / 1e6:.0f} MB: "
            "put the attachment on a web page and link to it"
        )
    if not content.isascii():
        problems.append("has bytes outside ASCII in its encoded form")
    bare = content.replace(b"\r\n", b"")
    if b"\r" in bare or b"\n" in bare:
        problems.append("has a line break that is not CRLF")
    if max(map(len, content.split(b"\r\n"))) > _LONGEST_LINE:
        problems.append(f"has a line longer than {_LONGEST_LINE} characters")
    return problems


def _check_header(parsed: EmailMessage, name: str, meant: str) -> list[str]:
    header = parsed[name]
    if header is None:
        return []
    found = [address.addr_spec for address in getattr(header, "addresses", ())]
    if found != [meant]:
        return [f"{name} reads {', '.join(found) or 'nothing'}, not {meant}"]
    return []


def _check_parts(parsed: EmailMessage) -> list[str]:
    problems = []
    for kind in ("plain", "html"):
        part = parsed.get_body((kind,))
        content = str(part.get_content()).strip() if isinstance(part, EmailMessage) else ""
        if not content:
            problems.append(f"has no {kind} text")
        elif kind == "plain" and (left := _LEFTOVERS.search(content)):
            problems.append(f"its text still holds {left.group()!r}: a field was not filled in")
    return problems
