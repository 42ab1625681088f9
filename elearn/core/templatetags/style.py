from django import template
from django.template import Context
from django.utils.safestring import SafeString

from elearn.core.stylesheet import link_to_style

register = template.Library()


@register.simple_tag(takes_context=True)
def style_sheet(context: Context) -> SafeString:
    return link_to_style(context.get("request"))
