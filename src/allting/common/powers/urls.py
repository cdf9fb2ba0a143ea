from django.urls import path

from allting.common.powers import views

app_name = "powers"
urlpatterns = [
    path("my/powers", views.overview, name="powers"),
    path("my/powers/new", views.new, name="new"),
    path("my/powers/<uuid:power_id>", views.power, name="power"),
    path("my/powers/<uuid:power_id>/end", views.end, name="end"),
]
