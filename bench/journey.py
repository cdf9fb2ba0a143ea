"""``make bench``: one whole journey, from search to the letter: CPU and queries of each step."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

from bench import stage


def main() -> int:
    browser = stage.set_up()
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from allting.common.cases.tests.factories import KINDERGARTEN, client_of, work
    from allting.common.registers.models import Organisation
    from allting.common.registers.tests.factories import officer_in

    molde = Organisation.objects.get(slug="1506-molde")
    office = client_of(officer_in(molde), as_officer_of=molde.pk)
    pages = KINDERGARTEN | {"place": KINDERGARTEN["place"] | {"child": str(browser.child.pk)}}
    total = [0.0, 0]

    def step(name: str, do: Callable[[], Any]) -> Any:
        with CaptureQueriesContext(connection) as seen:
            began = time.process_time()
            answer = do()
            spent = (time.process_time() - began) * 1000
        total[0], total[1] = total[0] + spent, total[1] + len(seen)
        print(f"{name:34} {spent:7.1f} ms CPU {len(seen):4} queries")
        return answer

    step("search", lambda: browser.get("/search", {"q": "barnehage"}))
    step("service page", lambda: browser.get("/services/kindergarten-place"))
    began = step("start", lambda: browser.post("/services/kindergarten-place/start", {"again": "1"}))
    draft = began["Location"].split("/")[2]
    step("form page", lambda: browser.get(f"/drafts/{draft}/place"))
    for name, answers in pages.items():
        step(f"answers: {name}", lambda name=name, answers=answers: browser.post(f"/drafts/{draft}/{name}", answers))
    step("look over", lambda: browser.get(f"/drafts/{draft}/review"))
    case = step("sign and send", lambda: browser.post(f"/drafts/{draft}/review"))["Location"].split("?")[0]
    step("the case", lambda: browser.get(case))
    step("officer: first page", lambda: office.get("/office"))
    step("officer: queue", lambda: office.get("/office/queue"))
    there = case.replace("/my/cases/", "/office/cases/")
    step("officer: the case", lambda: office.get(there))
    from allting.common.cases.models import Case

    revision = Case.objects.get(pk=case.rsplit("/", 1)[1]).revision
    form = {"revision": revision, "outcome": "granted", "grounds": "Ledig plass."}
    step("officer: decide", lambda: office.post(f"{there}/decide", form))
    step("worker: letter, seal, notices", work)
    step("my page", lambda: browser.get("/my"))
    print(f"{'together':34} {total[0]:7.1f} ms CPU {total[1]:4} queries")
    return 0


if __name__ == "__main__":
    sys.exit(main())
