import html
import re

import yaml

from allting.common.identity.providers.oidc import upstream
from allting.common.identity.providers.oidc.tests.supplier import SupplierServer
from allting.common.identity.tests.eid_driver import EidDriver, get
from allting.kernel.actor import Level

WHO = {"nb": "For bankkunder", "nn": "For bankkundar", "en": "For bank customers"}


class Driver(EidDriver):
    name = "bankid"

    def __init__(self, settings, tmp_path, monkeypatch):
        super().__init__(settings, tmp_path, monkeypatch)
        monkeypatch.setattr(upstream, "_remembered", {})
        self.supplier = SupplierServer()
        (tmp_path / "secret").write_text("s3 cret\n")
        self.facts = {
            "title": "BankID", "who": WHO, "issuer": self.supplier.issuer, "client_id": "allting", "amr": "BankID",
            "levels": {"substantial": ["bid:biometric"], "high": ["bid:otp"]},
            "client_secret_file": str(tmp_path / "secret"),
        }  # fmt: skip
        self.write({"bankid": self.facts})

    def write(self, facts):
        file = self.tmp_path / f"suppliers-{len(list(self.tmp_path.iterdir()))}.yaml"
        file.write_text(yaml.safe_dump(facts))
        self.settings.EID_SUPPLIERS_FILE = str(file)

    def close(self):
        self.supplier.close()

    def leave(self, client, url):
        """The address at the supplier that the browser is sent to; or the page that says no."""
        page = client.get(url)
        if page.status_code == 302:
            return page["Location"]
        found = re.search(r'http-equiv="refresh" content="0; url=([^"]*)"', page.content.decode())
        return html.unescape(found[1]) if found else page

    def answer(self, client, url, person, level):
        away = self.leave(client, url)
        if not isinstance(away, str):
            return away
        acr = "bid:otp" if level >= Level.HIGH else "bid:biometric"
        self.last = self.supplier.authorize(away, {"pid": person.identity_number, "acr": acr})
        done = get(client, self.last)
        return get(client, done["Location"]) if done.status_code == 302 else done

    def again(self, client):
        return get(client, self.last)

    def wrong(self, client, url, person):
        number = person.identity_number if person else "17898510093"
        back = self.supplier.authorize(self.leave(client, url), {"pid": number, "nonce": "another"})
        return get(client, back)
