"""``/api/office``: what an authority does with its cases, by the same verbs, so with the same rules and errors, as
the pages."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from allting.common.cases import api as cases
from allting.common.cases.files import download
from allting.common.cases.rest import CaseOut, ListedOut, case_out, listed
from allting.kernel.access import RestGuard
from allting.kernel.actor import Actor

router = Router(auth=RestGuard(officer=True))
prefix = "/office"


class StepIn(Schema):
    """``revision``: the case's as it was read; 409 tells that somebody was there first."""

    revision: int


class OfficeWordsIn(StepIn):
    text: str


class DelayIn(OfficeWordsIn):
    weeks: int


class GroundsIn(StepIn):
    """``facts`` corrects a rule's arguments where the service has a rule."""

    grounds: str = ""
    facts: dict[str, Any] = {}


class DecisionIn(GroundsIn):
    """``outcome``: granted or refused; of an appeal upheld, overturned or returned."""

    outcome: str


class SearchIn(Schema):
    """Empty: anything. ``party``: an identity number, an organisation number, or whole words of a name; ``first`` and
    ``last``: days of sending, both included; ``before``: the last one of the page before."""

    number: str = ""
    party: str = ""
    service: str = ""
    state: str = ""
    first: date | None = None
    last: date | None = None
    before: UUID | None = None


class PersonIn(StepIn):
    person: UUID


class HearIn(OfficeWordsIn):
    """``days`` to speak, and the identity numbers of ``others`` it concerns besides the party."""

    days: int
    others: list[str] = []


class ConsultIn(OfficeWordsIn):
    """``authority``: a slug, or a name in full; ``days`` to answer."""

    authority: str
    days: int


class ChosenIn(Schema):
    """A case, and its revision as it was read."""

    id: UUID
    revision: int


class TogetherIn(Schema):
    """``do``: assign (to ``person``), remind (``on`` a day), or decide (``outcome`` granted or refused, and the
    ``grounds`` of every letter). At most 50 cases, of one service in one state."""

    do: str
    cases: list[ChosenIn]
    person: UUID | None = None
    on: str = ""
    outcome: str = ""
    grounds: str = ""


class ToldOut(Schema):
    """``why`` it was not done; empty: it was. ``waits``: for another officer's signature."""

    id: UUID
    number: str
    why: str
    waits: bool


class ReviseIn(OfficeWordsIn):
    """``what``: stop, change (``kroner`` a month), or claim (only what was paid too much); from the month of ``day``.
    ``days`` to speak; 0: decided now, which needs that the party told of it herself or gets more."""

    what: str
    day: str = ""
    kroner: str = ""
    days: int = 14


class RevisedIn(StepIn):
    """``outcome``: revised, as the party was told, or kept; ``claim``: kroner to pay back, empty: nothing."""

    outcome: str
    grounds: str
    claim: str = ""


class AnnulIn(OfficeWordsIn):
    """``ground``: favour, unknown or invalid: the letters of forvaltningsloven § 35."""

    ground: str


def _actor(request: HttpRequest) -> Actor:
    return request.auth  # type: ignore[attr-defined,no-any-return]


def _now(request: HttpRequest, case_id: UUID) -> dict[str, Any]:
    return case_out(cases.for_officer(_actor(request), case_id))


@router.get("/cases", response=list[ListedOut], url_name="office-cases")
def queue(
    request: HttpRequest, show: str = "open", due: date | None = None, after: UUID | None = None,
    service: str = "", theme: str = "",
) -> list[dict[str, Any]]:  # fmt: skip
    """The authority's queue, most urgent first; ``due`` and ``after`` are the last line's of the page before.

    ``show``: open, skills, free, mine, sign, appeals or decided. ``service`` and ``theme`` (of the Los vocabulary)
    narrow it down.
    """
    last = (due, after) if due and after else None
    return [listed(one) for one in cases.queue(_actor(request), show, last, only=cases.Only(service, theme))]


