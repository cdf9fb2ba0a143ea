from django.apps import AppConfig


class SignatureConfig(AppConfig):
    name = "allting.common.signature"
    label = "signature"
