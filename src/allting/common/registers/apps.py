from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "allting.common.registers"
    label = "registers"

    def ready(self) -> None:
        from django.db.models.signals import post_delete, post_save

        from allting.common.exchange import api as exchange
        from allting.common.registers.advice import ADVICE
        from allting.common.registers.authorities import forget
        from allting.common.registers.sources import SOURCES
        from allting.kernel.problems import advise

        advise(ADVICE)
        for dataset, source in SOURCES.items():
            exchange.offer(dataset, source)
        post_save.connect(forget, sender="registers.Organisation")
        post_delete.connect(forget, sender="registers.Organisation")
