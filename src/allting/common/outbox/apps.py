from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "allting.common.outbox"
    label = "outbox"
