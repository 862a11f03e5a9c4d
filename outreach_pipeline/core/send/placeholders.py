"""What a template has from other systems: placeholders and spintax that would go out as they stand, and texts drawn by lot.

Belongs here: finding them in a template as written. Does not: fields without a value (core.send.gaps).
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection

import jinja2
from jinja2 import nodes

# A filter and a function of Jinja2.
_BY_LOT = "random"
_FILLER = "lipsum"

_JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
# Mailchimp's merge tags and those of Ruby, ASP and EJS are that by their form alone, and so is a word of several behind $.
_BY_FORM = re.compile(r"\*\|[A-Za-z][\w:.]*\|\*|<%[^%<>\n]{1,100}%>|(?<![\w$])\$!?[^\W\d_][^\W_]*_\w*[^\W_]")
_INNER = r"[^\W\d_][\w .-]{0,60}?"
# These stand in plain text too: they are placeholders by what is in them.
_NAMED = re.compile(
    rf"(?<!\w)\[({_INNER})(?:\s*\|[^\]\n]{{0,60}})?\](?!\()|%({_INNER})%|[$#]?\{{\s*[!$]?({_INNER})\s*\}}"
    rf"|<<\s*({_INNER})\s*>>|«({_INNER})»|##({_INNER})##"
    # Between bars no space and no neighbour, which a table has; behind $ no figure, which a price has.
    rf"|(?<![\w|*])\|({_INNER})(?<! )\|(?![\w|*])|(?<![\w$])\$!?([^\W\d_]\w*(?:\.[^\W\d_]\w*)*)"
)
# Of these the whole is the name: <acme.company> is a domain.
_TAG = re.compile(rf"(?<!<)<({_INNER})(?:\s*\|[^<>\n]{{0,60}})?\s*/?>(?!>)")
# The elements of HTML, those of old included: a field may be called like one.
_ELEMENTS = frozenset({
    "a", "abbr", "acronym", "address", "applet", "area", "article", "aside", "audio", "b", "base", "bdi", "bdo", "big", "blockquote",
    "body", "br", "button", "canvas", "caption", "center", "cite", "code", "col", "colgroup", "data", "datalist", "dd", "del", "details",
    "dfn", "dialog", "dir", "div", "dl", "dt", "em", "embed", "fieldset", "figcaption", "figure", "font", "footer", "form", "frame",
    "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hgroup", "hr", "html", "i", "iframe", "image", "img", "input",
    "ins", "kbd", "label", "legend", "li", "link", "main", "map", "mark", "menu", "meta", "meter", "nav", "noscript", "object", "ol",
    "optgroup", "option", "output", "p", "param", "picture", "pre", "progress", "q", "rp", "rt", "ruby", "s", "samp", "script", "search",
    "section", "select", "slot", "small", "source", "span", "strike", "strong", "style", "sub", "summary", "sup", "svg", "table", "tbody",
    "td", "template", "text", "textarea", "tfoot", "th", "thead", "time", "title", "tr", "track", "tt", "u", "ul", "var", "video", "wbr",
})  # fmt: skip
# Without || and ;, which programs have in their braces.
_SPINTAX = re.compile(r"\{[^{}|;]*\|(?!\|)[^{};]*\}")
_OTHER_NAMES = frozenset({
    "fname", "lname", "name", "firstname", "lastname", "fullname", "surname", "givenname", "familyname", "salutation", "email",
    "emailaddress", "company", "companyname", "organization", "organisation", "jobtitle", "industry", "website", "city", "signature",
    "unsubscribe", "unsubscribelink", "unsubscribeurl", "optout", "optoutlink", "viewinbrowser", "webversion", "spin", "vorname", "nachname",
    "firma", "anrede", "prénom", "prenom", "entreprise", "nombre", "apellido", "empresa", "nome", "cognome", "azienda",
})  # fmt: skip
_WHOSE = re.compile(r"^(?:your|my|their|insert|enter|recipient|contact|lead|prospect|customer|subscriber|sender|merge)")


def foreign_placeholder(template: str, names: Collection[str]) -> str | None:
    """Return the first placeholder or spintax of another system that would go out as it stands, None without one.

    Args:
        template: as written; what Jinja reads is no placeholder.
        names: of fields. ``[First Name]``, ``%FIRSTNAME%``, ``{lead.first_name}``, ``<company>`` are placeholders where one has such a name,
            in any spelling, or where it is a word that other systems have for one.
    """
    plain = html.unescape(_JINJA.sub("…", template))
    known = {_letters(each) for each in names} | _OTHER_NAMES
    named = (each for each in _NAMED.finditer(plain) if _is_known(each[each.lastindex or 0], known))
    tags = (each for each in _TAG.finditer(plain) if _is_no_element(each[1], known))
    first = _BY_FORM.search(plain) or next(named, None) or next(tags, None) or _SPINTAX.search(plain)
    return first[0] if first else None


def _is_known(name: str, known: Collection[str]) -> bool:
    return _is_name(name.rpartition(".")[2], known)


def _is_no_element(name: str, known: Collection[str]) -> bool:
    return name.split(maxsplit=1)[0].lower() not in _ELEMENTS and _is_name(name, known)


def _is_name(name: str, known: Collection[str]) -> bool:
    letters = _letters(name)
    return letters in known or _WHOSE.sub("", letters) in known


def _letters(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower()


def take_chance_out(environment: jinja2.Environment) -> None:
    """Take away what draws by lot: a step says the same whenever it is rendered for a contact."""
    environment.filters.pop(_BY_LOT, None)
    environment.globals.pop(_FILLER, None)


def chance_in(template: str) -> str | None:
    """Return the name of what draws by lot in a template, None without such or where it does not parse."""
    try:
        tree = jinja2.Environment().parse(template)  # noqa: S701  parses, and renders nothing
    except jinja2.TemplateError:
        return None
    filters = list(tree.find_all(nodes.Filter))
    # ``map("random")`` names one too.
    mapped = [each.args[0] for each in filters if each.name == "map" and each.args]
    names = {each.name for each in filters} | {each.value for each in mapped if isinstance(each, nodes.Const)}
    names |= {each.name for each in tree.find_all(nodes.Name)} - {_BY_LOT}
    return next((each for each in (_BY_LOT, _FILLER) if each in names), None)
