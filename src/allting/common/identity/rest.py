"""``/api/clients`` and ``/api/machine``: the REST operations of the gateway, each part's own."""

from ninja import Router

from allting.common.identity.machine import rest as machine
from allting.common.identity.owners import rest as owners

router = Router()
prefix = ""
router.add_router("/clients", owners.router)
router.add_router("/machine", machine.router)
