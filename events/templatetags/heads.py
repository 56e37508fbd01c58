"""What stands in the head of a page: its name and description, once written and told to all who
ask. No queries."""

import html
from typing import Any

from django import template
from django.template.base import Parser, Token
from django.utils.safestring import SafeString

from .. import markup

register = template.Library()


class Captured(template.Node):
    """What is rendered inside, kept under a name instead of being written."""

    def __init__(self, name: str, nodelist: Any) -> None:
        self.name, self.nodelist = name, nodelist

    def render(self, context: Any) -> SafeString:
        """Nothing: what was rendered is in the context from now on."""
        # Rendered, and so escaped; strip() alone forgets that.
        context[self.name] = SafeString(self.nodelist.render(context).strip())
        return SafeString("")


@register.tag
def capture(parser: Parser, token: Token) -> Captured:
    """{% capture name %}{% block … %}{% endblock %}{% endcapture %}: a block may be written but
    once in a page, and a page's name is told in several places."""
    _tag, name = token.split_contents()
    nodelist = parser.parse(("endcapture",))
    parser.delete_first_token()
    return Captured(name, nodelist)


@register.filter
def without_office(title: str, office: str) -> SafeString:
    """The title of a page, as HTML, without the office's name at its end."""
    ending = f" · {html.escape(office)}"
    return SafeString(title.removesuffix(ending))


@register.simple_tag
def linked_data(linked: Any, name: str, description: str) -> SafeString:
    """The linked data of a page, whose name and description are given as HTML; "" for none."""
    said = linked.document(html.unescape(name), html.unescape(description)) if linked else None
    return markup.data_block(said) if said else SafeString("")
