"""What the reader can do when something about a card is refused."""

from typing import Any

from django.utils.translation import gettext_lazy as _

ADVICE: dict[str, tuple[Any, ...]] = {
    "card-not-now": (_("This can no longer be done with the card. Open it again and see."), "/my", _("My page")),
    "police-only": (_("This is the work of the police."), "/office", _("Back to the cases")),
}  # fmt: skip
