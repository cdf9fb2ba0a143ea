from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TaxConfig(AppConfig):
    name = "allting.sectors.tax"
    label = "tax"
    verbose_name = _("Tax")

    def ready(self) -> None:
        from allting.common.cases.api import carries_out
        from allting.common.exchange.api import offer
        from allting.common.identity.api import offers_scope
        from allting.common.outbox.api import handles
        from allting.common.payment.api import stands_alone
        from allting.kernel import events
        from allting.kernel.desks import offer_own
        from allting.sectors.tax import cards, demo, letters, vat
        from allting.sectors.tax.payroll import reported

        carries_out("tax.issue_card", cards.GIVEN, cards.issue)
        carries_out("tax.hand_in_vat", vat.GIVEN, vat.hand_in)
        stands_alone(vat.SERVICE, "/my/cases/{case}")
        offer("tax.card", cards.dataset)
        offer("tax.vat_returns", vat.dataset)
        offers_scope("allting:tax-cards", "Oppgi ansatte og hente skattekortene deres")
        offers_scope("allting:payroll", "Rapportere lønn, trukket skatt og arbeidsgiveravgift")
        stands_alone("payroll", "/employer/payroll/{case}")
        offer("tax.income_so_far", reported.so_far)
        handles("tax.tell_fetched", letters.tell_fetched)
        events.subscribe("demo.loaded", demo.load)
        events.subscribe("payment.reminded", letters.reminded)
        offer_own("/my/tax-card", _("My tax card"), "money", place=20, fits=lambda one: one.party.kind == "person")
        offer_own("/employer/payroll", _("Wages and tax"), "money", place=20, fits=lambda one: one.represents)
