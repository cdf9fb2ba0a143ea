"""What the reader can do when a register refuses."""

from typing import Any

from django.utils.translation import gettext_lazy as _

ADVICE: dict[str, tuple[Any, ...]] = {
    "may-not-give-power": (
        _("Only the one it belongs to can give or end a power of attorney: yourself, or for an enterprise somebody who"
          " binds it alone."),
        "/act-as", _("Change who you act for"),
    ),
}  # fmt: skip
