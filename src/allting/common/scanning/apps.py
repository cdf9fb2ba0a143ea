from django.apps import AppConfig


class ScanningConfig(AppConfig):
    name = "allting.common.scanning"
    label = "scanning"
