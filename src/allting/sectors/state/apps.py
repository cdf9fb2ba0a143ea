from django.apps import AppConfig


class StateConfig(AppConfig):
    name = "allting.sectors.state"
    label = "state"
