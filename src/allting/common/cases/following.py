"""What the worker does with a case: a rule's decision, and the end of the time to sign."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from allting.common.cases import deciding, submitting
from allting.common.cases.lifecycle import State, locked


def by_rule(payload: Mapping[str, Any], key: str) -> None:
    """Outbox handler: let the rule decide. A case that is decided or withdrawn meanwhile is left alone."""
    case = locked(UUID(payload["case"]))
    if case.state == State.RECEIVED:
        deciding.by_rule(case)


def time_is_out(payload: Mapping[str, Any], key: str) -> None:
    """Outbox handler: the last day to sign is over."""
    submitting.close_signing(UUID(payload["case"]))
