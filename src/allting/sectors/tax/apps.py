from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TaxConfig(AppConfig):
    name = "allting.sectors.tax"
    label = "tax"
    verbose_name = _("Tax")

    def ready(self) -> None:
        from allting.common.exchange import api as exchange
        from allting.common.outbox.api import handles
        from allting.kernel import events
        from allting.kernel.desks import offer_own
        from allting.sectors.tax.returns import demo, making, reports, settling

        exchange.offer("tax.reports", reports.dataset)
        handles("tax.silence", making.silence)
        handles("tax.tell", making.tell)
        events.subscribe("tax.income_reported", reports.reported)
        events.subscribe("cases.decided", settling.decided)
        events.subscribe("cases.withdrawn", making.withdrawn)
        events.subscribe("demo.loaded", demo.load)
        offer_own("/my/tax-return", _("My tax return"), "money", place=20, fits=lambda one: one.party.kind == "person")
