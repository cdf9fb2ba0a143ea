"""MyID beyond the shared suite: letters, codes, apps, passwords, and each change of it."""

import re
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlsplit

import pyotp
import pytest
from django.contrib.auth.hashers import identify_hasher
from django.db import connection
from django.test import Client
from django.utils import timezone

from allting.common.identity.eids import codes, limits
from allting.common.identity.models import (
    Attempts,
    EidFlow,
    MyIdAccount,
    OneTimeCode,
    RecoveryCode,
    SignOn,
)
from allting.common.identity.providers.myid import accounts, activation, passwords
from allting.common.identity.providers.myid.tests.driver import PASSWORD, Driver
from allting.common.identity.providers.myid.tests.post import posted
from allting.common.identity.tests import relying
from allting.common.identity.tests.factories import log_in_for_test
from allting.common.identity.tests.test_eid_suite import begin
from allting.common.outbox import api as outbox
from allting.common.outbox.models import Effect
from allting.common.registers.tests import factories as make
from allting.kernel.actor import Level, Party

pytestmark = pytest.mark.django_db
NEW = "lilla fisk på taket"


@pytest.fixture
def myid(settings, tmp_path, monkeypatch):
    settings.EID_PROVIDERS, settings.EID_STRAIGHT = ["testid", "myid"], "myid"
    settings.LETTER_POST = "allting.common.identity.providers.myid.tests.post.catch"
    posted.clear()
    return Driver(settings, tmp_path, monkeypatch)


@pytest.fixture
def kari():
    return make.person()


def to(client, step):
    """The address of one of MyID's pages in a new login."""
    return begin(client, Level.SUBSTANTIAL).replace("/id/eid?", f"/id/eid/myid/{step}?")


def letter_code():
    _recipient, _title, paragraphs, _key = posted[-1]
    return next(str(one) for one in paragraphs if re.fullmatch(r"\w{5}-\w{5}", str(one)))


def order(client, kari):
    answer = client.post(to(client, "order"), {"pid": kari.identity_number})
    outbox.drain()
    return answer


# --- The letter -------------------------------------------------------------------------------------------


def test_from_the_letter_to_the_service(myid, client, kari):
    assert "/ordered?" in order(client, kari)["Location"]
    ((recipient, _title, _paragraphs, _key),) = posted
    assert recipient == Party("person", kari.pk)
    form = {"pid": kari.identity_number, "letter": letter_code().lower(), "mobile": "912 34 567"}
    step = client.post(to(client, "activate"), form | {"new_password": NEW, "repeat": NEW})["Location"]
    shown = client.post(step, {"code": myid.sent[-1]})["Location"]
    recovery = re.findall(r"<code>([\w-]+)</code>", client.get(shown).content.decode())
    assert len(recovery) == 10
    assert "code=" in client.post(shown)["Location"]
    row = SignOn.objects.get()
    assert (row.person, row.level, row.method) == (kari.pk, Level.SUBSTANTIAL, "Minid-PIN")
    assert row.methods == "otp sms mca"  # the letter and the telephone; a password that is new proves nothing
    assert "code=" not in client.post(shown).get("Location", "")
    assert client.post(to(Client(), "activate"), form | {"new_password": NEW, "repeat": NEW}).status_code == 422


def test_ordering_says_the_same_to_everyone_and_sends_one_letter_a_week(myid, client, kari):
    known = order(client, kari)
    unknown = client.post(to(client, "order"), {"pid": "17898510093"})
    assert urlsplit(known["Location"]).path == urlsplit(unknown["Location"]).path
    outbox.drain()
    assert len(posted) == 1
    assert Effect.objects.filter(dead=None, done=None, kind=activation.EFFECT).count() == 0
    first = letter_code()
    order(Client(), kari)
    assert len(posted) == 1
    assert activation.fits(kari.identity_number, first) == kari.pk  # the first one is as good as before
    OneTimeCode.objects.update(created=timezone.now() - timedelta(days=8))
    order(Client(), kari)
    assert len(posted) == 2
    assert activation.fits(kari.identity_number, first) is None


def test_the_queue_does_not_show_who_ordered(myid, client, kari):
    client.post(to(client, "order"), {"pid": kari.identity_number})
    assert kari.identity_number not in str(list(Effect.objects.values_list("payload", "key")))


