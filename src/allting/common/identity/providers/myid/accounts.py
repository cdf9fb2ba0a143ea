"""A person's MyID: a password, where codes are sent, an authenticator app, ten codes on paper."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from uuid import UUID

import pyotp
from django.db import transaction
from django.utils import timezone
from uuid6 import uuid7

from allting.common.identity.eids import codes
from allting.common.identity.eids.hashing import keyed_hash, same
from allting.common.identity.eids.limits import forget_devices
from allting.common.identity.models import MyIdAccount, RecoveryCode
from allting.common.identity.providers.myid import passwords
from allting.common.notification import api as notification
from allting.kernel.encryption import seal, unseal

OTC, TOTP, PAPER = "Minid-OTC", "Minid-TOTP", "Minid-PIN"  # amr: by SMS, by app; with a code on paper at all
STEP_SECONDS = 30
RECOVERY_CODES = 10
LOGIN = "myid-login"


def account_of(person: UUID) -> MyIdAccount | None:
    return MyIdAccount.objects.filter(pk=person).first()


def by_number(number: str) -> MyIdAccount | None:
    return MyIdAccount.objects.filter(number_hash=_number_hash(number)).first()


def check(number: str, password: str) -> MyIdAccount | None:
    """The account when the password is right. Takes as long whether there is one or not."""
    account = by_number(number)
    return account if passwords.fits(password, account.password if account else None) else None


def open_account(person: UUID, number: str, password_hash: str, mobile: str) -> MyIdAccount:
    """A new account, or new keys to the one she has: app and recovery codes of before are gone."""
    with transaction.atomic():
        MyIdAccount.objects.filter(pk=person).delete()
        account = MyIdAccount.objects.create(
            person=person,
            number_hash=_number_hash(number),
            password=password_hash,
            mobile=seal(mobile.encode(), f"myid-mobile:{person}"),
        )
    forget_devices(credential(number))
    return account


def close_account(person: UUID) -> None:
    MyIdAccount.objects.filter(pk=person).delete()


def set_password(account: MyIdAccount, password_hash: str) -> None:
    account.password, account.changed = password_hash, timezone.now()
    account.save(update_fields=["password", "changed"])


def mobile_of(account: MyIdAccount) -> str:
    return unseal(account.mobile, f"myid-mobile:{account.person}").decode()


def set_mobile(account: MyIdAccount, mobile: str) -> None:
    account.mobile, account.changed = seal(mobile.encode(), f"myid-mobile:{account.person}"), timezone.now()
    account.save(update_fields=["mobile", "changed"])


def used(person: UUID) -> None:
    MyIdAccount.objects.filter(pk=person).update(last_used=timezone.now())


def credential(number: str) -> str:
    """What attempts with a password are counted for."""
    return f"myid:{number}"


def _number_hash(number: str) -> str:
    return keyed_hash("myid-number", number)


# --- Codes by SMS -------------------------------------------------------------------------------------


def send_code(purpose: str, subject: str, mobile: str, language: str) -> datetime:
    """Send a new code by SMS; returns until when it can be used."""
    code = codes.six_digits()
    until = timezone.now() + timedelta(seconds=codes.SMS_SECONDS)
    with transaction.atomic():
        codes.issue(purpose, subject, code, codes.SMS_SECONDS, codes.SMS_TRIES)
        notification.send_code(mobile, code, str(uuid7()), until=until, language=language)
    return until


def hint(mobile: str) -> str:
    """The last digits, so that she knows which telephone to look at."""
    return mobile[-3:]


# --- The authenticator app (RFC 6238) --------------------------------------------------------------------


def app_secret(account: MyIdAccount) -> str:
    """The app's secret in base 32; empty when there is no app."""
    return unseal(account.totp, f"myid-totp:{account.person}").decode() if account.totp else ""


def set_app(account: MyIdAccount, secret: str, step: int = 0) -> None:
    """Use an app from now on, whose code of ``step`` is used; no ``secret``: use none."""
    account.totp = seal(secret.encode(), f"myid-totp:{account.person}") if secret else None
    account.totp_step, account.changed = step, timezone.now()
    account.save(update_fields=["totp", "totp_step", "changed"])


def app_step(secret: str, typed: str) -> int | None:
    """The time step whose code was typed: now's, or a neighbour's for a clock that is half a minute off."""
    if not (typed.isascii() and typed.isdigit() and len(typed) == 6):
        return None
    now, clock = int(time.time()) // STEP_SECONDS, pyotp.TOTP(secret)
    found = [step for step in (now - 1, now, now + 1) if same(clock.at(step * STEP_SECONDS), typed)]
    return found[-1] if found else None


def use_app_code(account: MyIdAccount, typed: str) -> bool:
    """Whether the app says so now; a code is used once (RFC 6238 § 5.2)."""
    secret = app_secret(account)
    step = app_step(secret, typed) if secret else None
    if step is None:
        return False
    taken = MyIdAccount.objects.filter(pk=account.pk, totp_step__lt=step).update(totp_step=step)
    return taken == 1


# --- Codes on paper -------------------------------------------------------------------------------------


def new_recovery_codes(account: MyIdAccount) -> list[str]:
    """Ten new codes, shown once; those of before are worth nothing."""
    made = [codes.ten_letters() for _place in range(RECOVERY_CODES)]
    with transaction.atomic():
        RecoveryCode.objects.filter(account=account).delete()
        rows = [RecoveryCode(account=account, code_hash=_recovery(account, one)) for one in made]
        RecoveryCode.objects.bulk_create(rows)
    return made


def use_recovery_code(account: MyIdAccount, typed: str) -> bool:
    unused = RecoveryCode.objects.filter(account=account, code_hash=_recovery(account, typed), used=None)
    return unused.update(used=timezone.now()) > 0


def recovery_codes_left(account: MyIdAccount) -> int:
    return RecoveryCode.objects.filter(account=account, used=None).count()


def _recovery(account: MyIdAccount, code: str) -> str:
    return keyed_hash("recovery-code", f"{account.person}|{codes.plain(code)}")
