from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PensionConfig(AppConfig):
    name = "allting.sectors.pension"
    label = "pension"
    verbose_name = _("Pension")

    def ready(self) -> None:
        from allting.kernel.desks import offer_own

        offer_own("/my/pension", _("My pension"), "money", place=25, fits=lambda one: one.party.kind == "person")
