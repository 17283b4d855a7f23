"""The Jinja2 sandbox for templates that nobody has vetted.

Three walls, each enough against most attacks: only plain data goes in (values.py); only a closed
list of constructs compiles (syntax.py); what runs is counted and timed (here). Nothing reads a
file: sources are handed over as text. See docs/decisions/0042-template-sandbox.md.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NoReturn

from jinja2 import BaseLoader, StrictUndefined, Template, TemplateNotFound
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from outreach.letters.filters import FILTERS
from outreach.letters.markup import escape
from outreach.letters.numbers import number
from outreach.letters.values import (
    FIGURE_FIELDS,
    FigureView,
    Run,
    TemplateFault,
    carried,
    carrying,
    figure_field,
    plain,
)

MOST_SOURCE = 100_000
# Twenty pages. Markdown of this size, however nasty, is parsed within about a second.
MOST_OUTPUT = 50_000
MOST_ROUNDS = 5_000
MOST_SECONDS = 1.0
_LARGEST_NUMBER = 1e15
LOOP_FIELDS = ("index", "first", "last", "length")
# Known to the compiler only: syntax.py puts it around what each loop goes through.
EACH = "_each"


class _Missing(StrictUndefined):
    """A name that is not there: any use of it stops the letter, in our words."""

    __slots__ = ()

    def _fail_with_undefined_error(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TemplateFault(missing_words(self._undefined_obj, str(self._undefined_name)))

    __iter__ = __str__ = __len__ = __bool__ = __hash__ = _fail_with_undefined_error
    __eq__ = __ne__ = __contains__ = __call__ = __getitem__ = _fail_with_undefined_error
    __lt__ = __le__ = __gt__ = __ge__ = __neg__ = __pos__ = _fail_with_undefined_error
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _fail_with_undefined_error


def missing_words(holder: object, name: str) -> str:
    """Say what a missing name means: nothing is known here, or there is no such field."""
    if holder is None:
        return (
            f'".{name}" was asked of something that is not known for this recipient; put the '
            "sentence between {% if … %} and {% endif %}, with another one after {% else %}"
        )
    if isinstance(holder, dict):
        return f'there is no field "{name}"; there are: {", ".join(map(str, holder))}'
    if isinstance(holder, FigureView):
        return f'a figure has no field "{name}"; it has: {", ".join(FIGURE_FIELDS)}'
    return f'"{name}" is not there'


class _Shelf(BaseLoader):
    """Hands out templates that were compiled beforehand; knows no file."""

    def __init__(self, compiled: Mapping[str, Template]) -> None:
        self.compiled = compiled

    def load(self, environment: Any, name: str, globals: Any = None) -> Template:
        try:
            return self.compiled[name]
        except KeyError:
            raise TemplateNotFound(name) from None


class Sandbox(ImmutableSandboxedEnvironment):
    """An environment with nothing in it but our filters; one letter at a time."""

    intercepted_binops = frozenset(["+", "-", "*", "/", "//", "%", "**"])
    intercepted_unops = frozenset(["-", "+"])

    def __init__(self) -> None:
        self.compiled: dict[str, Template] = {}
        super().__init__(
            undefined=_Missing,
            finalize=self._printed,
            loader=_Shelf(self.compiled),
            autoescape=False,
            auto_reload=False,
            optimized=False,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self.globals.clear()
        self.filters.clear()
        self.filters.update({name: _passing(function) for name, (function, _) in FILTERS.items()})
        self.filters[EACH] = self._each
        tests = {name: self.tests[name] for name in ("none", "defined")}
        self.tests.clear()
        self.tests.update(tests)
        self.run = Run(deadline=0)

    def render(self, name: str, context: Mapping[str, Any]) -> tuple[str, Run]:
        """Render a compiled template to Markdown, every printed value escaped.

        Raises:
            TemplateFault: a value is missing or of the wrong kind, or a limit was passed; jinja2's
                own errors and Python's arithmetic ones pass through (compose words them).
        """
        self.run = run = Run(deadline=time.monotonic() + MOST_SECONDS)
        template = self.compiled[name]
        parts = []
        size = 0
        for part in template.root_render_func(template.new_context(dict(context))):
            parts.append(part)
            size += len(part)
            if size > MOST_OUTPUT:
                raise TemplateFault(f"the letter is longer than {MOST_OUTPUT} characters")
            if time.monotonic() > run.deadline:
                raise TemplateFault(f"rendering took longer than {MOST_SECONDS:.0f} s")
        return "".join(parts), run

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Read a key of plain data: never an attribute of an object."""
        if isinstance(obj, dict):
            if attribute in obj:
                return obj[attribute]
        elif isinstance(obj, FigureView):
            if attribute in FIGURE_FIELDS:
                return figure_field(obj, attribute)
        elif isinstance(obj, LoopContext) and attribute in LOOP_FIELDS:
            return getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Read an element of a list by its number, or a key of plain data."""
        if isinstance(obj, list) and type(argument) is int:
            if -len(obj) <= argument < len(obj):
                return obj[argument]
            raise TemplateFault(f"there is no element {argument}: the list holds {len(obj)}")
        if isinstance(argument, str):
            return self.getattr(obj, argument)
        return self.undefined(obj=obj, name=str(argument))

    def call(self, *arguments: Any, **named: Any) -> NoReturn:
        """Refuse every call: syntax.py has refused it before."""
        raise TemplateFault("a template cannot call anything")

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Compute with small numbers only: no text, no list, no power."""
        for operand in (left, right):
            self._small(operand)
        if operator == "**":
            raise TemplateFault('"**" cannot be used')
        if operator in {"/", "//", "%"} and right == 0:
            raise TemplateFault("division by zero; put the sentence between {% if … %}")
        result = self.binop_table[operator](left, right)
        self._small(result)
        return carrying(result, carried(left) + carried(right))

    def call_unop(self, context: Context, operator: str, arg: Any) -> Any:
        """Turn the sign of a number."""
        self._small(arg)
        return carrying(self.unop_table[operator](arg), carried(arg))

    def _small(self, operand: Any) -> None:
        if isinstance(operand, _Missing):
            str(operand)  # raises in its own words
        if isinstance(operand, bool) or not isinstance(operand, int | float):
            raise TemplateFault(
                "+ - * / % compute with numbers only; write texts side by side instead"
            )
        if not abs(operand) < _LARGEST_NUMBER:
            raise TemplateFault("a number is larger than 10^15")

    def _each(self, values: Any) -> Iterator[Any]:
        if not isinstance(values, list):
            raise TemplateFault("a loop goes through a list of ours, and this is none")
        for value in values:
            self.run.rounds += 1
            if self.run.rounds > MOST_ROUNDS:
                raise TemplateFault(f"loops went round more than {MOST_ROUNDS} times")
            if time.monotonic() > self.run.deadline:
                raise TemplateFault(f"rendering took longer than {MOST_SECONDS:.0f} s")
            yield value

    def _printed(self, value: Any) -> str:
        """Write a value where a template prints it, so that it means nothing but itself."""
        self.run.quoted.update(dict.fromkeys(carried(value)))
        value = plain(value)
        if isinstance(value, str):
            if not value.strip():
                raise TemplateFault("an empty text was printed; put it between {% if … %}")
            return escape(value) if len(value) < 1000 else _long(value)
        if value is None:
            raise TemplateFault(
                "what is printed is not known for this recipient; put the sentence between "
                "{% if … %} and {% endif %}, with another one after {% else %}"
            )
        if isinstance(value, bool):
            raise TemplateFault("a yes/no cannot be printed; use it in {% if … %}")
        if isinstance(value, int | float):
            return escape(number(value))
        if isinstance(value, FigureView):
            raise TemplateFault(
                f"a figure is printed by one of its fields: {', '.join(FIGURE_FIELDS)}"
            )
        if isinstance(value, _Missing):
            return str(value)  # raises in its own words
        raise TemplateFault("a list or record cannot be printed; name an element or a field")


def _passing(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let what a filter makes of a figure's text or number say that figure still."""

    def passing(value: Any, *more: Any, **named: Any) -> Any:
        more = tuple(map(plain, more))
        named = {name: plain(item) for name, item in named.items()}
        return carrying(function(plain(value), *more, **named), carried(value))

    return passing


def _long(value: str) -> str:
    if len(value) > MOST_OUTPUT:
        raise TemplateFault(f"the letter is longer than {MOST_OUTPUT} characters")
    return escape.__wrapped__(value)  # not worth a place in the cache
