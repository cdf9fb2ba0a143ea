from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PaymentConfig(AppConfig):
    name = "allting.common.payment"
    label = "payment"

    def ready(self) -> None:
        from allting.common.outbox.api import handles
        from allting.common.payment import bills, office, payouts
        from allting.common.payment.bankfiles.batches import is_treasurer
        from allting.kernel.desks import offer, offer_own
        from allting.kernel.events import subscribe

        handles("payment.plan", payouts.advance)
        handles("payment.pay_out", payouts.pay_out, outside=True)
        handles("payment.look", bills.look, outside=True)
        handles("payment.refund", bills.refund, outside=True)
        subscribe("registers.account_changed", payouts.account_changed)
        offer("/office/payments", office.TITLE, is_treasurer)
        offer_own("/my/payments", _("Payments"), "money", place=20)
