"""The demo country's bank: accounts of two authorities, and a file as a bank writes it, to try things with."""

from __future__ import annotations

from datetime import date
from xml.etree.ElementTree import Element, SubElement, tostring

from django.utils import timezone
from uuid6 import uuid7

from allting.common.payment import camt, models
from allting.common.payment.pain import leaf, leaves
from allting.common.registers import api as registers

ACCOUNTS = {"nav": "00000000027", "statens-vegvesen": "00000000035"}  # no bank has the numbers that begin with 0000
BIC = "DEMONO22"
MOST = 5


def load_demo_accounts() -> None:
    """The demo's treasurers work in authorities that pay by file."""
    for slug, number in ACCOUNTS.items():
        body = registers.entity(registers.authority(slug).id)
        values = {"name": body.name, "organisation_number": body.number, "account": number, "bic": BIC}
        models.OwnAccount.objects.get_or_create(owner=body.id, defaults=values)


def bank_file(own: models.OwnAccount) -> bytes:
    """A camt.054 as if the oldest bills had been paid today, and somebody had paid without a KID."""
    bills = models.Bill.objects.filter(creditor=own.owner, status="due", left__gt=0).order_by("pk")[:MOST]
    paid = [(one.left, one.kid) for one in bills] + [(123_00, "")]
    today, message = timezone.localdate(), uuid7().hex
    document = Element("Document", xmlns=camt.SPACES[-1])
    root = SubElement(document, "BkToCstmrDbtCdtNtfctn")
    now = timezone.localtime().replace(microsecond=0).isoformat()
    leaves(SubElement(root, "GrpHdr"), MsgId=message, CreDtTm=now)
    note = SubElement(root, "Ntfctn")
    leaves(note, Id=message, CreDtTm=now)
    leaf(note, "Acct/Id/Othr/Id", own.account)
    for place, (amount, kid) in enumerate(paid):
        _entry(note, f"{message}-{place}", amount, kid, today)
    body: bytes = tostring(document, encoding="utf-8", xml_declaration=True)
    return body


def _entry(note: Element, reference: str, amount: int, kid: str, day: date) -> None:
    entry = SubElement(note, "Ntry")
    leaf(entry, "Amt", f"{amount // 100}.{amount % 100:02}").set("Ccy", "NOK")
    leaf(entry, "CdtDbtInd", "CRDT")
    leaf(entry, "Sts/Cd", "BOOK")
    leaf(entry, "BookgDt/Dt", day.isoformat())
    leaf(entry, "ValDt/Dt", day.isoformat())
    leaf(entry, "AcctSvcrRef", reference)
    leaf(entry, "BkTxCd/Prtry/Cd", "DEMO")
    details = SubElement(SubElement(entry, "NtryDtls"), "TxDtls")
    leaf(details, "Refs/AcctSvcrRef", reference)
    leaf(details, "RltdPties/Dbtr/Pty/Nm", "Demo Betaler")
    if kid:
        leaf(details, "RmtInf/Strd/CdtrRefInf/Ref", kid)
    else:
        leaf(details, "RmtInf/Ustrd", "Takk for sist")