def test_a_wrong_letter_code_is_explained_what_was_typed_is_kept_and_ten_tries_are_all(myid, client, kari):
    order(client, kari)
    form = {"pid": kari.identity_number, "letter": "AAAAA-AAAAA", "mobile": "912 34 567"}
    page = client.post(to(client, "activate"), form | {"new_password": NEW, "repeat": NEW})
    assert page.status_code == 422
    assert 'value="AAAAA-AAAAA"' in page.content.decode() and NEW not in page.content.decode()
    code = letter_code()
    for _try in range(9):
        assert activation.fits(kari.identity_number, "WRONG-WRONG") is None
    assert activation.fits(kari.identity_number, code) is None


@pytest.mark.parametrize(
    ("field", "typed"), [("mobile", "22 33 44 55"), ("mobile", ""), ("repeat", "another"), ("pid", "1")]
)
def test_a_slip_does_not_cost_the_letter(myid, client, kari, field, typed):
    order(client, kari)
    form = {"pid": kari.identity_number, "letter": letter_code(), "mobile": "912 34 567"}
    page = client.post(to(client, "activate"), form | {"new_password": NEW, "repeat": NEW} | {field: typed})
    assert page.status_code == 422
    assert f'id="error-{field}"' in page.content.decode()
    assert activation.fits(kari.identity_number, letter_code()) == kari.pk


# --- Codes ---------------------------------------------------------------------------------------------------


def asked_for_code(myid, client, person, password=PASSWORD):
    return client.post(begin(client, Level.SUBSTANTIAL), {"pid": person.identity_number, "password": password})[
        "Location"
    ]


def test_three_wrong_codes_kill_it_and_a_new_one_is_sent(myid, client, kari):
    myid.enrol(kari, Level.SUBSTANTIAL)
    step = asked_for_code(myid, client, kari)
    right = myid.sent[-1]
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    for _try in range(3):
        assert client.post(step, {"code": wrong}).status_code == 422
    assert client.post(step, {"code": right}).status_code == 422
    assert client.post(step, {"do": "send"})["Location"] == step
    assert "code=" in client.post(step, {"code": myid.sent[-1]})["Location"]


def test_a_code_lasts_five_minutes_and_a_newer_one_replaces_it(myid, client, kari):
    myid.enrol(kari, Level.SUBSTANTIAL)
    step = asked_for_code(myid, client, kari)
    OneTimeCode.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert client.post(step, {"code": myid.sent[-1]}).status_code == 422
    client.post(step, {"do": "send"})
    client.post(step, {"do": "send"})
    assert client.post(step, {"code": myid.sent[-2]}).status_code == 422
    assert client.post(step, {"do": "send"}).status_code == 422  # three in a login
    assert "code=" in client.post(step, {"code": f" {myid.sent[-1][:3]} {myid.sent[-1][3:]} "})["Location"]


def test_a_code_is_good_in_the_login_it_was_sent_for_only(myid, kari):
    myid.enrol(kari, Level.SUBSTANTIAL)
    thief, owner = Client(), Client()
    stolen = asked_for_code(myid, thief, kari)
    asked_for_code(myid, owner, kari)
    assert thief.post(stolen, {"code": myid.sent[-1]}).status_code == 422
    assert owner.get(stolen).status_code == 302  # and the page of another browser's login is not there


def test_neither_code_nor_number_stands_anywhere_readable(myid, client, kari, caplog, capsys):
    myid.enrol(kari, Level.SUBSTANTIAL)
    asked_for_code(myid, client, kari)
    kept = [MyIdAccount, OneTimeCode, EidFlow, Effect, Attempts, RecoveryCode]
    text = str([list(model.objects.values_list()) for model in kept]) + caplog.text + capsys.readouterr().err
    for secret in (myid.sent[-1], kari.identity_number, "91234567", PASSWORD):
        assert secret not in text


# --- The authenticator app (RFC 6238) ---------------------------------------------------------------------------


def oathtool(secret, at=None):
    """The code of another program, Debian's oathtool."""
    more = [f"--now={time.strftime('%Y-%m-%d %H:%M:%S UTC', time.gmtime(at))}"] if at else []
    command = ["oathtool", "--totp", "--base32", *more, secret]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def with_app(myid, kari, client):
    myid.enrol(kari, Level.SUBSTANTIAL)
    log_in_for_test(client, kari.pk)
    page = client.get("/my/eids/myid/app").content.decode()
    assert "data:image/svg+xml" in page
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page)[1].replace(" ", "")
    answer = client.post("/my/eids/myid/app", {"code": oathtool(secret), "password": PASSWORD})
    assert answer["Location"] == "/my/eids/myid?saved=1"
    return secret


