"""Enterprise certificates: whom they name, and everything that must make them refused."""

import subprocess
from base64 import b64encode

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from allting.common.identity import doctor
from allting.common.identity.machine import certificates, demo_ca, revocation
from allting.common.identity.machine.certificates import NotTrusted, enterprise
from allting.common.identity.tests.enterprises import NUMBER, certificate, crl, named, trust, x5c


@pytest.fixture(autouse=True)
def fresh():
    certificates.forget()


@pytest.fixture
def house(settings, tmp_path):
    """A root of our own with an empty revocation list in the folder of the trusted."""
    root = certificate(ca=2, name=named("Prøverot"))
    settings.ENTERPRISE_CA_FOLDER = str(tmp_path)
    trust(tmp_path, root, root=crl(root))
    return root


def test_the_demo_authority_vouches_for_an_organisation():
    found = enterprise(x5c(demo_ca.issue(NUMBER, "Prøvehuset AS")))
    assert (found.number, found.name) == (NUMBER, "Prøvehuset AS")


def test_a_revocation_is_felt_in_ocsp_and_without_it_in_the_list(monkeypatch):
    bearer = demo_ca.issue(NUMBER, "Prøvehuset AS")
    enterprise(x5c(bearer))
    demo_ca.revoke(bearer.certificate.serial_number)
    enterprise(x5c(bearer))  # judged lately: so long may it take
    certificates.forget()
    with pytest.raises(NotTrusted, match="revoked"):
        enterprise(x5c(bearer))
    certificates.forget()
    monkeypatch.setattr(revocation, "_ocsp", lambda *pair: iter(()))
    with pytest.raises(NotTrusted, match="revoked"):
        enterprise(x5c(bearer))


def test_a_certificate_that_ocsp_does_not_know_is_refused():
    bearer = demo_ca.issue(NUMBER, "Prøvehuset AS")
    (demo_ca.folder() / "issued" / f"{bearer.certificate.serial_number:x}").unlink()
    with pytest.raises(NotTrusted, match="not valid"):
        enterprise(x5c(bearer))


def test_when_nobody_answers_it_is_refused_and_soon_asked_again(monkeypatch):
    asked = []

    def silent(address, question):
        asked.append(address)
        raise httpx.ConnectTimeout("silent")

    bearer = demo_ca.issue(NUMBER, "Prøvehuset AS")
    with monkeypatch.context() as patch:
        patch.setattr(revocation, "_fetched", silent)
        for _time in range(2):
            with pytest.raises(NotTrusted, match="not valid"):
                enterprise(x5c(bearer))
    assert len(asked) == 4  # OCSP and list, of the certificate and of its issuer: not asked again at once
    certificates.forget()
    assert enterprise(x5c(bearer)).number == NUMBER


def test_an_answer_is_used_again_until_it_runs_out(monkeypatch):
    asked = []
    fetched = revocation._fetched
    monkeypatch.setattr(revocation, "_fetched", lambda *both: asked.append(both) or fetched(*both))
    enterprise(x5c(demo_ca.issue(NUMBER, "Prøvehuset AS")))
    enterprise(x5c(demo_ca.issue(NUMBER, "Prøvehuset AS")))
    assert len(asked) == 3  # twice the certificates, once their issuer


def test_an_unknown_certificates_addresses_are_never_followed(house, monkeypatch):
    monkeypatch.setattr(revocation, "_fetched", lambda *both: pytest.fail("followed"))
    with pytest.raises(NotTrusted, match="authority we trust"):
        enterprise(x5c(demo_ca.issue(NUMBER, "Prøvehuset AS")))


def test_the_list_may_lie_in_the_folder(house, tmp_path):
    good, bad = certificate(house), certificate(house)
    assert enterprise(x5c(good)).number == NUMBER
    trust(tmp_path, house, root=crl(house, bad.certificate.serial_number))
    assert enterprise(x5c(good)).number == NUMBER
    with pytest.raises(NotTrusted, match="revoked"):
        enterprise(x5c(bad))


def test_an_old_list_is_no_list(house, tmp_path):
    trust(tmp_path, house, root=crl(house, hours=-1))
    with pytest.raises(NotTrusted, match="not valid"):
        enterprise(x5c(certificate(house)))


def test_a_list_signed_by_another_is_no_list(house, tmp_path):
    trust(tmp_path, house, root=crl(certificate(ca=2, name=named("Prøverot"))))
    with pytest.raises(NotTrusted, match="not valid"):
        enterprise(x5c(certificate(house)))


def test_an_authority_that_is_taken_out_of_the_folder_is_trusted_no_longer(house, tmp_path):
    bearer = certificate(house)
    enterprise(x5c(bearer))
    (tmp_path / "root.crt").unlink()
    with pytest.raises(NotTrusted, match="no authority"):
        enterprise(x5c(bearer))


def test_without_a_folder_nobody_is_trusted(settings):
    bearer = demo_ca.issue(NUMBER, "Prøvehuset AS")
    settings.DEMO = False
    with pytest.raises(NotTrusted, match="no authority"):
        enterprise(x5c(bearer))


