"""Says what Python sees in modules, for the judge that compares what two schemas of the same shape become.

In: on standard input, lines of JSON, each the text of a module. Out: a line a module: the kinds of its nodes and what stands
in their leaves, in order.
"""

import ast
import json
import sys


def shape(node):
    if isinstance(node, ast.AST):
        yield type(node).__name__
        for _, value in ast.iter_fields(node):
            yield from shape(value)
    elif isinstance(node, list):
        yield "["
        for item in node:
            yield from shape(item)
        yield "]"
    elif isinstance(node, str):
        yield node
    else:
        yield repr(node)


for line in sys.stdin:
    print(json.dumps(list(shape(ast.parse(json.loads(line))))), flush=True)
