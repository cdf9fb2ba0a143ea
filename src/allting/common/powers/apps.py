from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PowersConfig(AppConfig):
    name = "allting.common.powers"
    label = "powers"

    def ready(self) -> None:
        from allting.common.powers import letters
        from allting.kernel.demo import suggest
        from allting.kernel.desks import offer_own
        from allting.kernel.events import subscribe

        subscribe("registers.power_given", letters.given)
        subscribe("registers.power_ended", letters.ended)
        offer_own("/my/powers", _("Powers of attorney"), "pen", place=50)
        suggest(
            "As Ingrid, give Amir Bolsøy a power of attorney for change of address; use it as Amir, and withdraw it.",
            "As Turid Tøndergård, an accountant, find a client; as Harald, act for his father Olav in money matters.",
            place=50,
        )
