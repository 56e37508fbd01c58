"""One account, whatever it may do and in however many windows, puts no word of its own before
readers: the ways that there are, tried one after the other by a press officer and by a head."""

import json
from typing import Any

import pytest
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from events import editions, preview, publishing, visibility
from events.models import (
    Bundle,
    Change,
    Edition,
    MediaContact,
    Person,
    Photo,
    Publication,
    Quote,
    Statement,
)  # fmt: skip
from events.publishing import MOVES, Refused, foureyes
from events.visibility import Stage

from . import acts, factories
from .test_admin import fields
from .test_admin_moves import everything
from .test_leaks import addresses, public_routes

pytestmark = pytest.mark.django_db
FALSE = "Zzyzx words that nobody said"
PASSWORD = "a-password-for-tests"
NOTE = dict.fromkeys(("en", "ru", "kk"), "A note.")
ROLES = ("Press officer", "Head of press")
# What no form has a field for, in case one takes it all the same.
FORGED = {
    "status": "approved", "release_at": "2020-01-01T00:00:00Z", "release_at_0": "2020-01-01",
    "release_at_1": "00:00:00", "published_at_0": "2020-01-01", "published_at_1": "00:00:00",
    "approved_by": "1", "confirmed_by": "2", "by": "2", "decided_by": "2", "state": "applied",
    "public_number": "1", "version": "0", "edition_count": "0", "edition_head": "0" * 64,
    "limited": "", "bundle": "", "model": "statement", "action": "approve", "is_public": "on",
    "corrected_at": "", "uid": "00000000-0000-0000-0000-000000000005", "proposing": "1",
    "_approve": "1", "_publish": "1",
}  # fmt: skip


class Thief:
    """Whoever holds one account: two browsers signed in with it, and what there is to attack."""

    def __init__(self, user: Any, out: Statement, draft: Statement, embargoed: Statement) -> None:
        self.user, self.out, self.draft, self.embargoed = user, out, draft, embargoed
        self.client, self.other = Client(), Client()
        for client in (self.client, self.other):
            client.force_login(user)

    def post(self, address: str, data: Any = None, **more: Any) -> Any:
        """A request of the first browser; no answer is an accident."""
        answer = self.client.post(address, data or {}, **more)
        assert answer.status_code < 500, address
        return answer

    def form(self, item: Any, **typed: str) -> Any:
        """Save a record's form with false words and all that is forged."""
        address = url(item, "change")
        opened = self.client.get(address)
        shown = opened.context is not None and "adminform" in opened.context
        return self.post(address, (fields(opened) if shown else {}) | FORGED | typed)

    def moves(self, item: Any, *verbs: str) -> list[int]:
        """Press buttons, answering whatever is asked."""
        return [
            self.post(url(item, "move", verb), everything(again(item)) | FORGED).status_code
            for verb in verbs
        ]

    def draft_of_their_own(self, **texts: str) -> Statement:
        """A text that this account alone has written, in review."""
        item = Statement(
            slug=f"own-{Statement.objects.count()}", title_en=FALSE, body_en=f"<p>{FALSE}</p>",
            ready_en=True, standing_en="authentic", date="2026-10-06", statement_kind="speech",
            released_before=False, **texts,
        )  # fmt: skip
        with publishing.saving(item, self.user) as record:
            record.save()
            Quote.objects.create(statement=record, person=Person.objects.get(slug="a-person"),
                                 text_en=FALSE)  # fmt: skip
        return publishing.submit(item, self.user)


def url(item: Any, page: str, *more: Any) -> str:
    return reverse(f"admin:events_{item._meta.model_name}_{page}", args=[item.pk, *more])


def again(item: Any) -> Any:
    return type(item).objects.get(pk=item.pk)


