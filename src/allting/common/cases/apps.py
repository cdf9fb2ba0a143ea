from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "allting.common.cases"
    label = "cases"
