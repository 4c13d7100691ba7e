"""A page as written, parsed: prose with the tests above it, names and calls, and faults."""

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from pathlib import Path

from jinja2 import TemplateSyntaxError, nodes

from osw_stats.errors import InputError
from osw_stats.publish.pages.claim_words import PRINTED, Atom, Ways, licensed
from osw_stats.publish.pages.render import environment, prepared
from osw_stats.publish.pages.source import Div, Source, div_of
from osw_stats.publish.pages.values import QUESTIONS, TESTS, WAYS
from osw_stats.yamlfile import read_yaml

BLOCK_FUNCTIONS = ("figure", "picture", "table", "counted", "gaps", "sources", "what_if")
PART_WAYS = ("key", "name", "figure")
OF_TWO = ("opposite", "alike", "more", "less", "equal", "every")  # questions of two results
FAULTS: dict[str, list[str]] = read_yaml(Path(__file__).with_name("faults.yml"))  # problem and remedy
# what pages may print and test, for the text of a fault
ALLOWED = {"ways": WAYS[:-1], "blocks": BLOCK_FUNCTIONS, "tests": TESTS, "questions": QUESTIONS}
MAY = {name: ", ".join(allowed) for name, allowed in ALLOWED.items()}


@dataclass(frozen=True)
class Call:
    """A block that a page calls: function, positional and keyword arguments, and its line."""

    function: str
    arguments: tuple[str, ...]
    keywords: dict[str, str]
    line: int