@pytest.fixture(params=ROLES)
def thief(request, staff, writer, second, statement, person, clock):
    """One stolen account, in an office with a text that is out, one in work, one embargoed."""
    user = staff(request.param, "stolen")
    with publishing.saving(person, writer) as record:
        record.save()
    with publishing.saving(statement, writer) as record:
        Quote.objects.create(statement=record, person=person, text_en="What was said.")
    out = acts.released(statement, writer, second)
    items = []
    for number in range(2):
        item = factories.statement("draft", f"Other{number}", slug=f"other-{number}")
        with publishing.saving(item, writer) as record:
            record.save()
            Quote.objects.create(statement=record, person=person, text_en="Other words.")
        items.append(item)
    later = visibility.clock() + publishing.LEAD * 60
    acts.approved(items[1], writer, second, later)
    return Thief(user, again(out), again(items[0]), again(items[1]))


def public() -> dict[str, Any]:
    """All that readers have or will have, with what stands in it, as the database holds it."""
    held = Publication.objects.exclude(status__in=("draft", "in_review")).order_by("pk")
    return {
        str(row.pk): (row.status, str(row.release_at), editions.snapshot(row.child)) for row in held
    }


@pytest.fixture
def nothing_gets_out(thief):
    """Whatever happened: readers have what they had, the account has published nothing, and every
    chain of editions is whole."""
    before = public()
    yield
    for name in caches:
        caches[name].clear()
    assert public() == before
    numbered = Edition.objects.filter(by=thief.user, public_number__isnull=False)
    assert not numbered.exists()
    for item in Statement.objects.all():
        if item.edition_count:
            assert editions.check_chain(item) == []
    assert [each for each in seen_by_readers(thief) if FALSE in each[1]] == []


def seen_by_readers(thief: Any) -> list[tuple[str, str]]:
    """What stands on the pages, feeds and data that could hold it, of this and the next hours."""
    reader = Client()
    paths = [
        "/en/", "/en/statements/", thief.out.get_absolute_url(), "/en/quotes/", "/en/contacts/",
        "/en/quotes.json", "/api/v1/quotes", "/en/feeds/latest.atom", "/en/people/a-person/",
        f"{thief.out.get_absolute_url()}history/", thief.embargoed.get_absolute_url(),
    ]  # fmt: skip
    found = [(path, reader.get(path).content.decode()) for path in paths]
    with visibility.at(visibility.clock() + publishing.LEAD * 90):
        rows = Quote.objects.public().values_list("text_en", flat=True)
        titles = Statement.objects.public().values_list("title_en", flat=True)
        return [*found, ("tomorrow", " ".join([*rows, *titles]))]


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_gets_out")]


# --- The nine ways --------------------------------------------------------------------------------


def test_by_saving(thief):
    """Their own text with forged fields, then somebody else's, then those that are approved."""
    own = thief.draft_of_their_own()
    assert thief.form(own, title_en=FALSE).status_code == 302
    assert thief.form(thief.draft, title_en=FALSE, body_en=f"<p>{FALSE}</p>").status_code == 302
    for item in (thief.out, thief.embargoed):
        assert thief.form(item, title_en=FALSE).status_code == 403
    assert {again(own).stage, again(thief.draft).stage} == {Stage.IN_REVIEW, Stage.DRAFT}
    assert (again(own).release_at, again(own).published_at) == (None, None)
    assert Statement.objects.filter(pk=FORGED["uid"]).count() == 0


def test_by_a_new_record_with_forged_fields(thief):
    address = reverse("admin:events_statement_add")
    data = fields(thief.client.get(address)) | FORGED
    data |= {"title_en": FALSE, "slug": "a-new-one", "date": "2026-10-06", "ready_en": "on",
             "standing_en": "authentic", "statement_kind": "speech"}  # fmt: skip
    assert thief.post(address, data).status_code == 302
    made = Statement.objects.get(slug="a-new-one")
    assert (made.stage, made.release_at, made.edition_count) == (Stage.DRAFT, None, 1)
    assert str(made.pk) != FORGED["uid"]


def test_by_every_button_in_any_order(thief):
    own = thief.draft_of_their_own()
    for first in ("approve", "release_now", "countersign", "send_back"):
        for then in ("submit", "countersign", "approve", "release_now"):
            thief.moves(own, first, then)
            assert again(own).stage in (Stage.IN_REVIEW, Stage.DRAFT), (first, then)
    thief.moves(own, "submit", *MOVES)
    assert again(own).stage in (Stage.IN_REVIEW, Stage.DRAFT)


