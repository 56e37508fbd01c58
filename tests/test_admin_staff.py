"""Staff accounts: Heads of press let people in and take roles away; nobody is locked out, nobody is
deleted, nobody gives themselves anything."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from events import editions, publishing, roles
from events.publishing import Refused

from . import factories

pytestmark = pytest.mark.django_db
PASSWORD = "a-password-for-tests"
NEW = "correct horse battery"
LIST = "admin:auth_user_changelist"


@pytest.fixture
def head(staff):
    return staff("Head of press")


@pytest.fixture
def root(django_user_model):
    return django_user_model.objects.create_superuser("root", password=PASSWORD)


def address(user, name="change"):
    return reverse(f"admin:auth_user_{name}", args=[user.pk])


def typed(user=None, **fields):
    """What the form sends for an account as it is, but for `fields`."""
    data = {"username": "new-person", "first_name": "", "last_name": "", "email": "",
            "new_password": "", "again": ""}  # fmt: skip
    if user is not None:
        names = list(user.groups.values_list("name", flat=True))
        data |= {"username": user.username, "roles": names, "email": user.email}
        if user.is_active:
            data["is_active"] = "on"
    data |= fields
    return {name: value for name, value in data.items() if value is not None}


def names(user):
    return set(user.groups.values_list("name", flat=True))


def test_head_makes_an_account_with_its_roles(client, head, django_user_model):
    client.force_login(head)
    add = reverse("admin:auth_user_add")
    assert client.get(add).status_code == 200
    data = typed(username="a-writer", email="w@example.org", roles=["Writer"], new_password=NEW,
                 again=NEW)  # fmt: skip
    answer = client.post(add, data)
    assert answer.status_code == 302, answer.context["errors"]
    made = django_user_model.objects.get(username="a-writer")
    assert (made.is_staff, made.is_active, made.is_superuser) == (True, True, False)
    assert (names(made), made.check_password(NEW)) == ({"Writer"}, True)
    assert roles.holds(made, "submit_publication")
    client.logout()
    assert client.login(username="a-writer", password=NEW)


@pytest.mark.parametrize(
    ("fields", "beside"),
    [
        ({"new_password": ""}, "new_password"),
        ({"new_password": NEW, "again": "something else"}, "again"),
        ({"new_password": "short", "again": "short"}, "new_password"),
        ({"new_password": "new-person-1", "again": "new-person-1"}, "new_password"),
        ({"new_password": NEW, "again": NEW, "username": ""}, "username"),
        ({"new_password": NEW, "again": NEW, "username": "head-of-press"}, "username"),
        ({"new_password": NEW, "again": NEW, "email": "nonsense"}, "email"),
        ({"new_password": NEW, "again": NEW, "roles": ["Owner"]}, "roles"),
    ],
    ids=str,
)
def test_bad_input_is_a_sentence_beside_its_field(client, head, django_user_model, fields, beside):
    client.force_login(head)
    answer = client.post(reverse("admin:auth_user_add"), typed(**fields))
    assert (answer.status_code, list(answer.context["adminform"].form.errors)) == (200, [beside])
    assert django_user_model.objects.count() == 1


@pytest.mark.parametrize("name", ["add", "change"])
def test_nothing_of_an_account_is_stored_before_the_head_has_shown_who_they_are(
    client, head, staff, django_user_model, name
):
    user = staff("Writer")
    client.force_login(head)
    session = client.session
    session["confirmed_at"] -= 3600
    session.save()
    page = reverse("admin:auth_user_add") if name == "add" else address(user)
    data = typed(username="made", roles=[roles.HEAD], new_password=NEW, again=NEW)
    answer = client.post(page, data)
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert (django_user_model.objects.count(), names(user)) == (2, {"Writer"})


def test_head_gives_and_takes_roles_and_shuts_an_account(client, head, staff, django_user_model):
    user = staff("Writer")
    user.is_staff = False
    user.save()
    client.force_login(head)
    data = typed(user, roles=["Press officer", "Archivist"], first_name="New name")
    assert client.post(address(user), data).status_code == 302
    user = django_user_model.objects.get(pk=user.pk)
    assert (names(user), user.first_name) == ({"Press officer", "Archivist"}, "New name")
    assert user.is_staff
    assert user.check_password(PASSWORD)
    assert client.post(address(user), typed(user, is_active=None)).status_code == 302
    user = django_user_model.objects.get(pk=user.pk)
    assert (user.is_active, names(user)) == (False, {"Press officer", "Archivist"})
    history = client.get(address(user, "history")).content.decode()
    assert "Press officer, Archivist" in history


def test_another_password_signs_out_and_is_told_by_mail(
    client, head, staff, django_user_model, django_capture_on_commit_callbacks
):
    user = staff("Writer")
    user.email = "writer@example.org"
    user.save()
    from django.test import Client

    theirs = Client()
    theirs.force_login(user)
    client.force_login(head)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(address(user), typed(user, new_password=NEW, again=NEW))
    assert answer.status_code == 302
    assert django_user_model.objects.get(pk=user.pk).check_password(NEW)
    assert theirs.get("/admin/").status_code == 302
    told = [(each.to, NEW in each.body) for each in mail.outbox]
    assert told == [(["writer@example.org"], False)]


CRAFTED = {
    "is_superuser": "on", "is_staff": "", "user_permissions": ["1", "2"], "groups": ["1"],
    "password": "md5$x$y", "last_login": "2020-01-01", "id": "1",
}  # fmt: skip


def test_crafted_post_gives_no_more_than_the_form(client, head, staff, django_user_model):
    user = staff("Writer")
    client.force_login(head)
    every = [str(pk) for pk in Permission.objects.values_list("pk", flat=True)]
    heads = [str(Group.objects.get(name=roles.HEAD).pk)]
    crafted = CRAFTED | {"user_permissions": every, "groups": heads}
    assert client.post(address(user), typed(user) | crafted).status_code == 302
    user = django_user_model.objects.get(pk=user.pk)
    assert (user.is_superuser, user.is_staff, names(user)) == (False, True, {"Writer"})
    assert user.user_permissions.count() == 0
    assert user.check_password(PASSWORD)
    data = typed(username="made", roles=["Writer"], new_password=NEW, again=NEW) | crafted
    assert client.post(reverse("admin:auth_user_add"), data).status_code == 302
    made = django_user_model.objects.get(username="made")
    assert (made.is_superuser, names(made), made.user_permissions.count()) == (False, {"Writer"}, 0)
    assert made.check_password(NEW)


@pytest.mark.parametrize(
    ("fields", "beside"),
    [({"is_active": None}, "is_active"), ({"roles": []}, "roles"),
     ({"roles": ["Writer"]}, "roles"), ({"roles": ["Head of press", "Archivist"]}, "roles"),
     ({"new_password": NEW, "again": NEW}, "new_password")],
    ids=str,
)  # fmt: skip
def test_head_changes_nothing_of_their_own_standing(
    client, head, staff, django_user_model, fields, beside
):
    staff("Head of press", "another-head")
    client.force_login(head)
    answer = client.post(address(head), typed(head, **fields))
    assert (answer.status_code, list(answer.context["adminform"].form.errors)) == (200, [beside])
    stored = django_user_model.objects.get(pk=head.pk)
    assert (stored.is_active, names(stored)) == (True, {"Head of press"})
    assert stored.check_password(PASSWORD)
    assert client.post(address(head), typed(head, first_name="My name")).status_code == 302


def test_last_active_head_stays_whoever_asks(client, head, root, staff, django_user_model):
    closed = staff("Head of press", "closed-head")
    closed.is_active = False
    closed.save()
    client.force_login(root)
    for fields in ({"is_active": None}, {"roles": ["Writer"]}):
        answer = client.post(address(head), typed(head, **fields))
        assert "last Head of press" in answer.content.decode()
    assert roles.holds(django_user_model.objects.get(pk=head.pk), "change_user")
    other = staff("Head of press", "other-head")
    assert client.post(address(other), typed(other, roles=["Writer"])).status_code == 302
    assert names(other) == {"Writer"}


def test_head_takes_the_role_from_another_head(client, head, staff):
    other = staff("Head of press", "other-head")
    client.force_login(head)
    assert client.post(address(other), typed(other, roles=[])).status_code == 302
    assert names(other) == set()


def test_superusers_account_is_no_heads_business(client, head, root, django_user_model):
    client.force_login(head)
    shown = client.get(address(root))
    assert (shown.status_code, shown.context["has_change_permission"]) == (200, False)
    assert root.password not in shown.content.decode()
    data = typed(root, roles=["Writer"], new_password=NEW, again=NEW)
    assert client.post(address(root), data).status_code == 403
    stored = django_user_model.objects.get(pk=root.pk)
    assert (stored.check_password(PASSWORD), names(stored), stored.is_superuser) == (
        True, set(), True)  # fmt: skip
    with pytest.raises(PermissionDenied):
        publishing.save_account(stored, head, ["Writer"])


def test_superuser_lets_the_first_head_in_and_gives_themselves_nothing(
    client, root, staff, django_user_model
):
    user = staff("Writer")
    client.force_login(root)
    assert client.post(address(user), typed(user, roles=[roles.HEAD])).status_code == 302
    assert names(user) == {roles.HEAD}
    answer = client.post(address(root), typed(root, roles=[roles.HEAD]))
    assert list(answer.context["adminform"].form.errors) == ["roles"]
    stored = django_user_model.objects.get(pk=root.pk)
    assert (names(stored), stored.is_superuser) == (set(), True)


@pytest.mark.parametrize("role", [name for name in roles.ROLES if name != roles.HEAD])
def test_accounts_are_for_heads_alone(client, staff, role, django_user_model):
    user, other = staff(role, "somebody"), staff("Writer", "the-other")
    client.force_login(user)
    pages = [reverse(LIST), reverse("admin:auth_user_add"), address(other), address(user),
             address(other, "history"), address(other, "delete")]  # fmt: skip
    for each in pages:
        assert client.get(each).status_code == 403, each
        assert client.post(each, typed(other, roles=[roles.HEAD])).status_code == 403, each
    assert (names(other), names(user)) == ({"Writer"}, {role})
    assert "Accounts" not in client.get("/admin/").content.decode()
    with pytest.raises(PermissionDenied):
        publishing.save_account(other, user, [roles.HEAD])


def test_accounts_are_never_deleted(client, head, root, staff, django_user_model):
    user = staff("Writer")
    for by in (head, root):
        client.force_login(by)
        assert client.post(address(user, "delete"), {"post": "yes"}).status_code == 403
        action = {"action": "delete_selected", "_selected_action": [str(user.pk)], "post": "yes"}
        client.post(reverse(LIST), action)
    assert django_user_model.objects.filter(pk=user.pk).exists()


def test_groups_and_single_permissions_have_no_page(client, head, root):
    group = Group.objects.first()
    for by in (head, root):
        client.force_login(by)
        for page in ("", "add/", f"{group.pk}/change/"):
            assert client.get(f"/admin/auth/group/{page}").status_code == 404
        assert client.get(f"/admin/auth/user/{by.pk}/password/").status_code in (302, 404)


def test_no_password_is_found_out_by_comparing(client, head):
    client.force_login(head)
    for lookup in ("password__startswith", "password", "password__gt"):
        assert client.get(reverse(LIST), {lookup: "md5"}).status_code == 400, lookup
    assert client.get(reverse(LIST), {"q": "head"}).status_code == 200
    shown = client.get(address(head)).content.decode()
    assert head.password not in shown


def test_account_that_a_limited_item_needs_is_not_closed_nor_lowered(
    client, staff, head, statement
):
    other, officer = staff("Head of press", "other-head"), staff("Press officer")
    publishing.limit(statement, other, [other, officer])
    client.force_login(head)
    for fields in ({"is_active": None}, {"roles": ["Archivist"]}, {"roles": []}):
        answer = client.post(address(officer), typed(officer, **fields))
        assert answer.status_code == 200
        text = answer.content.decode()
        assert "released by nobody any more" in text
        # Which item it is, only those named on it are told.
        assert "A statement" not in text
    assert names(officer) == {"Press officer"}
    # A password shuts a stolen account at once; a name may always be mended.
    data = typed(officer, new_password=NEW, again=NEW, first_name="Somebody")
    assert client.post(address(officer), data).status_code == 302
    client.force_login(other)
    answer = client.post(address(officer), typed(officer, is_active=None))
    assert "“A statement”" in answer.content.decode()
    publishing.limit(statement, other, [other, head])
    assert client.post(address(officer), typed(officer, is_active=None)).status_code == 302


def test_account_is_closed_where_others_named_suffice(head, staff, statement):
    officer, writer = staff("Press officer"), staff("Writer")
    publishing.limit(statement, head, [head, officer, writer])
    publishing.save_account(writer, head, ["Writer"], active=False)
    with pytest.raises(Refused):
        publishing.save_account(officer, head, ["Press officer"], active=False)


def test_released_limited_item_holds_nobody(head, staff):
    officer = staff("Press officer")
    item = factories.statement("published", limited=True)
    for user in (head, officer):
        item.access.create(user=user, given_by=head, given_at=factories.LONG_AGO)
    publishing.save_account(officer, head, [], active=False)
    assert editions.of(item).count() == 0


def test_refused_account_leaves_nothing_behind(head, django_user_model):
    user = django_user_model(username="somebody")
    for names_given, password in ((["Writer"], "short"), (["Owner"], NEW), (["Writer"], "")):
        with pytest.raises(ValidationError):
            publishing.save_account(user, head, names_given, password=password)
    assert django_user_model.objects.count() == 1


def test_list_of_accounts_tells_names_and_roles(client, head, staff, root):
    staff("Archivist")
    client.force_login(head)
    text = client.get(reverse(LIST)).content.decode()
    assert ("Archivist" in text, "technical administrator" in text) == (True, True)
