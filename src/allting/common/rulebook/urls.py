from django.urls import path

from allting.common.rulebook import views, whatif

app_name = "rulebook"
urlpatterns = [
    path("rules", views.rules, name="rules"),
    path("rules/what-if", whatif.what_if, name="what-if"),
    path("rules/<str:name>", views.rule, name="rule"),
]
