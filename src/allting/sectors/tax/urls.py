from django.urls import path

from allting.sectors.tax import cards_views

app_name = "tax"
urlpatterns = [path("my/tax-card", cards_views.my_card, name="my-tax-card")]
