"""Calls functions of databases through generated callers.

In: the folder of the server's socket, and that of the packages, each a module `rpc` beside its `models`, as arguments; on
standard input, lines of JSON: {"package", "functions": [{"oid", "defaults", "args": [{"name", "value"}]}]}, of the database
that is called as the package. Out: a line a request, a list: for each call {"name"}, with the "code" and "error" of
PostgreSQL where it refuses, or {"name", "refused"} where a model does, or {"name", "wrong"} where the caller fails.
"""

import ast
import asyncio
import importlib
import inspect
import json
import sys
import traceback
import typing

from pydantic import BaseModel, ValidationError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

host, home = sys.argv[1:]
sys.path.insert(0, home)


def callers(rpc):
    """The module's callers, each with the function that it names and the types of its arguments."""
    for node in ast.parse(inspect.getsource(rpc)).body:
        if isinstance(node, ast.AsyncFunctionDef) and not node.name.startswith("_"):
            [call] = [one for one in ast.walk(node) if isinstance(one, ast.Call) and getattr(one.func, "id", "") in ("_call", "_run")]
            yield node.name, ast.literal_eval(call.args[1]), ast.literal_eval(call.args[2])


async def called(connection, caller, name, given):
    """What a call came to; undone if it fails."""
    args = []
    if "args" in (hints := typing.get_type_hints(caller)):
        form = hints["args"]
        model = next(one for one in (form, *typing.get_args(form)) if isinstance(one, type) and issubclass(one, BaseModel))
        try:
            args = [model.model_validate_json(json.dumps(given))]
        except ValidationError as error:
            return {"name": name, "refused": error.errors()[0]["msg"]}
    try:
        async with connection.begin_nested():
            await caller(connection, *args)
    except DBAPIError as error:
        return {"name": name, "code": error.orig.sqlstate, "error": error.orig.diag.message_primary}
    except Exception:
        return {"name": name, "wrong": traceback.format_exc()[-1500:]}
    return {"name": name}


async def judged(request, connection, rpc):
    functions = {function["oid"]: function for function in request["functions"]}
    for name, own, types in callers(rpc):
        signature = f"{own}({', '.join(types.values())})"
        oid = (await connection.execute(text("select cast(:it as regprocedure)::oid::integer"), {"it": signature})).scalar_one()
        args, defaults = functions[oid]["args"], functions[oid]["defaults"]
        assert all(arg["name"] in ("", own) for arg, own in zip(args, types, strict=True)), name
        for count in {len(args), len(args) - defaults}:
            given = {own: arg["value"] for arg, own in zip(args[:count], types)}
            yield await called(connection, getattr(rpc, name), name, given)


async def story(connection, rpc):
    """Values of the case `python`, there and back."""
    m = rpc.models
    assert await rpc.add(connection, m.AddArgs(a=1)) == 2 and await rpc.add(connection, m.AddArgs(a=1, b=None)) is None
    fine = rpc.models.Decimal("12345678901234567890.123456789012345678901")
    assert await rpc.strict_add(connection, m.StrictAddArgs(a=0, b=fine)) == fine
    pair = m.Pair(a=1, b=[m.Mood.SO_SO, None])
    args = m.DeclaredArgs(m=m.Mood.HAPPY, l="it's", p=pair, ms=[None, m.Mood.SO_SO])
    assert await rpc.declared(connection, args) == m.Pair(a=1, b=args.ms)
    assert await rpc.pairs(connection, m.PairsArgs(p=[pair, None])) == [pair, None]
    assert await rpc.find_user(connection, m.FindUserArgs(user_id=7)) is None
    await connection.execute(text("insert into users (name, mood) values ('a', 'happy')"))
    [user] = await rpc.all_users(connection)
    assert (user.name, user.mood, user.born) == ("a", m.Mood.HAPPY, None)
    assert await rpc.find_user(connection, m.FindUserArgs(user_id=user.id)) == user
    assert await rpc.whole_row(connection, m.WholeRowArgs(u=user)) == "a"
    [row] = await rpc.statistics(connection, m.StatisticsArgs(factor=0.1))
    assert (row.mood, row.count, row.share) == (m.Mood.HAPPY, 1, 0.1)
    assert await rpc.joined(connection, m.JoinedArgs(sep=":", parts=["a", ":b"])) == "a::b"
    outs = await rpc.outs(connection, m.OutsArgs(x=2))
    assert (outs.twice, outs.text) == (4, "2")
    assert await rpc.unnamed(connection, m.UnnamedArgs(arg1=7)) == 7
    assert await rpc.labelled(connection, m.LabelledArgs(a=1, arg2_2=[m.Mood.SO_SO])) == "1so so!"
    assert await rpc.labelled(connection, m.LabelledArgs(a=1, arg2_2=[m.Mood.HAPPY], arg2=":", times=2)) == "1happy:1happy:"
    await rpc.log_it(connection, m.LogItArgs(arg1="it's :logged", level=3))
    written = (await connection.execute(text("select one from users where name = 'it''s \\:logged'"))).scalars().all()
    assert written == [3], written
    tallied = await rpc.tally(connection, m.TallyArgs(p=pair, **{"a:b": [m.Mood.SO_SO, None]}))
    assert (tallied.mood, tallied.total) == (m.Mood.SO_SO, 2)
    tallied = await rpc.tally(connection, m.TallyArgs(p=pair, **{"a:b": None}, total=40))
    assert (tallied.mood, tallied.total) == (None, 41)
    for days in (-1, 400):
        gone = await rpc.later(connection, m.LaterArgs(by=m.dt.timedelta(days=days, hours=-2)))
        assert gone == m.dt.datetime(2024, 1, 1, tzinfo=m.dt.UTC) + m.dt.timedelta(days=days, hours=-2)


async def answer(request):
    rpc = importlib.import_module(f"{request['package']}.rpc")
    engine = create_async_engine(f"postgresql+psycopg://judge@/{request['package']}?host={host}")
    try:
        async with engine.connect() as connection:
            all = [one async for one in judged(request, connection, rpc)]
        if request["package"] == "emit_rpc_python":
            async with AsyncSession(engine) as session:
                await story(session, rpc)
        return all
    finally:
        await engine.dispose()


for line in sys.stdin:
    print(json.dumps(asyncio.run(answer(json.loads(line)))), flush=True)
