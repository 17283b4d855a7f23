"""The filters that templates may use: a closed list, each checking what it is given."""

from collections.abc import Callable, Mapping
from typing import Any

from outreach.letters import french, numbers
from outreach.letters.values import FigureView, TemplateFault

_LONGEST = 20_000


def _number(value: Any) -> float | int:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TemplateFault(f"{_kind(value)} was given where a number is needed")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TemplateFault(f"{_kind(value)} was given where a text is needed")
    if len(value) > _LONGEST:
        raise TemplateFault(f"a text is longer than {_LONGEST} characters")
    return value


def _texts(value: Any) -> list[str]:
    if not isinstance(value, list):
        raise TemplateFault(f"{_kind(value)} was given where a list is needed")
    texts = [_text(part) for part in value]
    if sum(map(len, texts)) > _LONGEST:
        raise TemplateFault(f"a list is longer than {_LONGEST} characters")
    return texts


def _kind(value: Any) -> str:
    if value is None:
        return "nothing (it is not known here)"
    kinds = {str: "a text", bool: "a yes/no", int: "a number", float: "a number", list: "a list"}
    return (
        "a figure; name one of its fields"
        if isinstance(value, FigureView)
        else kinds.get(type(value), "a record")
    )


def _join(value: Any, separator: Any = ", ") -> str:
    parts, between = _texts(value), _text(separator)
    if len(between) * len(parts) > _LONGEST:
        raise TemplateFault(f"a list is longer than {_LONGEST} characters")
    return between.join(parts)


def _round(value: Any, digits: Any = 0) -> float | int:
    if isinstance(digits, bool) or not isinstance(digits, int) or not 0 <= digits <= 3:
        raise TemplateFault("round takes 0 to 3 digits")
    return round(_number(value), digits) if digits else round(_number(value))


def _length(value: Any) -> int:
    if not isinstance(value, list):
        raise TemplateFault(f"{_kind(value)} was given where a list is needed")
    return len(value)


def _item(value: Any, position: int) -> Any:
    if not isinstance(value, list) or not value:
        raise TemplateFault("there is no such element: the list is empty here, or it is no list")
    return value[position]


def _capitalised(value: Any) -> str:
    text = _text(value)
    return text[:1].upper() + text[1:]


# name → (function, what it does with an example, for docs/letters.md)
FILTERS: Mapping[str, tuple[Callable[..., Any], str]] = {
    "number": (lambda value: numbers.number(_number(value)), "1234 → 1 234"),
    "about": (
        lambda value, unit="": numbers.about(_number(value), _text(unit)),
        '1187|about("place") → près de 1 200 places',
    ),
    "counted": (
        lambda value, unit: numbers.counted(_number(value), _text(unit)),
        '2|counted("place") → 2 places; 0 and 1 stay singular',
    ),
    "plural": (
        lambda unit, value: (
            numbers.plural(_text(unit)) if numbers.is_plural(_number(value)) else _text(unit)
        ),
        '"établissement"|plural(3) → établissements',
    ),
    "ordinal": (
        lambda value, feminine=False: numbers.ordinal(int(_number(value)), feminine=bool(feminine)),
        "1|ordinal(true) → 1re",
    ),
    "round": (_round, "12.36|round(1) → 12,4"),
    "list": (lambda value: numbers.joined(_texts(value)), "a, b et c"),
    "join": (_join, '["a", "b"]|join(" ; ")'),
    "first": (lambda value: _item(value, 0), "the first of a list"),
    "last": (lambda value: _item(value, -1), "the last of a list"),
    "length": (_length, "how many a list holds"),
    "upper": (lambda value: _text(value).upper(), "in capitals"),
    "lower": (lambda value: _text(value).lower(), "in small letters"),
    "capitalised": (_capitalised, "dans l’Ain → Dans l’Ain"),
    "de": (
        lambda value: french.of(_text(value)),
        "Lyon → de Lyon, Albi → d’Albi, Le Mans → du Mans",
    ),
    "at": (lambda value: french.at(_text(value)), "Lyon → à Lyon, Le Mans → au Mans"),
}
