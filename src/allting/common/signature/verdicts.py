"""What a check of a signed document found, to be said in plain words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from cryptography import x509
from cryptography.x509.oid import NameOID
from django.utils.translation import gettext_lazy as _

from allting.common.signature import authority
from allting.kernel.actor import Level

CHANGED = _("The contents were changed after this was signed.")
ADDED = _("Something was added to the document after this was signed.")
FORGED = _("The signature is not made with the key it names.")
STRANGER = _("We do not know the authority that says who this is.")
REVOKED = _("The certificate was revoked when this was signed.")
NO_TIME = _("There is no time stamp that proves when this was signed.")
LEFT_OUT = _("There is a file in the container that the signature does not speak of.")
MISSING = _("A file that was signed is not in the container.")
WITHDRAWN = _("The one who issued this document has taken it back. It does not hold any more.")
BAD_TIME = _("The time stamp is wrong, or is for something else.")


@dataclass(frozen=True, slots=True)
class Signed:
    """One signature. ``at`` is the time stamp's when ``stamped``, else what the signer says; ``fault``: why it is not
    to be trusted."""

    who: str
    by: Literal["person", "platform", "other"] = "other"
    at: datetime | None = None
    stamped: bool = False
    lasting: bool = False
    level: Level | None = None
    reason: str = ""
    fault: Any = ""
    inside: str = ""  # the file in a container that bears it

    @property
    def valid(self) -> bool:
        return not self.fault


@dataclass(frozen=True, slots=True)
class Report:
    """All signatures of a document, first signer first. ``files``: what a container holds."""

    kind: Literal["pdf", "asic"]
    signatures: list[Signed] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    fault: Any = ""

    @property
    def signed(self) -> bool:
        return bool(self.signatures)

    @property
    def valid(self) -> bool:
        """Signed, by those we trust, and nothing changed since."""
        return self.signed and not self.fault and all(one.valid for one in self.signatures)


def named(certificate: x509.Certificate) -> str:
    """Whose certificate it is, as a reader knows them."""
    for kind in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        if found := certificate.subject.get_attributes_for_oid(kind):
            return str(found[0].value)
    return certificate.subject.rfc4514_string()


def kind_of(certificate: x509.Certificate) -> tuple[Literal["person", "platform", "other"], Level | None]:
    """Whether it is a signer of ours and at which level, or our seal, by its policy."""
    try:
        held = certificate.extensions.get_extension_for_class(x509.CertificatePolicies).value
    except x509.ExtensionNotFound:
        return "other", None
    policies = {one.policy_identifier for one in held}
    level = next((level for level, policy in authority.LEVEL_POLICY.items() if policy in policies), None)
    if level is not None:
        return "person", level
    return ("platform" if authority.SEAL_POLICY in policies else "other"), None
