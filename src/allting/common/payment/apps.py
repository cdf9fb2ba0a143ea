from django.apps import AppConfig


class PaymentConfig(AppConfig):
    name = "allting.common.payment"
    label = "payment"
