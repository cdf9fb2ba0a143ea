"""The day the tests stand on: what the law's figures are here for, so that no test hangs on the day it is run.

The clock goes on from there. Move the day when the figures of a new year are entered. Marked ``real_clock``: tests with
others, who look at their own clock (OpenSSL, Apache, oathtool). The walks run on the real clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine

DAY = datetime.fromisoformat("2026-11-25T12:00+01:00")
_clock = time_machine.travel(DAY, tick=True)


def pytest_configure(config: pytest.Config) -> None:
    if config.option.markexpr != "browser":
        _clock.start()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[object]:
    if item.get_closest_marker("real_clock") is None:
        return (yield)
    _clock.stop()
    try:
        return (yield)
    finally:
        _clock.start()
