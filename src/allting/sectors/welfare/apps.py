from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WelfareConfig(AppConfig):
    name = "allting.sectors.welfare"
    label = "welfare"
    verbose_name = _("Welfare and work")

    def ready(self) -> None:
        from allting.common.exchange import api as exchange
        from allting.common.outbox.api import handles
        from allting.kernel.demo import suggest
        from allting.kernel.desks import offer_own, offer_waiting
        from allting.kernel.events import subscribe
        from allting.sectors.welfare import awards, by_other, demo, sick_leave

        handles("welfare.cards", awards.pay)
        handles("welfare.card_due", awards.remind)
        subscribe("demo.loaded", demo.load)
        subscribe("cases.decided", awards.decided)
        subscribe("cases.set_aside", awards.set_aside)
        subscribe("cases.decided", sick_leave.decided)
        subscribe("cases.set_aside", sick_leave.set_aside)
        exchange.offer("welfare.sickness_days", sick_leave.had)
        exchange.offer("welfare.by_other_parent", by_other.dataset)
        title = _("What you may have a right to")
        offer_own("/my/rights", title, "case", place=30, fits=lambda one: one.party.kind == "person")
        offer_waiting(awards.waits)
        card = _("Reporting card")
        offer_own("/my/reporting-card", card, "case", place=35, fits=awards.has_benefit)
        suggest(
            "As Ingrid, apply for barnetrygd: a rule decides within seconds, and pays each month.",
            "As Omar Trygd, Nav, stop or change what that case pays; as Ingrid, answer, and read Payments.",
            "As Amir, send the reporting card of his unemployment benefit, correct it, and see what it gives.",
            place=20,
        )
