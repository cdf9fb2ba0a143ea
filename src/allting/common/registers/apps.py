from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "allting.common.registers"
    label = "registers"

    def ready(self) -> None:
        from allting.common.exchange import api as exchange
        from allting.common.registers.sources import SOURCES

        for dataset, source in SOURCES.items():
            exchange.offer(dataset, source)
