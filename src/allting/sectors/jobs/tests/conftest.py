from __future__ import annotations

import pytest

from allting.common.registers.tests import factories as people
from allting.sectors.jobs import api as jobs
from allting.sectors.jobs.tests.factories import employer, given


@pytest.fixture
def boss():
    people.municipality()
    return employer()


@pytest.fixture
def vacancy(boss):
    return jobs.publish(boss[0], given())


@pytest.fixture
def seeker():
    return people.person(given_name="Vilde")
