"""The tables of the gateway, one module for each subject."""

from allting.common.identity.models.clients import Client, ClientKey
from allting.common.identity.models.sign_on import Code, ParkedForm, PortalSession, SignOn

__all__ = ["Client", "ClientKey", "Code", "ParkedForm", "PortalSession", "SignOn"]
