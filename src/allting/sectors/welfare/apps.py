from django.apps import AppConfig


class WelfareConfig(AppConfig):
    name = "allting.sectors.welfare"
    label = "welfare"
