"""The ledger's tables, the states of a letter, and the moves between them that are allowed.

The database holds the promise: one letter per recipient and per address, and no move that the
drawing of states does not have, whatever the program above it does wrong.

    waiting → claimed → committing → accepted → bounced
    A letter in `committing` may have left; only a reply of the server, or a person, ends doubt.

Times are text, UTC, "2026-11-23T10:35:00.000000Z": they sort, and a person can read them.
"""

import datetime as dt
from enum import StrEnum

from sqlalchemy import (
    DDL,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    event,
)

APPLICATION_ID = 0x4F555452  # "OUTR"
SCHEMA_VERSION = 2


class State(StrEnum):
    """Where a letter stands."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    COMMITTING = "committing"
    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"
    EXPIRED = "expired"
    BOUNCED = "bounced"
    HELD = "held"


MOVES: dict[State, tuple[State, ...]] = {
    State.WAITING: (State.CLAIMED, State.HELD, State.UNCERTAIN),
    State.CLAIMED: (
        State.WAITING,
        State.COMMITTING,
        State.DEFERRED,
        State.REFUSED,
        State.EXPIRED,
        # A server that says "accepted" amid the text, before the dot, is not to be believed either way.
        State.UNCERTAIN,
    ),
    State.COMMITTING: (
        State.ACCEPTED,
        State.DEFERRED,
        State.REFUSED,
        State.UNCERTAIN,
        State.EXPIRED,
    ),
    State.DEFERRED: (State.CLAIMED, State.WAITING, State.HELD, State.EXPIRED, State.UNCERTAIN),
    State.UNCERTAIN: (State.ACCEPTED, State.WAITING, State.DEFERRED, State.REFUSED),
    State.HELD: (State.WAITING,),
    State.ACCEPTED: (State.BOUNCED,),
    State.BOUNCED: (),
    State.REFUSED: (),
    State.EXPIRED: (),
}

metadata = MetaData()

facts = Table(
    "facts",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
    sqlite_strict=True,
)

moves = Table(
    "moves",
    metadata,
    Column("old", Text, primary_key=True),
    Column("new", Text, primary_key=True),
    sqlite_strict=True,
)

plans = Table(
    "plans",
    metadata,
    Column("campaign_uid", Text, primary_key=True),
    Column("wave", Integer, primary_key=True),
    Column("campaign_name", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("digest", Text, nullable=False),
    # See plan.made_from(); "" when it was not said.
    Column("made_from", Text, nullable=False),
    Column("planned_at", Text, nullable=False),
    Column("approved_at", Text),
    # Kept when texts are purged.
    Column("purged_at", Text),
    sqlite_strict=True,
)

letters = Table(
    "letters",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("campaign_uid", Text, nullable=False),
    Column("wave", Integer, nullable=False),
    Column("recipient_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("chamber", Text, nullable=False),
    Column("political_group", Text, nullable=False),
    Column("department_code", Text, nullable=False),
    Column("constituency_code", Text, nullable=False),
    Column("address", Text, nullable=False),
    # The address as compared: NULL without one, and for the second mandate at one address.
    Column("address_key", Text),
    Column("domain", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("token", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("template_digest", Text, nullable=False),
    # JSON, block → variant: a reminder repeats what the first letter asked.
    Column("choices", Text, nullable=False, server_default="{}"),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("owner", Text),
    Column("lease_until", Text),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("first_at", Text),
    Column("next_at", Text),
    Column("changed_at", Text, nullable=False),
    Column("code", Integer),
    Column("reply", Text),
    # A person's judgement of the answer; never an opinion score.
    Column("answered_at", Text),
    Column("outcome", Text, nullable=False, server_default=""),
    Column("bounce", Text, nullable=False, server_default=""),
    UniqueConstraint("campaign_uid", "wave", "recipient_id", name="one_letter_per_recipient"),
    UniqueConstraint("campaign_uid", "wave", "address_key", name="one_letter_per_address"),
    UniqueConstraint("message_id", name="one_message_id"),
    UniqueConstraint("token", name="one_token"),
    CheckConstraint(
        "state IN (" + ", ".join(f"'{state}'" for state in State) + ")", name="known_state"
    ),
    CheckConstraint("state = 'held' OR address <> ''", name="an_address_to_leave"),
    Index("letters_due", "campaign_uid", "wave", "state", "id"),
    sqlite_strict=True,
)

# Apart from letters: SQLite rewrites a whole row at each change of state.
contents = Table(
    "contents",
    metadata,
    Column("letter_id", Integer, ForeignKey("letters.id"), primary_key=True, autoincrement=False),
    Column("head", LargeBinary, nullable=False),
    Column("tail_digest", Text, ForeignKey("tails.digest")),
    Column("boundary", Text, nullable=False),
    sqlite_strict=True,
)

# The attachments, encoded; one copy for all the letters that end alike: see message.whole().
tails = Table(
    "tails",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),
    sqlite_strict=True,
)

# Lines are never deleted, so ids go up without SQLite's AUTOINCREMENT. No index on the state: the
# newest claims are read backwards by id, which is quicker than sorting all claims of an index.
events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", Text, nullable=False),
    # NULL for what concerns the outbox: a clock that moved.
    Column("letter_id", Integer, ForeignKey("letters.id")),
    Column("state", Text, nullable=False),
    Column("domain", Text, nullable=False, server_default=""),
    Column("owner", Text),
    Column("code", Integer),
    Column("detail", Text, nullable=False, server_default=""),
    # Tells this history from another with the same numbers: see witness.
    Column("token", Text, nullable=False),
    Index("events_by_letter", "letter_id"),
    sqlite_strict=True,
)

replies = Table(
    "replies",
    metadata,
    Column("message_id", Text, primary_key=True),
    Column("letter_id", Integer, ForeignKey("letters.id")),
    Column("kind", Text, nullable=False),
    Column("received_at", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", Text, nullable=False, server_default=""),
    Column("proof", Text, nullable=False, server_default=""),
    sqlite_strict=True,
)

_SQLITE_GUARD = DDL(  # type: ignore[no-untyped-call]  # SQLAlchemy gives it no types
    """
    CREATE TRIGGER letters_move BEFORE UPDATE OF state ON letters
    WHEN OLD.state <> NEW.state
     AND NOT EXISTS (SELECT 1 FROM moves WHERE old = OLD.state AND new = NEW.state)
    BEGIN SELECT RAISE(ABORT, 'a letter may not make this move'); END
    """
)
_POSTGRESQL_FUNCTION = DDL(  # type: ignore[no-untyped-call]  # SQLAlchemy gives it no types
    """
    CREATE FUNCTION letters_move() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NOT EXISTS (SELECT 1 FROM moves m WHERE m.old = OLD.state AND m.new = NEW.state) THEN
        RAISE EXCEPTION 'a letter may not make this move: %% to %%', OLD.state, NEW.state;
      END IF;
      RETURN NEW;
    END $$
    """
)
_POSTGRESQL_GUARD = DDL(  # type: ignore[no-untyped-call]  # SQLAlchemy gives it no types
    """
    CREATE TRIGGER letters_move BEFORE UPDATE OF state ON letters FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION letters_move()
    """
)
event.listen(letters, "after_create", _SQLITE_GUARD.execute_if(dialect="sqlite"))
event.listen(letters, "after_create", _POSTGRESQL_FUNCTION.execute_if(dialect="postgresql"))
event.listen(letters, "after_create", _POSTGRESQL_GUARD.execute_if(dialect="postgresql"))


def stamp(moment: dt.datetime) -> str:
    """Write a moment as the ledger does.

    Raises:
        ValueError: the moment has no time zone: two computers would read it differently.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment in the ledger needs a time zone")
    utc = moment if moment.tzinfo is dt.UTC else moment.astimezone(dt.UTC)
    return utc.isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def moment(text: str) -> dt.datetime:
    """Read a moment that stamp() wrote."""
    return dt.datetime.fromisoformat(text)
