"""What a message that came back is: a delivery report, an auto-reply, or an answer.

RFC 3464 for reports, RFC 3834 for auto-replies, and the usual free forms of both.
"""

import hashlib
import re
from dataclasses import dataclass
from email.message import EmailMessage, Message
from typing import Literal

Kind = Literal["hard bounce", "soft bounce", "delay", "delivered", "auto-reply", "answer"]

_ID = re.compile(r"<[^<>\s@]+@[^<>\s@]+>")
_STATUS = re.compile(r"\b([245])\.\d{1,3}\.\d{1,3}\b")
_CODE = re.compile(r"\b([45])\d\d[ -]")
_REPORTER = re.compile(r"mailer-daemon|postmaster|mail delivery|microsoftexchange", re.IGNORECASE)
_FAILED = re.compile(
    r"undeliver|delivery (has )?failed|returned mail|failure notice|\(failure\)|non remis|non distribu|"
    r"échec de (la )?(remise|distribution)|could not be delivered",
    re.IGNORECASE,
)
# Says failure, delay or success; a failure when it says nothing else.
_NOTICE = re.compile(r"delivery (status )?notification", re.IGNORECASE)
_ARRIVED = re.compile(r"\((success|delivered|relayed)\)", re.IGNORECASE)
_LATER = re.compile(r"delay|retard|will retry|still trying|warning", re.IGNORECASE)
_ABSENT = re.compile(
    r"^(re ?: ?)?\s*\[?(auto(matic|matique)?[ -]?(reply|response|réponse)|réponse automatique|"
    r"out of (the )?office|accusé de réception|message automatique)|"
    # Not after "Re:": that answers a letter of ours about an absence, of funds or of doctors.
    r"^\[?absen(ce|t)",
    re.IGNORECASE,
)
# What a database refuses (NUL, halves of characters) and a terminal would obey.
_UNPRINTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
# RFC 3464 §2.3.3: with "failed" and "delayed", all the actions there are.
_TAKEN = frozenset({"delivered", "relayed", "expanded"})
_BULK = frozenset({"bulk", "auto_reply", "junk", "list"})


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message, understood.

    Attributes:
        kind: what it is.
        references: Message-IDs of ours that it may be about, the surest first.
        token: the envelope id or return-path token that it brings back, "" without.
        recipients: the addresses that a report is about.
        detail: a report's own words.
    """

    message_id: str
    kind: Kind
    sender: str
    subject: str
    references: tuple[str, ...]
    token: str
    recipients: tuple[str, ...]
    detail: str


def understand(message: EmailMessage) -> Incoming:
    """Say what a message is and which letter it may be about. Changes nothing."""
    report = _delivery_status(message)
    subject = _line(message, "Subject")
    sender = _line(message, "From")
    references = _ids(message)
    token, detail = "", ""
    recipients: tuple[str, ...] = ()
    if report is not None:
        kind, token, recipients, detail = report
        references = (*_original_ids(message), *references)
    elif _REPORTER.search(sender) and any(
        form.search(subject) for form in (_FAILED, _LATER, _NOTICE)
    ):
        text = _text(message)
        kind = _free_kind(subject, text)
        references = (*_original_ids(message), *_ID.findall(text), *references)
        detail = next((_plain(line) for line in text.splitlines() if _STATUS.search(line)), subject)
    elif _is_automatic(message, subject):
        kind = "auto-reply"
    else:
        kind = "answer"
    return Incoming(
        message_id=_line(message, "Message-ID") or _own_name(message),
        kind=kind,
        sender=sender,
        subject=subject,
        references=tuple(dict.fromkeys(references)),
        token=token or _token(message),
        recipients=recipients,
        detail=detail[:500],
    )


def _delivery_status(message: EmailMessage) -> tuple[Kind, str, tuple[str, ...], str] | None:
    status = next(
        (part for part in message.walk() if part.get_content_type() == "message/delivery-status"),
        None,
    )
    if status is None:
        return None
    groups = status.get_payload()
    token, recipients, details = "", [], []
    kinds: set[Kind] = set()
    for block in groups if isinstance(groups, list) else ():
        if not isinstance(block, Message):
            continue
        token = token or _line(block, "Original-Envelope-Id")
        action = _line(block, "Action").lower()
        if not action:
            continue
        code = _STATUS.search(_line(block, "Status"))
        # The recipient as we wrote it, not as an alias expanded it.
        who = _line(block, "Original-Recipient") or _line(block, "Final-Recipient")
        recipients.append(who.partition(";")[2].strip() or who)
        details.append(_line(block, "Diagnostic-Code") or _line(block, "Status"))
        if action == "failed":
            kinds.add("soft bounce" if code and code[1] == "4" else "hard bounce")
        elif action == "delayed":
            kinds.add("delay")
        elif action in _TAKEN:
            kinds.add("delivered")
    worst: tuple[Kind, ...] = ("hard bounce", "soft bounce", "delay", "delivered")
    for kind in worst:
        if kind in kinds:
            return kind, token, tuple(recipients), "; ".join(filter(None, details))
    return None


def _own_name(message: EmailMessage) -> str:
    """Name a message that has no Message-ID by its content."""
    # Not as_bytes(): Python cannot write again every broken message that it has read.
    content = repr(list(message.raw_items())) + _text(message)
    digest = hashlib.sha256(content.encode("utf-8", "backslashreplace")).hexdigest()
    return f"<{digest[:32]}@no-message-id>"


def _free_kind(subject: str, text: str) -> Kind:
    status = _STATUS.search(text) or _CODE.search(text)
    if not _FAILED.search(subject):
        if _LATER.search(subject):
            return "delay"
        if _ARRIVED.search(subject):
            return "delivered"
    return "soft bounce" if status and status[1] == "4" else "hard bounce"


def _is_automatic(message: EmailMessage, subject: str) -> bool:
    submitted = _line(message, "Auto-Submitted").lower()
    return bool(
        (submitted and not submitted.startswith("no"))
        or _line(message, "Precedence").lower() in _BULK
        or "X-Autoreply" in message
        or "X-Autorespond" in message
        or "X-Auto-Response-Suppress" in message
        or message.get_content_type() == "multipart/report"
        or _ABSENT.search(subject)
    )


def _ids(message: Message) -> tuple[str, ...]:
    found = []
    for name in ("In-Reply-To", "References"):
        found += _ID.findall(_line(message, name))
    return tuple(found)


def _original_ids(message: EmailMessage) -> tuple[str, ...]:
    """Find the Message-ID of the message that a report returns, whole or headers only."""
    found = []
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822":
            inner = part.get_payload()
            if isinstance(inner, list) and inner and isinstance(inner[0], Message):
                found += _ID.findall(_line(inner[0], "Message-ID"))
        elif kind == "text/rfc822-headers":
            found += re.findall(r"(?im)^Message-ID:\s*(<[^<>\s]+>)", _words(part))
    return tuple(found)


def _token(message: EmailMessage) -> str:
    """Find the token in the return path that the message was sent back to."""
    for name in ("Delivered-To", "X-Original-To", "To"):
        found = re.search(r"\+([0-9a-f]{12})@", _line(message, name))
        if found:
            return found[1]
    return ""


def _text(message: EmailMessage) -> str:
    parts = []
    for part in message.walk():
        if part.get_content_maintype() == "text":
            parts.append(_words(part))
    return "\n".join(parts)[:200_000]


def _words(part: Message) -> str:
    payload = part.get_payload(decode=True)
    text = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    return _UNPRINTED.sub(" ", text)


def _line(message: Message, name: str) -> str:
    return _plain(message.get(name))


def _plain(value: object) -> str:
    return " ".join(_UNPRINTED.sub(" ", str(value or "")).split())
