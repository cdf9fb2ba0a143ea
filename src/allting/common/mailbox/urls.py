from django.urls import path

from allting.common.mailbox import views

app_name = "mailbox"
urlpatterns = [
    path("my/letters", views.inbox, name="inbox"),
    path("my/letters/<uuid:letter_id>", views.letter, name="letter"),
    path("my/letters/<uuid:letter_id>.pdf", views.pdf, name="pdf"),
    path("my/letters/<uuid:letter_id>/enclosure.pdf", views.enclosure, name="enclosure"),
]
