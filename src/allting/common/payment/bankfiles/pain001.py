"""An order to the bank to pay: ISO 20022 pain.001.001.09, as Norwegian banks take it.

Kroner only, from and to Norwegian accounts (eleven digits, written as BBAN). The same order gives the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from lxml import etree
from lxml.builder import ElementMaker

from allting.kernel.numbers import bank_account, check_kid

SPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
_E = ElementMaker(namespace=SPACE, nsmap={None: SPACE})
_UNFIT = re.compile(r"[^\w .,:;/()+?'\-]|_", re.ASCII)  # what banks take everywhere, besides letters with accents
_LETTERS = "ÆØÅæøåÄÖäöÉéÜüÁáČčĐđŊŋŠšŦŧŽžÈèÊêÓóÒòÔô"  # ISO 8859-1 and Sámi


@dataclass(frozen=True, slots=True)
class Payer:
    """The authority: its account has eleven digits, ``bic`` is its bank."""

    name: str
    organisation_number: str
    account: str
    bic: str


@dataclass(frozen=True, slots=True)
class Line:
    """One payment, in øre; ``end_to_end`` comes back in the bank's notice. With a KID ``text`` is left out."""

    end_to_end: UUID
    name: str
    account: str
    amount: int
    text: str
    kid: str = ""


def write(reference: UUID, made: datetime, day: date, payer: Payer, lines: Sequence[Line]) -> bytes:
    """The file; ``day`` is when the bank is asked to pay. Raises ValueError (BadNumber) for what no bank would take."""
    if not lines:
        raise ValueError("an order pays something")
    count, total = str(len(lines)), _kroner(sum(one.amount for one in lines))
    header = _E.GrpHdr(
        _E.MsgId(reference.hex),
        _E.CreDtTm(made.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")),
        _E.NbOfTxs(count),
        _E.CtrlSum(total),
        _party("InitgPty", payer),
    )
    information = _E.PmtInf(
        _E.PmtInfId(f"{reference.hex}-1"),
        _E.PmtMtd("TRF"),
        _E.BtchBookg("false"),  # one entry for each, so that each is told of
        _E.NbOfTxs(count),
        _E.CtrlSum(total),
        _E.PmtTpInf(_E.SvcLvl(_E.Cd("NURG"))),
        _E.ReqdExctnDt(_E.Dt(day.isoformat())),
        _party("Dbtr", payer),
        _account("DbtrAcct", payer.account, "NOK"),
        _E.DbtrAgt(_E.FinInstnId(_E.BICFI(payer.bic))),
        *[_line(one) for one in lines],
    )
    root = _E.Document(_E.CstmrCdtTrfInitn(header, information))
    made_of: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return made_of


def _party(tag: str, payer: Payer) -> etree._Element:
    number = _E.Othr(_E.Id(payer.organisation_number), _E.SchmeNm(_E.Cd("CUST")))
    return _E(tag, _E.Nm(_plain(payer.name, 70)), _E.Id(_E.OrgId(number)))


def _account(tag: str, number: str, currency: str = "") -> etree._Element:
    found = _E(tag, _E.Id(_E.Othr(_E.Id(bank_account(number)), _E.SchmeNm(_E.Cd("BBAN")))))
    if currency:
        found.append(_E.Ccy(currency))
    return found


def _line(one: Line) -> etree._Element:
    if one.amount <= 0:
        raise ValueError("a payment is more than nothing")
    about = _reference(one.kid) if one.kid else _E.Ustrd(_plain(one.text, 140))
    return _E.CdtTrfTxInf(
        _E.PmtId(_E.EndToEndId(one.end_to_end.hex)),
        _E.Amt(_E.InstdAmt(_kroner(one.amount), Ccy="NOK")),
        _E.Cdtr(_E.Nm(_plain(one.name, 70))),
        _account("CdtrAcct", one.account),
        _E.RmtInf(about),
    )


def _reference(kid: str) -> etree._Element:
    """The creditor's reference (KID), of which banks check the last digit by MOD10 or MOD11."""
    try:
        number = check_kid(kid)
    except ValueError:
        number = check_kid(kid, 11)
    return _E.Strd(_E.CdtrRefInf(_E.Tp(_E.CdOrPrtry(_E.Cd("SCOR"))), _E.Ref(number)))


def _kroner(ore: int) -> str:
    return f"{ore // 100}.{ore % 100:02}"


def _plain(text: str, most: int) -> str:
    """As the bank's character set has it; never empty."""
    kept = "".join(one if one in _LETTERS else _UNFIT.sub(" ", one) for one in text)
    return " ".join(kept.split())[:most].strip() or "-"
