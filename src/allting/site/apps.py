from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SiteConfig(AppConfig):
    name = "allting.site"
    label = "site"

    def ready(self) -> None:
        from allting.kernel.desks import offer_own
        from allting.kernel.problems import advise
        from allting.site.errors import ADVICE

        advise(ADVICE)
        offer_own("/my/contact", _("Contact details and account number"), "contact", place=10)
