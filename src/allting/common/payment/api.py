"""Payment: fees in, benefits out. In integer øre; the provider is a setting."""

from __future__ import annotations

from allting.common.payment.bills import Bill, bill, bill_for, bill_of_case, bills, due
from allting.common.payment.demo import load_demo_accounts
from allting.common.payment.late import Reminder
from allting.common.payment.payouts import Payout, pay, payouts, stop
from allting.common.payment.setoffs import Told as SetOffTold
from allting.common.payment.settling import cancel, settle, start
from allting.common.payment.standing import stands_alone
from allting.common.payment.terms import Credit, ask_parts

__all__ = [
    "Bill", "Credit", "Payout", "Reminder", "SetOffTold", "ask_parts", "bill", "bill_for", "bill_of_case", "bills",
    "cancel", "due", "load_demo_accounts", "pay", "payouts", "settle", "stands_alone", "start", "stop",
]  # fmt: skip
