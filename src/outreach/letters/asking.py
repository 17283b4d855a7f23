"""Whether a letter asks for one thing: offices answer a single question.

The request has a block of its own, and what stands there is counted. The rest is read for other
questions and for the turns in which French asks. What only wonders ("Qui choisira ce métier ?"),
offers to meet or begs pardon asks for nothing.
"""

import re
from collections.abc import Iterator

from outreach.letters.facts import Facts

# A verb in -rez or -riez asks what somebody will do; of the present, only what asks.
_QUESTION = re.compile(
    r"\b(?:\w+r(?:i)?ez|acceptez|pouvez|voulez|souhaitez|soutenez|consentez|comptez|engagez|"
    r"pensez|approuvez|êtes)-vous\b|\best-ce que vous\b",
    re.I,
)
_ASKED = (
    r"demand(?:e|ons|erions|erais)|pri(?:e|ons|erions|erais)|invit(?:e|ons|erions|erais)|"
    r"appel(?:le|ons)|exhort(?:e|ons)|suppli(?:e|ons)|encourage(?:ons)?|engage(?:ons)?|"
    r"saur(?:ions|ais)\sgré|ser(?:ions|ais)\sreconnaissante?s?"
)
_TURN = re.compile(
    rf"\b(?:je|nous)\svous\s(?:en\s)?(?:{_ASKED})(?:,?\s[\w’-]+,?){{0,3}}?\s(?:de\s|d’|à\s|que\s)|"
    r"\bmerci\s(?:par\savance\s|d’avance\s)?(?:de\sbien\svouloir\b|"
    r"d(?:e\s|’)(?:(?:nous|le|la|les|y|en)\s)*(?!(?:avoir|être|votre|notre|leur|hier)\b)[\w-]+(?:er|ir|re)\b)|"
    r"^(?:et\s)?(?:(?:ne|n’)\s?)?(?:signez|votez|soutenez|rejoignez|déposez|défendez|adoptez|"
    r"rejetez|transmettez|interpellez|engagez-vous|mobilisez-vous|aidez-nous|veuillez)\b",
    re.I,
)
_OFFER = re.compile(
    r"\b(?:visiter|venir|viendrez-vous|visiterez-vous|(?:nous|vous|les|la|le)\srencontrer|"
    r"rencontrer\s(?:nos|les|une?|l’|leurs)|découvrir|échanger|passer\sun|partager\sun|"
    r"assister|participer)\b",
    re.I,
)
_POLITE = re.compile(
    r"\bd’agréer|\bde\s(?:croire|recevoir)\b|\bd’(?:accepter|excuser)\b|\bexcuser\b|"
    r"\bveuillez\s(?:agréer|recevoir|croire|trouver|noter|nous\sexcuser)",
    re.I,
)


def requests(facts: Facts) -> Iterator[str]:
    """Find no block for the request, several, or not one question in it."""
    if len(facts.requests) != 1:
        yield f"there are {len(facts.requests)} blocks ::: request and there must be one"
    for request in facts.requests:
        questions = request.count("?")
        if questions != 1:
            yield f"the request holds {questions} questions; ask one that takes a yes or a no"


def second_request(facts: Facts) -> Iterator[str]:
    """Find sentences outside the block that ask the recipient for something else."""
    for sentence in facts.beside:
        question = sentence.endswith("?") and _QUESTION.search(sentence)
        if not (question or _TURN.search(sentence)):
            continue
        if not (_OFFER.search(sentence) or _POLITE.search(sentence)):
            yield f"asks for something beside the request: {sentence[:80]}"