@pytest.mark.real_clock
def test_the_app_is_set_up_and_its_codes_log_in(myid, kari, client):
    secret = with_app(myid, kari, Client())
    MyIdAccount.objects.update(totp_step=0)  # as half a minute later
    step = asked_for_code(myid, client, kari)
    assert not myid.sent
    assert "code=" in client.post(step, {"code": oathtool(secret)})["Location"]
    assert SignOn.objects.filter(method="Minid-TOTP", person=kari.pk).count() == 1


@pytest.mark.real_clock
def test_a_code_of_the_app_works_once_and_near_its_time(myid, kari, client):
    secret = with_app(myid, kari, Client())
    account = accounts.account_of(kari.pk)
    assert not accounts.use_app_code(account, oathtool(secret))  # it set the app up, and is used
    MyIdAccount.objects.update(totp_step=0)
    now = time.time()
    assert not accounts.use_app_code(account, oathtool(secret, now - 90))
    assert not accounts.use_app_code(account, oathtool(secret, now + 90))
    assert accounts.use_app_code(account, oathtool(secret, now - 30))
    assert not accounts.use_app_code(account, oathtool(secret, now - 30))
    assert accounts.use_app_code(account, oathtool(secret, now))


# RFC 6238 appendix B, SHA-1, the last six of its eight digits
@pytest.mark.parametrize(
    ("at", "code"), [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")]
)
def test_the_figures_of_rfc_6238(monkeypatch, at, code):
    monkeypatch.setattr(time, "time", lambda: at)
    assert accounts.app_step("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", code) == at // 30


@pytest.mark.real_clock
def test_a_lost_telephone_sms_instead_or_a_code_from_paper_once(myid, kari, client):
    with_app(myid, kari, Client())
    paper = accounts.new_recovery_codes(accounts.account_of(kari.pk))
    step = asked_for_code(myid, client, kari)
    assert "code=" in client.post(step, {"code": paper[0].lower()})["Location"]
    step = asked_for_code(myid, other := Client(), kari)
    assert other.post(step, {"code": paper[0]}).status_code == 422
    other.post(step, {"do": "send"})
    assert "code=" in other.post(step, {"code": myid.sent[-1]})["Location"]


def test_the_id_token_tells_how_she_logged_in(myid, kari):
    """By RFC 8176: a code from paper is neither an SMS nor an app, and without a password there are not two factors."""
    client_of, told = relying.registered(), {}

    def goes_in(way):
        client = Client()
        eid = "/id/eid/myid?" + client.get("/id/authorize", relying.question())["Location"].partition("?")[2]
        back = relying.answer_of(way(client, eid))
        found = Client().post("/id/token", relying.token_form(back["code"], client_of.pk)).json()
        return relying.claims_of(found["id_token"])["amr"]

    def password(client, eid):
        return client.post(eid, {"pid": kari.identity_number, "password": PASSWORD})["Location"]

    def forgotten(client, eid):
        form = {"pid": kari.identity_number, "recovery": paper.pop(), "new_password": PASSWORD, "repeat": PASSWORD}
        return client.post(eid.replace("myid?", "myid/forgotten?"), form)["Location"]

    myid.enrol(kari, Level.SUBSTANTIAL)
    account = accounts.account_of(kari.pk)
    paper = accounts.new_recovery_codes(account)
    told["sms"] = goes_in(lambda one, eid: one.post(password(one, eid), {"code": myid.sent[-1]}))
    told["paper"] = goes_in(lambda one, eid: one.post(password(one, eid), {"code": paper.pop()}))
    told["forgotten"] = goes_in(lambda one, eid: one.post(forgotten(one, eid), {"code": myid.sent[-1]}))
    accounts.set_app(account, secret := pyotp.random_base32())
    told["app"] = goes_in(lambda one, eid: one.post(password(one, eid), {"code": pyotp.TOTP(secret).now()}))
    MyIdAccount.objects.update(totp_step=0)
    told["forgotten, app"] = goes_in(lambda one, eid: one.post(forgotten(one, eid), {"code": pyotp.TOTP(secret).now()}))
    assert told == {
        "sms": ["Minid-OTC", "pwd", "otp", "sms", "mfa"],
        "paper": ["Minid-PIN", "pwd", "otp", "mfa"],
        "forgotten": ["Minid-PIN", "otp", "sms", "mca"],
        "app": ["Minid-TOTP", "pwd", "otp", "mfa"],
        "forgotten, app": ["Minid-PIN", "otp"],
    }


# --- Passwords -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "bad",
    ["kort", "passordpassord", "Passord123456", "123456789012", "abcdefghijkl", "sommer2026!!", "aaaaaaaaaaaa",
     "qwertyuiop12", "iloveyou1234", "x" * 201, "my17859000185x"],
)  # fmt: skip
def test_a_password_that_is_guessed_first_is_refused(bad):
    assert passwords.complaint(bad, "17859000185")


