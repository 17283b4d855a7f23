"""A message's bytes as the ledger keeps them: its own part, and attachments that many share."""

import hashlib

from sqlalchemy import Connection, bindparam, delete, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from outreach.outbox.prepared import Prepared
from outreach.outbox.schema import contents, letters, tails

# Stands for each message's own boundary in the attachments that many messages share.
SHARED_BOUNDARY = b"=_m" + b"0" * 32

_CONTENT = Prepared(
    select(contents.c.head, contents.c.boundary, tails.c.content)
    .select_from(contents.outerjoin(tails, contents.c.tail_digest == tails.c.digest))
    .where(contents.c.letter_id == bindparam("letter"))
)


def whole(head: bytes, tail: bytes, boundary: str) -> bytes:
    """Put a message together again."""
    return head + tail.replace(SHARED_BOUNDARY, boundary.encode("ascii")) if tail else head


def store_content(
    connection: Connection, letter_id: int, head: bytes, tail: bytes, boundary: str
) -> None:
    """Keep a letter's bytes, in place of those it had; a tail that is there is not kept again."""
    connection.execute(delete(contents).where(contents.c.letter_id == letter_id))
    digest = hashlib.sha256(tail).hexdigest() if tail else None
    if digest:
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        connection.execute(
            dialect.insert(tails).values(digest=digest, content=tail).on_conflict_do_nothing()
        )
    connection.execute(
        insert(contents).values(
            letter_id=letter_id, head=head, tail_digest=digest, boundary=boundary
        )
    )


def frozen_content(connection: Connection, letter_id: int) -> bytes:
    """Give the bytes of a letter as they were frozen; b"" when they were purged."""
    for head, boundary, tail in _CONTENT.rows(connection, letter=letter_id):
        return whole(bytes(head), bytes(tail or b""), boundary)
    return b""


def largest_content(connection: Connection, campaign_uid: str) -> int:
    """Give the size in bytes of a campaign's largest message."""
    size = func.length(contents.c.head) + func.coalesce(func.length(tails.c.content), 0)
    return (
        connection.execute(
            select(func.max(size))
            .select_from(contents.outerjoin(tails, contents.c.tail_digest == tails.c.digest))
            .join(letters, letters.c.id == contents.c.letter_id)
            .where(letters.c.campaign_uid == campaign_uid)
        ).scalar_one()
        or 0
    )
