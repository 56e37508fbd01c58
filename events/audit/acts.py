"""The acts of the audit trail in plain words. What verbs do is in the words of editions."""

from django.utils.translation import gettext_lazy as _

ACTS = {
    "signed_in": _("signed in"),
    "signed_out": _("signed out"),
    "sign_in_failed": _("tried to sign in, in vain"),
    "second_factor_failed": _("gave a wrong code or key"),
    "second_factor_used": _("confirmed with a code or a key"),
    "second_factor_added": _("added a code or a key"),
    "second_factor_removed": _("removed a code or a key"),
    "second_factor_reset": _("made new recovery codes"),
    "password_changed": _("changed a password"),
    "email_changed": _("changed an e-mail address"),
    "read": _("read before release"),
    "preview_used": _("opened by a preview link"),
    "preview_made": _("made a preview link"),
    "preview_revoked": _("revoked a preview link"),
    "downloaded": _("downloaded a file"),
    "exported": _("exported"),
    "account_made": _("made an account"),
    "account_changed": _("changed an account"),
    "roles_changed": _("changed roles"),
    "confirmed": _("confirmed who they are"),
    "confirmation_failed": _("was asked who they are, and was wrong"),
    "new_device": _("signed in from a new device"),
    "odd_hour": _("signed in outside office hours"),
    "session_ended": _("ended a session"),
    "sessions_ended": _("ended their sessions"),
    "factors_taken": _("reset passkeys and codes"),
    "account_locked": _("locked an account"),
    "account_unlocked": _("unlocked an account"),
    "site_frozen": _("froze the site"),
    "site_unfrozen": _("lifted the freeze"),
    "probed": _("probed an embargo"),
}


def in_words(act: str) -> str:
    """What an entry's act says, in the active language; its name where no words are known."""
    return str(ACTS.get(act, act.replace("_", " ")))
