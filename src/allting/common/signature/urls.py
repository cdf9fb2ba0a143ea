from django.urls import path

from allting.common.signature import public, verifying

app_name = "signature"
urlpatterns = [
    path("verify", verifying.page, name="verify"),
    path("signature/root.cer", public.certificate, {"name": "root"}, name="root"),
    path("signature/issuing.cer", public.certificate, {"name": "issuing"}, name="issuing"),
    path("signature/root.crl", public.revoked, {"name": "root"}, name="root-crl"),
    path("signature/issuing.crl", public.revoked, {"name": "issuing"}, name="crl"),
    path("signature/ocsp", public.ocsp, name="ocsp"),
    path("signature/ocsp/<path:asked>", public.ocsp_in_address, name="ocsp-get"),
    path("signature/tsa", public.stamp, name="tsa"),
]
