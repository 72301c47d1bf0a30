"""Validates values with a generated module of pydantic models, for the judge that compares it with PostgreSQL.

In: the module's path as the argument; on standard input, lines of JSON: {"model": name, "rows": [texts of JSON]}. Out: a
line a request: for each row null where the model takes it, else its complaints.
"""

import importlib.util
import json
import sys

from pydantic import ValidationError

spec = importlib.util.spec_from_file_location("models", sys.argv[1])
assert spec and spec.loader
module = importlib.util.module_from_spec(spec)
sys.modules["models"] = module
spec.loader.exec_module(module)


def verdict(model, text):
    """None, or what the model says of the text of a JSON object."""
    try:
        model.model_validate_json(text)
    except ValidationError as error:
        return ", ".join(one["msg"] for one in error.errors(include_input=False, include_context=False))
    return None


for line in sys.stdin:
    request = json.loads(line)
    model = getattr(module, request["model"])
    print(json.dumps([verdict(model, text) for text in request["rows"]]), flush=True)