@pytest.mark.parametrize("action", ["delete_selected", "approve", "release_now", "apply_change"])
def test_by_an_action_of_a_list(thief, action):
    own = thief.draft_of_their_own()
    count = Statement.objects.count()
    for model in ("statement", "publication", "quote", "change", "edition", "bundle", "photo"):
        thief.post(
            reverse(f"admin:events_{model}_changelist"),
            {"action": action, "select_across": "1", "index": "0", "post": "yes",
             "_selected_action": [str(own.pk), str(thief.out.pk)], **FORGED},
        )  # fmt: skip
    assert (Statement.objects.count(), again(own).stage) == (count, Stage.IN_REVIEW)


def test_by_editing_in_a_list(thief):
    """What `list_editable` would take, were there any."""
    quote = thief.out.quotes.get()
    rows = {"statement": thief.out, "publication": thief.out.publication, "quote": quote,
            "edition": editions.of(thief.out).last(), "person": quote.person}  # fmt: skip
    for model, row in rows.items():
        sent = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-uid": str(row.pk),
                "form-0-id": str(row.pk), "form-0-text_en": FALSE, "form-0-title_en": FALSE,
                "form-0-name_en": FALSE, "form-0-status": "approved", "_save": "Save"}  # fmt: skip
        thief.post(reverse(f"admin:events_{model}_changelist"), sent)
    assert again(quote).text_en == "What was said."
    assert again(quote.person).name_en == "A Person"


def test_by_a_row_of_another_record(thief):
    """An inline takes no row of another text: neither to change it nor to move it over."""
    theirs = thief.out.quotes.get()
    mine = thief.draft.quotes.get()
    data = fields(thief.client.get(url(thief.draft, "change")))
    person = theirs.person_id
    changed = {"quotes-0-uid": str(theirs.pk), "quotes-0-text_en": FALSE}
    thief.post(url(thief.draft, "change"), data | changed)
    removed = {"quotes-0-uid": str(theirs.pk), "quotes-0-DELETE": "on"}
    thief.post(url(thief.draft, "change"), data | removed)
    added = {
        "quotes-TOTAL_FORMS": "2", "quotes-INITIAL_FORMS": "1", "quotes-1-uid": str(theirs.pk),
        "quotes-1-statement": str(thief.out.pk), "quotes-1-text_en": FALSE,
        "quotes-1-person": str(person), "quotes-1-order": "0", "quotes-1-original_language": "",
    }  # fmt: skip
    thief.post(url(thief.draft, "change"), data | added)
    assert (again(theirs).text_en, again(theirs).statement) == ("What was said.", thief.out)
    assert set(thief.draft.quotes.values_list("statement", flat=True)) == {thief.draft.pk}
    assert again(mine).text_en == "Other words."
    # A quote has no form of its own.
    assert thief.post(url(theirs, "change"), {"text_en": FALSE}).status_code == 403
    assert thief.post(reverse("admin:events_quote_add"), {"text_en": FALSE}).status_code == 403


def test_by_the_api(thief, settings):
    """The open data is read: whoever asks, signed in or not, in every other way is refused."""
    settings.API_RATE = ""
    quote = thief.out.quotes.get()
    rows = {"statement": thief.out, "event": factories.event("draft"), "quote": quote,
            "outcome": factories.outcome(factories.event("draft")), "person": quote.person,
            "organisation": factories.organisation(), "country": factories.country("KZ"),
            "topic": factories.topic(), "series": factories.series()}  # fmt: skip
    body = json.dumps({"text_en": FALSE, "status": "approved"})
    routes = [name for name in public_routes() if name.startswith("api:")]
    assert len(routes) > 15
    for route in routes:
        for address in addresses(route, rows):
            for method in ("post", "put", "patch", "delete"):
                answer = getattr(thief.client, method)(address, body, "application/json")
                assert answer.status_code in (404, 405), (method, address)


