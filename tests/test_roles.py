"""Roles: what each holds, exactly; and what nobody holds without one."""

import pytest
from django.contrib.auth.models import Group, Permission

from events import roles

pytestmark = pytest.mark.django_db

# The verbs and the lists that set the roles apart, written out: a table to be read by people.
TABLE = {
    #                       Writer Officer Head Archivist Reader
    "submit_publication":   (1, 1, 1, 0, 0),
    "propose_change":       (1, 1, 1, 1, 0),
    "review_publication":   (0, 1, 1, 0, 0),
    "approve_publication":  (0, 1, 1, 0, 0),
    "withdraw_publication": (0, 1, 1, 0, 0),
    "retract_publication":  (0, 1, 1, 0, 0),
    "make_bundle":          (0, 1, 1, 0, 0),
    "share_preview":        (0, 1, 1, 0, 0),
    "rehearse":             (0, 1, 1, 0, 0),
    "limit_publication":    (0, 0, 1, 0, 0),
    "view_reading":         (0, 0, 1, 0, 0),
    "view_user":            (0, 0, 1, 0, 0),
    "add_user":             (0, 0, 1, 0, 0),
    "change_user":          (0, 0, 1, 0, 0),
    "delete_user":          (0, 0, 0, 0, 0),
    "view_group":           (0, 0, 0, 0, 0),
    "change_group":         (0, 0, 0, 0, 0),
    "view_unreleased":      (1, 1, 1, 1, 0),
    "view_event":           (1, 1, 1, 1, 1),
    "view_statement":       (1, 1, 1, 1, 1),
    "view_quote":           (1, 1, 1, 1, 1),
    "view_outcome":         (1, 1, 1, 1, 1),
    "view_notice":          (1, 1, 1, 1, 1),
    "view_edition":         (1, 1, 1, 1, 0),
    "view_change":          (1, 1, 1, 1, 0),
    "view_bundle":          (1, 1, 1, 1, 0),
    "view_photo":           (1, 1, 1, 1, 0),
    "view_topic":           (1, 1, 1, 1, 0),
    "add_event":            (1, 1, 1, 0, 0),
    "change_event":         (1, 1, 1, 0, 0),
    "change_statement":     (1, 1, 1, 0, 0),
    "delete_event":         (1, 1, 1, 0, 0),
    "add_person":           (1, 1, 1, 1, 0),
    "change_person":        (1, 1, 1, 1, 0),
    "delete_person":        (0, 0, 0, 1, 0),
    "change_photo":         (1, 1, 1, 1, 0),
    "delete_edition":       (0, 0, 0, 0, 0),
    "change_edition":       (0, 0, 0, 0, 0),
    "add_reading":          (0, 0, 0, 0, 0),
}  # fmt: skip
NAMES = ("Writer", "Press officer", "Head of press", "Archivist", "Reader under embargo")


@pytest.fixture(autouse=True)
def _set_up(db):
    Group.objects.all().delete()
    roles.setup_roles()


def held(role):
    return set(Group.objects.get(name=role).permissions.values_list("codename", flat=True))


def test_roles_are_these_five():
    assert tuple(roles.ROLES) == NAMES
    assert roles.HEAD in roles.ROLES


@pytest.mark.parametrize("codename", TABLE)
def test_permission_is_held_by_exactly_these_roles(codename):
    found = {role for role in NAMES if codename in held(role)}
    assert found == {role for role, has in zip(NAMES, TABLE[codename], strict=True) if has}


@pytest.mark.parametrize("role", NAMES)
def test_role_holds_what_the_table_says_and_nothing_else(role):
    assert held(role) == roles.ROLES[role]


@pytest.mark.parametrize("role", NAMES)
def test_setting_up_again_takes_away_what_is_not_in_the_table(role):
    group = Group.objects.get(name=role)
    group.permissions.set(Permission.objects.all())
    roles.setup_roles()
    assert held(role) == roles.ROLES[role]


def test_group_of_an_earlier_version_holds_nothing_any_more(staff, django_user_model):
    old = Group.objects.create(name="Chief editor")
    old.permissions.set(Permission.objects.all())
    user = django_user_model.objects.create_user("somebody", is_staff=True)
    user.groups.add(old)
    assert roles.holds(user, "approve_publication")
    roles.setup_roles()
    assert not roles.holds(user, "approve_publication")
    assert list(user.groups.all()) == [old]


def test_unknown_permission_is_an_error_and_changes_no_role(monkeypatch):
    before = {role: held(role) for role in NAMES}
    monkeypatch.setitem(roles.ROLES, "Reader under embargo", {"view_event", "fly"})
    with pytest.raises(LookupError, match="fly"):
        roles.setup_roles()
    assert {role: held(role) for role in NAMES} == before


@pytest.mark.parametrize("state", [{"is_active": False}, {"is_staff": False}])
def test_account_that_is_closed_holds_nothing(staff, state):
    user = staff("Head of press")
    assert roles.holds(user, "limit_publication")
    for name, value in state.items():
        setattr(user, name, value)
    assert not roles.holds(user, "limit_publication")


def test_superuser_holds_nothing_by_being_one(django_user_model):
    root = django_user_model.objects.create_superuser("root", password="a-password-for-tests")
    assert not any(roles.holds(root, codename) for codename in roles.ROLES["Head of press"])
    assert not roles.holds(None, "view_event")
    assert roles.holds(roles.FOUNDING_IMPORT, "approve_publication")
