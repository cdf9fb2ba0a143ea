"""Calls to our own addresses, without a socket."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from typing import cast

import httpx
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpResponse


class _InProcess(httpx.BaseTransport):
    """Our own gateway is called in this process, through all of its middleware but without a socket: a server
    whose every thread waits for itself would stand still (docs/adr/0003)."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        body = request.read()
        environ = {
            "REQUEST_METHOD": request.method,
            "PATH_INFO": request.url.path,
            "QUERY_STRING": request.url.query.decode(),
            "CONTENT_TYPE": request.headers.get("content-type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "SERVER_NAME": request.url.host,
            "SERVER_PORT": str(request.url.port or 443),
            "wsgi.url_scheme": request.url.scheme,
            "wsgi.input": BytesIO(body),
        }
        response = cast(HttpResponse, _handler().get_response(WSGIRequest(environ)))
        return httpx.Response(response.status_code, headers=dict(response.items()), content=response.content)


@lru_cache
def _handler() -> WSGIHandler:
    return WSGIHandler()


def transport_to(address: str) -> httpx.BaseTransport | None:
    """For httpx: in the process when ``address`` is one of ours, else over the net."""
    return _InProcess() if address.startswith(f"{settings.BASE_URL}/") else None
