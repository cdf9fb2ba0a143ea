from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "allting.common.catalogue"
    label = "catalogue"
