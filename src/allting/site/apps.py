from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "allting.site"
    label = "site"
