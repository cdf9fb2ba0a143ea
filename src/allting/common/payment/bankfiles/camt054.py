"""What the bank tells of money that came and went: ISO 20022 camt.054.001.08 and .02, read and held against itself.

Another wrote the file: no entities, no DTD, nothing fetched, a limit to its size, and no member that the message
does not have. All of it can be read, or none of it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from hashlib import sha256
from importlib.resources import files

import yaml
from lxml import etree

from allting.kernel.numbers import BadNumber, bank_account

SPACE = "urn:iso:std:iso:20022:tech:xsd:camt.054.001."
MOST_BYTES = 50_000_000
_MOST = 10**13  # hundredths: more than any payment
_TWO_DIGITS = "NOK SEK DKK EUR USD GBP CHF PLN".split()  # of those, more than two decimals is a fault


class Unreadable(ValueError):
    """The file is refused; the text says why and where, and never what is in it of anybody's."""


@dataclass(frozen=True, slots=True)
class Told:
    """One payment. ``amount`` in hundredths of the currency; ``reference`` is the bank's own, unique on ``account``."""

    account: str
    reference: str
    comes: bool
    amount: int
    currency: str
    day: date
    reversal: bool = False
    kid: str = ""
    several: bool = False
    end_to_end: str = ""
    other_account: str = ""
    other_name: str = ""

    @property
    def key(self) -> str:
        return "entry:" + sha256(f"{self.account}\0{self.reference}".encode()).hexdigest()


def read(contents: bytes) -> list[Told]:
    """Every booked payment of the file, in its order. Raises Unreadable."""
    if len(contents) > MOST_BYTES:
        raise Unreadable(f"the file has more than {MOST_BYTES // 1_000_000} MB")
    root = _parsed(contents)
    version = root.tag.removeprefix(f"{{{SPACE}").removesuffix("}Document")
    if version not in _members() or root.tag != f"{{{SPACE}{version}}}Document":
        raise Unreadable("it is no camt.054.001.08 or camt.054.001.02")
    reader = _Reader(version)
    found = list(reader.all_of(root))
    if len({one.key for one in found}) < len(found):
        raise Unreadable("two payments have the same reference from the bank")
    return found


