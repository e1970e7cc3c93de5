"""What machines ask: whether the process answers, whether it can work, and the numbers of Prometheus."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from ipaddress import ip_address

from flask import Blueprint, abort, current_app, request
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from werkzeug.wrappers import Response

from app.use_cases.administration.readiness import readiness
from app.use_cases.reporting.measure_work import measure_work
from app.web import request_metrics

blueprint = Blueprint("monitoring", __name__)
# who comes through a proxy is not from here, whatever address the connection shows
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")
UP, AWAY = "up", "away; the poller does its work, more slowly"


@blueprint.get("/healthz")
def health() -> tuple[dict[str, str], int]:
    """Says that the process answers."""
    return {"status": "up"}, 200


@blueprint.get("/readyz")
def ready() -> tuple[dict[str, str], int]:
    """Says whether the product can serve: 503 without its database or with another version's; the queue may be away."""
    found = readiness()
    status = ("ready" if found.queue else "degraded") if found.is_ready else "not ready"
    said = {"status": status, "database": found.database, "queue": UP if found.queue else AWAY}
    return said, 200 if found.is_ready else 503


@blueprint.get("/metrics")
def metrics() -> Response:
    """The numbers in Prometheus' text format, for readers on this machine and for those with the token."""
    if not _may_read():
        abort(404)
    counted = generate_latest(request_metrics.registry())
    measured = generate_latest(_Measured())
    return Response(counted + measured, content_type=CONTENT_TYPE_LATEST)


def _may_read() -> bool:
    token = current_app.config["SETTINGS"].metrics_token
    if token is not None and hmac.compare_digest(
        request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode()
    ):
        return True
    return _is_loopback(request.remote_addr) and not any(name in request.headers for name in FORWARDED)


def _is_loopback(address: str | None) -> bool:
    try:
        return ip_address(address or "").is_loopback
    except ValueError:
        return False


class _Measured:
    """What the database says now, as generate_latest reads it."""

    def collect(self) -> Iterator[Metric]:
        for measure in measure_work():
            family = GaugeMetricFamily(f"loan_{measure.name}", measure.what, labels=list(measure.labels))
            for labels, number in measure.numbers:
                family.add_metric(list(labels), number)
            yield family
