"""What a power covers, in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from allting.common.catalogue import api as catalogue
from allting.common.registers import api as registers
from allting.kernel.problems import NotFound
from allting.kernel.scope import Reach
from allting.kernel.text import Text, said


def words(reach: Reach) -> list[Text]:
    """One text for each thing it covers. A service or a theme that is gone is called by its name."""
    if reach.everything:
        return [said(_("Everything the giver can do here"))]
    titles = {one.slug: one.service.title for one in catalogue.services()}
    found = [titles.get(name) or Text.same(name) for name in sorted(reach.services)]
    for name in sorted(reach.themes):
        theme = catalogue.themes().get(name)
        found.append(said(_("All services about: %(what)s"), what=theme.title if theme else name))
    for body in reach.authorities:
        try:
            found.append(said(_("All services of %(what)s"), what=registers.authority(body).name))
        except NotFound:
            continue
    return found
