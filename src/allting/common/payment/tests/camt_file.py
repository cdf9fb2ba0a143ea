"""Files as a bank writes them, of either version, for tests."""

from __future__ import annotations

from xml.sax.saxutils import escape

ACCOUNT = "00000000027"


def payment(amount, kid="", ref="R1", **more):
    """One payment: ``amount`` øre."""
    return {"amount": amount, "kid": kid, "ref": ref, "name": "Kari Prøve", "account": "00000000035"} | more


def camt(*payments, version="08", account=ACCOUNT, message="M1", day="2026-11-02", entry=None, sts="BOOK", kind="CRDT"):
    """A file with one entry of all the payments; ``entry``: its amount, when it is to be another than their sum."""
    total = entry if entry is not None else sum(one["amount"] for one in payments)
    new = version == "08"
    status = f"<Sts><Cd>{sts}</Cd></Sts>" if new else f"<Sts>{sts}</Sts>"
    details = "".join(_details(one, new) for one in payments)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.{version}"><BkToCstmrDbtCdtNtfctn>
<GrpHdr><MsgId>{message}</MsgId><CreDtTm>2026-11-02T06:00:00+01:00</CreDtTm></GrpHdr>
<Ntfctn><Id>N1</Id><CreDtTm>2026-11-02T06:00:00+01:00</CreDtTm><Acct><Id><Othr><Id>{account}</Id></Othr></Id></Acct>
<Ntry><Amt Ccy="{_currency(payments)}">{_kroner(total)}</Amt><CdtDbtInd>{kind}</CdtDbtInd>{status}
<BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt><AcctSvcrRef>E1</AcctSvcrRef>
<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>VCOM</SubFmlyCd></Fmly></Domn></BkTxCd>
<NtryDtls>{details}</NtryDtls></Ntry></Ntfctn></BkToCstmrDbtCdtNtfctn></Document>""".encode()


def _currency(payments):
    return payments[0].get("currency", "NOK") if payments else "NOK"


def _kroner(ore):
    return f"{ore // 100}.{ore % 100:02}"


def _details(one, new):
    amount = f'<Amt Ccy="{one.get("currency", "NOK")}">{_kroner(one["amount"])}</Amt>'
    amount = f"{amount}<CdtDbtInd>CRDT</CdtDbtInd>" if new else f"<AmtDtls><TxAmt>{amount}</TxAmt></AmtDtls>"
    refs = f"<AcctSvcrRef>{one['ref']}</AcctSvcrRef>" if one["ref"] else "<EndToEndId>x</EndToEndId>"
    name = f"<Nm>{escape(one['name'])}</Nm>"
    payer = f"<Dbtr><Pty>{name}</Pty></Dbtr>" if new else f"<Dbtr>{name}</Dbtr>"
    if one["account"]:
        payer += f"<DbtrAcct><Id><Othr><Id>{one['account']}</Id></Othr></Id></DbtrAcct>"
    kid = f"<Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp><Ref>{one['kid']}</Ref></CdtrRefInf></Strd>"
    about = kid if one["kid"] else "<Ustrd>for gebyret</Ustrd>"
    returned = "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>" if one.get("returned") else ""
    return (
        f"<TxDtls><Refs>{refs}</Refs>{amount}<RltdPties>{payer}</RltdPties><RmtInf>{about}</RmtInf>{returned}</TxDtls>"
    )
