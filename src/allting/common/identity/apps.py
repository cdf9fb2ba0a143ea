from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class IdentityConfig(AppConfig):
    name = "allting.common.identity"
    label = "identity"

    def ready(self) -> None:
        from allting.common.identity.advice import ADVICE
        from allting.common.identity.cleaning import clean
        from allting.common.identity.client_files import load_package
        from allting.common.identity.gateway.logout import BACKCHANNEL, send_logout_token
        from allting.common.identity.machine.scopes import is_operator
        from allting.common.identity.providers.myid import activation
        from allting.common.outbox.api import handles
        from allting.kernel.demo import suggest
        from allting.kernel.desks import offer, offer_own
        from allting.kernel.events import subscribe
        from allting.kernel.problems import advise

        advise(ADVICE)
        post_migrate.connect(load_package, sender=self)
        handles(BACKCHANNEL, send_logout_token, outside=True)
        handles(activation.EFFECT, activation.carry_out)
        subscribe("tidy", clean)
        offer("/office/eids", _("Electronic IDs"), is_operator)
        offer_own("/clients", _("Services that people log in to"), "globe", place=60, fits=lambda one: one.represents)
        offer_own("/my/eids", _("My electronic IDs"), "key", place=70)
        offer_own("/my/machine", _("Access from machine to machine"), "key", place=80, fits=lambda one: one.represents)
        offer_own("/my/sessions", _("Where you are logged in"), "key", place=90)
        suggest(
            "Connect a service of your own to the login: allting clients lists test clients with their keys.", place=90
        )
