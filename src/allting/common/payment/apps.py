from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PaymentConfig(AppConfig):
    name = "allting.common.payment"
    label = "payment"

    def ready(self) -> None:
        from allting.common.outbox.api import handles
        from allting.common.payment import late, office, payouts, settling, treasurer
        from allting.kernel.desks import offer, offer_own
        from allting.kernel.events import subscribe

        handles("payment.plan", payouts.advance)
        handles("payment.pay_out", payouts.pay_out, outside=True)
        handles("payment.look", settling.look, outside=True)
        handles("payment.refund", settling.refund, outside=True)
        handles("payment.late", late.look_over)
        subscribe("tidy", late.every_day)
        subscribe("registers.account_changed", payouts.account_changed)
        offer(office.HOME, office.TITLE, treasurer.is_one)
        offer_own("/my/payments", _("Payments"), "money", place=20)
