"""The tables of the gateway, one module for each subject."""

from allting.common.identity.models.clients import Client, ClientKey
from allting.common.identity.models.eids import (
    Attempts,
    EidBlock,
    EidFlow,
    EidLink,
    EidSwitch,
    KnownDevice,
    MyIdAccount,
    OneTimeCode,
    Passkey,
    RecoveryCode,
)
from allting.common.identity.models.grants import Grant, PushedRequest, UsedOnce
from allting.common.identity.models.machine import Delegation, Scope, ScopeAccess, ScopePrefix, ScopeUse
from allting.common.identity.models.sign_on import ParkedForm, PortalSession, SignOn

__all__ = [
    "Attempts", "Client", "ClientKey", "Delegation", "EidBlock", "EidFlow", "EidLink", "EidSwitch", "Grant",
    "KnownDevice", "MyIdAccount", "OneTimeCode", "ParkedForm", "Passkey", "PortalSession", "PushedRequest",
    "RecoveryCode", "Scope", "ScopeAccess", "ScopePrefix", "ScopeUse", "SignOn", "UsedOnce",
]  # fmt: skip
