"""Addresses as an envelope takes them, and as two of them are compared."""

import unicodedata

from outreach.errors import InputError


def envelope_address(address: str) -> str:
    """Give the plain ASCII form of an address: the domain by IDNA.

    Raises:
        InputError: control or invisible characters, no address at all, or accents before the @,
            which most servers refuse.
    """
    from email_validator import EmailNotValidError, validate_email  # 40 ms to import

    for character in address:
        if unicodedata.category(character) in {"Cc", "Cf", "Zl", "Zp"}:
            raise InputError(
                f"address {address!r}: holds the invisible character U+{ord(character):04X}; "
                "type it again"
            )
    try:
        found = validate_email(address, check_deliverability=False)
    except EmailNotValidError as error:
        raise InputError(f'address "{address}": {error}') from error
    if found.ascii_email is None:
        raise InputError(
            f'address "{address}": has accents before the @, which most servers refuse; '
            "look for another address"
        )
    return found.ascii_email


def address_key(address: str) -> str:
    """Give the form in which two addresses are the same mailbox: ASCII, lower case."""
    return address.casefold()
