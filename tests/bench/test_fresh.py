"""A bench begins with empty stores, wherever those of the run before it lay."""

import shutil

from base.embedded_place import find_place
from bench.systems import fresh


def test_stores_whose_folder_alone_is_gone_are_gone_too(tmp_path):
    (tmp_path / "shut").mkdir(mode=0o700)  # root's servers have a user that may not pass: their data lies elsewhere
    folder = fresh(tmp_path / "shut" / "bench")
    kept = find_place(folder).postgres_data
    kept.mkdir(parents=True)
    shutil.rmtree(folder)
    assert list(fresh(folder).iterdir()) == []
    assert not kept.exists()
