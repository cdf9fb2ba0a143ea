"""``/api/verify``: who signed a document, as data, for anyone who holds it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import File, Router, Schema, UploadedFile

from allting.common.signature.verdicts import Report, Signed
from allting.common.signature.verifying import checked
from allting.kernel.access import public

router = Router()
prefix = "/verify"


class SignatureOut(Schema):
    """One signature. ``by``: ``person`` or ``platform`` when it is one of ours and valid, else ``other``. ``at``: the
    time stamp's when ``stamped``, else what the signer says. ``lasting``: what is needed to check it later is inside.
    ``fault``: why it is not to be trusted, empty when it is."""

    who: str
    by: str
    valid: bool
    at: datetime | None
    stamped: bool
    lasting: bool
    level: str | None
    reason: str
    fault: str


class ReportOut(Schema):
    """``kind``: ``pdf`` or ``asic``. ``valid``: signed, by those we trust, nothing changed since and not taken back;
    ``fault``: why the whole is not to be trusted."""

    kind: str
    signed: bool
    valid: bool
    fault: str
    files: list[str]
    signatures: list[SignatureOut]


@router.post("", response=ReportOut, url_name="verify")
@public
def verify(request: HttpRequest, document: File[UploadedFile]) -> dict[str, Any]:
    """Check a signed PDF or an ASiC-E container. What cannot be read or vouched for is a 422 with the reason."""
    return _out(checked(document))


def _out(report: Report) -> dict[str, Any]:
    signatures = [_signature(one) for one in report.signatures]
    return {
        "kind": report.kind, "signed": report.signed, "valid": report.valid, "files": report.files,
        "signatures": signatures, "fault": str(report.fault),
    }  # fmt: skip


def _signature(one: Signed) -> dict[str, Any]:
    return {
        "who": one.who, "by": one.by, "valid": one.valid, "at": one.at, "stamped": one.stamped, "lasting": one.lasting,
        "level": one.level.name.lower() if one.level is not None else None, "reason": one.reason,
        "fault": str(one.fault),
    }  # fmt: skip
