"""Payment: fees in, benefits out. In integer øre; the provider is a setting."""

from __future__ import annotations

from allting.common.payment.belonging import hold_cases, stands_alone
from allting.common.payment.bills import Bill, bill, bill_for, bill_of_case, bills, due
from allting.common.payment.demo import load_demo_accounts
from allting.common.payment.late import Reminder
from allting.common.payment.payouts import Payout, pay, payouts, stop
from allting.common.payment.running import (
    Running,
    TooMuch,
    change,
    claim,
    running,
    running_of_case,
    too_much,
    would_be_too_much,
)
from allting.common.payment.setoffs import Told as SetOffTold
from allting.common.payment.settling import cancel, settle, start
from allting.common.payment.standing import made, paid, standing
from allting.common.payment.telling import credit_facts, reminder_facts
from allting.common.payment.terms import Credit, ask_parts, lower
from allting.common.payment.unclaiming import settle_claims

__all__ = [
    "Bill", "Credit", "Payout", "Reminder", "Running", "SetOffTold", "TooMuch", "ask_parts", "bill", "bill_for",
    "bill_of_case", "bills", "cancel", "change", "claim", "credit_facts", "due", "hold_cases",
    "load_demo_accounts", "lower", "made", "paid", "pay", "payouts", "reminder_facts", "running", "running_of_case",
    "settle", "settle_claims", "standing", "stands_alone", "start", "stop", "too_much", "would_be_too_much",
]  # fmt: skip
