from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "allting.common.registers"
    label = "registers"
