"""``make bench``: sealed, tagged letters (PDF/UA, PAdES B-LT) per CPU second, beside typst alone and pyHanko alone.

typst alone makes the same letter; pyHanko alone seals that letter at the same level, with time stamps from
memory and the same certificates and lists given to it. The goal is 0.8 of the slower of the two.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable
from io import BytesIO
from typing import Any

from bench import stage

LETTERS, ROUNDS = 20, 3


def main() -> int:
    stage.settings()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from allting.common.mailbox.rendering import pdf_of
    from allting.common.signature import api as signature

    letter = _letter()
    plain = pdf_of(letter)
    seal = _pyhanko()
    assert signature.verify(seal(plain)).signed
    ways: dict[str, Callable[[int], Any]] = {
        "typst alone": lambda number: pdf_of(letter | {"case_number": f"2026/{number}"}),
        "pyHanko alone": lambda number: seal(plain),
        "ours: typst and seal": lambda number: signature.seal(
            pdf_of(letter | {"case_number": f"2027/{number}"}), "Vedtak"
        ),
    }
    rates = {name: max(_rate(do) for _round in range(ROUNDS)) for name, do in ways.items()}
    for name, rate in rates.items():
        print(f"{name:34} {rate:7.1f} letters per CPU second")
    slower = min(rates["typst alone"], rates["pyHanko alone"])
    print(f"{'of the slower one':34} {rates['ours: typst and seal'] / slower:7.2f} (the goal is 0.8)")
    return 0


def _rate(do: Callable[[int], Any]) -> float:
    do(-1)
    began = time.process_time()
    for number in range(LETTERS):
        do(number)
    return LETTERS / (time.process_time() - began)


def _letter() -> dict[str, Any]:
    paragraph = {"kind": "paragraph", "text": "Barnet ditt har fått plass i barnehagen fra august. " * 6}
    heading = {"kind": "heading", "text": "Begrunnelse"}
    facts = {"kind": "facts", "rows": [["Barn", "Ola Prøve"], ["Barnehage", "Fjellbarnehagen"]]}
    return {
        "language": "nb", "title": "Vedtak om barnehageplass", "sender_name": "Molde kommune",
        "recipient_name": "Kari Prøve", "case_number": "2026/1", "appeal": "Du kan klage innen tre uker. " * 5,
        "blocks": [paragraph, facts, heading, paragraph, paragraph],
    }  # fmt: skip


def _pyhanko() -> Callable[[bytes], bytes]:
    """pyHanko's own PdfSigner, with its signer, its stamper in memory and its way of embedding what is needed."""
    from asn1crypto import keys, tsp
    from asn1crypto import x509 as asn1
    from cryptography.hazmat.primitives import serialization
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers
    from pyhanko.sign.timestamps import TimeStamper
    from pyhanko_certvalidator import ValidationContext
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    from allting.common.signature import authority, revocation, timestamps
    from allting.kernel.pki import DER, Bearer

    def certificate(one: Any) -> Any:
        return asn1.Certificate.load(one.public_bytes(DER))

    def key(bearer: Bearer) -> Any:
        plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        return keys.PrivateKeyInfo.load(bearer.key.private_bytes(DER, *plain))

    class Stamper(TimeStamper):  # type: ignore[misc]
        """Its own dummy stamper is for RSA only; ours answers it, in memory."""

        async def async_request_tsa_response(self, req: Any) -> Any:
            return tsp.TimeStampResp.load(timestamps.answer(req.dump()))

    root, issuing = certificate(authority.root_certificate()), certificate(authority.issuing().certificate)
    store = SimpleCertificateStore()
    store.register_multiple([issuing, root])
    seal = authority.own("seal")
    signer = signers.SimpleSigner(
        signing_cert=certificate(seal.certificate), signing_key=key(seal), cert_registry=store
    )
    stamper = Stamper()
    lists = [revocation.current(), authority.root_list()]

    def sealed(pdf: bytes) -> bytes:
        metadata = signers.PdfSignatureMetadata(
            field_name="Seal", md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES,
            embed_validation_info=True, reason="Vedtak",
            validation_context=ValidationContext(
                trust_roots=[root], other_certs=[issuing], crls=lists, allow_fetching=False
            ),
        )  # fmt: skip
        whole = signers.PdfSigner(metadata, signer=signer, timestamper=stamper)
        out: BytesIO = asyncio.run(whole.async_sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf))))
        return out.getvalue()

    return sealed


if __name__ == "__main__":
    sys.exit(main())
