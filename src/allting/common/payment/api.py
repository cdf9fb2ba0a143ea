"""Payment: fees in, benefits out. In integer øre; the provider is a setting."""

from __future__ import annotations

from allting.common.payment.bills import Bill, bill, bill_for, bill_of_case, bills, cancel, due, settle, start
from allting.common.payment.payouts import Payout, pay, payouts, stop

__all__ = [
    "Bill", "Payout", "bill", "bill_for", "bill_of_case", "bills", "cancel", "due", "pay", "payouts", "settle",
    "start", "stop",
]  # fmt: skip
