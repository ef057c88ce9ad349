"""Tests that our own code does nothing by which a document, a model or a file could run code or reach out.

Each rule is a function from a call, an import or the like to what is wrong with it; each has snippets that it must
catch, so that a rule that catches nothing is found out. What is allowed all the same stands in KNOWN, with why.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import pytest

from tests.repository import ROOT, sources

KNOWN: Mapping[tuple[str, str], str] = {
    ("pages/chat.py", "own markup"): "a script of our own, into which nothing but a number is put",
}
"""Findings, as (file, rule), that stand, with why."""

PICKLES = {"pickle", "_pickle", "cPickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "jsonpickle"}
BARE = {"eval", "exec", "compile", "__import__"}
SHELLS = {
    *("os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput"),
    *("asyncio.create_subprocess_shell", "pty.spawn", "commands.getoutput"),
}
PROCESSES = {f"subprocess.{name}" for name in ("run", "call", "check_call", "check_output", "Popen")}
LOADERS = {
    *("torch.load", "torch.jit.load", "torch.hub.load", "torch.hub.load_state_dict_from_url", "torch.package"),
    *("keras.models.load_model", "tensorflow.saved_model.load", "numpy.fromfile"),
}
MODELS = {"SentenceTransformer", "CrossEncoder", "from_pretrained"}
XML_PARSERS = {"parse", "fromstring", "fromstringlist", "XML", "XMLID"}
UNVERIFIED = {"ssl._create_unverified_context", "ssl.CERT_NONE", "ssl._create_default_https_context"}


@dataclass
class Module:
    """One file: its tree, and what its names stand for."""

    tree: ast.Module
    names: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    first = alias.name.partition(".")[0]
                    self.names[alias.asname or first] = alias.name if alias.asname else first
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    self.names[alias.asname or alias.name] = f"{node.module}.{alias.name}"

    def dotted(self, node: ast.AST) -> str:
        """What an expression names, as far as imports tell: `np.load` is numpy.load; "" where it names nothing."""
        if isinstance(node, ast.Name):
            return self.names.get(node.id, node.id)
        if isinstance(node, ast.Attribute):
            return f"{self.dotted(node.value)}.{node.attr}"
        return ""

    def calls(self) -> Iterator[tuple[ast.Call, str]]:
        """Every call, with what is called."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                yield node, self.dotted(node.func)


Rule = Callable[[Module], Iterator[ast.AST]]


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    """The value of an argument that is given by name."""
    return next((word.value for word in call.keywords if word.arg == name), None)


def is_constant(node: ast.AST | None, value: object) -> bool:
    """Whether an expression is written as this very value."""
    return isinstance(node, ast.Constant) and node.value is value


def pickles(module: Module) -> Iterator[ast.AST]:
    """Imports of what runs code when it reads."""
    for node in ast.walk(module.tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        if isinstance(node, ast.Call) and module.dotted(node.func).endswith(("import_module", "__import__")):
            names = [argument.value for argument in node.args[:1] if isinstance(argument, ast.Constant)]
        if PICKLES & {str(name).partition(".")[0] for name in names}:
            yield node


def flag(name: str, harmless: object = False) -> Rule:
    """A rule against an argument, an attribute or a key of this name with anything but the harmless value."""

    def rule(module: Module) -> Iterator[ast.AST]:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.keyword) and node.arg == name and not is_constant(node.value, harmless):
                yield node.value
            elif isinstance(node, ast.Attribute) and node.attr == name and isinstance(node.ctx, ast.Store):
                yield node
            elif isinstance(node, ast.Dict):
                pairs = zip(node.keys, node.values, strict=True)
                yield from (v for k, v in pairs if _is_text(k, name) and not is_constant(v, harmless))

    return rule


def _is_text(node: ast.AST | None, text: str) -> bool:
    return isinstance(node, ast.Constant) and node.value == text


def code_from_text(module: Module) -> Iterator[ast.AST]:
    """Calls of the built-in eval, exec, compile; not of methods of that name, nor of what was imported as it."""
    for call, name in module.calls():
        if name in BARE or (name.startswith("builtins.") and name.removeprefix("builtins.") in BARE):
            yield call


