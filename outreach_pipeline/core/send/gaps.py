"""What of a template would go out unfilled: fields without a value, and expressions that render to nothing.

Belongs here: finding them, in a template and as it is rendered. Does not: rendering itself (core.send.message), what other
systems would have filled in (core.send.placeholders), what else a message may not be (core.send.gate).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

import jinja2
from jinja2 import meta, nodes

# What programs write into a list where a field has no value, in any case. Without NA, nil and nat: people are called so.
NO_VALUES = frozenset({
    "", "none", "null", "undefined", "nan", "n/a", "#n/a", "<na>", "\\n", "#null!", "#ref!", "#value!", "#name?", "#div/0!", "#error!",
})  # fmt: skip
AROUND = " \u00a0\t\"'`“”„\u2018\u2019«»()[]"
# Asked first, as most values are none.
_BEGINNINGS = frozenset({*AROUND, *(begin for each in NO_VALUES - {""} for begin in (each[0], each[0].upper()))})
# Null is a family's name and Nan a woman's: written like names they are some where a person's stands.
OF_PERSONS = frozenset({"first_name", "last_name", "full_name", "name", "surname", "sender_name"})
NAMES_OF_PERSONS = frozenset({"Null", "Nan"})
# What a person wrote in a reply is meant, whatever it is; a probe has no opt-out; and the gate asks for both of the footer.
_NO_GAPS = frozenset({"reply_subject", "reply_text", "postal_address", "unsubscribe_url"})
_WITH_A_FALLBACK = frozenset({"default", "d"})
# They leave out what is empty, as conditions do.
_CHOOSING = frozenset({"select", "reject"})
_CURES = {"sender_name": "give the mailbox a display_name"}


class _NoValue(str):
    """An empty text in the place of a word by which a program says that there is none: conditions see that it is empty."""

    __slots__ = ("word",)
    word: str


def without_such_words(fields: Mapping[str, object], names: Iterable[str]) -> Mapping[str, object]:
    """Return the fields, and of those with these names the ones empty that hold a word by which programs say that there is none."""
    found: dict[str, object] = {}
    for name in names:
        value = fields.get(name)
        if isinstance(value, str) and value[:1] in _BEGINNINGS and _is_no_value(name, value.strip(AROUND)):
            found[name] = empty = _NoValue()
            empty.word = value.strip()
    return {**fields, **found} if found else fields


def full_name(fields: Mapping[str, object]) -> str:
    """Return a contact's first and last name, as far as they are names."""
    names = ("first_name", "last_name")
    known = without_such_words(fields, names)
    return " ".join(str(known[name]).strip() for name in names if known.get(name)).strip()


def _is_no_value(name: str, word: str) -> bool:
    return word.lower() in NO_VALUES and not (name in OF_PERSONS and word in NAMES_OF_PERSONS)


def filled(value: object, said: str) -> object:
    """Return what an expression gives, to be rendered.

    Args:
        value: of the expression.
        said: what the template calls it.

    Raises:
        ValueError: it is nothing: None, empty, only white space, or a field that held a word by which programs say so.
    """
    if value is None or (isinstance(value, str) and (not value or value.isspace())):
        word = "None" if value is None else getattr(value, "word", "")
        holds = f"holds {word}, which is no value" if word else "is empty"
        raise ValueError(f"{said} {holds}: {_CURES.get(said) or _cure(said)}")
    return value


def _cure(said: str) -> str:
    if not said.isidentifier():
        return "fill it, or put the part into {% if … %}…{% endif %}"
    return f'fill it, or have the step do without, by {{{{ {said} or "…" }}}} or {{% if {said} %}}…{{% endif %}}'


def names_with_gaps(tree: nodes.Template) -> frozenset[str]:
    """Return the names of a template whose values may be gaps."""
    return frozenset(meta.find_undeclared_variables(tree)) - _NO_GAPS


def with_gaps_found(tree: nodes.Template) -> nodes.Template:
    """Return a template in which the filter ``filled`` passes on each expression that is rendered, and each name that one uses.

    Text that stands in an expression is meant, also ``""``, and so is each branch of ``a if b else ""``. Conditions, and what has
    a fallback, may be empty. What a macro leaves out it leaves out by conditions of its own.
    """
    for output in list(tree.find_all(nodes.Output)):
        output.nodes = [_rendered(each) for each in output.nodes]
    for assigned in list(tree.find_all(nodes.Assign)):
        assigned.node = _passed_on(cast("nodes.Expr", assigned.node))
    for named in list(tree.find_all(nodes.With)):
        named.values = [_passed_on(value) for value in named.values]
    for block in list(tree.find_all(nodes.FilterBlock)):
        block.filter.args = [_used(value) for value in block.filter.args]
    return tree


