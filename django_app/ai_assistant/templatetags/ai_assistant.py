"""For themes that replace the admin's header: {% ai_assistant_button %} there, {% ai_assistant %} before </body>."""

from django import template
from django.utils.safestring import mark_safe

from .. import placement

register = template.Library()


@register.simple_tag(takes_context=True)
def ai_assistant(context):
    """All that the drawer needs; the middleware then leaves the page alone."""
    request = context.get("request")
    if request is None or not placement.wanted(request) or getattr(request, placement.MARK, False):
        return ""
    setattr(request, placement.MARK, True)
    return mark_safe(placement.head() + placement.body(request))  # noqa: S308 - both are safe text


@register.simple_tag
def ai_assistant_button():
    """The place where the drawer puts its button."""
    return mark_safe("<span data-ai-assistant-button></span>")
