"""The part of Jinja2 that templates may use, checked whole before anything runs.

Every fault of a template is found, in branches that no recipient takes too: a construct that is
not on the list, a filter or a field that does not exist (with the nearest one), a block of
variants that is not in the pack.
"""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jinja2 import TemplateSyntaxError, nodes

from outreach.letters.filters import FILTERS
from outreach.letters.kinds import AFigure, Anything, Kind, Leaf, ListOf, Record
from outreach.letters.sandbox import EACH, LOOP_FIELDS, MOST_SOURCE, Sandbox
from outreach.letters.values import FIGURE_FIELDS

# Jinja takes away the line end after a tag. After an include it has to stay: with it goes the line
# end that a variant ending in {% endif %} has lost as well, and two paragraphs would be one.
_INCLUDE = re.compile(r"(\{%[-+]?\s*include\s[^%\n]{1,200}?)(?<![-+])%\}")
_DEEPEST = 25
_DEEPEST_LOOP = 3
_PLAIN = (
    nodes.Template, nodes.TemplateData, nodes.Const, nodes.If, nodes.CondExpr,
    nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Add, nodes.Sub,
    nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Neg, nodes.Pos, nodes.Keyword,
)  # fmt: skip
_REFUSED = {
    nodes.Call: "a template cannot call anything",
    nodes.Macro: "{% macro %} cannot be used",
    nodes.CallBlock: "{% call %} cannot be used",
    nodes.FilterBlock: "{% filter %} cannot be used; put the filter on a value",
    nodes.AssignBlock: "{% set %}…{% endset %} cannot be used; write {% set name = value %}",
    nodes.Import: "{% import %} cannot be used",
    nodes.FromImport: "{% from %} cannot be used",
    nodes.Extends: "{% extends %} cannot be used; variants stand in blocks/",
    nodes.Block: "{% block %} cannot be used; variants stand in blocks/",
    nodes.Concat: '"~" cannot be used; write the values side by side',
    nodes.Pow: '"**" cannot be used',
    nodes.Slice: "slices cannot be used; use first or last",
}


_LOOP = Record(dict.fromkeys(LOOP_FIELDS, Leaf()))
_FIGURE = Record(dict.fromkeys(FIGURE_FIELDS, Leaf()))


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong in a template: where, what, and what would be right."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.message}."


def compile_template(
    sandbox: Sandbox, name: str, source: str, *, fields: Record, blocks: frozenset[str]
) -> list[Fault]:
    """Check a template and put it on the sandbox's shelf.

    Args:
        sandbox: where it will run.
        name: what it is called in messages and in includes.
        source: its text, with front matter blanked out so that lines count as in the file.
        fields: every name that the context will hold.
        blocks: blocks of variants that it may include; empty for a variant itself.

    Returns:
        Every fault found; with any, nothing is on the shelf.
    """
    if len(source.encode()) > MOST_SOURCE:
        return [Fault(name, 1, f"the template is larger than {MOST_SOURCE // 1000} kB")]
    try:
        tree = sandbox.parse(_INCLUDE.sub(r"\1+%}", source), name, name)
        checker = _Checker(name, fields, blocks)
        checker.check(tree, _Scope({}))
        if checker.faults:
            return sorted(set(checker.faults))
        code = sandbox.compile(tree, name, name)
    except TemplateSyntaxError as error:
        if (error.message or "").startswith("Unexpected end of template"):
            return [_unclosed(sandbox, name, source, error)]
        return [Fault(name, error.lineno, f"{(error.message or 'unreadable').rstrip('.')}")]
    except (RecursionError, MemoryError, SyntaxError, ValueError, OverflowError):
        # The parser's, Jinja's or Python's own limits: no template of a letter comes near them.
        return [Fault(name, 1, "the template is nested too deeply or holds a giant number")]
    sandbox.compiled[name] = sandbox.template_class.from_code(sandbox, code, {}, None)
    return []


