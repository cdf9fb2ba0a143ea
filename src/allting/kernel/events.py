"""How a lower room speaks upwards: it publishes, a higher room has subscribed in its ``apps.py``.

Handlers run at once, inside the publisher's transaction: when one fails, all of it is undone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

Handler = Callable[..., None]
_handlers: dict[str, list[Handler]] = defaultdict(list)


def subscribe(event: str, handler: Handler) -> None:
    """Call ``handler(**facts)`` each time ``event`` is published. Subscribing twice counts once."""
    if handler not in _handlers[event]:
        _handlers[event].append(handler)


def publish(event: str, **facts: Any) -> None:
    """Tell every subscriber. An exception from a handler goes to the publisher."""
    for handler in list(_handlers[event]):
        handler(**facts)
