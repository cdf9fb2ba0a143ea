"""The tables of the gateway, one module for each subject."""

from allting.common.identity.models.clients import Client, ClientKey
from allting.common.identity.models.grants import Grant, PushedRequest, UsedOnce
from allting.common.identity.models.machine import Delegation, Scope, ScopeAccess, ScopePrefix, ScopeUse
from allting.common.identity.models.sign_on import ParkedForm, PortalSession, SignOn

__all__ = [
    "Client", "ClientKey", "Delegation", "Grant", "ParkedForm", "PortalSession", "PushedRequest", "Scope",
    "ScopeAccess", "ScopePrefix", "ScopeUse", "SignOn", "UsedOnce",
]  # fmt: skip
