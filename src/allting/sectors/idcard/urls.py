from django.urls import path

from allting.sectors.idcard import office, views

app_name = "idcard"
urlpatterns = [
    path("my/id-card", views.my_card, name="my-card"),
    path("my/id-card/<uuid:card_id>/block", views.block, name="block"),
    path("my/id-card/<uuid:card_id>/activate", views.activate, name="activate"),
    path("office/id-cards", office.desk, name="desk"),
    path("office/id-cards/check", office.check, name="check"),
    path("office/id-cards/<uuid:card_id>", office.card, name="card"),
    path("office/id-cards/<uuid:card_id>/hand-over", office.hand_over, name="hand-over"),
    path("office/id-cards/<uuid:card_id>/block", office.block, name="office-block"),
    path("idcard/idcard.crl", views.revoked, name="crl"),
    path("idcard/root.crl", views.root_revoked, name="root-crl"),
    path("idcard/root.cer", views.certificate, {"name": "root"}, name="root"),
    path("idcard/issuing.cer", views.certificate, {"name": "issuing"}, name="issuing"),
    path("idcard/ocsp", views.ocsp, name="ocsp"),
    path("idcard/ocsp/<path:asked>", views.ocsp_in_address, name="ocsp-get"),
]