@dataclass
class Parsed:
    """A page: its full text with a mark for each printed result, and the origin of each piece."""

    source: Source
    text: str = ""
    names: dict[str, int] = field(default_factory=dict)  # the line of the first use
    loops: dict[str, int] = field(default_factory=dict)
    verdicts: dict[str, int] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    directions: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    faults: list[InputError] = field(default_factory=list)
    _starts: list[int] = field(default_factory=list)
    _pieces: list[tuple[int, Ways]] = field(default_factory=list)
    _part: str = ""  # name of the loop variable
    _in_if: bool = False

    def fault(self, fault: str, line: int | None = None, value: object = None, **parts: object) -> InputError:
        """Return a fault of this page, by its name in `faults.yml`."""
        problem, remedy = (text.format(**MAY, **parts) for text in FAULTS[fault])
        return InputError(problem, remedy, file=self.source.file, row=line, value=value)

    @property
    def divs(self) -> list[tuple[int, Div]]:
        """The divs of the page, each with its line."""
        lines = enumerate(self.source.text.split("\n"), start=1)
        return [(n, div) for n, line in lines if (div := div_of(line))]

    @property
    def sentences(self) -> dict[str, int]:
        """The names of the sentences of the page, with their lines."""
        return {div.id: n for n, div in self.divs if div.names_sentence and div.id}

    @property
    def headings(self) -> list[int]:
        """The levels of the headings of the page, in order."""
        lines = self.source.text.split("\n")
        return [len(line) - len(line.lstrip("#")) for line in lines if line.startswith("#")]

    def add(self, text: str, line: int, under: Ways) -> None:
        """Add a piece of text under tests."""
        self._starts.append(len(self.text))
        self._pieces.append((line, under))
        self.text += text

    def line(self, position: int) -> int:
        """Return the line of the page for a position in the text."""
        n = bisect_right(self._starts, position) - 1
        return self._pieces[n][0] + self.text.count("\n", self._starts[n], position)

    def licences(self, position: int) -> set[str]:
        """Return the kinds of claims licensed by the tests above a position."""
        return licensed(self._pieces[bisect_right(self._starts, position) - 1][1], self.source.language)

    def _refuse(self, fault: str, node: nodes.Node, value: object = None, **parts: object) -> None:
        self.faults.append(self.fault(fault, node.lineno, value, **parts))

    def _use(self, name: str, node: nodes.Node) -> None:
        if name != self._part:
            self.names.setdefault(name, node.lineno)

    def read(self, tree: list[nodes.Node], under: Ways) -> None:
        """Read a part of the template under tests."""
        for node in tree:
            match node:
                case nodes.Output():
                    for piece in node.nodes:
                        if isinstance(piece, nodes.TemplateData):
                            self.add(piece.data, piece.lineno, under)
                        else:
                            self.add(PRINTED, piece.lineno, under)
                            self._printed(piece)
                case nodes.If():
                    if self._in_if:
                        self._refuse("if_in_if", node)
                    outer, self._in_if = self._in_if, True
                    before = under or (frozenset(),)
                    # each branch is under its own test and the failure of those before it
                    for branch in (node, *node.elif_):
                        self.read(branch.body, _both(before, self._test(branch.test, True)))
                        before = _both(before, self._test(branch.test, False))
                    self.read(node.else_, before)
                    self._in_if = outer
                case nodes.For(
                    iter=nodes.Name(name=parts), target=nodes.Name(name=part), else_=[], test=None
                ):
                    if self._in_if or self._part:
                        self._refuse("loop_inside", node)
                    self.loops.setdefault(parts, node.lineno)
                    self._part = part
                    self.read(node.body, under)
                    self._part = ""
                case nodes.For():
                    self._refuse("no_list", node)
                case _:
                    tag = type(node).__name__.lower().replace("assign", "set")
                    self._refuse("tag", node, tag=tag)

    def _printed(self, node: nodes.Node) -> None:
        match node:
            case nodes.Name(name=name):
                self._use(name, node)
            case nodes.Getattr(node=nodes.Name(name=name), attr=way):
                if way not in (PART_WAYS if name == self._part else WAYS[:-1]):
                    self._refuse("no_way", node, way)
                self._use(name, node)
            case nodes.Call(
                node=nodes.Getattr(node=nodes.Name(name=name), attr="direction"), args=words, kwargs=[]
            ) if len(words) == 3 and len(_texts(words)) == 3:
                self._use(name, node)
                self.directions.append((node.lineno, tuple(_texts(words))))
            case nodes.Call(
                node=nodes.Name(name="plural"), args=[nodes.Name(name=name), *words], kwargs=[]
            ) if len(words) == 2 and len(_texts(words)) == 2:
                self._use(name, node)
                self.directions.append((node.lineno, ("", "", *_texts(words))))
            case nodes.Call(node=nodes.Name(name=function)) if function in BLOCK_FUNCTIONS:
                self._block(function, node)
            case nodes.Const(value=value):
                self._refuse("typed_in_braces", node, value)
            case _:
                self._refuse("more_than_a_result", node)

    def _block(self, function: str, node: nodes.Call) -> None:
        """Read the call of a block: its arguments are names in quotes, or those of a part."""
        for argument in (*node.args, *(keyword.value for keyword in node.kwargs)):
            match argument:
                case nodes.Const(value=str()):
                    pass
                case nodes.Getattr(node=nodes.Name(name=self._part), attr=way) if way in PART_WAYS:
                    pass
                case _:
                    self._refuse("no_quotes", node)
        keywords = {k.key: text for k in node.kwargs for text in _texts([k.value])}
        self.calls.append(Call(function, tuple(_texts(node.args)), keywords, node.lineno))

    def _test(self, node: nodes.Node, holds: bool) -> Ways:
        """Return the ways in which a test comes out as `holds`, each a set of answers."""
        match node:
            case nodes.Not():
                return self._test(node.node, not holds)
            case nodes.And() | nodes.Or():
                left, right = self._test(node.left, holds), self._test(node.right, holds)
                return _both(left, right) if isinstance(node, nodes.And) == holds else left + right
            case nodes.Getattr(node=nodes.Name(name=self._part), attr=way) if way in PART_WAYS:
                return (frozenset(),)
            case nodes.Name(name=name):
                atom = Atom("name", (name,), "", holds)
            case nodes.Getattr(node=nodes.Name(name=name), attr=test) if test in TESTS:
                atom = Atom(test, (name,), "", holds)
            case nodes.Call(
                node=nodes.Name(name="verdict"), args=[nodes.Name(name=name), nodes.Const(value=key)]
            ):
                atom = Atom("verdict", (name,), str(key), holds)
                self.verdicts.setdefault(str(key), node.lineno)
            case nodes.Call(node=nodes.Name(name=test), args=results, kwargs=[]) if (
                test in QUESTIONS
                and test != "verdict"
                and len(results) == 1 + (test in OF_TWO)
                and all(isinstance(result, nodes.Name) for result in results)
            ):
                atom = Atom(test, tuple(result.name for result in results), "", holds)  # type: ignore[attr-defined]
            case _:
                self._refuse("no_test", node)
                return (frozenset(),)
        for name in atom.names:
            self._use(name, node)
        return (frozenset([atom]),)


def parse_page(source: Source) -> Parsed:
    """Parse a page; forbidden content is among its faults."""
    page = Parsed(source)
    try:
        tree = environment().parse(prepared(source.text))
    except TemplateSyntaxError as error:
        page.faults.append(page.fault("unreadable", error.lineno, error=error.message))
    else:
        page.read(tree.body, ())
    return page


def _texts(arguments: list[nodes.Expr]) -> list[str]:
    return [a.value for a in arguments if isinstance(a, nodes.Const) and isinstance(a.value, str)]


def _both(left: Ways, right: Ways) -> Ways:
    """Return the ways in which both hold, without those that contradict themselves."""
    ways = (a | b for a in left for b in right)
    return tuple(way for way in ways if not any(replace(atom, holds=not atom.holds) in way for atom in way))
