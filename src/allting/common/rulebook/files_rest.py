"""``/api/rules/NAME/run``: a rule over a file of any size, sent as the body and answered as a file. Nothing is kept."""

from __future__ import annotations

import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.http import FileResponse, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router

from allting.common.rulebook import api as rulebook
from allting.common.rulebook import running
from allting.kernel.access import RestGuard
from allting.kernel.problems import Invalid

Day = datetime.date  # an argument is called date
router = Router()
prefix = "/rules"
SCOPE = "allting:rules"
KINDS = {"text/csv": ".csv", "application/gzip": ".csv.gz", "application/vnd.apache.parquet": ".parquet"}
PIECE = 1 << 20  # bytes read at a time, so that the memory used does not grow with the file
_FILES = {"content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in KINDS}}


@router.post(
    "/{name}/run", auth=RestGuard(limited=True, scope=SCOPE), url_name="run-file",
    openapi_extra={
        "requestBody": {**_FILES, "required": True},
        "responses": {200: {"description": "The file with the answers", **_FILES}},
    },
)  # fmt: skip
def run(request: HttpRequest, name: str, date: Day | None = None, known: Day | None = None) -> Any:
    """Each row of a CSV (also packed) or Parquet file, as ``allting rules run`` counts it: the same columns, the
    answer, and ``problem``, in the same kind of file. The headers Allting-Rows and Allting-Rows-Wrong count the rows.
    """
    one, ending = rulebook.rule(name), KINDS.get(request.content_type or "")
    if ending is None:
        raise Invalid(_("Send the file as one of these: %(kinds)s.") % {"kinds": ", ".join(KINDS)}, code="unknown-kind")
    with TemporaryDirectory(prefix="allting-rules-") as folder:
        source, target = (Path(folder) / f"{stem}{ending}" for stem in ("rows", "result"))
        with source.open("wb") as file:
            while piece := request.read(PIECE):
                file.write(piece)
        done = running.run(one, source, target, date or timezone.localdate(), known)
        answer = FileResponse(target.open("rb"), content_type=request.content_type, filename=target.name)
    answer["Allting-Rows"], answer["Allting-Rows-Wrong"] = str(done.rows), str(done.bad)
    return answer  # the file is open, and gone when it has been sent
