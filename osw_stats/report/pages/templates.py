"""A page as its writer made it, taken apart: prose with the tests it stands under, names, calls; what is refused."""

from __future__ import annotations

from collections.abc import Iterator

from jinja2 import TemplateSyntaxError, nodes

from osw_stats.errors import InputError
from osw_stats.report.pages.claim_words import PRINTED
from osw_stats.report.pages.prose import Atom, Call, Read, Ways
from osw_stats.report.pages.render import environment, prepared
from osw_stats.report.pages.source import Source
from osw_stats.report.pages.values import QUESTIONS, TESTS, WAYS

BLOCK_FUNCTIONS = ("figure", "table", "counted", "gaps", "sources", "what_if")
PART_WAYS = ("key", "name", "figure")
REFUSED: dict[type[nodes.Node], str] = {
    nodes.Assign: "set", nodes.AssignBlock: "set", nodes.Import: "import", nodes.FromImport: "import",
    nodes.Include: "include", nodes.Macro: "macro", nodes.CallBlock: "call", nodes.FilterBlock: "filter",
    nodes.Extends: "extends", nodes.Block: "block", nodes.With: "with",
}  # fmt: skip


def read(source: Source) -> Read:
    """Take a page apart; what it may not hold is among its faults."""
    made = Read()
    reader = _Reader(source, made)
    try:
        tree = environment().parse(prepared(source.text))
    except TemplateSyntaxError as error:
        made.faults.append(
            InputError(
                f"cannot be read: {error.message}", "Mend the tag.", file=source.file, row=error.lineno
            )
        )
        return made
    reader.body(tree.body, (), depth=0)
    return made


