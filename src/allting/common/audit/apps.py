from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "allting.common.audit"
    label = "audit"