def test_by_bringing_a_file(thief):
    """Rows come from no file that an account can send: a dump of rows is no picture, and beside a
    text it is a document."""
    rows = json.dumps([{"model": "events.quote", "pk": FORGED["uid"], "fields": {
        "statement": str(thief.out.pk), "person": str(thief.out.quotes.get().person_id),
        "text_en": FALSE}}]).encode()  # fmt: skip
    before = (Quote.objects.count(), Photo.objects.count())
    for name in ("fixture.json", "fixture.jpg", "rows.csv", "rows.xml", "rows.sql", "rows.pickle"):
        upload = SimpleUploadedFile(name, rows, "image/jpeg")
        answer = thief.post(reverse("admin:events_photo_upload"), {"image": upload, "part": "1"})
        assert (answer.status_code, "added" in answer.content.decode()) == (200, False), name
    assert (Quote.objects.count(), Photo.objects.count()) == before


def test_by_a_preview(thief):
    """It shows, and is undone; it takes nothing, and opens nothing to anybody else."""
    own = thief.draft_of_their_own()
    where = preview.address(own)
    with_words = thief.client.get(where, follow=True)
    assert FALSE in with_words.content.decode()
    for address in (where, f"{where}en/statements/{own.slug}/"):
        assert thief.post(address, FORGED).status_code == 405
    _link, code = preview.make_link(own, thief.user, "Everybody")
    visitor = Client()
    assert FALSE in visitor.post("/preview/", {"code": code}, follow=True).content.decode()
    assert Client().get(own.get_absolute_url()).status_code == 404
    when = preview.stamp(thief.embargoed.release_at)
    assert thief.client.get(f"/rehearsal/{when}/en/quotes/").status_code == 200
    assert thief.post(f"/rehearsal/{when}/en/quotes/", FORGED).status_code == 405
    assert again(own).stage is Stage.IN_REVIEW


def test_by_restoring_an_edition(thief, writer, second):
    """Old words of theirs, which somebody else has replaced before the text went out."""
    own = thief.draft_of_their_own()
    with publishing.saving(own, writer) as record:
        record.title_en, record.body_en = "True", "<p>True.</p>"
        record.save()
        record.quotes.update(text_en="True.")
    number = editions.of(own).filter(by=thief.user).first().number
    address = url(own, "restore", number)
    version = thief.client.get(address).context["original"].version
    assert thief.post(address, {"seen_version": version} | FORGED).status_code == 302
    assert again(own).title_en == FALSE
    thief.moves(own, "countersign", "approve", "release_now")
    assert again(own).stage is Stage.IN_REVIEW
    # Of what is out it makes a proposal, which is theirs again.
    answer = thief.post(url(thief.out, "restore", 1), {"seen_version": "1"} | FORGED)
    assert (answer.status_code, answer["Location"]) == (302, url(thief.out, "propose_edition", 1))


# --- Further ways ---------------------------------------------------------------------------------


def proposal_of(thief: Any, item: Any) -> Change:
    content = editions.snapshot(item)
    content["parts"]["quotes"][0]["fields"]["text_en"] = FALSE
    content["fields"]["title_en"] = FALSE
    return publishing.propose(item, content, thief.user, "correction", NOTE)


@pytest.mark.parametrize("which", ["out", "embargoed"])
def test_by_a_change_of_their_own(thief, which):
    """Applied, countersigned, mended and countersigned again: in one window and in another."""
    item = getattr(thief, which)
    change = proposal_of(thief, item)
    for client in (thief.client, thief.other):
        for decision in ("apply", "confirm", "apply"):
            sent = {"decision": decision, **FORGED}
            assert client.post(url(item, "review", change.pk), sent).status_code < 500
    mend = url(item, "mend", change.pk)
    data = fields(thief.client.get(mend)) | FORGED
    data |= {"title_en": f"{FALSE} again", "proposal-kind": "correction",
             **{f"proposal-note_{code}": "Mended." for code in NOTE}}  # fmt: skip
    assert thief.post(mend, data).status_code == 302
    mended = Change.objects.open().get()
    assert (mended.replaces, mended.by, mended.confirmed_by) == (change, thief.user, None)
    for decision in ("confirm", "apply"):
        thief.post(url(item, "review", mended.pk), {"decision": decision, **FORGED})
    mended.refresh_from_db()
    assert (mended.state, mended.confirmed_by, mended.decided_by) == ("proposed", None, None)


