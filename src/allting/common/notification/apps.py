from django.apps import AppConfig


class NotificationConfig(AppConfig):
    name = "allting.common.notification"
    label = "notification"
