"""A batch of payments as the bank reads it: ISO 20022 pain.001.001.09 (CustomerCreditTransferInitiationV09).

The same batch is written as the same bytes each time, with the same message id, so that a bank that gets it twice knows
it. Accounts are Norwegian ones, written as BBAN; the currency is NOK.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from allting.kernel.text import written

SPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
CURRENCY = "NOK"


@dataclass(frozen=True, slots=True)
class Payer:
    """The authority and its account; ``bic`` is its bank's."""

    name: str
    organisation_number: str
    account: str
    bic: str


@dataclass(frozen=True, slots=True)
class Transfer:
    """One payment: ``amount`` øre to ``account``; ``reference`` follows it to its end (35 characters at most)."""

    reference: str
    name: str
    account: str
    amount: int
    text: str


def write(reference: str, made: datetime, day: date, payer: Payer, transfers: Sequence[Transfer]) -> bytes:
    """The file: one message with one group of payments, carried out on ``day``. Raises ValueError for none."""
    if not transfers:
        raise ValueError("a batch has a payment at least")
    document = Element("Document", xmlns=SPACE)
    message = SubElement(document, "CstmrCdtTrfInitn")
    header = SubElement(message, "GrpHdr")
    leaves(header, MsgId=reference, CreDtTm=made.replace(microsecond=0).isoformat(), **_sums(transfers))
    _party(SubElement(header, "InitgPty"), payer)
    group = SubElement(message, "PmtInf")
    leaves(group, PmtInfId=reference, PmtMtd="TRF", BtchBookg="true", **_sums(transfers))
    leaf(group, "ReqdExctnDt/Dt", day.isoformat())
    _party(SubElement(group, "Dbtr"), payer)
    _account(group, "DbtrAcct", payer.account)
    leaf(group, "DbtrAgt/FinInstnId/BICFI", payer.bic)
    leaf(group, "ChrgBr", "SLEV")
    for one in transfers:
        _transfer(SubElement(group, "CdtTrfTxInf"), one)
    body: bytes = tostring(document, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body


def _sums(transfers: Sequence[Transfer]) -> dict[str, str]:
    return {"NbOfTxs": str(len(transfers)), "CtrlSum": _kroner(sum(one.amount for one in transfers))}


def _transfer(node: Element, one: Transfer) -> None:
    leaf(node, "PmtId/EndToEndId", one.reference)
    leaf(node, "Amt/InstdAmt", _kroner(one.amount)).set("Ccy", CURRENCY)
    leaf(node, "Cdtr/Nm", _text(one.name) or "-")
    _account(node, "CdtrAcct", one.account)
    leaf(node, "RmtInf/Ustrd", _text(one.text))


def _party(node: Element, payer: Payer) -> None:
    leaf(node, "Nm", _text(payer.name))
    other = SubElement(SubElement(SubElement(node, "Id"), "OrgId"), "Othr")
    leaf(other, "Id", payer.organisation_number)
    leaf(other, "SchmeNm/Cd", "COID")  # ISO 20022 external code: a country's identification number of an organisation


def _account(node: Element, name: str, number: str) -> None:
    other = SubElement(SubElement(SubElement(node, name), "Id"), "Othr")
    leaf(other, "Id", number)
    leaf(other, "SchmeNm/Cd", "BBAN")


def leaf(node: Element, path: str, text: str) -> Element:
    """The element at ``path`` below ``node``, made anew from its first step on."""
    for name in path.split("/"):
        node = SubElement(node, name)
    node.text = text
    return node


def leaves(node: Element, **values: str) -> None:
    """A leaf below ``node`` for each of ``values``, in order."""
    for name, value in values.items():
        leaf(node, name, value)


def _text(text: str) -> str:
    return " ".join(written(text).split())[:140].strip()


def _kroner(ore: int) -> str:
    return f"{ore // 100}.{ore % 100:02}"
