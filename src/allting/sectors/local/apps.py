from django.apps import AppConfig


class LocalConfig(AppConfig):
    name = "allting.sectors.local"
    label = "local"
