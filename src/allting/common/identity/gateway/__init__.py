"""The OpenID provider. Its words for the rest of the room; the endpoints are in ``gateway.views``."""

from allting.common.identity.gateway.authorization import portal_redirect
from allting.common.identity.gateway.grants import challenge_of
from allting.common.identity.gateway.sign_on import current, end, end_everywhere, sign_on

__all__ = ["challenge_of", "current", "end", "end_everywhere", "portal_redirect", "sign_on"]
