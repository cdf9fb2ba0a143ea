"""``allting clients``: who may ask the gateway for a login or a token; in the demo with their keys and secrets."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from allting.common.identity.clients import addresses
from allting.common.identity.demo_clients import secrets_of_demo
from allting.common.identity.machine.issuer import issuer_of
from allting.common.identity.models import Client
from allting.common.registers import api as registers
from allting.kernel.actor import Party


class Command(BaseCommand):
    help = "List the clients of the gateway; in the demo the test clients' keys and secrets too."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="for machines, with every setting and key")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = Client.objects.order_by("source", "pk")
        if options["json"]:
            # Also from another window than the demo runs in: its clients are taken by a demo only.
            demo = settings.DEMO or rows.filter(source=Client.Source.DEMO).exists()
            known = secrets_of_demo() if demo else {}
            found = [_facts(row) | known.get(row.pk, {}) for row in rows if demo or not row.demo]
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
            return
        for row in rows:
            state = "" if row.active else "  shut off"
            self.stdout.write(f"{row.pk:38} {row.kind:8} {row.auth_method:20} {row.name}{state}")


def _facts(row: Client) -> dict[str, Any]:
    return {
        "client_id": row.pk,
        "name": row.name,
        "owner": registers.name_of(Party("organisation", row.owner)) if row.owner else "",
        "issuer": issuer_of(row),
        "kind": row.kind,
        "token_endpoint_auth_method": row.auth_method,
        "redirect_uris": addresses(row.redirect_uris),
        "post_logout_redirect_uris": addresses(row.post_logout_redirect_uris),
        "frontchannel_logout_uri": row.frontchannel_logout_uri,
        "backchannel_logout_uri": row.backchannel_logout_uri,
        "scopes": ["openid", "profile", *row.scopes] if row.kind != Client.Kind.MACHINE else row.scopes,
        "id_token_signed_response_alg": row.signing_alg,
        "subject_type": row.subject_type,
        "require_pushed_authorization_requests": row.par_required,
        "dpop_bound_access_tokens": row.dpop_required,
        "active": row.active,
    }
