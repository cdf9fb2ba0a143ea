"""What the reader can do when something about a case is refused."""

from typing import Any

from django.utils.translation import gettext_lazy as _

ADVICE: dict[str, tuple[Any, ...]] = {
    "no-co-signer": (
        _("You sign for this enterprise together with another, and no other is registered. Nothing was sent."),
        "/my", _("My page"),
    ),
    "own-case": (
        _("Nobody may handle her own case, or that of somebody close to her. A colleague must do it."),
        "/office", _("Back to the cases"),
    ),
    "case-changed": (_("Somebody has done something with the case. Open it again and see."), "/my", _("My page")),
    "not-now": (_("This can no longer be done with the case. Open it again and see."), "/my", _("My page")),
    "draft-changed": (_("The application was changed in another window. Open it again."), "/my", _("My page")),
    "appeal-too-late": (_("It is more than a year since the decision."), "/my/cases", _("Your cases")),
}  # fmt: skip