def shells(module: Module) -> Iterator[ast.AST]:
    """Commands that a shell takes apart, or that are one text."""
    for call, name in module.calls():
        if name in SHELLS or not is_constant(keyword(call, "shell") or ast.Constant(False), False):
            yield call
        elif name in PROCESSES:
            command = call.args[0] if call.args else keyword(call, "args")
            if command is not None and _has_text(command):
                yield call


def _has_text(node: ast.AST) -> bool:
    """Whether an expression is put together of text; lists that are joined are none."""
    if isinstance(node, ast.BinOp):
        return _has_text(node.left) or _has_text(node.right)
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def own_markup(module: Module) -> Iterator[ast.AST]:
    """HTML and scripts that the page is told to take as they are."""
    for node in ast.walk(module.tree):
        is_one = isinstance(node, ast.keyword) and (node.arg or "").startswith("unsafe_allow_")
        if is_one and not is_constant(node.value, False):
            yield node.value


def yaml_loads(module: Module) -> Iterator[ast.AST]:
    """YAML read by anything but the safe loader."""
    for call, name in module.calls():
        if name in {"yaml.unsafe_load", "yaml.full_load", "yaml.unsafe_load_all", "yaml.full_load_all"}:
            yield call
        elif name in {"yaml.load", "yaml.load_all"}:
            loader = keyword(call, "Loader") or (call.args[1] if len(call.args) > 1 else None)
            if loader is None or module.dotted(loader) not in {"yaml.SafeLoader", "yaml.CSafeLoader"}:
                yield call


def weights(module: Module) -> Iterator[ast.AST]:
    """Weights that are read otherwise than from safetensors, which cannot run code."""
    for call, name in module.calls():
        if name in LOADERS:
            yield call
        elif name.rpartition(".")[2] in MODELS:
            inner = keyword(call, "model_kwargs")
            pairs = zip(inner.keys, inner.values, strict=True) if isinstance(inner, ast.Dict) else ()
            given = [v for k, v in pairs if _is_text(k, "use_safetensors")] + [keyword(call, "use_safetensors")]
            if not any(is_constant(value, True) for value in given):
                yield call


def arrays(module: Module) -> Iterator[ast.AST]:
    """Arrays that are read without it being said that they hold no objects."""
    for call, name in module.calls():
        given = keyword(call, "allow_pickle")
        if (name == "numpy.load" or given) and not is_constant(given, False):
            yield call


def xml(module: Module) -> Iterator[ast.AST]:
    """XML read by a parser that was not told to leave entities and the network alone."""
    for node in ast.walk(module.tree):
        imported = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            imported = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
        if any(name.startswith("xml.") and not name.startswith("xml.sax.saxutils") for name in imported):
            yield node
    for call, name in module.calls():
        root, _, method = name.rpartition(".")
        if root == "lxml.etree" and method in {"XMLParser", "ETCompatXMLParser", "XMLPullParser", "iterparse"}:
            limits = (("no_network", True), ("huge_tree", False), ("load_dtd", False))
            lax = [name for name, safe in limits if not is_constant(keyword(call, name) or ast.Constant(safe), safe)]
            if lax or not is_constant(keyword(call, "resolve_entities"), False):
                yield call
        is_reading = root in {"lxml.etree", "lxml.objectify"} and method in XML_PARSERS
        if is_reading and len(call.args) < 2 and keyword(call, "parser") is None:
            yield call


