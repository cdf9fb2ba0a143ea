"""Can a card be checked?"""

from collections.abc import Iterator

from django.utils import timezone

from allting.common.identity.providers.idcard import certificates
from allting.kernel.findings import Finding, error, ok


def cards() -> Iterator[Finding]:
    """The ID card's authorities, and a list of revoked cards that is in date: without one no card is taken."""
    try:
        authorities, lists = certificates.authorities(), certificates.revocation_lists()
        until = min((one["tbs_cert_list"]["next_update"].native for one in lists), default=None)
    except (OSError, ValueError) as fault:
        yield error("ID card", f"a file cannot be read ({type(fault).__name__})", "mend what is in ID_CARD_CA_FOLDER")
        return
    if not authorities:
        return  # no card is taken here, and none is offered
    if until is None:
        yield error("ID card", "no revocation list: no card is taken", "put *.crl into ID_CARD_CA_FOLDER")
    elif until < timezone.now():
        yield error("ID card", "the revocation list is too old: no card is taken", "fetch a new one")
    else:
        yield ok("ID card", f"{len(authorities)} authorities, revocation list good until {until:%Y-%m-%d %H:%M} UTC")


CHECKS = (cards,)
