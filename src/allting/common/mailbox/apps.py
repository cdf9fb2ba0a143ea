from django.apps import AppConfig


class MailboxConfig(AppConfig):
    name = "allting.common.mailbox"
    label = "mailbox"
