"""SPF, DKIM and DMARC of the From domain, as its DNS publishes them."""

from dataclasses import dataclass
from typing import Literal

import dns.exception
import dns.resolver

Verdict = Literal["ok", "warning", "fault", "not checked"]
# Selectors that large providers use; a domain's own may have any name.
SELECTORS = ("default", "dkim", "google", "k1", "k2", "mail", "s1", "s2", "selector1", "selector2")
_PATIENCE = 5.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    verdict: Verdict
    said: str


def check_domain(domain: str, resolver: dns.resolver.Resolver | None = None) -> list[Finding]:
    """Look up what receivers look up about a From domain.

    Args:
        domain: of the From address.
        resolver: None asks the system's name servers; without any, nothing is checked.
    """
    try:
        asked = resolver or dns.resolver.Resolver()
    except (dns.exception.DNSException, OSError) as error:
        return [Finding("DNS", "not checked", f"no name server: {error}")]
    asked.lifetime = _PATIENCE
    try:
        spf = [text for text in _texts(asked, domain) if text.lower().startswith("v=spf1")]
        dmarc = _dmarc_records(asked, domain)
        found = [name for name in SELECTORS if _texts(asked, f"{name}._domainkey.{domain}")]
    except (dns.exception.DNSException, OSError) as error:
        return [Finding("SPF, DKIM, DMARC", "not checked", f"offline, or no answer: {error}")]
    return [_spf(domain, spf), _dkim(domain, found), _dmarc(domain, *dmarc)]


def _texts(resolver: dns.resolver.Resolver, name: str) -> list[str]:
    try:
        answer = resolver.resolve(name, "TXT")
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]


def _dmarc_records(resolver: dns.resolver.Resolver, domain: str) -> tuple[str, list[str]]:
    """Give the records that count for a domain, and whose they are: its own, or a parent's.

    Without a record of its own, a subdomain follows its organisation's domain (RFC 7489 §6.6.3).
    Which parent that is stands in no DNS; the first that publishes is taken.
    """
    labels = domain.split(".")
    for start in range(max(1, len(labels) - 1)):
        name = ".".join(labels[start:])
        texts = _texts(resolver, f"_dmarc.{name}")
        records = [text for text in texts if text.lower().startswith("v=dmarc1")]
        if records:
            return name, records
    return domain, []


def _spf(domain: str, records: list[str]) -> Finding:
    if not records:
        return Finding("SPF", "fault", f"{domain} publishes none: many servers will refuse")
    if len(records) > 1:
        return Finding("SPF", "fault", f"{domain} publishes {len(records)}; only one may stand")
    if records[0].rstrip().endswith(("+all", " all")):
        return Finding("SPF", "fault", f"allows every server: {records[0]}")
    return Finding("SPF", "ok", records[0])


def _dkim(domain: str, selectors: list[str]) -> Finding:
    if selectors:
        return Finding("DKIM", "ok", f"a key under {', '.join(selectors)}")
    return Finding(
        "DKIM",
        "warning",
        f"no key of {domain} under the usual names; ask your provider whether it signs",
    )


def _dmarc(domain: str, publisher: str, records: list[str]) -> Finding:
    if len(records) != 1:
        count = f"{len(records)} records, not one" if records else "none"
        return Finding("DMARC", "warning", f"{publisher} publishes {count}")
    whose = "" if publisher == domain else f"of {publisher}: "
    return Finding("DMARC", "ok", whose + records[0])
