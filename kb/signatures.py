"""Parameters that follow from a declaration, shown to code that inspects a function's signature."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])


def with_parameters(annotations: Mapping[str, object], *, default: object, after: str) -> Callable[[F], F]:
    """A decorator for a function that takes `**`: its signature names in its place, after the parameter `after`, one
    parameter for each of these names, with its annotation and this default.

    For functions that are only called with names, as Typer and FastAPI call them: they make options and query
    parameters of what they see there.

    >>> @with_parameters({"city": str, "status": str}, default="", after="text")
    ... def found(text: str, size: int = 20, **chosen: str) -> str:
    ...     return f"{size} of {text} in {chosen['city']}"
    >>> inspect.signature(found)
    <Signature (*, text: str, city: str = '', status: str = '', size: int = 20) -> str>
    >>> found(text="schools", city="oslo")
    '20 of schools in oslo'
    """

    def decorate(function: F) -> F:
        declared = inspect.signature(function, eval_str=True)
        shown: list[inspect.Parameter] = []
        for parameter in declared.parameters.values():
            if parameter.kind is not inspect.Parameter.VAR_KEYWORD:
                shown.append(parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY))
            if parameter.name == after:
                shown.extend(
                    inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
                    for name, annotation in annotations.items()
                )
        cast(Any, function).__signature__ = declared.replace(parameters=shown)
        return function

    return decorate
