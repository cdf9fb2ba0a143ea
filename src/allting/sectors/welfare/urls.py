from django.urls import path

from allting.sectors.welfare import views

app_name = "welfare"
urlpatterns = [
    path("my/rights", views.mine, name="rights"),
    path("my/rights/accept", views.accept, name="accept-right"),
]
