from django.urls import path

from allting.sectors.pension import views

app_name = "pension"
urlpatterns = [path("my/pension", views.my_pension, name="my-pension")]
