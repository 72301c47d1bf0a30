"""Holds generated modules to what a schema can mean: no text of it has become code.

In: paths of Python files as arguments. Out: complaints, one a line; none is good. Every statement of a module must be of
a kind that the targets write, every call to a name that they use, and every string that holds a schema's text a literal.
"""

import ast
import sys

STATEMENTS = (
    ast.Import, ast.ImportFrom, ast.ClassDef, ast.FunctionDef, ast.Assign, ast.AnnAssign, ast.Expr, ast.Return, ast.If,
    ast.Raise, ast.For, ast.With, ast.Try, ast.Pass, ast.AsyncFunctionDef,
)
MODULES = {
    "collections.abc", "datetime", "decimal", "enum", "functools", "json", "re", "struct", "typing", "uuid", "pydantic",
    "sqlalchemy", "sqlalchemy.dialects", "sqlalchemy.dialects.postgresql", "sqlalchemy.ext.asyncio", "sqlalchemy.orm",
    "sqlalchemy.types", "pgvector.sqlalchemy", None,
}
FORBIDDEN = {"eval", "exec", "compile", "__import__", "open", "print", "getattr", "setattr", "globals", "vars", "input"}


def is_dependency(node):
    """`Base.metadata.tables["a"].add_is_dependent_on(Base.metadata.tables["b"])`."""
    if not isinstance(node, ast.Call) or getattr(node.func, "attr", "") != "add_is_dependent_on" or len(node.args) != 1:
        return False
    tables = [node.func.value, *node.args]
    return all(isinstance(it, ast.Subscript) and ast.unparse(it.value) == "Base.metadata.tables" and isinstance(it.slice, ast.Constant) for it in tables)


def complaints(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    tree = ast.parse(text)
    for node in ast.walk(tree):
        place = f"{path}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.stmt) and not isinstance(node, STATEMENTS):
            yield f"{place}: a statement of the kind {type(node).__name__}"
        if isinstance(node, ast.Import):
            yield from (f"{place}: imports {name.name}" for name in node.names if name.name not in MODULES)
        if isinstance(node, ast.ImportFrom) and node.module not in MODULES:
            yield f"{place}: imports from {node.module}"
        used = isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        if used and (node.id in FORBIDDEN or node.id.startswith("hostile")):
            yield f"{place}: the name {node.id}"
        if isinstance(node, ast.Attribute) and node.attr in {"system", "__globals__", "__subclasses__"}:
            yield f"{place}: the attribute {node.attr}"
    # At the top and in classes, an expression is a docstring, or says which table another one needs.
    for owner in ast.walk(tree):
        if isinstance(owner, (ast.Module, ast.ClassDef)):
            for node in owner.body:
                if isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant) and not is_dependency(node.value):
                    yield f"{path}:{node.lineno}: an expression on its own"
    for number, line in enumerate(text.split("\n"), 1):
        if any(ord(char) < 32 or 0x2028 <= ord(char) <= 0x202E for char in line):
            yield f"{path}:{number}: a control character"


found = [complaint for path in sys.argv[1:] for complaint in complaints(path)]
print("\n".join(found))
sys.exit(1 if found else 0)
