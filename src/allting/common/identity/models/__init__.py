"""The tables of the gateway, one module for each subject."""

from allting.common.identity.models.clients import Client, ClientKey
from allting.common.identity.models.grants import Grant, PushedRequest, UsedOnce
from allting.common.identity.models.sign_on import ParkedForm, PortalSession, SignOn

__all__ = ["Client", "ClientKey", "Grant", "ParkedForm", "PortalSession", "PushedRequest", "SignOn", "UsedOnce"]
