from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WelfareConfig(AppConfig):
    name = "allting.sectors.welfare"
    label = "welfare"
    verbose_name = _("Welfare and work")

    def ready(self) -> None:
        from allting.kernel.desks import offer_own

        title = _("What you may have a right to")
        offer_own("/my/rights", title, "case", place=30, fits=lambda one: one.party.kind == "person")