@router.post("/search", response=list[ListedOut], url_name="office-search")
def search(request: HttpRequest, payload: SearchIn) -> list[dict[str, Any]]:
    """The authority's cases that fit, newest first. Who is sought by identity number can read that she was."""
    wanted = cases.Wanted(**payload.dict(exclude={"before"}))
    return [listed(one) for one in cases.search(_actor(request), wanted, payload.before)]


@router.post("/together", response=list[ToldOut], url_name="office-together-do")
def together(request: HttpRequest, payload: TogetherIn) -> list[dict[str, Any]]:
    """One step with several cases: each is done or not by its own rules, and told of in the order they came."""
    deed = cases.Deed(**payload.dict(exclude={"cases"}))
    told = cases.together(_actor(request), [(one.id, one.revision) for one in payload.cases], deed)
    return [{"id": one.id, "number": one.number, "why": str(one.why), "waits": one.waits} for one in told]


@router.get("/cases/{case_id}", response=CaseOut, url_name="office-case")
def case(request: HttpRequest, case_id: UUID) -> dict[str, Any]:
    return _now(request, case_id)


@router.get("/cases/{case_id}/files/{file_id}", url_name="office-file")
def file(request: HttpRequest, case_id: UUID, file_id: UUID) -> HttpResponse:
    found, data = cases.file(_actor(request), case_id, file_id)
    return download(data, found.media_type, found.name)


@router.post("/cases/{case_id}/take", response=CaseOut, url_name="office-take")
def take(request: HttpRequest, case_id: UUID, payload: StepIn) -> dict[str, Any]:
    cases.take(_actor(request), case_id, payload.revision)
    return _now(request, case_id)


@router.post("/cases/{case_id}/ask", response=CaseOut, url_name="office-ask")
def ask(request: HttpRequest, case_id: UUID, payload: OfficeWordsIn) -> dict[str, Any]:
    """Ask the party for more (forvaltningsloven § 17)."""
    cases.ask(_actor(request), case_id, payload.revision, payload.text)
    return _now(request, case_id)


@router.post("/cases/{case_id}/delay", response=CaseOut, url_name="office-delay")
def delay(request: HttpRequest, case_id: UUID, payload: DelayIn) -> dict[str, Any]:
    """A provisional reply (forvaltningsloven § 11 a)."""
    cases.delay(_actor(request), case_id, payload.revision, payload.text, payload.weeks)
    return _now(request, case_id)


@router.post("/cases/{case_id}/decide", response=CaseOut, url_name="office-decide")
def decide(request: HttpRequest, case_id: UUID, payload: DecisionIn) -> dict[str, Any]:
    cases.decide(_actor(request), case_id, payload.revision, payload.outcome, payload.grounds, payload.facts)
    return _now(request, case_id)


@router.post("/cases/{case_id}/reverse", response=CaseOut, url_name="office-reverse")
def reverse(request: HttpRequest, case_id: UUID, payload: GroundsIn) -> dict[str, Any]:
    """The authority changes its own decision after an appeal (forvaltningsloven § 33)."""
    cases.reverse(_actor(request), case_id, payload.revision, payload.grounds, payload.facts)
    return _now(request, case_id)


@router.post("/cases/{case_id}/forward", response=CaseOut, url_name="office-forward")
def forward(request: HttpRequest, case_id: UUID, payload: OfficeWordsIn) -> dict[str, Any]:
    """Send an appeal to the appeals body with the authority's view (forvaltningsloven § 33)."""
    cases.forward(_actor(request), case_id, payload.revision, payload.text)
    return _now(request, case_id)


@router.post("/cases/{case_id}/decide-appeal", response=CaseOut, url_name="office-decide-appeal")
def decide_appeal(request: HttpRequest, case_id: UUID, payload: DecisionIn) -> dict[str, Any]:
    """The appeals body's decision (forvaltningsloven § 34)."""
    cases.decide_appeal(_actor(request), case_id, payload.revision, payload.outcome, payload.grounds, payload.facts)
    return _now(request, case_id)


