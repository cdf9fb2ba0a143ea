from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PaymentConfig(AppConfig):
    name = "allting.common.payment"
    label = "payment"

    def ready(self) -> None:
        from allting.common.outbox.api import handles
        from allting.common.payment import late, office, payouts, settling, treasurer
        from allting.common.payment.advice import ADVICE
        from allting.kernel.demo import suggest
        from allting.kernel.desks import offer, offer_own
        from allting.kernel.events import subscribe
        from allting.kernel.problems import advise

        advise(ADVICE)
        handles("payment.plan", payouts.advance)
        handles("payment.pay_out", payouts.pay_out, outside=True)
        handles("payment.look", settling.look, outside=True)
        handles("payment.refund", settling.refund, outside=True)
        handles("payment.late", late.look_over)
        subscribe("tidy", late.every_day)
        subscribe("registers.account_changed", payouts.account_changed)
        offer(office.HOME, office.TITLE, treasurer.is_one)
        offer_own("/my/payments", _("Payments"), "money", place=20)
        suggest(
            "Order a new driving licence, and pay the fee at the demo bank.",
            "As Gro Kasse, Nav, open Money in and out and make a batch; as Finn Bunke, approve it and fetch the file.",
            "As Finn at Statens vegvesen, read a file from the demo bank: bills are paid by KID, place the rest.",
            place=45,
        )
