from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    name = "allting.common.archive"
    label = "archive"
