from django.apps import AppConfig


class PowersConfig(AppConfig):
    name = "allting.common.powers"
    label = "powers"

    def ready(self) -> None:
        from allting.common.powers import letters
        from allting.kernel.events import subscribe

        subscribe("registers.power_given", letters.given)
        subscribe("registers.power_ended", letters.ended)
