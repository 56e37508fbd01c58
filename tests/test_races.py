"""Two people at once: nothing lost, nothing done twice, nobody kept waiting for ever."""

import os
import shutil
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from . import races


@pytest.mark.subprocess
@pytest.mark.parametrize("race", races.RACES, ids=lambda race: race.__name__)
def test_race_in_a_file_of_its_own_on_sqlite(race, tmp_path, database_file):
    if connection.vendor != "sqlite":
        pytest.skip("about SQLite, and this is PostgreSQL")
    shutil.copy(database_file, tmp_path / "db.sqlite3")
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3", "VAR_DIR": str(tmp_path),
    }  # fmt: skip
    ran = subprocess.run(
        [sys.executable, "-m", "tests.races", race.__name__],
        cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("race", races.RACES, ids=lambda race: race.__name__)
def test_race_on_postgresql(race):
    race()
