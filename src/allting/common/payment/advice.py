"""What a treasurer can do when something is refused."""

from typing import Any

from django.utils.translation import gettext_lazy as _

ADVICE: dict[str, tuple[Any, ...]] = {
    "not-treasurer": (
        _("This is for those who handle the money where they work."), "/office", _("Back to the cases"),
    ),
    "four-eyes": (
        _("You made this batch, so another treasurer must approve it."), "/office/payments", _("Money in and out"),
    ),
}  # fmt: skip
