"""Debian's libapache2-mod-auth-openidc as a service: the code flow, and a key that is turned while it runs."""

import shutil
import tempfile
from pathlib import Path

import httpx
import pytest

from allting.common.identity import signing
from allting.common.identity.tests import relying

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.real_clock]
MODULES = Path("/usr/lib/apache2/modules")
CONFIGURATION = """
ServerRoot "{folder}"
ServerName 127.0.0.1
Listen 127.0.0.1:{port}
PidFile "{folder}/apache.pid"
ErrorLog "{folder}/error.log"
DefaultRuntimeDir "{folder}"
Mutex file:{folder} default
User nobody
Group nogroup
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authn_core_module {modules}/mod_authn_core.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule authz_user_module {modules}/mod_authz_user.so
LoadModule env_module {modules}/mod_env.so
LoadModule dir_module {modules}/mod_dir.so
LoadModule mime_module {modules}/mod_mime.so
LoadModule headers_module {modules}/mod_headers.so
LoadModule auth_openidc_module {modules}/mod_auth_openidc.so
TypesConfig /etc/mime.types
DocumentRoot "{folder}/pages"
OIDCProviderMetadataURL {issuer}/.well-known/openid-configuration
OIDCClientID service
OIDCClientSecret {secret}
OIDCProviderTokenEndpointAuth client_secret_basic
OIDCRedirectURI http://127.0.0.1:{port}/callback
OIDCCryptoPassphrase made-for-this-test
OIDCScope "openid profile"
OIDCPKCEMethod S256
OIDCRemoteUserClaim pid
OIDCPassClaimsAs environment
OIDCCookieSameSite On
<Location />
  AuthType openid-connect
  Require valid-user
  Header set X-Person "expr=%{{REMOTE_USER}}"
  Header set X-Acr "%{{OIDC_CLAIM_acr}}e"
</Location>
"""


@pytest.fixture
def service(gateway, run_server, port):
    apache = shutil.which("apache2", path="/usr/sbin:/usr/bin")
    assert apache and (MODULES / "mod_auth_openidc.so").exists(), "install apache2 and libapache2-mod-auth-openidc"
    address = f"http://127.0.0.1:{port}"
    _row, secret = relying.with_secret(redirect_uris=["http://127.0.0.1/callback"])
    folder = Path(tempfile.mkdtemp(prefix="allting-apache-"))
    folder.chmod(0o755)  # Apache's own user reads the page
    (folder / "pages").mkdir()
    (folder / "pages" / "index.html").write_text("Behind the login")
    facts = {"folder": folder, "port": port, "modules": MODULES, "issuer": gateway, "secret": secret}
    (folder / "apache.conf").write_text(CONFIGURATION.format(**facts))
    run_server([apache, "-f", str(folder / "apache.conf"), "-DFOREGROUND"], port)
    yield address
    shutil.rmtree(folder, ignore_errors=True)


def log_in(service, reader, kari):
    """What a browser does at the service's first page."""
    with httpx.Client(timeout=20) as browser:
        away = browser.get(service + "/")
        assert away.status_code == 302, away.text
        back = browser.get(reader.log_in(away.headers["Location"], kari))
        assert back.status_code == 302, back.text
        return browser.get(back.headers["Location"])


def test_the_code_flow_and_a_key_turned_without_a_restart(service, reader, kari):
    page = log_in(service, reader, kari)
    assert "Behind the login" in page.text
    assert (page.headers["X-Person"], page.headers["X-Acr"]) == (kari.identity_number, "idporten-loa-substantial")
    before = {one.kid for one in signing.key_ring()}
    signing.add_keys()
    assert {one.kid for one in signing.key_ring()} > before
    page = log_in(service, reader, kari)
    assert page.headers["X-Person"] == kari.identity_number
