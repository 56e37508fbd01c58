"""What the stock admin says in English alone, or in fewer languages than ours: its icons for yes
and no, and the lists in which one looks something up."""

from typing import Any

from django.contrib.admin import widgets
from django.contrib.admin.templatetags import admin_list
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from ..languages import CODES

_ICONS = {True: ("yes", _("yes")), False: ("no", _("no")), None: ("unknown", _("not stated"))}


def boolean_icon(value: Any) -> SafeString:
    """The stock icon with its meaning in the active language."""
    name, said = _ICONS[value]
    return format_html('<img src="{}" alt="{}">', static(f"admin/img/icon-{name}.svg"), said)


# The one place that the stock admin takes the icon from.
admin_list._boolean_icon = boolean_icon
# Which Select2 knows: its texts in Kazakh stand in static/, at the address of those of others.
widgets.SELECT2_TRANSLATIONS |= {code: "kk" for code in CODES if code.partition("-")[0] == "kk"}