def test_the_check_up_tells_who_is_trusted(house, settings, tmp_path):
    assert "Prøverot" in next(doctor.enterprises()).text
    (tmp_path / "root.crt").write_bytes(b"junk")
    assert next(doctor.enterprises()).level == "error"
    (tmp_path / "root.crt").unlink()
    assert "no authority" in next(doctor.enterprises()).text
    settings.ENTERPRISE_CA_FOLDER = ""
    assert not list(doctor.enterprises())


# --- Whom it names -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [named(serial=NUMBER), named(identifier=f"NTRNO-{NUMBER}"), named(serial=NUMBER, identifier=f"NTRNO-{NUMBER}"),
     named(serial="UN:NO-9999-1", identifier=f"NTRNO-{NUMBER}")],
)  # fmt: skip
def test_the_number_stands_in_one_of_two_places(house, name):
    assert enterprise(x5c(certificate(house, name=name))).number == NUMBER


@pytest.mark.parametrize(
    "name",
    [named(), named(serial="12345"), named(serial="310000001"), named(identifier=f"VATNO-{NUMBER}"),
     named(identifier=f"NTRSE-{NUMBER}", serial=NUMBER), named(identifier=f"NTRNO-{NUMBER}", serial="974760673"),
     named(identifier=f"NTRNO-{NUMBER} ,O=x")],
)  # fmt: skip
def test_a_certificate_without_one_right_number_is_refused(house, name):
    with pytest.raises(NotTrusted, match=r"number"):
        enterprise(x5c(certificate(house, name=name)))


def test_a_subject_that_says_it_twice_is_refused(house):
    twice = x509.Name([*named(serial=NUMBER), *named(serial="974760673")])
    with pytest.raises(NotTrusted, match="twice"):
        enterprise(x5c(certificate(house, name=twice)))


# --- What makes it refused -----------------------------------------------------------------------------


@pytest.mark.parametrize("when", [{"start": -30, "days": -1}, {"start": 1, "days": 30}])
def test_outside_its_time(house, when):
    with pytest.raises(NotTrusted, match="not valid"):
        enterprise(x5c(certificate(house, **when)))


@pytest.mark.parametrize("uses", [False, {"key_encipherment": True}])
def test_a_key_that_is_not_for_signing(house, uses):
    with pytest.raises(NotTrusted, match="key usage"):
        enterprise(x5c(certificate(house, uses=uses)))


def test_a_web_servers_certificate(house):
    server = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    with pytest.raises(NotTrusted, match="extended key usage"):
        enterprise(x5c(certificate(house, extensions=[server])))


def test_the_authority_itself(house):
    with pytest.raises(NotTrusted, match="of an authority"):
        enterprise(x5c(house))


def test_a_self_signed_one(house):
    with pytest.raises(NotTrusted, match=r"not valid|authority we trust"):
        enterprise(x5c(certificate()))


def test_a_forged_signature(house):
    forged = certificate(house, signer=ec.generate_private_key(ec.SECP256R1()))
    with pytest.raises(NotTrusted, match="authority we trust"):
        enterprise(x5c(forged))
    forged = certificate(house, signer=ec.generate_private_key(ec.SECP256R1()), signer_is_named=False)
    with pytest.raises(NotTrusted, match="not valid"):
        enterprise(x5c(forged))


def test_an_end_entity_that_plays_authority(house, tmp_path):
    good = certificate(house)
    below = certificate(good, name=named(serial="974760673"))
    trust(tmp_path, house, root=crl(house), good=crl(good))
    with pytest.raises(NotTrusted, match="not valid"):
        enterprise(x5c(below))


def test_a_path_longer_than_allowed(house, tmp_path):
    first = certificate(house, ca=0, name=named("Første"))
    second = certificate(first, ca=0, name=named("Andre"))
    trust(tmp_path, house, root=crl(house), first=crl(first), second=crl(second))
    assert enterprise(x5c(certificate(first))).number == NUMBER
    with pytest.raises(NotTrusted, match="not valid"):
        enterprise(x5c(certificate(second)))


@pytest.mark.parametrize("permitted", [True, False])
def test_name_constraints(house, tmp_path, permitted):
    inside = x509.DirectoryName(x509.Name([x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "Prøvehuset AS")]))
    limits = x509.NameConstraints([inside], None) if permitted else x509.NameConstraints(None, [inside])
    middle = certificate(house, ca=0, name=named("Første"), extensions=[limits])
    trust(tmp_path, house, root=crl(house), middle=crl(middle))
    good, bad = ("Prøvehuset AS", "Et annet AS") if permitted else ("Et annet AS", "Prøvehuset AS")
    assert enterprise(x5c(certificate(middle, name=named(good, serial=NUMBER)))).name == good
    with pytest.raises(NotTrusted, match="not valid"):
        enterprise(x5c(certificate(middle, name=named(bad, serial=NUMBER))))


def test_a_revoked_issuer_takes_all_along(house, tmp_path):
    middle = certificate(house, ca=0, name=named("Første"))
    below = certificate(middle)
    trust(tmp_path, house, root=crl(house, middle.certificate.serial_number), middle=crl(middle))
    with pytest.raises(NotTrusted, match="revoked"):
        enterprise(x5c(below))


