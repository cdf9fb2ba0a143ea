"""Figures for Prometheus at ``/metrics``: requests, the outbox, the process. No label tells who.

With several processes each writes its figures to a folder that ``allting serve`` empties at the start and
names in PROMETHEUS_MULTIPROC_DIR; whichever answers the scrape reads them all.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
)
from prometheus_client.core import GaugeMetricFamily

from allting.common.outbox import api as outbox
from allting.kernel.access import public
from allting.kernel.problems import NotFound

_REQUESTS = Counter("allting_requests", "Requests answered", ["method", "route", "status"])
_SECONDS = Histogram("allting_request_seconds", "Time to answer", ["route"], buckets=(0.01, 0.03, 0.1, 0.3, 1, 3, 10))


def request(method: str, route: str, status: int, seconds: float) -> None:
    """Count a request by its route (never its address) and class of status."""
    verb = method if method in ("GET", "POST", "PUT", "DELETE") else "other"
    _REQUESTS.labels(verb, route, f"{status // 100}xx").inc()
    _SECONDS.labels(route).observe(seconds)


class _Outbox:
    """Read from the database when asked for, so that every process tells the same."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for name, value in outbox.figures().items():
            yield GaugeMetricFamily(f"allting_outbox_{name}", f"Outbox: {name.replace('_', ' ')}", value=value)


@public
@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """For whoever holds METRICS_TOKEN; without a token only for the machine itself. Others find nothing."""
    if not _may(request):
        raise NotFound()
    registry: Any = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    ours = CollectorRegistry()
    ours.register(_Outbox())
    return HttpResponse(generate_latest(registry) + generate_latest(ours), content_type=CONTENT_TYPE_LATEST)


def _may(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
    return request.META.get("REMOTE_ADDR") in ("127.0.0.1", "::1") and "X-Forwarded-For" not in request.headers
