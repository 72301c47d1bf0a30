"""Imports generated modules, and has SQLAlchemy configure what they map. In: paths as arguments. Out: nothing, or the error."""

import importlib.util
import sys
import warnings

import sqlalchemy.orm

# SQLAlchemy 2.1 says this of its own DOMAIN.
warnings.filterwarnings("ignore", "Type object <class 'sqlalchemy.dialects.postgresql.named_types.DOMAIN'>")

for number, path in enumerate(sys.argv[1:]):
    spec = importlib.util.spec_from_file_location(f"module_{number}", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
sqlalchemy.orm.configure_mappers()
