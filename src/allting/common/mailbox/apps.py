from django.apps import AppConfig


class MailboxConfig(AppConfig):
    name = "allting.common.mailbox"
    label = "mailbox"

    def ready(self) -> None:
        from allting.common.mailbox.delivery import carry_out, remind
        from allting.common.outbox.api import handles

        handles("mailbox.deliver", carry_out)
        handles("mailbox.remind", remind)
