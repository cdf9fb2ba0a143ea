from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "allting.common.audit"
    label = "audit"

    def ready(self) -> None:
        from allting.kernel.demo import suggest
        from allting.kernel.desks import offer_own

        offer_own("/my/lookups", _("Who has looked me up"), "eye", place=30)
        suggest(
            "Read who has looked you up, and why, on your page; and the SMS and e-mails at /demo/messages.", place=80
        )
