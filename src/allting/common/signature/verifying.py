"""``/verify`` and ``/api/verify``: who signed a document, when, and whether anything changed. For anyone who holds it.

What is sent is read and forgotten: neither the document nor what was found in it is kept or logged.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from allting.common.signature import opening
from allting.common.signature.verdicts import Report
from allting.kernel.access import public
from allting.kernel.problems import Invalid, TooLarge


@public
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """The page where a document is chosen, and the answer."""
    report, error, name = None, "", ""
    if request.method == "POST":
        sent = request.FILES.get("document")
        name = (sent.name or "") if sent else ""
        try:
            report = checked(sent)
        except (Invalid, TooLarge) as refused:
            error = str(refused.detail)
    context = {"report": report, "error": error, "name": name, "largest": settings.UPLOAD_MAX_MB}
    response = render(request, "signature/verify.html", context, status=422 if error else 200)
    if request.method == "POST":
        response["Cache-Control"] = "private, no-store"
    return response


def checked(sent: UploadedFile[Any] | None) -> Report:
    """Raises Invalid with the reason when there is no file, or it cannot be vouched for, and TooLarge."""
    if sent is None:
        raise Invalid(_("Choose the document you want to check."), code="no-file")
    if (sent.size or 0) > settings.UPLOAD_MAX_MB * 1024 * 1024:
        raise TooLarge(_("The file is larger than %(mb)d MB") % {"mb": settings.UPLOAD_MAX_MB})
    return opening.check(sent.read())
