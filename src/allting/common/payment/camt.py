"""What the bank tells has come: ISO 20022 camt.054.001.02 and .08 (debit and credit notification), read strictly.

Nothing is believed that was not meant: no DTD, no entity, no element this does not know on the way to the money, no
currency but NOK, no payment without the bank's own reference, and no details that do not sum up to their entry.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from django.utils.translation import gettext_lazy as _

from allting.kernel.numbers import BadNumber, bank_account
from allting.kernel.problems import Invalid

SPACES = tuple(f"urn:iso:std:iso:20022:tech:xsd:camt.054.001.{version}" for version in ("02", "08"))
LARGEST = 20_000_000  # bytes
DEEPEST, MOST_ELEMENTS = 40, 2_000_000
# Every element that may stand on the way to the money, of either version.
KNOWN = {
    "Document": "BkToCstmrDbtCdtNtfctn",
    "BkToCstmrDbtCdtNtfctn": "GrpHdr Ntfctn SplmtryData",
    "Ntfctn": "Id NtfctnPgntn ElctrncSeqNb RptgSeq LglSeqNb CreDtTm FrToDt CpyDplctInd RptgSrc Acct RltdAcct Intrst"
    " TxsSummry Ntry AddtlNtfctnInf",
    "Ntry": "NtryRef Amt CdtDbtInd RvslInd Sts BookgDt ValDt AcctSvcrRef Avlbty BkTxCd ComssnWvrInd AddtlInfInd AmtDtls"
    " Chrgs TechInptChanl Intrst CardTx NtryDtls AddtlNtryInf",
    "NtryDtls": "Btch TxDtls",
    "TxDtls": "Refs Amt CdtDbtInd AmtDtls Avlbty BkTxCd Chrgs Intrst RltdPties RltdAgts LclInstrm Purp RltdRmtInf"
    " RmtInf RltdDts RltdPric RltdQties FinInstrmId Tax RtrInf CorpActn SfkpgAcct CshDpst CardTx AddtlTxInf"
    " SplmtryData",
    "RmtInf": "Ustrd Strd",
    "CdtrRefInf": "Tp Ref",
}


@dataclass(frozen=True, slots=True)
class Credit:
    """Money that came to ``account``: ``amount`` øre on ``day``; ``reference`` is the bank's, the same in every file.

    ``returned``: it is a payment of ours that could not be carried out.
    """

    account: str
    reference: str
    amount: int
    day: date
    kid: str = ""
    text: str = ""
    payer_name: str = ""
    payer_account: str = ""
    returned: bool = False


@dataclass(frozen=True, slots=True)
class File:
    """``left_out``: entries that are debits or not booked yet."""

    message: str
    accounts: frozenset[str]
    credits: tuple[Credit, ...]
    left_out: int


def refused(code: str, text: Any) -> Invalid:
    """Why a file is not read at all; nothing of it was booked."""
    return Invalid(code=f"camt-{code}", errors={"file": [text]})


def read(data: bytes) -> File:
    """The file's credits. Raises Invalid, whose error of "file" says why."""
    root = _tree(data)
    space, _brace, name = root.tag.removeprefix("{").rpartition("}")
    if name != "Document" or space not in SPACES:
        raise refused("other-kind", _("This is not a notification of payments (camt.054) of a version we read."))
    for node in root.iter():
        node.tag = node.tag.removeprefix(f"{{{space}}}")
    _only_known(root)
    found, left_out, accounts = [], 0, set()
    for note in root.findall("BkToCstmrDbtCdtNtfctn/Ntfctn"):
        account = _account(note)
        accounts.add(account)
        for entry in note.findall("Ntry"):
            if not _counts(entry):
                left_out += 1
                continue
            found += _entry(account, entry)
    return File(_text(root, "BkToCstmrDbtCdtNtfctn/GrpHdr/MsgId"), frozenset(accounts), _numbered(found), left_out)


# --- As XML ------------------------------------------------------------------------------------------


def _tree(data: bytes) -> Element:
    if len(data) > LARGEST:
        raise refused("too-large", _("The file is too large. Ask the bank for several smaller ones."))
    builder, parser = TreeBuilder(), expat.ParserCreate(namespace_separator="}")
    depth = count = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > DEEPEST or count > MOST_ELEMENTS:
            raise refused("too-large", _("The file is too large. Ask the bank for several smaller ones."))
        builder.start("{" + name if "}" in name else name, attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end("{" + name if "}" in name else name)

    def doctype(*args: Any) -> None:
        raise refused("doctype", _("The file has parts that a file from a bank does not have."))

    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = builder.data, doctype
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError):
        raise refused("not-xml", _("The file is damaged, or it is not XML.")) from None
    return builder.close()