def unverified(module: Module) -> Iterator[ast.AST]:
    """Connections to somebody who need not show who they are."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.keyword) and node.arg == "verify" and is_constant(node.value, False):
            yield node.value
        elif isinstance(node, (ast.Attribute, ast.Name)) and module.dotted(node) in UNVERIFIED:
            yield node
        elif isinstance(node, ast.Assign) and is_constant(node.value, False):
            yield from (t for t in node.targets if isinstance(t, ast.Attribute) and t.attr == "check_hostname")


def guessable_files(module: Module) -> Iterator[ast.AST]:
    """Names for temporary files that somebody else can take first."""
    yield from (call for call, name in module.calls() if name in {"tempfile.mktemp", "os.tempnam", "os.tmpnam"})


def unpacking(module: Module) -> Iterator[ast.AST]:
    """Archives unpacked to wherever their entries say."""
    for call, name in module.calls():
        if name == "shutil.unpack_archive" or name.rpartition(".")[2] == "extractall":
            yield call


RULES: Mapping[str, Rule] = {
    "pickles": pickles,
    "dangerous deserialization": flag("allow_dangerous_deserialization"),
    "code from text": code_from_text,
    "shells": shells,
    "own markup": own_markup,
    "code of a model": flag("trust_remote_code"),
    "yaml": yaml_loads,
    "weights": weights,
    "arrays": arrays,
    "xml": xml,
    "unverified": unverified,
    "guessable files": guessable_files,
    "unpacking": unpacking,
}

CAUGHT = {
    "pickles": [
        "import pickle",
        "import numpy, marshal",
        "from shelve import open as start",
        "def f():\n    import dill._dill as d",
        "import joblib",
        "import importlib\nimportlib.import_module('pickle')",
        "__import__('cloudpickle')",
    ],
    "dangerous deserialization": [
        "FAISS.load_local(folder, e, allow_dangerous_deserialization=True)",
        "FAISS.load_local(folder, e, allow_dangerous_deserialization=flag)",
        "options = {'allow_dangerous_deserialization': True}",
        "store.allow_dangerous_deserialization = True",
    ],
    "code from text": [
        "eval(text)",
        "def f():\n    return exec(text, {})",
        "compile(text, 'f', 'exec')",
        "import builtins\nbuiltins.eval(text)",
        "from builtins import exec as run\nrun(text)",
        "from eval import models\neval(text)",
    ],
    "shells": [
        "import subprocess\nsubprocess.run(['ls'], shell=True)",
        "from subprocess import Popen\nPopen(command, shell=wanted)",
        "import os\nos.system('ls')",
        "from os import popen as ask\nask('ls')",
        "import subprocess as s\ns.run('ls -l')",
        "import subprocess\nsubprocess.check_output(f'git log {name}')",
        "import subprocess\nsubprocess.call('git log ' + name)",
        "import subprocess\nsubprocess.call(args='git log')",
        "import subprocess\nsubprocess.getoutput('ls')",
    ],
    "own markup": [
        "st.markdown(text, unsafe_allow_html=True)",
        "st.html(text, unsafe_allow_javascript=wanted)",
    ],
    "code of a model": [
        "AutoModel.from_pretrained(name, trust_remote_code=True)",
        "SentenceTransformer(name, trust_remote_code=allowed)",
        "model_kwargs = {'trust_remote_code': True}",
    ],
    "yaml": [
        "import yaml\nyaml.load(text)",
        "import yaml\nyaml.load(text, Loader=yaml.Loader)",
        "from yaml import load, FullLoader\nload(text, FullLoader)",
        "import yaml\nyaml.unsafe_load(text)",
    ],
    "weights": [
        "import torch\ntorch.load(path)",
        "from torch import load\nload(path, weights_only=True)",
        "import torch\ntorch.hub.load('a', 'b')",
        "SentenceTransformer(name)",
        "sentence_transformers.CrossEncoder(name, model_kwargs={'use_safetensors': False})",
        "AutoModel.from_pretrained(name, use_safetensors=None)",
    ],
    "arrays": [
        "import numpy as np\nnp.load(path)",
        "import numpy as np\nnp.load(path, allow_pickle=True)",
        "from numpy import load\nload(path)",
        "np.lib.format.read_array(file, allow_pickle=True)",
    ],
    "xml": [
        "import xml.etree.ElementTree as ET",
        "from xml.etree import ElementTree",
        "from xml import sax",
        "import xml.dom.minidom",
        "from lxml import etree\netree.fromstring(data)",
        "import lxml.etree\nlxml.etree.parse(path)",
        "from lxml.etree import iterparse\niterparse(file)",
        "from lxml import etree\netree.XMLParser()",
        "from lxml import etree\netree.XMLParser(resolve_entities=True)",
        "from lxml import etree\netree.XMLParser(resolve_entities=False, no_network=False)",
        "from lxml import etree\netree.XMLParser(resolve_entities=False, huge_tree=True)",
        "from lxml import etree\netree.XMLParser(resolve_entities=False, load_dtd=True)",
    ],
    "unverified": [
        "client.get(url, verify=False)",
        "import ssl\nssl._create_unverified_context()",
        "from ssl import CERT_NONE\ncontext.verify_mode = CERT_NONE",
        "context.check_hostname = False",
    ],
    "guessable files": ["import tempfile\ntempfile.mktemp()", "from tempfile import mktemp\nmktemp('.pdf')"],
    "unpacking": ["zipfile.ZipFile(path).extractall(folder)", "import shutil\nshutil.unpack_archive(path)"],
}

HARMLESS = [
    "model.eval()",
    "import re\nre.compile('a')",
    "from re import compile\ncompile('a')",
    "import eval.models\nfrom eval.errors import EvaluationError",
    "from eval import runner\nrunner.run()",
    "text = 'eval(exec) pickle shell=True'",
    "def compile_report(): ...",
    "import subprocess, sys\nsubprocess.run([sys.executable, '-m', name], check=True)",
    "import subprocess\nsubprocess.run(command)\nsubprocess.run([*a] + b, shell=False)",
    "import numpy as np\nnp.load(file, allow_pickle=False)",
    "SentenceTransformer(name, trust_remote_code=False, model_kwargs={'use_safetensors': True})",
    "import yaml\nyaml.safe_load(text)\nyaml.load(text, Loader=yaml.SafeLoader)",
    "st.markdown(text, unsafe_allow_html=False)",
    "from lxml import etree\netree.XMLParser(resolve_entities=False)\netree.XML(data, parser)",
    "from lxml import etree\netree.fromstring(data, parser=parser)",
    "from lxml import etree\netree.iterparse(file, resolve_entities=False)",
    "from xml.sax.saxutils import escape",
    "import tempfile\ntempfile.mkstemp()\ntempfile.TemporaryDirectory()",
    "import json\njson.load(file)\nfrom safetensors.numpy import load\nload(data)",
    "client.get(url, verify=True)\nstore.verify()",
    "archive.extract",
]


def findings(text: str) -> list[tuple[str, int]]:
    """What is wrong with a piece of code, as (rule, line)."""
    module = Module(ast.parse(text))
    return [(name, getattr(node, "lineno", 0)) for name, rule in RULES.items() for node in rule(module)]


def ours() -> dict[tuple[str, str], list[int]]:
    """What is wrong with our own code, as lines by (file, rule)."""
    found: dict[tuple[str, str], list[int]] = {}
    for path in sources():
        for rule, line in findings(path.read_text(encoding="utf-8")):
            found.setdefault((path.relative_to(ROOT).as_posix(), rule), []).append(line)
    return found


def test_our_code_does_nothing_of_the_kind() -> None:
    """This test ensures that no file that is installed breaks a rule; what is known to is still to be mended."""
    assert {where: lines for where, lines in ours().items() if where not in KNOWN} == {}


def test_what_is_known_is_still_there() -> None:
    """This test ensures that an exception goes when what it excuses is mended."""
    assert KNOWN.keys() - ours().keys() == set()


def test_all_of_our_code_is_looked_at() -> None:
    """This test ensures that the walk covers every package and the page's entry."""
    folders = {path.relative_to(ROOT).parts[0] for path in sources()}
    assert {"app.py", "assistant", "cli", "corpus", "eval", "index", "pages"} <= folders


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in CAUGHT.items() for text in texts])
def test_each_rule_catches_what_it_is_for(rule: str, text: str) -> None:
    """This test ensures that code of the kind is found, under the name of its rule."""
    assert rule in {name for name, _ in findings(text)}


@pytest.mark.parametrize("text", HARMLESS)
def test_names_that_only_look_alike(text: str) -> None:
    """This test ensures that a rule does not forbid what is fine."""
    assert findings(text) == []


def test_every_rule_has_something_to_catch() -> None:
    """This test ensures that no rule stands there untried."""
    assert CAUGHT.keys() == RULES.keys()
