from django.urls import path

from allting.sectors.tax import returns_views as views

app_name = "tax"
urlpatterns = [
    path("my/tax-return", views.newest, name="tax-return-newest"),
    path("my/tax-return/<int:year>", views.one, name="tax-return"),
    path("my/tax-return/<int:year>/items/<uuid:item>", views.change, name="tax-return-change"),
    path("my/tax-return/<int:year>/add", views.add, name="tax-return-add"),
    path("my/tax-return/<int:year>/undo", views.undo, name="tax-return-undo"),
    path("my/tax-return/<int:year>/files", views.files, name="tax-return-files"),
    path("my/tax-return/<int:year>/deliver", views.deliver, name="tax-return-deliver"),
]
