from django.urls import path

from allting.sectors.welfare import card_views, views

app_name = "welfare"
urlpatterns = [
    path("my/rights", views.mine, name="rights"),
    path("my/rights/accept", views.accept, name="accept-right"),
    path("my/reporting-card", card_views.overview, name="cards"),
    path("my/reporting-card/<slug:start>", card_views.card, name="card"),
]
