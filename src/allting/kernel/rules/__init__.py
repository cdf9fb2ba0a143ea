"""The law as pure functions: dated figures with their paragraphs, rules over plain numbers, and what they answer."""

from allting.kernel.rules.arithmetic import down, down_to, half_up, share, up
from allting.kernel.rules.definition import Argument, Misread, Rule, below, every, find, named, rule, rule_for, rule_of
from allting.kernel.rules.explaining import Explanation, Line, counted, explain, told, worded
from allting.kernel.rules.figures import NoRate, Rate, Rates, rates
from allting.kernel.rules.kinds import (
    Kind,
    Kroner,
    Law,
    Months,
    NetKroner,
    Percent,
    Unreadable,
    YesNo,
    count,
    key,
    listed,
)
from allting.kernel.rules.outcome import Outcome, Pay, Step

__all__ = [
    "Argument", "Explanation", "Kind", "Kroner", "Law", "Line", "Misread", "Months", "NetKroner", "NoRate", "Outcome",
    "Pay", "Percent", "Rate", "Rates", "Rule", "Step", "Unreadable", "YesNo", "below", "count", "counted", "down",
    "down_to", "every", "explain", "find", "half_up", "key", "listed", "named", "rates", "rule", "rule_for", "rule_of",
    "share", "told", "up", "worded",
]  # fmt: skip
