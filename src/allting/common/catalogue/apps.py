from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "allting.common.catalogue"
    label = "catalogue"

    def ready(self) -> None:
        from allting.common.catalogue.shelf import shelf
        from allting.kernel import scope

        scope.know(lambda: {name: one.service.themes for name, one in shelf().services.items()})
