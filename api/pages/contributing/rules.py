"""The rules for content files, with examples: what `kb check` reports, explained."""

from __future__ import annotations

from dataclasses import dataclass

from api.address import paths
from api.pages.parts.in_code import Words, in_code
from api.pages.parts.page import Page
from kb import RULES, Rule, gettext, shown_example


@dataclass(frozen=True)
class RuleLine:
    """A rule in the list of all."""

    name: str
    href: str
    level: str
    says: Words


@dataclass(frozen=True)
class RulesPage(Page):
    """`/contribute/rules`."""

    rules: tuple[RuleLine, ...]


@dataclass(frozen=True)
class RulePage(Page):
    """`/contribute/rules/{rule}`."""

    name: str
    level: str
    in_draft: str
    """Its level in a draft, where that differs; else empty."""
    says: Words
    why: Words
    where: Words
    """What the examples show."""
    fails: str
    passes: str


def rules_page() -> RulesPage:
    """All rules, one line each."""
    lines = tuple(RuleLine(name, paths.rule(name), rule.level, in_code(rule.says)) for name, rule in RULES.items())
    return RulesPage(gettext("Rules for case files"), paths.RULES, lines)


def rule_page(name: str) -> RulePage | None:
    """One rule with its examples; None if there is none of this name."""
    rule = RULES.get(name)
    return _page(name, rule) if rule else None


def _page(name: str, rule: Rule) -> RulePage:
    return RulePage(
        title=gettext("Rule {name}").format(name=name),
        path=paths.rule(name),
        name=name,
        level=rule.level,
        in_draft=rule.level_in_draft if rule.level_in_draft != rule.level else "",
        says=in_code(rule.says),
        why=in_code(rule.why),
        where=in_code(rule.where),
        fails=shown_example(rule.fails),
        passes=shown_example(rule.passes),
    )
