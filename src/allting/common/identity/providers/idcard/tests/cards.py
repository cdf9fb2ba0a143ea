"""A card authority, its cards and its list of revoked ones, for tests."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.utils import timezone

POLICY = "2.16.578.1.99.1"


def usage(**on):
    names = (
        "digital_signature content_commitment key_encipherment data_encipherment key_agreement key_cert_sign crl_sign "
        "encipher_only decipher_only"
    ).split()
    return x509.KeyUsage(**{name: on.get(name, False) for name in names})


def _name(common, serial=""):
    parts = [x509.NameAttribute(NameOID.COUNTRY_NAME, "NO"), x509.NameAttribute(NameOID.COMMON_NAME, common)]
    return x509.Name(parts + ([x509.NameAttribute(NameOID.SERIAL_NUMBER, serial)] if serial else []))


class Authority:
    """A root and an issuing authority under it; its files in ``folder`` as a registry would write them."""

    def __init__(self, folder, name="Test"):
        self.folder = folder
        self.revoked = []
        self.root_key, self.key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        self.root = self._sign(_name(f"{name} root"), self.root_key, _name(f"{name} root"), self.root_key, ca=True)
        self.issuer = self._sign(_name(f"{name} cards"), self.key, self.root.subject, self.root_key, ca=True)
        if folder:
            self.publish()

    def publish(self, next_update=timedelta(days=1)):
        for name, one in (("root", self.root), ("cards", self.issuer)):
            (self.folder / f"idcard-{name}.pem").write_bytes(one.public_bytes(serialization.Encoding.PEM))
        now = timezone.now()
        made = x509.CertificateRevocationListBuilder().issuer_name(self.issuer.subject)
        made = made.last_update(now - timedelta(days=2)).next_update(now + next_update)
        made = made.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), False)
        made = made.add_extension(x509.CRLNumber(1), False)
        for one in self.revoked:
            row = x509.RevokedCertificateBuilder().serial_number(one.serial_number).revocation_date(now)
            made = made.add_revoked_certificate(row.build())
        signed = made.sign(self.key, hashes.SHA256())
        (self.folder / "idcard.crl").write_bytes(signed.public_bytes(serialization.Encoding.DER))

    def card(self, number, key=None, *, begins=-1, ends=30, serial=None, use=None, policy=POLICY, extended=True):
        """Certificate and key of the card of the person with this identity number."""
        key = key or ec.generate_private_key(ec.SECP256R1())
        subject = _name("Kari Prøve", serial if serial is not None else f"PNONO-{number}")
        made = self._builder(subject, key, self.issuer.subject, self.key, begins, ends)
        made = made.add_extension(use or usage(digital_signature=True), True)
        made = made.add_extension(x509.BasicConstraints(False, None), True)
        made = made.add_extension(
            x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier(policy), None)]), False
        )
        purpose = ExtendedKeyUsageOID.CLIENT_AUTH if extended else ExtendedKeyUsageOID.CODE_SIGNING
        made = made.add_extension(x509.ExtendedKeyUsage([purpose]), False)
        return made.sign(self.key, hashes.SHA256()), key

    def _sign(self, subject, key, issuer, issuer_key, ca):
        made = self._builder(subject, key, issuer, issuer_key, -10, 365)
        made = made.add_extension(x509.BasicConstraints(ca, None), True)
        any_policy = x509.PolicyInformation(x509.ObjectIdentifier("2.5.29.32.0"), None)
        made = made.add_extension(x509.CertificatePolicies([any_policy]), False)
        return made.add_extension(usage(key_cert_sign=True, crl_sign=True), True).sign(issuer_key, hashes.SHA256())

    def _builder(self, subject, key, issuer, issuer_key, begins, ends):
        now = timezone.now()
        made = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
        made = made.serial_number(x509.random_serial_number())
        made = made.not_valid_before(now + timedelta(days=begins)).not_valid_after(now + timedelta(days=ends))
        made = made.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        return made.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), False)


def as_nginx_sends(certificate):
    """nginx's $ssl_client_escaped_cert."""
    return quote(certificate.public_bytes(serialization.Encoding.PEM).decode(), safe="")