def test_by_mending_what_somebody_else_stands_behind(thief, writer):
    """A confirmation is of the words that were read: those put in their place have none."""
    change = proposal_of(thief, thief.out)
    content = editions.snapshot(thief.out)
    content["fields"]["title_en"] = "True"
    good = publishing.propose(thief.out, content, thief.user, "correction", NOTE)
    publishing.confirm_change(good, writer)
    bad = publishing.propose(thief.out, change.snapshot, thief.user, "update", NOTE, replaces=good)
    assert bad.confirmed_by is None
    with pytest.raises(Refused, match="somebody else must apply it"):
        publishing.apply_change(bad, thief.user)


def test_by_a_bundle(thief):
    own = thief.draft_of_their_own()
    thief.post(reverse("admin:events_bundle_add"), {"name": "Theirs"} | FORGED)
    bundle = Bundle.objects.get(name="Theirs")
    assert thief.post(url(bundle, "join"), {"item": str(own.pk)}).status_code == 302
    assert again(own).bundle == bundle
    for verb in ("approve", "release_now", "move_release"):
        sent = {f"seen-{own.pk}": str(again(own).version), **everything(again(own)), **FORGED}
        thief.post(url(bundle, "move", verb), sent)
        assert again(own).stage is Stage.IN_REVIEW, verb


def test_by_a_name_that_a_text_has(thief, writer, second):
    """What a text names is text: a person, a topic, a contact that they alone have written."""
    popup = {"_popup": "1", "slug": "a-false-one", "name_en": FALSE, **FORGED}
    address = reverse("admin:events_person_add")
    data = fields(thief.client.get(f"{address}?_popup=1")) | popup
    assert thief.post(f"{address}?_popup=1", data).status_code == 200
    made = Person.objects.get(slug="a-false-one")
    with publishing.saving(thief.draft, writer) as record:
        record.people.add(made)
    item = publishing.submit(thief.draft, writer)
    thief.moves(item, "approve", "release_now", "countersign", "approve")
    assert again(item).stage is Stage.IN_REVIEW
    person = thief.out.quotes.get().person
    assert thief.form(person, name_en=FALSE).status_code == 403
    contact = MediaContact(name_en=FALSE, email="false@example.org", general=True)
    with publishing.saving(contact, thief.user) as record:
        record.save()


def test_by_their_own_words_between_a_look_and_a_press(thief, writer, second):
    """They edit a person after somebody has opened the page of approval, and before they press."""
    made = Person(slug="somebody", name_en="Somebody")
    with publishing.saving(made, thief.user) as record:
        record.save()
    with publishing.saving(thief.draft, thief.user) as record:
        record.people.add(made)
    item = publishing.submit(thief.draft, writer)
    honest = Client()
    honest.force_login(second)
    for verb in ("approve", "release_now", "countersign"):
        page = honest.get(url(item, "move", verb)).content.decode()
        seen = page.partition('name="seen_rows" value="')[2].partition('"')[0]
        assert len(seen) == 64
        with publishing.saving(again(made), thief.user) as record:
            record.name_en = f"{FALSE} {verb}"
            record.save()
        answer = honest.post(
            url(item, "move", verb), everything(again(item)) | {"seen_rows": seen}
        )  # fmt: skip
        assert "has changed since you opened this page" in answer.content.decode(), verb
        assert again(item).stage is Stage.IN_REVIEW
    assert foureyes.unconfirmed_rows(again(item)) == [(made, {thief.user.pk})]