@pytest.mark.parametrize("good", [PASSWORD, NEW, "korrekt hest batteri stift", "7fK#plm2!vQx"])
def test_a_good_one_is_taken(good):
    assert passwords.complaint(good, "17859000185") == ""


def test_nothing_is_cut_off_or_changed_before_a_password_is_compared():
    longest = "Ærlig talt, " * 16 + "12345678"
    assert len(longest) == passwords.LONGEST
    stored = passwords.hashed(longest)
    assert passwords.fits(longest, stored)
    others = (longest + "x", longest.lower(), f" {longest}"[:-1], longest[:64])
    assert not any(passwords.fits(one, stored) for one in others)


def test_passwords_are_hashed_at_an_honest_cost(settings):
    settings.PASSWORD_MEMORY_KIB = 65536
    began = time.perf_counter()
    stored = passwords.hashed(PASSWORD)
    assert time.perf_counter() - began > 0.03
    assert stored.startswith("argon2$argon2id$v=19$m=65536,t=3,p=1$")
    assert identify_hasher(stored).algorithm == "argon2"


def test_a_missing_account_costs_as_much_as_a_wrong_password(myid, kari, monkeypatch):
    myid.enrol(kari, Level.SUBSTANTIAL)
    passwords.fits("x", None)  # nobody's hash is made once
    count = []
    real = passwords.check_password
    monkeypatch.setattr(passwords, "check_password", lambda *args: count.append(1) or real(*args))
    assert accounts.check(kari.identity_number, "wrong") is None
    assert accounts.check("17898510093", "wrong") is None
    assert len(count) == 2


def test_forgotten_a_code_from_paper_and_one_by_sms_give_a_new_password(myid, kari, client):
    myid.enrol(kari, Level.SUBSTANTIAL)
    paper = accounts.new_recovery_codes(accounts.account_of(kari.pk))
    form = {"pid": kari.identity_number, "recovery": paper[3], "new_password": NEW, "repeat": NEW}
    log_in_for_test(elsewhere := Client(), kari.pk)
    step = client.post(to(client, "forgotten"), form)["Location"]
    assert elsewhere.get("/my/sessions").status_code == 200
    assert accounts.check(kari.identity_number, PASSWORD)  # not before the second code
    assert client.post(step, {"code": paper[4]}).status_code == 422  # paper alone is one factor
    assert "code=" in client.post(step, {"code": myid.sent[-1]})["Location"]
    assert accounts.check(kari.identity_number, NEW)
    assert not accounts.check(kari.identity_number, PASSWORD)
    assert elsewhere.get("/my/sessions").status_code == 302  # the logins of before are ended
    assert client.post(to(Client(), "forgotten"), form).status_code == 422


def test_forgotten_tells_nobody_who_has_myid(myid, kari):
    myid.enrol(kari, Level.SUBSTANTIAL)
    form = {"recovery": "AAAAA-AAAAA", "new_password": NEW, "repeat": NEW}
    pages = []
    for number in (kari.identity_number, "17898510093"):
        one = Client()
        page = one.post(to(one, "forgotten"), form | {"pid": number})
        pages.append((page.status_code, re.sub(r'(value|href)="[^"]*"', "", page.content.decode())))
    assert pages[0] == pages[1]


# --- On the person's own page ----------------------------------------------------------------------------------------


def test_got_after_another_eid_without_a_letter(myid, kari, client):
    log_in_for_test(client, kari.pk)
    form = {"mobile": "912 34 567", "new_password": NEW, "repeat": NEW}
    assert client.post("/my/eids/myid/new", form)["Location"] == "/my/eids/myid/code"
    assert accounts.account_of(kari.pk) is None
    assert (
        client.post("/my/eids/myid/code", {"code": "000000" if myid.sent[-1] != "000000" else "1"}).status_code == 422
    )
    page = client.post("/my/eids/myid/code", {"code": myid.sent[-1]})
    assert len(re.findall(r"<code>[\w-]+</code>", page.content.decode())) == 10
    assert accounts.check(kari.identity_number, NEW)
    assert "login-changed" in {row.payload.get("message") for row in Effect.objects.all()}


