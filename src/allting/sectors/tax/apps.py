from django.apps import AppConfig


class TaxConfig(AppConfig):
    name = "allting.sectors.tax"
    label = "tax"