def _rendered(node: nodes.Expr) -> nodes.Expr:
    if isinstance(node, nodes.TemplateData | nodes.Name):
        return _used(node)
    if isinstance(node, nodes.CondExpr):
        node.expr1 = _rendered(node.expr1)
        node.expr2 = node.expr2 and _rendered(node.expr2)
        return node
    is_meant = (isinstance(node, nodes.Const) and isinstance(node.value, str)) or _is_of_a_macro(node)
    said = _bare_name(node) or f"an expression on line {node.lineno}"
    # The last of ``a or b`` is what is rendered, and asked as that.
    within = _passed_on(node) if isinstance(node, nodes.Or) else _used(node)
    return within if is_meant else _asked(within, said)


def _asked(node: nodes.Expr, said: str) -> nodes.Expr:
    return nodes.Filter(node, "filled", [nodes.Const(said)], [], None, None, lineno=node.lineno)


def _used(node: nodes.Expr) -> nodes.Expr:
    """Return an expression of which more is made: each name in it is asked, but for those that it does without."""
    if isinstance(node, nodes.Name):
        return node if node.name in _NO_GAPS else _asked(node, node.name)
    if isinstance(node, nodes.Compare | nodes.Not | nodes.Test):
        return node
    if isinstance(node, nodes.Or | nodes.And):
        node.left, node.right = _passed_on(node.left), _used(node.right)
    elif isinstance(node, nodes.CondExpr):
        node.expr1, node.expr2 = _used(node.expr1), node.expr2 and _used(node.expr2)
    elif isinstance(node, nodes.Call) and _is_of_a_macro(node):
        node.args = [_passed_on(each) for each in node.args]
        for each in node.kwargs:
            each.value = _passed_on(each.value)
    elif isinstance(node, nodes.Filter) and node.name in _WITH_A_FALLBACK | _CHOOSING:
        return _with_a_choice(node)
    else:
        _use_below(node)
    return node


def _with_a_choice(node: nodes.Filter) -> nodes.Expr:
    if isinstance(node.node, nodes.List | nodes.Tuple):
        node.node.items = [_passed_on(each) for each in node.node.items]
    else:
        node.node = node.node and _passed_on(node.node)
    is_sure = node.name in _CHOOSING or all(isinstance(each, nodes.Const) for each in node.args)
    return node if is_sure else _asked(node, f"an expression on line {node.lineno}")


def _use_below(node: nodes.Node) -> None:
    for name, value in node.iter_fields():
        if isinstance(value, nodes.Expr):
            setattr(node, name, _used(value))
        elif isinstance(value, nodes.Node):
            _use_below(value)
        elif isinstance(value, list):
            setattr(node, name, [_used(each) if isinstance(each, nodes.Expr) else each for each in value])
            for each in value:
                if isinstance(each, nodes.Helper):
                    _use_below(each)


def _passed_on(node: nodes.Expr) -> nodes.Expr:
    """Return an expression that may be empty, as it is looked at later: what is made of several names is asked all the same."""
    if _bare_name(node):
        changed: nodes.Node | None = node
        while isinstance(changed, nodes.Filter | nodes.Call):
            changed.args = [_used(each) for each in changed.args]
            changed = changed.node.node if isinstance(changed.node, nodes.Getattr) else changed.node
    elif isinstance(node, nodes.Or | nodes.And):
        node.left, node.right = _passed_on(node.left), _passed_on(node.right)
    elif isinstance(node, nodes.CondExpr):
        node.expr1, node.expr2 = _passed_on(node.expr1), node.expr2 and _passed_on(node.expr2)
    elif isinstance(node, nodes.Filter) and node.name in _WITH_A_FALLBACK:
        node.node = node.node and _passed_on(node.node)
    else:
        return _used(node)
    return node


def _is_of_a_macro(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name)


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
    """Return the names without which a step does not go out: used without a fallback, and outside of a condition on them.

    Names that the template itself sets are among them; one that does not parse has none.
    """
    try:
        tree = jinja2.Environment().parse(template)  # noqa: S701  parses, and renders nothing
    except jinja2.TemplateError:
        return set()
    return _names_below(with_gaps_found(tree), frozenset())


def _names_below(node: nodes.Node, asked: frozenset[str]) -> set[str]:
    if isinstance(node, nodes.Or | nodes.And | nodes.CondExpr):
        return set()
    if isinstance(node, nodes.If):
        asked |= {each.name for each in (node.test, *node.test.find_all(nodes.Name)) if isinstance(each, nodes.Name)}
    name = _bare_name(node.node) if isinstance(node, nodes.Filter) and node.name == "filled" else None
    names = {name} - asked if name else set()
    return names.union(*(_names_below(each, asked) for each in node.iter_child_nodes()))
