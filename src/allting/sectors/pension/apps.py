from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PensionConfig(AppConfig):
    name = "allting.sectors.pension"
    label = "pension"
    verbose_name = _("Pension")

    def ready(self) -> None:
        from allting.common.exchange.api import offer
        from allting.kernel.demo import suggest
        from allting.kernel.desks import offer_own
        from allting.kernel.events import subscribe
        from allting.sectors.pension import demo, register, takeups

        offer(register.DATASET, register.dataset)
        offer(takeups.DATASET, takeups.dataset)
        subscribe("cases.decided", takeups.decided)
        subscribe("cases.set_aside", takeups.set_aside)
        subscribe("tax.assessed", register.assessed)
        subscribe("demo.loaded", demo.load)
        suggest(
            "As Ragna Isfjord, open My pension: see the years behind it, try an age, and apply for retirement pension.",
            place=50,
        )
        offer_own("/my/pension", _("My pension"), "money", place=25, fits=lambda one: one.party.kind == "person")