@router.post("/cases/{case_id}/assign", response=CaseOut, url_name="office-assign")
def assign(request: HttpRequest, case_id: UUID, payload: PersonIn) -> dict[str, Any]:
    """Give the case to a colleague."""
    cases.assign(_actor(request), case_id, payload.revision, payload.person)
    return _now(request, case_id)


@router.post("/cases/{case_id}/put-back", response=CaseOut, url_name="office-put-back")
def put_back(request: HttpRequest, case_id: UUID, payload: StepIn) -> dict[str, Any]:
    """Let it wait for whoever takes it."""
    cases.put_back(_actor(request), case_id, payload.revision)
    return _now(request, case_id)


@router.post("/cases/{case_id}/hear", response=CaseOut, url_name="office-hear")
def hear(request: HttpRequest, case_id: UUID, payload: HearIn) -> dict[str, Any]:
    """Tell those it concerns before it is decided (forvaltningsloven § 16)."""
    cases.hear(_actor(request), case_id, payload.revision, payload.text, payload.days, "\n".join(payload.others))
    return _now(request, case_id)


@router.post("/cases/{case_id}/consult", response=CaseOut, url_name="office-consult")
def consult(request: HttpRequest, case_id: UUID, payload: ConsultIn) -> dict[str, Any]:
    """Ask another authority; it sees the question and the case's number."""
    cases.consult(_actor(request), case_id, payload.revision, payload.authority, payload.text, payload.days)
    return _now(request, case_id)


@router.post("/cases/{case_id}/countersign", response=CaseOut, url_name="office-countersign")
def countersign(request: HttpRequest, case_id: UUID, payload: StepIn) -> dict[str, Any]:
    """The second officer's signature; 403 same-officer for the one who wrote the decision."""
    cases.countersign(_actor(request), case_id, payload.revision)
    return _now(request, case_id)


@router.post("/cases/{case_id}/send-back", response=CaseOut, url_name="office-send-back")
def send_back(request: HttpRequest, case_id: UUID, payload: OfficeWordsIn) -> dict[str, Any]:
    """The second officer does not sign, and says why; or the first one takes it back."""
    cases.send_back(_actor(request), case_id, payload.revision, payload.text)
    return _now(request, case_id)


@router.post("/cases/{case_id}/annul", response=CaseOut, url_name="office-annul")
def annul(request: HttpRequest, case_id: UUID, payload: AnnulIn) -> dict[str, Any]:
    """Take a decision back (forvaltningsloven § 35)."""
    cases.annul(_actor(request), case_id, payload.revision, payload.ground, payload.text)
    return _now(request, case_id)


@router.post("/cases/{case_id}/reopen", response=CaseOut, url_name="office-reopen")
def reopen(request: HttpRequest, case_id: UUID, payload: OfficeWordsIn) -> dict[str, Any]:
    """Take a case up again, for a new decision."""
    cases.reopen(_actor(request), case_id, payload.revision, payload.text)
    return _now(request, case_id)


@router.post("/cases/{case_id}/revise", response=CaseOut, url_name="office-revise")
def revise(request: HttpRequest, case_id: UUID, payload: ReviseIn) -> dict[str, Any]:
    """Tell the party of a change of what she is paid, or decide it now."""
    wanted = (payload.what, payload.day, payload.kroner)
    if payload.days:
        cases.revise(_actor(request), case_id, payload.revision, wanted, payload.text, payload.days)
    else:
        cases.revise_now(_actor(request), case_id, payload.revision, wanted, payload.text)
    return _now(request, case_id)


@router.post("/cases/{case_id}/revised", response=CaseOut, url_name="office-revised")
def revised(request: HttpRequest, case_id: UUID, payload: RevisedIn) -> dict[str, Any]:
    """Decide what the party was told of."""
    who = _actor(request)
    cases.conclude_revision(who, case_id, payload.revision, payload.outcome, payload.grounds, payload.claim)
    return _now(request, case_id)