def _unclosed(sandbox: Sandbox, name: str, source: str, error: TemplateSyntaxError) -> Fault:
    """Name the line where the tag stands that is never closed: Jinja tells the last one."""
    open_tags: list[tuple[int, str]] = []
    before = ""
    for line, kind, value in sandbox.lex(source):
        if kind == "name" and before == "block_begin":
            if value in {"if", "for"}:
                open_tags.append((line, value))
            elif value in {"endif", "endfor"} and open_tags:
                open_tags.pop()
        before = before if kind == "whitespace" else kind
    if not open_tags:
        return Fault(name, error.lineno, str(error.message).rstrip("."))
    line, tag = open_tags[-1]
    return Fault(name, line, f"{{% {tag} %}} is never closed; write {{% end{tag} %}} after it")


@dataclass(slots=True)
class _Scope:
    """Names that the template itself has made, and how deep we are."""

    names: dict[str, Kind]
    depth: int = 0
    loops: int = 0

    def inside(self, *, loop: bool = False) -> "_Scope":
        # What {% if %} sets is seen after it; what a loop sets is not.
        names = dict(self.names) if loop else self.names
        return _Scope(names, self.depth + 1, self.loops + loop)


@dataclass(slots=True)
class _Checker:
    file: str
    fields: Record
    blocks: frozenset[str]
    faults: list[Fault] = field(default_factory=list)
    line: int = 1

    def check(self, node: nodes.Node, scope: _Scope) -> Kind:
        """Check a node and everything in it; tell what it stands for."""
        self.line = node.lineno or self.line
        if scope.depth > _DEEPEST:
            self._fault(node, f"more than {_DEEPEST} levels stand in one another")
            return Anything()
        if isinstance(node, nodes.Name):
            return self._name(node, scope)
        if isinstance(node, nodes.Getattr):
            return self._field(node, node.attr, self.check(node.node, scope))
        if isinstance(node, nodes.Getitem):
            return self._item(node, scope)
        if isinstance(node, nodes.For):
            return self._for(node, scope)
        if isinstance(node, nodes.Assign):
            return self._assign(node, scope)
        if isinstance(node, nodes.Include):
            return self._include(node, scope)
        if isinstance(node, nodes.List):
            return self._list(node)
        if isinstance(node, nodes.Filter):
            self._known(node, node.name, FILTERS, "filter")
        elif isinstance(node, nodes.Test):
            self._known(node, node.name, {"none": 0, "defined": 0}, "test")
        elif not isinstance(node, (*_PLAIN, nodes.Output)):
            known = _REFUSED.get(type(node), f"this ({type(node).__name__}) cannot be used")
            self._fault(node, known)
            return Anything()
        elif isinstance(node, nodes.Output):
            return self._output(node, scope)
        branching = isinstance(node, nodes.If | nodes.Expr)
        inner = scope.inside() if branching else scope
        for child in node.iter_child_nodes():
            self.check(child, inner)
        return Leaf() if isinstance(node, nodes.Const) else Anything()

    def _output(self, node: nodes.Output, scope: _Scope) -> Kind:
        for child in node.nodes:
            kind = self.check(child, scope)
            if isinstance(kind, AFigure):
                fields = ", ".join(FIGURE_FIELDS)
                self._fault(child, f"a figure is printed by one of its fields: {fields}")
            elif isinstance(kind, Record | ListOf):
                self._fault(child, "a list or record cannot be printed; name an element or a field")
        return Anything()

    def _name(self, node: nodes.Name, scope: _Scope) -> Kind:
        if node.name in scope.names:
            return scope.names[node.name]
        if node.name in self.fields.fields:
            return self.fields.fields[node.name]
        self._missing(node, node.name, [*self.fields.fields, *scope.names], "")
        return Anything()

    def _field(self, node: nodes.Node, name: str, holder: Kind) -> Kind:
        if isinstance(holder, AFigure):
            holder = _FIGURE
        if isinstance(holder, Record):
            if name in holder.fields:
                return holder.fields[name]
            self._missing(node, name, list(holder.fields), " here")
        elif isinstance(holder, ListOf):
            self._fault(node, f'".{name}" is asked of a list; go through it with {{% for %}}')
        elif isinstance(holder, Leaf):
            self._fault(node, f'".{name}" is asked of a text or number, which has no fields')
        return Anything()

    def _item(self, node: nodes.Getitem, scope: _Scope) -> Kind:
        holder = self.check(node.node, scope)
        if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
            return self._field(node, node.arg.value, holder)
        if isinstance(node.arg, nodes.Const) and type(node.arg.value) is int:
            return holder.element if isinstance(holder, ListOf) else Anything()
        self._fault(node, "between [ ] stands a number or a name between quotes")
        return Anything()

    def _for(self, node: nodes.For, scope: _Scope) -> Kind:
        through = self.check(node.iter, scope)
        inner = scope.inside(loop=True)
        if inner.loops > _DEEPEST_LOOP:
            self._fault(node, f"more than {_DEEPEST_LOOP} loops stand in one another")
            return Anything()
        if node.recursive:
            self._fault(node, "a recursive loop cannot be used")
        if not isinstance(node.target, nodes.Name):
            self._fault(node, "a loop gives one name: {% for demand in demands %}")
            return Anything()
        if isinstance(through, Leaf | Record | AFigure):
            self._fault(node, "a loop goes through a list, and this is none")
        inner.names[node.target.name] = (
            through.element if isinstance(through, ListOf) else Anything()
        )
        inner.names["loop"] = _LOOP
        for child in [*([node.test] if node.test else []), *node.body]:
            self.check(child, inner)
        for child in node.else_:
            self.check(child, scope.inside())
        node.iter = nodes.Filter(node.iter, EACH, [], [], None, None, lineno=node.lineno)
        return Anything()

    def _assign(self, node: nodes.Assign, scope: _Scope) -> Kind:
        if not isinstance(node.target, nodes.Name):
            self._fault(node, "{% set %} gives one name")
        elif isinstance(node.node, nodes.List | nodes.Dict | nodes.Tuple):
            self._fault(node, "{% set %} takes a text, a number or a field, not a list")
        else:
            scope.names[node.target.name] = self.check(node.node, scope)
        return Anything()

    def _include(self, node: nodes.Include, scope: _Scope) -> Kind:
        wanted = node.template
        named = (
            isinstance(wanted, nodes.Getattr)
            and isinstance(wanted.node, nodes.Name)
            and wanted.node.name == "blocks"
        )
        if not named:
            self._fault(node, "only {% include blocks.NAME %} can be included")
        elif not self.blocks:
            self._fault(node, "a variant cannot include another block")
        elif scope.loops:
            self._fault(node, "a block cannot be included in a loop")
        else:
            self._known(node, getattr(wanted, "attr", ""), dict.fromkeys(self.blocks), "block")
        if node.ignore_missing or not node.with_context:
            self._fault(node, "{% include blocks.NAME %} takes nothing more")
        return Anything()

    def _list(self, node: nodes.List) -> Kind:
        if any(not isinstance(item, nodes.Const) for item in node.items) or len(node.items) > 100:
            self._fault(node, 'a list holds at most 100 texts or numbers: ["a", "b"]')
        return ListOf(Leaf())

    def _known(self, node: nodes.Node, name: str, known: Mapping[str, Any], what: str) -> None:
        if name not in known:
            self._missing(node, name, list(known), "", what)

    def _missing(
        self, node: nodes.Node, name: str, known: list[str], where: str, what: str = "field"
    ) -> None:
        near = difflib.get_close_matches(name, known, n=1)
        meant = f', did you mean "{near[0]}"' if near else ""
        listed = ", ".join(known) if known else "none"
        self._fault(node, f'there is no {what} "{name}"{where}{meant}; there are: {listed}')

    def _fault(self, node: nodes.Node, message: str) -> None:
        # A few nodes of Jinja's own making carry no line: the last one seen is theirs.
        self.line = node.lineno or self.line
        self.faults.append(Fault(self.file, self.line, message))
