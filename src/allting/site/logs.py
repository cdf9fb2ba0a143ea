"""Structured logs."""

from typing import Any


def configure(config: Any) -> None:
    return None