def _only_known(root: Element) -> None:
    for node in root.iter():
        known = KNOWN.get(node.tag)
        if known is not None and not {one.tag for one in node} <= set(known.split()):
            raise refused("unknown-member", _("The file has a part we do not know. Nothing of it was read."))


def _text(node: Element, *paths: str) -> str:
    return next((text.strip() for path in paths if (text := node.findtext(path))), "")


# --- As money ----------------------------------------------------------------------------------------


def _account(note: Element) -> str:
    return norwegian(_text(note, "Acct/Id/Othr/Id", "Acct/Id/IBAN"))


def norwegian(number: str) -> str:
    """An account's eleven digits, from BBAN or IBAN; as it is when it is another country's."""
    digits = number.replace(" ", "").replace(".", "")
    if digits.startswith("NO") and len(digits) == 15:
        digits = digits[4:]
    try:
        return bank_account(digits)
    except BadNumber:
        return number


def _counts(entry: Element) -> bool:
    return _text(entry, "CdtDbtInd") == "CRDT" and _text(entry, "Sts/Cd", "Sts") == "BOOK"


def _entry(account: str, entry: Element) -> list[Credit]:
    total, day = _amount(entry, "Amt"), _day(entry)
    details = entry.findall("NtryDtls/TxDtls")
    returned = _text(entry, "RvslInd") == "true"
    if not details:
        text = _text(entry, "AddtlNtryInf")[:140]
        return [Credit(account, _reference(entry, entry), total, day, text=text, returned=returned)]
    paths = ("Amt", "AmtDtls/TxAmt/Amt")
    amounts = [total] if len(details) == 1 else [_amount(one, *paths) for one in details]
    if sum(amounts) != total or (len(details) == 1 and _given(details[0], *paths) not in (None, total)):
        raise refused("sums", _("The amounts in the file do not add up. Nothing of it was read."))
    return [_credit(account, entry, one, amount, day, returned) for one, amount in zip(details, amounts, strict=True)]


def _credit(account: str, entry: Element, one: Element, amount: int, day: date, returned: bool) -> Credit:
    return Credit(
        account, _reference(entry, one), amount, day,
        kid="".join(_text(one, "RmtInf/Strd/CdtrRefInf/Ref").split()),
        text=_text(one, "RmtInf/Ustrd", "AddtlTxInf")[:140],
        payer_name=_text(one, "RltdPties/Dbtr/Pty/Nm", "RltdPties/Dbtr/Nm")[:140],
        payer_account=norwegian(_text(one, "RltdPties/DbtrAcct/Id/Othr/Id", "RltdPties/DbtrAcct/Id/IBAN"))[:34],
        returned=returned or one.find("RtrInf") is not None,
    )  # fmt: skip


def _reference(entry: Element, one: Element) -> str:
    found = _text(one, "Refs/AcctSvcrRef", "Refs/AcctSvcrTxId", "Refs/TxId") or _text(entry, "AcctSvcrRef", "NtryRef")
    if not found or len(found) > 35:
        raise refused("no-reference", _("A payment in the file lacks the bank's reference. Nothing of it was read."))
    return found


def _numbered(found: list[Credit]) -> tuple[Credit, ...]:
    """Details that share a reference are told apart by their order, which is the same each time the bank tells."""
    seen: Counter[tuple[str, date, str]] = Counter()
    result = []
    for one in found:
        place = one.account, one.day, one.reference
        seen[place] += 1
        number = f"#{seen[place]}" if seen[place] > 1 else ""
        values = {name: getattr(one, name) for name in Credit.__slots__}
        result.append(Credit(**values | {"reference": one.reference + number}))
    return tuple(result)


def _given(node: Element, *paths: str) -> int | None:
    return _amount(node, *paths) if any(node.find(path) is not None for path in paths) else None


def _amount(node: Element, *paths: str) -> int:
    found = next((one for path in paths if (one := node.find(path)) is not None), None)
    if found is None:
        raise refused("amount", _("A payment in the file lacks its amount. Nothing of it was read."))
    if found.get("Ccy") != "NOK":
        raise refused("currency", _("The file has a payment in another currency. Nothing of it was read."))
    try:
        ore = Decimal(found.text or "") * 100
    except InvalidOperation:
        ore = Decimal("NaN")
    if not ore.is_finite() or ore != ore.to_integral_value() or not 0 < ore < 10**15:
        raise refused("amount", _("An amount in the file is not one. Nothing of it was read."))
    return int(ore)


def _day(entry: Element) -> date:
    """The day it came to the account; else the day it was booked."""
    try:
        return date.fromisoformat(_text(entry, "ValDt/Dt", "ValDt/DtTm", "BookgDt/Dt", "BookgDt/DtTm")[:10])
    except ValueError:
        raise refused("day", _("A payment in the file lacks its day. Nothing of it was read.")) from None
