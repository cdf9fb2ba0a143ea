from django.apps import AppConfig


class RulebookConfig(AppConfig):
    name = "allting.common.rulebook"
    label = "rulebook"