def test_by_their_own_words_between_a_look_at_a_change_and_its_application(thief, writer, second):
    made = Person(slug="somebody", name_en="Somebody")
    with publishing.saving(made, thief.user) as record:
        record.save()
    content = editions.snapshot(thief.out)
    content["many"]["people"].append(str(made.pk))
    change = publishing.propose(thief.out, content, writer, "update", NOTE)
    honest = Client()
    honest.force_login(second)
    page = honest.get(url(thief.out, "review", change.pk)).content.decode()
    seen = page.partition('name="seen_rows" value="')[2].partition('"')[0]
    with publishing.saving(again(made), thief.user) as record:
        record.name_en = FALSE
        record.save()
    answer = honest.post(
        url(thief.out, "review", change.pk), {"decision": "apply", "seen_rows": seen}
    )
    assert "has changed since you opened this page" in answer.content.decode()
    assert Change.objects.get().state == "proposed"


def test_by_their_own_words_in_a_bundle_that_somebody_has_opened(thief, writer, second):
    made = Person(slug="somebody", name_en="Somebody")
    with publishing.saving(made, thief.user) as record:
        record.save()
    with publishing.saving(thief.draft, writer) as record:
        record.people.add(made)
    item = publishing.submit(thief.draft, writer)
    bundle = publishing.make_bundle("Together", second)
    publishing.join_bundle(bundle, item, second)
    honest = Client()
    honest.force_login(second)
    page = honest.get(url(bundle, "move", "approve")).content.decode()
    seen = page.partition(f'name="rows-{item.pk}" value="')[2].partition('"')[0]
    with publishing.saving(again(made), thief.user) as record:
        record.name_en = FALSE
        record.save()
    sent = {f"rows-{item.pk}": seen, f"seen-{item.pk}": str(again(item).version)}
    answers = {
        name.replace("answer-", f"answer-{item.pk}-"): text
        for name, text in everything(again(item)).items()
    }
    answer = honest.post(url(bundle, "move", "approve"), answers | sent)
    assert "has changed since you opened this page" in answer.content.decode()
    assert again(item).stage is Stage.IN_REVIEW


def test_by_their_own_roles(thief):
    """Nobody gives themselves what they lack, nor takes the place of a second person."""
    user, own = thief.user, thief.draft_of_their_own()
    before = sorted(user.groups.values_list("name", flat=True))
    address = reverse("admin:auth_user_change", args=[user.pk])
    sent = {"username": "stolen", "is_active": "on", "roles": list(ROLES), "groups": ["1", "2"],
            "is_superuser": "on", "user_permissions": ["1"], "own_password": PASSWORD}  # fmt: skip
    answer = thief.post(address, sent | FORGED)
    assert answer.status_code == (403 if before == ["Press officer"] else 200)
    thief.post("/admin/auth/group/1/change/", {"name": "Press officer", "permissions": ["1"]})
    user.refresh_from_db()
    assert sorted(user.groups.values_list("name", flat=True)) == before
    assert (user.is_superuser, user.user_permissions.count()) == (False, 0)
    thief.moves(own, "countersign", "approve", "release_now")
    assert again(own).stage is Stage.IN_REVIEW


def test_by_saving_as_another(thief):
    """The stock admin's own way to a copy: at most another draft, whatever address it is sent to."""  # noqa: E501
    for item in (thief.out, thief.embargoed):
        sent = {"_saveasnew": "1", "slug": "a-copy", "title_en": FALSE, "date": "2026-10-06",
                "ready_en": "on", "standing_en": "authentic", "statement_kind": "speech"}  # fmt: skip  # noqa: E501
        thief.form(item, **sent)
    assert {item.stage for item in Statement.objects.filter(slug="a-copy")} <= {Stage.DRAFT}


def test_by_a_reason_for_readers(thief, writer, second):
    """The words beside a withdrawal are public words, too; and what it took one to take back, it
    takes another to bring back."""
    item = acts.released(thief.draft, writer, second)
    with transaction.atomic():
        thief.moves(item, "withdraw", "approve_reason", "propose_reason", "approve_reason")
        assert again(item).reason_en == "Withdrawn by the press office."
        assert thief.moves(item, "ask_reinstatement", "reinstate") == [302, 409]
        assert again(item).stage is Stage.WITHDRAWN
        transaction.set_rollback(True)
    Publication.objects.filter(pk=item.pk).delete()
