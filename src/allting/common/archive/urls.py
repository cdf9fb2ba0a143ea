from django.urls import path

from allting.common.archive import views

app_name = "archive"
urlpatterns = [
    path("journal", views.authorities, name="journals"),
    path("journal/<slug:slug>", views.journal, name="journal"),
]
