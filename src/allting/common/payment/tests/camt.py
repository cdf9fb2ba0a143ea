"""Notices from a bank for tests, as camt.054.001.08 or .02."""

from __future__ import annotations

from uuid import uuid4


def payment(amount="90.00", kid="", *, ref=None, currency="NOK", comes=True, account="00000000019", name="Kari Prøve",
            end_to_end="", version="08", extra=""):  # fmt: skip
    """One TxDtls; ``ref`` is the bank's reference."""
    own = f'<Amt Ccy="{currency}">{amount}</Amt>'
    if version == "02":
        own = f"<AmtDtls><TxAmt>{own}</TxAmt></AmtDtls>"
    ways = f"<CdtDbtInd>{'CRDT' if comes else 'DBIT'}</CdtDbtInd>" if version == "08" else ""
    party = f"<Pty><Nm>{name}</Nm></Pty>" if version == "08" else f"<Nm>{name}</Nm>"
    side = "Dbtr" if comes else "Cdtr"
    other = (
        f"<{side}Acct><Id><Othr><Id>{account}</Id><SchmeNm><Cd>BBAN</Cd></SchmeNm></Othr></Id></{side}Acct>"
        if account else ""
    )  # fmt: skip
    about = "".join(f"<Strd><CdtrRefInf><Ref>{one}</Ref></CdtrRefInf></Strd>" for one in kid.split(",") if one)
    end = f"<EndToEndId>{end_to_end}</EndToEndId>" if end_to_end else ""
    return (
        f"<TxDtls><Refs><AcctSvcrRef>{ref or uuid4().hex}</AcctSvcrRef>{end}</Refs>{own}{ways}"
        f"<RltdPties><{side}>{party}</{side}>{other}</RltdPties><RmtInf>{about}</RmtInf>{extra}</TxDtls>"
    )


def entry(*payments, amount="90.00", currency="NOK", comes=True, ref=None, version="08", reversal="", status="BOOK",
          day="2026-11-24", extra=""):  # fmt: skip
    state = f"<Sts><Cd>{status}</Cd></Sts>" if version == "08" else f"<Sts>{status}</Sts>"
    back = f"<RvslInd>{reversal}</RvslInd>" if reversal else ""
    return (
        f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{"CRDT" if comes else "DBIT"}</CdtDbtInd>{back}{state}'
        f"<BookgDt><Dt>{day}</Dt></BookgDt><AcctSvcrRef>{ref or uuid4().hex}</AcctSvcrRef>"
        f"<BkTxCd><Prtry><Cd>1</Cd></Prtry></BkTxCd>{extra}"
        f"{'<NtryDtls>' + ''.join(payments) + '</NtryDtls>' if payments else ''}</Ntry>"
    )


def notice(account, *entries, version="08", summary="", extra=""):
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.{version}">'
        "<BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-11-25T06:00:00</CreDtTm></GrpHdr>"
        "<Ntfctn><Id>N1</Id><CreDtTm>2026-11-25T06:00:00</CreDtTm>"
        f"<Acct><Id><Othr><Id>{account}</Id></Othr></Id></Acct>{summary}{''.join(entries)}{extra}"
        "</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>"
    ).encode()
