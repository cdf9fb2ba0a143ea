"""A file is put whole or not at all."""

import pytest

from allting.kernel.files import ALL_MAY_READ, put_whole


def test_the_new_file_takes_the_old_ones_place_for_its_owner_only(tmp_path):
    path = tmp_path / "list.csv"
    put_whole(path, b"old")
    put_whole(path, b"new")
    assert path.read_bytes() == b"new" and path.stat().st_mode & 0o777 == 0o600
    put_whole(path, b"known to all", ALL_MAY_READ)
    assert path.stat().st_mode & 0o077 and list(tmp_path.iterdir()) == [path]


def test_what_cannot_be_put_leaves_no_half_file(tmp_path):
    taken = tmp_path / "taken"
    (taken / "in").mkdir(parents=True)
    with pytest.raises(OSError):
        put_whole(taken, b"new")
    assert list(tmp_path.iterdir()) == [taken]
