"""What stands in the way of `make run` is said in one sentence; what it made is kept."""

import importlib.metadata
import os
import shutil
import socket
import stat
import subprocess
import sys
from io import StringIO

import pytest
from django.conf import settings
from django.contrib.auth import authenticate, get_user_model
from django.core.management import CommandError, call_command
from packaging.requirements import Requirement

from events.roles import ROLES


def preflight(cwd, *words: str, before: str = "") -> subprocess.CompletedProcess[str]:
    """Run the look that make takes first; `before` is Python that spoils the machine."""
    script = settings.BASE_DIR / "pressoffice" / "preflight.py"
    code = f"{before}\nimport sys, runpy\nsys.argv[:] = {[str(script), *words]!r}\n"
    code += f"runpy.run_path({str(script)!r}, run_name='__main__')"
    return subprocess.run(
        [sys.executable, "-I", "-c", code], cwd=cwd, capture_output=True, text=True, timeout=60
    )


def is_one_sentence(text: str) -> bool:
    return text.count("\n") == 1 and text.endswith(".\n") and "Traceback" not in text


def test_nothing_in_the_way_is_silence(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    looked = preflight(tmp_path, port)
    assert (looked.returncode, looked.stdout, looked.stderr) == (0, "", "")


def test_a_busy_port_is_one_sentence(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        looked = preflight(tmp_path, port)
    assert looked.returncode == 1
    assert f"Port {port} is busy" in looked.stderr
    assert is_one_sentence(looked.stderr)


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1"])
def test_a_port_that_is_none_is_one_sentence(tmp_path, port):
    looked = preflight(tmp_path, port)
    assert looked.returncode == 1
    assert is_one_sentence(looked.stderr)


@pytest.mark.parametrize(
    ("before", "said"),
    [
        ("import sys; sys.version_info = (3, 9, 2)", "3.11 or newer"),
        (
            "import importlib.util as u; u.find_spec = lambda name: None",
            "apt install python3-venv",
        ),
        ("import os; os.access = lambda *_: False", "No permission to write"),
    ],
)
def test_what_the_machine_lacks_is_one_sentence(tmp_path, before, said):
    looked = preflight(tmp_path, before=before)
    assert looked.returncode == 1
    assert said in looked.stderr
    assert is_one_sentence(looked.stderr)


@pytest.mark.skipif(shutil.which("make") is None, reason="no make")
def test_make_alone_lists_every_target():
    made = subprocess.run(
        ["make"], cwd=settings.BASE_DIR, capture_output=True, text=True, env=os.environ
    )
    listed = [line.split()[1] for line in made.stdout.splitlines() if line.startswith("  make ")]
    assert {"run", "test", "lint", "format", "fixtures", "messages", "screenshots"} <= set(listed)
    assert "clean" in listed


@pytest.fixture
def staff_file(db, tmp_path, settings):
    settings.VAR_DIR = tmp_path / "var"
    call_command("setup_roles", stdout=StringIO())
    return settings.VAR_DIR / "demo-staff.txt"


def test_demo_staff_fill_every_role_with_two_press_officers(staff_file):
    call_command("create_demo_staff", stdout=StringIO())
    lines = [line.split(" ", 2) for line in staff_file.read_text().splitlines()]
    roles = sorted(role for _username, _password, role in lines)
    assert roles == sorted([*ROLES, "Press officer"])
    assert stat.S_IMODE(staff_file.stat().st_mode) == 0o600
    for username, password, role in lines:
        user = authenticate(username=username, password=password)
        assert user.is_staff
        assert not user.is_superuser
        assert [group.name for group in user.groups.all()] == [role]


def test_demo_staff_are_left_as_they_are_the_second_time(staff_file):
    call_command("create_demo_staff", stdout=StringIO())
    before = staff_file.read_text(), list(get_user_model().objects.order_by("pk").values())
    call_command("create_demo_staff", stdout=StringIO())
    after = staff_file.read_text(), list(get_user_model().objects.order_by("pk").values())
    assert after == before


def test_demo_staff_of_an_earlier_database_are_replaced_in_the_file(staff_file):
    call_command("create_demo_staff", stdout=StringIO())
    get_user_model().objects.all().delete()
    call_command("create_demo_staff", stdout=StringIO())
    lines = [line.split(" ", 2) for line in staff_file.read_text().splitlines()]
    assert len({username for username, *_ in lines}) == len(lines)
    assert all(authenticate(username=name, password=word) for name, word, _role in lines)


def test_demo_staff_are_refused_on_a_public_site(staff_file, settings):
    settings.IS_PUBLIC = True
    with pytest.raises(CommandError, match="not for a public site"):
        call_command("create_demo_staff")
    assert not get_user_model().objects.exists()


def test_load_demo_loads_once(db):
    first, second = StringIO(), StringIO()
    call_command("load_demo", stdout=first)
    call_command("load_demo", stdout=second)
    assert first.getvalue().startswith("Loaded the founding records: ")
    assert second.getvalue() == "The office has records already; nothing was loaded.\n"


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_a_lock_file_pins_everything_by_hash_and_names_no_host(name):
    text = (settings.BASE_DIR / name).read_text()
    requirements = [line for line in text.splitlines() if line and not line.startswith(" ")]
    assert requirements
    assert [line for line in requirements if "==" not in line or not line.endswith("\\")] == []
    assert "://" not in text
    assert "index" not in text


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_a_lock_file_keeps_the_extras_that_its_packages_ask_for(name):
    # Without them pip takes the newest release of the package, whose hash no file can know.
    lines = (settings.BASE_DIR / name).read_text().splitlines()
    locked = [Requirement(line.removesuffix("\\")) for line in lines if line[:1].isalpha()]
    extras = {each.name: each.extras for each in locked}
    asked = [
        wanted
        for each in locked
        if each.marker is None or each.marker.evaluate()
        for wanted in map(Requirement, importlib.metadata.requires(each.name) or [])
        if wanted.extras and (wanted.marker is None or wanted.marker.evaluate({"extra": ""}))
    ]
    assert [str(each) for each in asked if not each.extras <= extras[each.name]] == []
    if name == "requirements-dev.txt":
        assert "coverage" in {each.name for each in asked}


@pytest.mark.skipif(not shutil.which("make"), reason="no make")
def test_environment_that_is_a_link_is_left_alone(tmp_path):
    """It belongs to another checkout, in which somebody may be at work."""
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "kept").write_text("kept")
    here = tmp_path / "here"
    here.mkdir()
    shutil.copy(settings.BASE_DIR / "Makefile", here)
    shutil.copytree(settings.BASE_DIR / "pressoffice", here / "pressoffice")
    (here / ".venv").symlink_to(theirs)
    done = subprocess.run(
        ["make", "fixtures"], cwd=here, capture_output=True, text=True, timeout=60
    )
    assert done.returncode != 0
    assert f".venv is a link to {theirs}: remove the link" in done.stdout
    assert [path.name for path in theirs.iterdir()] == ["kept"]
