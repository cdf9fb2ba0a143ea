from django.urls import path

from allting.common.notification import views

app_name = "notification"
urlpatterns = [
    path("demo/messages", views.messages, name="demo"),
    path("demo/sms", views.sms, name="demo-sms"),
]