def _parsed(contents: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        if b"<!DOCTYPE" in contents:
            raise Unreadable("it has a DTD")
        root = etree.fromstring(contents, parser)
    except etree.XMLSyntaxError as fault:
        raise Unreadable(f"it is not XML (line {fault.lineno})") from None
    if root.getroottree().docinfo.doctype:
        raise Unreadable("it has a DTD")
    return root


@cache
def _members() -> dict[str, dict[str, list[str]]]:
    path = files("allting.common.payment.bankfiles") / "camt054.yaml"
    found: dict[str, dict[str, list[str]]] = yaml.safe_load(path.read_text("utf-8"))
    return found


class _Reader:
    """Reads a message of one version; each element it opens is looked over for members it cannot have."""

    def __init__(self, version: str) -> None:
        self.space = f"{{{SPACE}{version}}}"
        self.members = {name: frozenset(listed) for name, listed in _members()[version].items()}

    def all_of(self, root: etree._Element) -> Iterator[Told]:
        message = self.one(self.open(root), "BkToCstmrDbtCdtNtfctn")
        self.open(message)
        self.open(self.one(message, "GrpHdr"))
        for notice in message.iterfind(f"{self.space}Ntfctn"):
            yield from self.notice(notice)

    def open(self, element: etree._Element) -> etree._Element:
        name = etree.QName(element).localname
        for child in element:
            tag = str(child.tag)
            if not tag.startswith(self.space) or tag[len(self.space) :] not in self.members[name]:
                raise Unreadable(f"line {child.sourceline}: {name} has no such member")
        return element

    def one(self, element: etree._Element, name: str) -> etree._Element:
        found = element.find(self.space + name)
        if found is None:
            raise Unreadable(f"line {element.sourceline}: {name} is missing")
        return found

    def text(self, element: etree._Element, path: str) -> str:
        found = element.find("/".join(self.space + name for name in path.split("/")))
        return (found.text or "").strip() if found is not None else ""

    # --- A notice, its entries, their payments -----------------------------------------------------

    def notice(self, notice: etree._Element) -> Iterator[Told]:
        self.open(notice)
        account = self.account(self.open(self.one(notice, "Acct")))
        entries = [self.open(one) for one in notice.iterfind(f"{self.space}Ntry")]
        self.hold_sums(notice, entries)
        for entry in entries:
            if (self.text(entry, "Sts/Cd") or self.text(entry, "Sts")) == "BOOK":
                yield from self.entry(entry, account)

    def account(self, element: etree._Element) -> str:
        """As eleven digits; empty for an account of another country."""
        iban = self.text(element, "Id/IBAN")
        number = self.text(element, "Id/Othr/Id")
        if iban:
            return _of_iban(iban)
        try:
            return bank_account(number)
        except BadNumber:
            return ""

    def hold_sums(self, notice: etree._Element, entries: list[etree._Element]) -> None:
        summary = notice.find(f"{self.space}TxsSummry")
        total = None if summary is None else self.open(summary).find(f"{self.space}TtlNtries")
        if total is None:
            return
        count, amount = self.text(self.open(total), "NbOfNtries"), self.text(total, "Sum")
        if count and (not count.isdecimal() or int(count) != len(entries)):
            raise Unreadable(f"line {total.sourceline}: it does not have as many entries as it says")
        if amount and _decimal(amount, total) != sum(_decimal(self.text(one, "Amt"), one) for one in entries):
            raise Unreadable(f"line {total.sourceline}: the entries have another sum than it says")

    def entry(self, entry: etree._Element, account: str) -> Iterator[Told]:
        amount, currency = self.amount(self.one(entry, "Amt"))
        payments: list[etree._Element] = []
        for details in entry.iterfind(f"{self.space}NtryDtls"):
            payments += self.open(details).iterfind(f"{self.space}TxDtls")
        if not payments:
            yield self.told(entry, None, account, amount, currency, "")
            return
        found = [
            self.told(entry, self.open(one), account, *self.paid(one, amount, currency, alone=len(payments) == 1),
                      str(place) if len(payments) > 1 else "")
            for place, one in enumerate(payments)
        ]  # fmt: skip
        if {one.currency for one in found} == {currency} and sum(one.amount for one in found) != amount:
            raise Unreadable(f"line {entry.sourceline}: the payments have another sum than the entry")
        yield from found

    def paid(self, payment: etree._Element, amount: int, currency: str, *, alone: bool) -> tuple[int, str]:
        """The payment's own amount (.08: Amt, .02: AmtDtls/TxAmt/Amt), or the entry's when it is alone in it."""
        own = payment.find(f"{self.space}Amt")
        if own is None:
            own = payment.find("/".join(self.space + one for one in ("AmtDtls", "TxAmt", "Amt")))
        if own is not None:
            return self.amount(own)
        if not alone:
            raise Unreadable(f"line {payment.sourceline}: a payment without an amount")
        return amount, currency

    def amount(self, element: etree._Element) -> tuple[int, str]:
        currency = element.get("Ccy", "")
        if not (len(currency) == 3 and currency.isascii() and currency.isupper()):
            raise Unreadable(f"line {element.sourceline}: an amount without a currency")
        hundredths = _decimal((element.text or "").strip(), element) * 100
        if hundredths != int(hundredths) and currency in _TWO_DIGITS:
            raise Unreadable(f"line {element.sourceline}: an amount with parts of an øre")
        if not 0 < hundredths < _MOST:
            raise Unreadable(f"line {element.sourceline}: an amount that cannot be")
        return int(hundredths), currency

    def told(
        self, entry: etree._Element, payment: etree._Element | None, account: str, amount: int, currency: str,
        place: str,
    ) -> Told:  # fmt: skip
        comes = self.direction(entry if payment is None else payment) or self.direction(entry)
        if comes not in ("CRDT", "DBIT"):
            raise Unreadable(f"line {entry.sourceline}: it says not whether the money came or went")
        day = self.text(entry, "BookgDt/Dt") or self.text(entry, "BookgDt/DtTm")[:10]
        refs = None if payment is None else payment.find(f"{self.space}Refs")
        kids = [] if payment is None else self.kids(payment)
        return Told(
            account, self.reference(entry, refs, place), comes == "CRDT", amount, currency, _day(day, entry),
            reversal=self.text(entry, "RvslInd") == "true", kid=kids[0][:35] if len(kids) == 1 else "",
            several=len(kids) > 1, end_to_end="" if refs is None else self.text(refs, "EndToEndId"),
            other_account="" if payment is None else self.other(payment, comes),
            other_name="" if payment is None else self.name(payment, comes)[:140],
        )  # fmt: skip

    def direction(self, element: etree._Element) -> str:
        return self.text(element, "CdtDbtInd")

    def reference(self, entry: etree._Element, refs: etree._Element | None, place: str) -> str:
        """The bank's reference of the payment, else of the entry with the payment's place in it."""
        own = "" if refs is None else self.text(self.open(refs), "AcctSvcrRef")
        of_entry = self.text(entry, "AcctSvcrRef") or self.text(entry, "NtryRef")
        if own and own != of_entry:
            return own
        if not of_entry:
            raise Unreadable(f"line {entry.sourceline}: a payment without the bank's reference")
        return f"{of_entry}/{place}" if place else of_entry

    def kids(self, payment: etree._Element) -> list[str]:
        about = payment.find(f"{self.space}RmtInf")
        found: dict[str, None] = {}
        for one in () if about is None else self.open(about).iterfind(f"{self.space}Strd"):
            reference = self.open(one).find(f"{self.space}CdtrRefInf")
            if reference is not None and (text := self.text(self.open(reference), "Ref")):
                found["".join(text.split())] = None
        return list(found)

    def other(self, payment: etree._Element, comes: str) -> str:
        """Where the money came from, or went; empty when it is not told, or in another country."""
        parties = payment.find(f"{self.space}RltdPties")
        if parties is None:
            return ""
        found = self.open(parties).find(self.space + ("DbtrAcct" if comes == "CRDT" else "CdtrAcct"))
        return "" if found is None else self.account(found)

    def name(self, payment: etree._Element, comes: str) -> str:
        """Who paid, or was paid (.08: Pty/Nm, .02: Nm)."""
        party = "RltdPties/" + ("Dbtr" if comes == "CRDT" else "Cdtr")
        return self.text(payment, f"{party}/Pty/Nm") or self.text(payment, f"{party}/Nm")


def _of_iban(iban: str) -> str:
    """The eleven digits of a Norwegian IBAN (ISO 13616: NO, two check digits by modulus 97)."""
    text = "".join(iban.split()).upper()
    if not (len(text) == 15 and text.startswith("NO") and text[2:].isdecimal() and text.isascii()):
        return ""
    if int(text[4:] + "2324" + text[2:4]) % 97 != 1:
        return ""
    try:
        return bank_account(text[4:])
    except BadNumber:
        return ""


def _decimal(text: str, where: etree._Element) -> Decimal:
    try:
        if not text.isascii() or set(text) - set("0123456789.") or len(text) > 20:
            raise InvalidOperation
        return Decimal(text)
    except InvalidOperation:
        raise Unreadable(f"line {where.sourceline}: an amount that cannot be read") from None


def _day(text: str, where: etree._Element) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Unreadable(f"line {where.sourceline}: a payment without the day it was booked") from None
