"""What the reader can do when a login is refused."""

from typing import Any

from django.utils.translation import gettext_lazy as _

ADVICE: dict[str, tuple[Any, ...]] = {
    "unknown-client": (
        _("The service that sent you here is not known to us at this address, so nothing was sent back to it. "
          "Tell those who run the service."),
    ),
    "request-not-pushed": (_("The login was begun too long ago. Go back to the service, and log in again."),),
    "login-too-old": (_("The login was begun too long ago. Go back to the service, and log in again."),),
    "login-not-started-here": (
        _("This login was not begun in this browser, or it is over. Begin again."), "/login", _("Log in"),
    ),
}  # fmt: skip