class _Reader:
    """Walks through the tree of a template."""

    def __init__(self, source: Source, made: Read) -> None:
        self.source, self.made = source, made
        self.part = ""  # what the parts of a loop are called in it

    def fault(self, problem: str, remedy: str, node: nodes.Node, value: object = None) -> None:
        self.made.faults.append(
            InputError(problem, remedy, file=self.source.file, row=node.lineno, value=value)
        )

    def body(self, found: list[nodes.Node], under: tuple[frozenset[Atom], ...], depth: int) -> None:
        for node in found:
            if isinstance(node, nodes.Output):
                for piece in node.nodes:
                    if isinstance(piece, nodes.TemplateData):
                        self.made.add(piece.data, piece.lineno, under)
                    else:
                        self.printed(piece, under)
            elif isinstance(node, nodes.If):
                self.branches(node, under, depth)
            elif isinstance(node, nodes.For):
                self.loop(node, under, depth)
            else:
                name = REFUSED.get(type(node), type(node).__name__.lower())
                self.fault(
                    f"{{% {name} %}} is not for pages", "Compute it in the notebook and register it.", node
                )

    def branches(self, node: nodes.If, under: tuple[frozenset[Atom], ...], depth: int) -> None:
        """Read the branches of an if; each stands under its own test and the failure of those before it."""
        if depth:
            self.fault("an if stands inside an if", "Join both tests with `and`, or use elif.", node)
        before: Ways = list(under) or [frozenset()]
        for branch in (node, *node.elif_):
            holds = self.test(branch.test, True)
            self.body(branch.body, tuple(_both(before, holds)), depth + 1)
            before = _both(before, self.test(branch.test, False))
        self.body(node.else_, tuple(before), depth + 1)

    def loop(self, node: nodes.For, under: tuple[frozenset[Atom], ...], depth: int) -> None:
        if depth or self.part or node.else_ or node.test or node.recursive:
            self.fault("this loop is not for pages", "Write {% for part in NAME %} alone.", node)
        if not isinstance(node.iter, nodes.Name) or not isinstance(node.target, nodes.Name):
            self.fault(
                "loops over what is no registered list",
                "Loop over parts of the notebook (report.parts).",
                node,
            )
            return
        self.made.loops.setdefault(node.iter.name, node.lineno)
        self.part = node.target.name
        self.body(node.body, under, depth)
        self.part = ""

    def printed(self, node: nodes.Node, under: tuple[frozenset[Atom], ...]) -> None:
        """Read one `{{ ... }}`."""
        self.made.add(PRINTED, node.lineno, under)
        if isinstance(node, nodes.Name):
            self.name(node)
        elif isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
            self.attribute(node, node.node)
        elif isinstance(node, nodes.Call):
            self.call(node)
        elif isinstance(node, nodes.Const):
            self.fault(
                "is typed between braces",
                "Print a registered result, or write it as prose.",
                node,
                node.value,
            )
        else:
            self.fault(
                "is more than a result and a way to say it",
                "Compute it in the notebook and register it.",
                node,
            )

    def name(self, node: nodes.Name) -> None:
        if node.name != self.part:
            self.made.names.setdefault(node.name, node.lineno)

    def attribute(self, node: nodes.Getattr, of: nodes.Name) -> None:
        allowed = PART_WAYS if of.name == self.part else WAYS
        if node.attr not in allowed or node.attr == "direction":
            self.fault("is no way to say a number", f"Ways: {', '.join(allowed)}.", node, node.attr)
        self.name(of)

    def call(self, node: nodes.Call) -> None:
        words = [a.value for a in node.args if isinstance(a, nodes.Const) and isinstance(a.value, str)]
        called = node.node
        if (
            isinstance(called, nodes.Getattr)
            and called.attr == "direction"
            and isinstance(called.node, nodes.Name)
        ):
            self.name(called.node)
            if len(words) != 3 or len(node.args) != 3 or node.kwargs:
                self.fault("direction takes a rise, a fall and no change", 'Write {{ NAME.direction("…", "…", "…") }}.', node)  # fmt: skip
            else:
                self.made.directions.append((node.lineno, tuple(words)))
        elif not isinstance(called, nodes.Name):
            self.fault(
                "calls what is no function of pages", f"Functions: {', '.join(BLOCK_FUNCTIONS)}.", node
            )
        elif called.name == "plural":
            first = node.args[0] if node.args else None
            if not isinstance(first, nodes.Name) or len(words) != 2 or len(node.args) != 3:
                self.fault("plural takes a result and two words", 'Write {{ plural(NAME, "…", "…") }}.', node)
            else:
                self.name(first)
                self.made.directions.append((node.lineno, ("", "", *words)))
        elif called.name in BLOCK_FUNCTIONS:
            self.block(called.name, node)
        else:
            self.fault("is no function of pages", f"Functions: {', '.join(BLOCK_FUNCTIONS)}, plural.", node, called.name)  # fmt: skip

    def block(self, function: str, node: nodes.Call) -> None:
        """Read the call of a block: its arguments are names in quotes, or those of a part."""
        given: list[str] = []
        named: dict[str, str] = {}
        for key, argument in [("", a) for a in node.args] + [(k.key, k.value) for k in node.kwargs]:
            of_part = (
                isinstance(argument, nodes.Getattr)
                and isinstance(argument.node, nodes.Name)
                and argument.node.name == self.part
                and argument.attr in PART_WAYS
            )
            if isinstance(argument, nodes.Const) and isinstance(argument.value, str):
                if key:
                    named[key] = argument.value
                else:
                    given.append(argument.value)
            elif not of_part:
                self.fault("takes names in quotes", f'Write {{{{ {function}("NAME") }}}}.', node)
        self.made.calls.append(Call(function, tuple(given), named, node.lineno))

    def test(self, node: nodes.Node, holds: bool) -> Ways:
        """Return the ways in which a test comes out as `holds`, each a set of answers."""
        if isinstance(node, nodes.Not):
            return self.test(node.node, not holds)
        if isinstance(node, nodes.And | nodes.Or):
            left, right = self.test(node.left, holds), self.test(node.right, holds)
            return _both(left, right) if isinstance(node, nodes.And) == holds else left + right
        atom = self.atom(node, holds)
        return [frozenset([atom] if atom else [])]

    def atom(self, node: nodes.Node, holds: bool) -> Atom | None:
        if isinstance(node, nodes.Name):
            self.name(node)
            return Atom("name", (node.name,), "", holds)
        if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
            if node.node.name == self.part and node.attr in PART_WAYS:
                return None
            if node.attr in TESTS:
                self.name(node.node)
                return Atom(node.attr, (node.node.name,), "", holds)
        if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in QUESTIONS:
            names = [a for a in node.args if isinstance(a, nodes.Name)]
            keys = [a.value for a in node.args if isinstance(a, nodes.Const)]
            wanted = 2 if node.node.name in ("opposite", "alike", "more", "less", "equal", "every") else 1
            if len(names) == wanted and len(keys) == (node.node.name == "verdict") and not node.kwargs:
                for name in names:
                    self.name(name)
                if keys:
                    self.made.verdicts.setdefault(str(keys[0]), node.lineno)
                return Atom(node.node.name, tuple(n.name for n in names), str(keys[0]) if keys else "", holds)
        self.fault(
            "is no test of pages",
            f"Test a name, NAME.{', NAME.'.join(TESTS)}, or {', '.join(f'{q}(...)' for q in QUESTIONS)}.", node,
        )  # fmt: skip
        return None


def _both(left: Ways, right: Ways) -> Ways:
    """Return the ways in which both hold, without those that contradict themselves."""
    made = [a | b for a in left for b in right]
    return [w for w in made if not any(_other(atom) in w for atom in w)]


def _other(atom: Atom) -> Atom:
    return Atom(atom.test, atom.names, atom.key, not atom.holds)


def headings(text: str) -> Iterator[int]:
    """Yield the levels of the headings of a page, in order."""
    for line in text.split("\n"):
        if line.startswith("#"):
            yield len(line) - len(line.lstrip("#"))
