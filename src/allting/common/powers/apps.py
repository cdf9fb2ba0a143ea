from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PowersConfig(AppConfig):
    name = "allting.common.powers"
    label = "powers"

    def ready(self) -> None:
        from allting.common.powers import letters
        from allting.kernel.desks import offer_own
        from allting.kernel.events import subscribe

        subscribe("registers.power_given", letters.given)
        subscribe("registers.power_ended", letters.ended)
        offer_own("/my/powers", _("Powers of attorney"), "pen", place=50)
