"""Times datamodel-code-generator.

In: a file of JSON Schema and a number of rounds as arguments. Out: the milliseconds of each round, as JSON: of the work alone,
without Python's start.
"""

import json
import sys
import tempfile
import time
from pathlib import Path

from datamodel_code_generator import DataModelType, InputFileType, generate

schema = Path(sys.argv[1]).read_text(encoding="utf-8")
times = []
with tempfile.TemporaryDirectory() as folder:
    output = Path(folder) / "models.py"
    for _ in range(int(sys.argv[2])):
        start = time.perf_counter()
        generate(
            schema,
            input_file_type=InputFileType.JsonSchema,
            output=output,
            output_model_type=DataModelType.PydanticV2BaseModel,
        )
        times.append((time.perf_counter() - start) * 1000)
    assert output.stat().st_size > 0
print(json.dumps(times))
