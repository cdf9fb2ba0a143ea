"""Settings for the tests: the demo parts on, every process with a data folder of its own."""

import os
import tempfile

os.environ["ALLTING_DATA"] = tempfile.mkdtemp(prefix="allting-test-")
os.environ["ALLTING_DEMO"] = "1"
os.environ.setdefault("PORT", "8000")

from allting.site.settings import *  # noqa: F403

SILENCED_SYSTEM_CHECKS: list[str] = []

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # A file, not memory: the journal mode and the locks of the real thing.
    DATABASES["default"]["TEST"] = {"NAME": os.environ["ALLTING_DATA"] + "/test.sqlite3"}  # noqa: F405

STATIC_ROOT.mkdir(parents=True)  # noqa: F405 - or WhiteNoise warns at each request handler
PASSWORD_MEMORY_KIB = 1024  # honest hashing is for real passwords; one test uses the real cost
