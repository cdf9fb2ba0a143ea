from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "allting.common.exchange"
    label = "exchange"
