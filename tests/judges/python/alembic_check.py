"""Holds generated SQLAlchemy models against databases that our SQL made.

In: the folder of the server's socket as the argument; on standard input, lines of JSON: {"database", "roles", "sql",
"module"}. Out: a line a request: {"proposed": what alembic would change, "migration": the same as SQL, "loaded": how many
relationships were joined, where nothing is proposed}, or {"error": …}.
"""

import importlib.util
import io
import json
import sys
import traceback
import warnings

import psycopg
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata, produce_migrations
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy.orm import Session, configure_mappers, joinedload

host = sys.argv[1]


def module(path, name):
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec and spec.loader
    loaded = importlib.util.module_from_spec(spec)
    sys.modules[name] = loaded
    spec.loader.exec_module(loaded)
    return loaded


def prepare(request):
    with psycopg.connect(host=host, user="judge", dbname="postgres", autocommit=True) as server:
        server.execute(f'create database "{request["database"]}"')
        for role in request["roles"]:
            if not server.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone():
                server.execute(f'create role "{role}"')
    with psycopg.connect(host=host, user="judge", dbname=request["database"], autocommit=True) as database:
        for script in request["sql"]:
            database.execute(script)


def loads(engine, models):
    """Joins every relationship once, in SQL that PostgreSQL runs, and selects from every view."""
    base = models.Base
    count = 0
    with Session(engine) as session:
        for view in models.view_metadata.tables.values() if hasattr(models, "view_metadata") else []:
            session.execute(sa.select(view)).all()
        for mapper in base.registry.mappers:
            for relationship in mapper.relationships:
                option = joinedload(getattr(mapper.class_, relationship.key))
                session.execute(sa.select(mapper.class_).options(option)).unique().all()
                count += 1
    return count


def stories(engine, models):
    """Rows of the case `relations`, written through relationships and read back joined."""
    with Session(engine) as session:
        session.execute(sa.text("insert into auth.users (id) values ('00000000-0000-0000-0000-000000000001')"))
        team = models.Team()
        user = models.User(id="00000000-0000-0000-0000-000000000001", email="A@b.c", team=team, text="x")
        user.profile = models.Profile()
        parent = models.Post(author=user, tags=[models.Tag(id=1, name="one")])
        parent.children.append(models.Post(author=user, editor=user, state=models.State.IN_REVIEW))
        session.add_all([user, parent])
        session.flush()
        team.lead = user
        session.commit()
    with Session(engine) as session:
        options = [joinedload(models.User.posts_by_author).joinedload(models.Post.tags), joinedload(models.User.profile)]
        user = session.execute(sa.select(models.User).options(*options)).unique().scalar_one()
        parent, child = sorted(user.posts_by_author, key=lambda post: post.id)
        assert (parent.title, parent.words) == ("it's: new", 9), (parent.title, parent.words)
        assert parent.state is models.State.DRAFT and child.state is models.State.IN_REVIEW
        assert [tag.name for tag in parent.tags] == ["one"] and child.parent is parent
        assert child.editor is user and user.profile.user is user
        assert user.team is not None and user.team.lead is user
        assert user.metadata_ == {} and user.email == "A@b.c"
        # What a trigger sets and what is computed come back with the update.
        before, child.title = child.changed_at, "other"
        session.flush()
        assert not sa.inspect(child).expired_attributes
        assert child.changed_at > before and child.words == 5, (before, child.changed_at, child.words)


def migration(context, models):
    """What alembic proposes, as `alembic upgrade --sql` writes it."""
    buffer = io.StringIO()
    options = {"as_sql": True, "output_buffer": buffer}
    # With the driver's own marks for parameters, every `%` would be doubled.
    dialect = {"paramstyle": "named"}
    offline = MigrationContext.configure(dialect_name="postgresql", dialect_opts=dialect, opts=options)
    operations = Operations(offline)

    def write(operation):
        for part in getattr(operation, "ops", []):
            write(part)
        if not hasattr(operation, "ops"):
            operations.invoke(operation)

    write(produce_migrations(context, models.Base.metadata).upgrade_ops)
    return buffer.getvalue()


def answer(request, number):
    prepare(request)
    models = module(request["module"], f"tables_{number}")
    configure_mappers()
    engine = sa.create_engine(f"postgresql+psycopg://judge@/{request['database']}?host={host}")
    with engine.connect() as connection, warnings.catch_warnings():
        # Of types that SQLAlchemy does not have, and of what alembic hands on to it.
        warnings.filterwarnings("ignore", "Did not recognize type")
        warnings.filterwarnings("ignore", "Can't validate argument 'dialect_options'")
        options = {
            "include_schemas": True,
            "include_name": models.include_name,
            "include_object": models.include_object,
            "compare_type": True,
            "compare_server_default": True,
        }
        context = MigrationContext.configure(connection, opts=options)
        proposed = [repr(change) for change in compare_metadata(context, models.Base.metadata)]
        sql = migration(context, models)
    loaded = 0 if proposed else loads(engine, models)
    if not proposed and request["database"].endswith("relations"):
        stories(engine, models)
    engine.dispose()
    return {"proposed": proposed, "migration": sql, "loaded": loaded}


for number, line in enumerate(sys.stdin):
    try:
        result = answer(json.loads(line), number)
    except Exception:
        result = {"error": traceback.format_exc()[-3000:]}
    print(json.dumps(result), flush=True)