def test_a_session_of_myid_cannot_begin_it_anew(myid, kari, client):
    myid.enrol(kari, Level.SUBSTANTIAL)
    log_in_for_test(client, kari.pk)
    SignOn.objects.update(method="Minid-OTC")
    assert client.get("/my/eids/myid/new").status_code == 403


def test_each_change_wants_the_password(myid, kari, client):
    myid.enrol(kari, Level.SUBSTANTIAL)
    log_in_for_test(client, kari.pk)
    wrong = {"password": "wrong"}
    posts = {
        "password": {"new_password": NEW, "repeat": NEW},
        "mobile": {"mobile": "98765432"},
        "do/recovery": {},
        "do/app-off": {},
    }
    for what, form in posts.items():
        assert client.post(f"/my/eids/myid/{what}", form | wrong).status_code == 422, what
    Attempts.objects.all().delete()
    assert client.post("/my/eids/myid/do/remove", wrong).status_code == 422
    assert accounts.account_of(kari.pk) is not None
    assert client.post("/my/eids/myid/do/remove", {"password": PASSWORD})["Location"] == "/my/eids?saved=1"
    assert accounts.account_of(kari.pk) is None


def test_a_new_password_and_a_new_number(myid, kari, client):
    myid.enrol(kari, Level.SUBSTANTIAL)
    log_in_for_test(client, kari.pk)
    form = {"password": PASSWORD, "new_password": NEW, "repeat": NEW}
    assert client.post("/my/eids/myid/password", form)["Location"] == "/my/eids/myid?saved=1"
    assert accounts.check(kari.identity_number, NEW)
    page = client.get("/my/eids/myid?saved=1").content.decode()
    assert 'href="/my/sessions">Logg ut overalt' in page
    assert "passnøkkel er tryggere" in page
    client.post("/my/eids/myid/mobile", {"mobile": "98765432", "password": NEW})
    assert accounts.mobile_of(accounts.account_of(kari.pk)) == "+4791234567"
    client.post("/my/eids/myid/code", {"code": myid.sent[-1]})
    assert accounts.mobile_of(accounts.account_of(kari.pk)) == "+4798765432"


# --- Lock-out ---------------------------------------------------------------------------------------------------------


def test_a_changed_password_makes_every_browser_a_stranger(myid, kari, client, rf):
    myid.enrol(kari, Level.SUBSTANTIAL)
    credential = accounts.credential(kari.identity_number)
    step = asked_for_code(myid, client, kari)
    client.post(step, {"code": myid.sent[-1]})
    request = rf.get("/")
    request.COOKIES[limits.COOKIE] = client.cookies[limits.COOKIE].value
    assert limits._is_known(request, credential)
    limits.forget_devices(credential)
    assert not limits._is_known(request, credential)


def test_delays_grow_and_are_forgotten(rf):
    request = rf.get("/")
    waits = []
    for _attempt in range(8):
        assert limits.attempt(request, "c", free=2) == 0
        waits.append(max(round((row.until - row.last).total_seconds()) for row in Attempts.objects.all()))
        Attempts.objects.update(until=timezone.now())
    assert waits == [0, 1, 2, 4, 8, 16, 32, 64]
    Attempts.objects.update(last=timezone.now() - timedelta(days=2))
    limits.attempt(request, "c", free=2)
    assert limits.attempt(request, "c", free=2) == 0


def test_attempts_at_once_are_counted_before_they_are_checked(rf):
    request = rf.get("/")
    allowed = [limits.attempt(request, "c", free=3) == 0 for _attempt in range(20)]
    assert sum(allowed) == 3


@pytest.mark.django_db(transaction=True)
def test_they_are_counted_together_by_all_processes(rf):
    def tries(_number):
        try:
            return sum(limits.attempt(rf.get("/"), "c", free=3) == 0 for _attempt in range(5))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(tries, range(4))) == 3


def test_a_stranger_elsewhere_is_not_slowed_by_a_stranger_here(rf):
    here, there = rf.get("/", REMOTE_ADDR="192.0.2.1"), rf.get("/", REMOTE_ADDR="198.51.100.1")
    while not limits.attempt(here, "c", free=2):
        pass
    assert limits.attempt(there, "c", free=2) == 0


def test_codes_are_made_for_people():
    assert re.fullmatch(r"[A-HJ-NP-Z2-9]{5}-[A-HJ-NP-Z2-9]{5}", codes.ten_letters())
    assert codes.plain(" abc-de fg ") == "ABCDEFG"
