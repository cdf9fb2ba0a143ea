from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from allting.kernel.actor import Actor


class TaxConfig(AppConfig):
    name = "allting.sectors.tax"
    label = "tax"
    verbose_name = _("Tax")

    def ready(self) -> None:
        self._answers()
        self._hears()
        self._shows()

    def _answers(self) -> None:
        """Effects of services, data sets, scopes, and bills that belong to no case."""
        from allting.common.cases.api import carries_out
        from allting.common.exchange.api import offer
        from allting.common.identity.api import offers_scope
        from allting.common.payment.api import stands_alone
        from allting.sectors.tax import additional, advance, cards, vat, vat_terms
        from allting.sectors.tax.payroll import reported
        from allting.sectors.tax.returns import reports

        carries_out("tax.issue_card", cards.GIVEN, cards.issue)
        carries_out("tax.hand_in_vat", vat.GIVEN, vat.hand_in)
        carries_out("tax.change_vat_terms", vat_terms.GIVEN, vat_terms.change)
        stands_alone(vat.SERVICE, "/my/cases/{case}")
        stands_alone(advance.SERVICE, "/my/tax-card")
        stands_alone(additional.SERVICE, "/my/tax-return")
        stands_alone("payroll", "/employer/payroll/{case}")
        offer("tax.card", cards.dataset)
        offer("tax.vat_returns", vat.dataset)
        offer("tax.reports", reports.dataset)
        offer("tax.years", advance.dataset)
        offer("tax.income_so_far", reported.so_far)
        offers_scope("allting:tax-cards", "Oppgi ansatte og hente skattekortene deres")
        offers_scope("allting:payroll", "Rapportere lønn, trukket skatt og arbeidsgiveravgift")

    def _hears(self) -> None:
        """What happens elsewhere, and what the worker carries out."""
        from allting.common.outbox.api import handles
        from allting.kernel import events
        from allting.sectors.tax import additional, advance, demo, letters, vat
        from allting.sectors.tax.payroll import yearly
        from allting.sectors.tax.returns import demo as returns_demo
        from allting.sectors.tax.returns import making, settling

        handles("tax.advance_bill", advance.bill)
        handles("tax.advance_hasten", advance.hasten)
        handles("tax.additional_paid", settling.additional_came)
        handles("tax.additional_over", settling.additional_over)
        handles("tax.tell_fetched", letters.tell_fetched)
        handles("tax.silence", making.silence)
        handles("tax.tell", making.tell)
        events.subscribe("tax.income_reported", yearly.report)
        events.subscribe("payment.reminded", letters.reminded)
        events.subscribe("payment.credited", letters.credited)
        events.subscribe("payment.paid_alone", additional.paid)
        events.subscribe("cases.decided", settling.decided)
        events.subscribe("cases.decided", vat.decided)
        events.subscribe("cases.set_aside", vat.fallen)
        events.subscribe("cases.withdrawn", making.withdrawn)
        events.subscribe("demo.loaded", demo.load)
        events.subscribe("demo.loaded", returns_demo.load)

    def _shows(self) -> None:
        """Places in the menus, and what to try in the demo."""
        from allting.kernel.demo import suggest
        from allting.kernel.desks import offer_own, offer_waiting
        from allting.sectors.tax.returns import own

        person = self._is_person
        offer_waiting(own.waits)
        offer_own("/my/tax-card", _("My tax card"), "money", place=20, fits=person)
        offer_own("/my/tax-return", _("My tax return"), "money", place=20, fits=person)
        offer_own("/employer/payroll", _("Wages and tax"), "money", place=20, fits=lambda one: one.represents)
        suggest(
            "As Ingrid or Harald, open My tax return: change an amount, see what it does, deliver, read the letter.",
            "As Ingrid, see My tax card and what it takes of a month's pay; change it, and a rule gives a new one.",
            "As Jonas, see under My tax card the advance tax of the flat he lets out, and pay its bill.",
            "As Siri for the bistro, open Wages and tax: see what is reported, and report a month with a file.",
            "As Siri for the bistro, search for mva, and hand in the VAT return for September and October.",
            place=40,
        )

    @staticmethod
    def _is_person(actor: Actor) -> bool:
        return actor.party.kind == "person"
