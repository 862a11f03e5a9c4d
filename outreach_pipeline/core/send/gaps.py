"""What of a template would go out unfilled: expressions that render to nothing, and placeholders of other systems.

Belongs here: finding them, in a template and as it is rendered. Does not: rendering itself (core.send.message), what else a
message may not be (core.send.gate).
"""

from __future__ import annotations

import re
from collections.abc import Collection

import jinja2
from jinja2 import nodes

# Also what programs write into a list where a field has no value.
_NO_VALUES = frozenset({"", "None", "null", "undefined", "nan"})
# What a person wrote in a reply is meant, whatever it is; a probe has no opt-out; and the gate asks for both of the footer.
_NO_GAPS = frozenset({"reply_subject", "reply_text", "postal_address", "unsubscribe_url"})
_WITH_A_FALLBACK = frozenset({"default", "d"})
_CURES = {"sender_name": "give the mailbox a display_name"}
_JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
# Mailchimp's merge tags. Square brackets, percent signs and single braces are asked further, as they stand in plain text too.
_MERGE_TAG = re.compile(r"\*\|[A-Z][A-Z0-9_:]*\|\*")
_NAMED = re.compile(r"(?<!\w)\[([A-Za-z][A-Za-z _-]{0,60})\](?!\()|%([A-Za-z][A-Za-z_-]{0,60})%")
# Without || and ;, which programs have in their braces.
_SPINTAX = re.compile(r"\{[^{}|;]*\|(?!\|)[^{};]*\}")
_OTHER_NAMES = frozenset({"fname", "lname", "name", "fullname", "email", "companyname", "yourname", "sendername"})


def filled(value: object, said: str) -> object:
    """Return what an expression gives, to be rendered.

    Args:
        value: of the expression.
        said: what the template calls it.

    Raises:
        ValueError: it is nothing: None, empty, only white space, or a word by which programs say so.
    """
    if value is None or (isinstance(value, str) and (value in _NO_VALUES or value.isspace())):
        holds = f"holds {value}, which is no value" if value is None or value.strip() else "is empty"
        raise ValueError(f"{said} {holds}: {_CURES.get(said) or _cure(said)}")
    return value


def _cure(said: str) -> str:
    if not said.isidentifier():
        return "fill it, or put the part into {% if … %}…{% endif %}"
    return f'fill it, or have the step do without, by {{{{ {said} or "…" }}}} or {{% if {said} %}}…{{% endif %}}'


def with_gaps_found(tree: nodes.Template) -> nodes.Template:
    """Return a template in which each expression that is rendered passes through the filter ``filled``.

    Text that stands in an expression is meant, also ``""``, and so is each branch of ``a if b else ""``. What a macro leaves out
    it leaves out by conditions of its own.
    """
    for output in tree.find_all(nodes.Output):
        output.nodes = [_asked(each) for each in output.nodes]
    return tree


def _asked(node: nodes.Expr) -> nodes.Expr:
    if isinstance(node, nodes.CondExpr):
        node.expr1 = _asked(node.expr1)
        node.expr2 = node.expr2 and _asked(node.expr2)
        return node
    is_meant = (
        isinstance(node, nodes.TemplateData)
        or (isinstance(node, nodes.Const) and isinstance(node.value, str))
        or (isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name))
        or (isinstance(node, nodes.Name) and node.name in _NO_GAPS)
    )
    if is_meant:
        return node
    said = nodes.Const(_bare_name(node) or f"an expression on line {node.lineno}")
    return nodes.Filter(node, "filled", [said], [], None, None, lineno=node.lineno)


def _bare_name(node: nodes.Node | None) -> str | None:
    """Return the name whose value an expression renders, changed by filters and methods at most; None: more stands in it."""
    while not isinstance(node, nodes.Name):
        if isinstance(node, nodes.Filter) and node.name not in _WITH_A_FALLBACK:
            node = node.node
        elif isinstance(node, nodes.Call) and isinstance(node.node, nodes.Getattr):
            node = node.node.node
        else:
            return None
    return node.name


def unconditional_names(template: str) -> set[str]:
    """Return the names without which a step does not go out: rendered without a fallback, and outside of a condition on them.

    Names that the template itself sets are among them; one that does not parse has none.
    """
    try:
        tree = jinja2.Environment().parse(template)  # noqa: S701  parses, and renders nothing
    except jinja2.TemplateError:
        return set()
    return _names_below(tree, frozenset())


def _names_below(node: nodes.Node, asked: frozenset[str]) -> set[str]:
    if isinstance(node, nodes.If):
        asked |= {each.name for each in (node.test, *node.test.find_all(nodes.Name)) if isinstance(each, nodes.Name)}
    found = {_bare_name(each) for each in node.nodes} if isinstance(node, nodes.Output) else set()
    names = {each for each in found if each is not None and each not in asked}
    return names.union(*(_names_below(each, asked) for each in node.iter_child_nodes()))


def foreign_placeholder(template: str, names: Collection[str]) -> str | None:
    """Return the first placeholder or spintax of another system that would go out as it stands, None without one.

    Args:
        template: as written; what Jinja reads is no placeholder.
        names: of fields. ``[First Name]`` and ``%FIRSTNAME%`` are placeholders where one has such a name, in any spelling.
    """
    plain = _JINJA.sub("", template)
    known = {_letters(each) for each in names} | _OTHER_NAMES
    named = (each for each in _NAMED.finditer(plain) if _letters(each[1] or each[2]) in known)
    first = _MERGE_TAG.search(plain) or next(named, None) or _SPINTAX.search(plain)
    return first[0] if first else None


def _letters(name: str) -> str:
    return re.sub(r"[\s_-]", "", name).lower()
