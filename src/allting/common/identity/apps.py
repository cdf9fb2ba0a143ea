from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "allting.common.identity"
    label = "identity"
