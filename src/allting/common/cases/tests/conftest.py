"""Where the room's tests take place: a municipality, with the body above it, and an officer."""

import pytest

from allting.common.registers.tests import factories as people


@pytest.fixture
def molde():
    people.state("statsforvalteren")
    return people.municipality()


@pytest.fixture
def nina(molde):
    return people.officer_in(molde)
