from django.urls import path

from allting.common.rulebook import views

app_name = "rulebook"
urlpatterns = [
    path("rules", views.rules, name="rules"),
    path("rules/<str:name>", views.rule, name="rule"),
]
