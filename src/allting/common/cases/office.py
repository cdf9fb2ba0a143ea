"""At work: the officer's first page, the authority's queues, the case, and what an officer does with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from allting.common.cases import api as cases
from allting.common.cases.files import download, download_pdf
from allting.common.cases.filling import as_number, as_uuid
from allting.common.cases.forms import named
from allting.common.identity import api as identity
from allting.kernel.access import actor, officer
from allting.kernel.actor import Actor
from allting.kernel.problems import Conflict, Invalid, NotAllowed, NotFound

PAGE = 50


@officer
@require_GET
def first(request: HttpRequest) -> HttpResponse:
    """What the officer has, what is new, and what is due soon."""
    if "show" in request.GET:  # where the queue was before
        return redirect(f"/office/queue?{request.GET.urlencode()}")
    found = cases.desk(actor(request))
    return render(request, "cases/office.html", {"desk": found, "done": request.GET.get("done")})


@officer
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    which = request.GET.get("show", "open")
    which = which if which in cases.TABS else "open"
    me = actor(request)
    services, themes = cases.handled(me), cases.themes_handled(me)
    only = cases.Only(_among(request, "service", services), _among(request, "theme", themes))
    found = cases.queue(me, which, _after(request.GET), PAGE + 1, only)
    last = found[PAGE - 1] if len(found) > PAGE else None
    narrowed = {name: value for name, value in (("service", only.service), ("theme", only.theme)) if value}
    context = {
        "cases": found[:PAGE], "which": which, "last": last, "tabs": cases.TABS, "unchosen": "none" in request.GET,
        "services": services, "themes": themes, "only": only, "narrowed": narrowed,
        "kept": "".join(f"&{name}={value}" for name, value in narrowed.items()),
    }  # fmt: skip
    return render(request, "cases/queue.html", context)


def _among(request: HttpRequest, name: str, offered: list[tuple[str, Any]]) -> str:
    """What was chosen among what is offered; anything else narrows nothing."""
    chosen = request.GET.get(name, "")
    return chosen if chosen in dict(offered) else ""


def _after(query: QueryDict) -> tuple[date, UUID] | None:
    last = as_uuid(query.get("after", ""))
    try:
        return (date.fromisoformat(query.get("due", "")), last) if last else None
    except ValueError:
        return None


@officer
@require_GET
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    typed = identity.parked(request)
    return _show(request, case_id, typed.dict() | {"action": request.GET.get("action", "")} if typed else {}, {})


def _show(
    request: HttpRequest,
    case_id: UUID,
    typed: dict[str, Any],
    errors: dict[str, Any],
    *,
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    view = cases.for_officer(actor(request), case_id)
    said = {name: named(LABELS[name], text) if name in LABELS else text for name, text in errors.items()}
    summary = [(f"field-{name}", text) for name, text in said.items()]
    context = {
        "case": view, "typed": typed, "errors": errors, "summary": summary, "notice": notice, "laws": cases.GROUNDS,
        "sent": "sent" in request.GET,
    }  # fmt: skip
    return render(request, "cases/office_case.html", context, status=status)


Verb = Callable[[Actor, UUID, int, QueryDict], Any]
ACTIONS: dict[str, Verb] = {
    "take": lambda who, case, revision, form: cases.take(who, case, revision),
    "assign": lambda who, case, revision, form: cases.assign(who, case, revision, as_uuid(form.get("person", ""))),
    "note": lambda who, case, revision, form: cases.note(who, case, form.get("note_text", "")),
    "remind": lambda who, case, revision, form: cases.remind(who, case, form.get("on", "")),
    "reminded": lambda who, case, revision, form: cases.reminded(who, case),
    "put-back": lambda who, case, revision, form: cases.put_back(who, case, revision),
    "ask": lambda who, case, revision, form: cases.ask(who, case, revision, form.get("question", "")),
    "hear": lambda who, case, revision, form: cases.hear(
        who, case, revision, form.get("notice", ""), as_number(form.get("hear_days")) or 0, form.get("others", "")
    ),
    "consult": lambda who, case, revision, form: cases.consult(
        who, case, revision, form.get("authority", ""), form.get("inquiry", ""), as_number(form.get("days")) or 0
    ),
    "delay": lambda who, case, revision, form: cases.delay(
        who, case, revision, form.get("why", ""), as_number(form.get("weeks")) or 0
    ),
    "decide": lambda who, case, revision, form: cases.decide(
        who, case, revision, form.get("outcome", ""), form.get("grounds", ""), _facts(form)
    ),
    "countersign": lambda who, case, revision, form: cases.countersign(who, case, revision),
    "send-back": lambda who, case, revision, form: cases.send_back(who, case, revision, form.get("back_why", "")),
    "reverse": lambda who, case, revision, form: cases.reverse(
        who, case, revision, form.get("reverse_grounds", ""), _facts(form)
    ),
    "forward": lambda who, case, revision, form: cases.forward(who, case, revision, form.get("note", "")),
    "decide-appeal": lambda who, case, revision, form: cases.decide_appeal(
        who, case, revision, form.get("outcome", ""), form.get("grounds", ""), _facts(form)
    ),
    "annul": lambda who, case, revision, form: cases.annul(
        who, case, revision, form.get("ground", ""), form.get("annul_grounds", "")
    ),
    "revise": lambda who, case, revision, form: _revise(who, case, revision, form),
    "conclude-revision": lambda who, case, revision, form: cases.conclude_revision(
        who, case, revision, form.get("revision_outcome", ""), form.get("revision_grounds", ""), form.get("claim", "")
    ),
    "reopen": lambda who, case, revision, form: cases.reopen(who, case, revision, form.get("reopen_why", "")),
}


def _revise(who: Actor, case: UUID, revision: int, form: QueryDict) -> None:
    """Tell the party what is meant with her payments, or decide it now."""
    wanted = (form.get("what", ""), form.get("day", ""), form.get("amount", ""))
    if form.get("how", "") == "now":
        cases.revise_now(who, case, revision, wanted, form.get("revise_why", ""))
    else:
        cases.revise(who, case, revision, wanted, form.get("revise_why", ""), as_number(form.get("revise_days")) or 0)


# What a verb calls a field, and what the page does, where several forms have one alike.
FIELDS = {
    "reverse": {"grounds": "reverse_grounds"}, "annul": {"grounds": "annul_grounds"}, "send-back": {"why": "back_why"},
    "reopen": {"why": "reopen_why"}, "hear": {"text": "notice", "days": "hear_days"},
    "consult": {"question": "inquiry"}, "revise": {"why": "revise_why", "days": "revise_days"},
    "conclude-revision": {"outcome": "revision_outcome", "grounds": "revision_grounds"},
}  # fmt: skip
# What the fields are called on the page, for the summary of what is wrong.
LABELS = {
    "question": _("What do you need to know?"),
    "why": _("Why it takes longer"),
    "weeks": _("Answer within how many weeks?"),
    "grounds": _("Grounds"),
    "reverse_grounds": _("Why it is changed"),
    "note": _("Why the decision stands"),
    "person": _("To whom?"),
    "note_text": _("Note"),
    "on": _("Which day?"),
    "back_why": _("What must be changed?"),
    "notice": _("What you are about to decide, and why"),
    "hear_days": _("Days to speak"),
    "others": _("Others it concerns"),
    "authority": _("Which authority?"),
    "inquiry": _("Your question"),
    "days": _("Days to answer"),
    "ground": _("Which rule lets you?"),
    "annul_grounds": _("Why it is annulled"),
    "reopen_why": _("Why it is taken up again"),
    "what": _("What is to happen?"),
    "day": _("From when?"),
    "amount": _("New amount a month, in kroner"),
    "revise_why": _("Why"),
    "how": _("Is the party to be told first?"),
    "revise_days": _("Days to speak"),
    "revision_grounds": _("Grounds"),
    "claim": _("How much must be paid back, in kroner?"),
}
STAYS = (  # the case is still to be handled
    "note", "remind", "reminded", "take", "assign", "put-back", "ask", "hear", "consult", "delay", "reopen",
    "revise",
)  # fmt: skip


def _facts(form: QueryDict) -> dict[str, Any]:
    return {name.removeprefix("fact-"): form[name] for name in form if name.startswith("fact-")}


@officer
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, case_id: UUID, action: str) -> HttpResponse:
    """One step with a case; what cannot be done is said on the case's page, with what was typed.

    A GET comes from a login in between: the case's page, with what she had written.
    """
    verb = ACTIONS.get(action)
    if verb is None:
        raise NotFound()
    if request.method == "GET":
        query = request.GET.copy()
        query["action"] = action
        return redirect(f"/office/cases/{case_id}?{query.urlencode()}")
    revision = as_number(request.POST.get("revision"))
    typed = request.POST.dict() | {"action": action}
    try:
        done = verb(actor(request), case_id, -1 if revision is None else revision, request.POST)
    except Invalid as wrong:
        fields = FIELDS.get(action, {})
        errors = {fields.get(name, name): " ".join(map(str, texts)) for name, texts in wrong.errors.items()}
        return _show(request, case_id, typed, errors, status=422)
    except Conflict:
        return _show(request, case_id, typed, {}, notice="changed", status=409)
    except NotAllowed as refused:
        if refused.code != "same-officer":
            raise
        return _show(request, case_id, typed, {}, notice="same-officer", status=403)
    if action in STAYS:
        return redirect(f"/office/cases/{case_id}")
    return redirect("/office?done=" + ("waits" if done is False else "back" if action == "send-back" else "1"))


@officer
@require_GET
def signed(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The application as it was signed."""
    return download_pdf(*cases.signed(actor(request), case_id))


@officer
@require_GET
def signed_part(request: HttpRequest, case_id: UUID, part_id: UUID) -> HttpResponse:
    """What one who signed filled in of her own, as she signed it."""
    return download_pdf(*cases.signed_part(actor(request), case_id, part_id))


@officer
@require_GET
def case_file(request: HttpRequest, case_id: UUID, file_id: UUID) -> HttpResponse:
    found, data = cases.file(actor(request), case_id, file_id)
    return download(data, found.media_type, found.name)
