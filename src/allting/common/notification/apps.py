from django.apps import AppConfig


class NotificationConfig(AppConfig):
    name = "allting.common.notification"
    label = "notification"

    def ready(self) -> None:
        from allting.common.notification.sending import send_code, send_email, send_sms
        from allting.common.outbox.api import handles

        handles("notification.email", send_email, outside=True)
        handles("notification.sms", send_sms, outside=True)
        handles("notification.code", send_code, outside=True)
