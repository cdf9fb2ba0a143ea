"""Settings for benchmarks that compare with others' writes: each commit is on the disk when it is answered."""

from allting.site.settings import *  # noqa: F403

DATABASES["default"]["OPTIONS"]["init_command"] = DATABASES["default"]["OPTIONS"]["init_command"].replace(  # noqa: F405
    "synchronous=NORMAL", "synchronous=FULL"
)
