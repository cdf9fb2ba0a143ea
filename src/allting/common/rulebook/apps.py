from django.apps import AppConfig


class RulebookConfig(AppConfig):
    name = "allting.common.rulebook"
    label = "rulebook"

    def ready(self) -> None:
        from allting.common.identity.api import offers_scope

        offers_scope("allting:rules", "Regne ut regler for hele filer")