def test_only_the_policies_that_were_chosen(house, settings):
    oid = "2.16.578.1.26.1.3.2"
    under = [x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier(oid), None)])]
    settings.ENTERPRISE_POLICIES = [oid]
    trusted = certificate(house, extensions=under)
    assert enterprise(x5c(trusted)).number == NUMBER
    with pytest.raises(NotTrusted, match="not valid"):
        enterprise(x5c(certificate(house)))


def test_a_small_rsa_key(house):
    with pytest.raises(NotTrusted):
        enterprise(x5c(certificate(house, key=rsa.generate_private_key(65537, 1024))))


@pytest.mark.parametrize("chain", [None, [], "x", ["x"], [None], [b64encode(b"junk").decode()], ["MIIB"] * 6, [{}]])
def test_what_is_no_certificate(house, chain):
    with pytest.raises(NotTrusted):
        enterprise(chain)


def test_a_broken_certificate_is_refused_not_an_error(house):
    der = certificate(house).certificate.public_bytes(Encoding.DER)
    for place in range(0, len(der), 3):
        broken = der[:place] + bytes([der[place] ^ 0x55]) + der[place + 1 :]
        with pytest.raises(NotTrusted):
            enterprise([b64encode(broken).decode()])


# --- The demo's authority, judged by OpenSSL -------------------------------------------------------------


@pytest.fixture
def files(tmp_path):
    root, issuer = demo_ca.authority("root"), demo_ca.authority("issuer")
    bearer = demo_ca.issue(NUMBER, "Prøvehuset AS")
    for name, one in (("root", root.certificate), ("issuer", issuer.certificate), ("own", bearer.certificate)):
        (tmp_path / f"{name}.pem").write_bytes(one.public_bytes(Encoding.PEM))
    return tmp_path, bearer


def openssl(folder, *arguments):
    return subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, text=True, timeout=30)


@pytest.mark.real_clock
def test_openssl_verifies_the_chain_with_its_lists(files, client):
    folder, bearer = files

    def verified():
        for name in ("root", "issuer"):
            der = client.get(f"/demo/enterprise-ca/{name}.crl").content
            (folder / f"{name}.crl").write_bytes(x509.load_der_x509_crl(der).public_bytes(Encoding.PEM))
        lists = ["-CRLfile", "root.crl", "-CRLfile", "issuer.crl", "-crl_check_all", "-x509_strict"]
        return openssl(folder, "verify", *lists, "-CAfile", "root.pem", "-untrusted", "issuer.pem", "own.pem")

    assert verified().stdout == "own.pem: OK\n"
    demo_ca.revoke(bearer.certificate.serial_number)
    assert "certificate revoked" in verified().stderr


@pytest.mark.real_clock
def test_openssl_reads_the_ocsp_answer(files, client):
    folder, bearer = files
    pair = ["-issuer", "issuer.pem", "-cert", "own.pem"]

    def answered(*algorithm):
        openssl(folder, "ocsp", *algorithm, *pair, "-reqout", "question.der", "-no_nonce")
        question = (folder / "question.der").read_bytes()
        answer = client.post("/demo/enterprise-ca/issuer/ocsp", question, content_type="application/ocsp-request")
        (folder / "answer.der").write_bytes(answer.content)
        ca = ["-CAfile", "root.pem", "-verify_other", "issuer.pem"]
        return openssl(folder, "ocsp", *algorithm, *pair, "-respin", "answer.der", "-no_nonce", *ca)

    found = answered()
    assert "own.pem: good" in found.stdout and "Response verify OK" in found.stdout + found.stderr
    assert "own.pem: good" in answered("-sha256").stdout
    demo_ca.revoke(bearer.certificate.serial_number)
    assert "own.pem: revoked" in answered().stdout


@pytest.mark.parametrize("question", ["AAAA", "!", "%00"])
def test_ocsp_in_the_address_never_fails(client, question):
    answer = client.get(f"/demo/enterprise-ca/issuer/ocsp/{question}")
    read = ocsp.load_der_ocsp_response(answer.content)
    assert read.response_status is ocsp.OCSPResponseStatus.MALFORMED_REQUEST


def test_ocsp_in_the_address_and_of_another_issuer(client):
    own = demo_ca.issue(NUMBER, "Prøvehuset AS").certificate
    for issuer, wanted in (("issuer", "SUCCESSFUL"), ("root", "UNAUTHORIZED")):
        builder = ocsp.OCSPRequestBuilder().add_certificate(own, demo_ca.authority("issuer").certificate, hashes.SHA1())
        question = b64encode(builder.build().public_bytes(Encoding.DER)).decode().replace("/", "%2F")
        answer = client.get(f"/demo/enterprise-ca/{issuer}/ocsp/{question}")
        assert ocsp.load_der_ocsp_response(answer.content).response_status.name == wanted


def test_the_test_authority_is_for_demos(client, settings):
    settings.DEMO = False
    assert client.get("/demo/enterprise-ca/root.crl").status_code == 404
    assert client.get("/demo/enterprise-ca/root/ocsp/x").status_code == 404
