//! Functions and procedures.

use super::declare::{Declared, comment, flag};
use super::names;
use super::types::{self, Position, Written};
use super::{Resolver, defaults, errors, expressions};
use crate::diagnostic::{Code, Diagnostic};
use crate::grammar::{
    ArgumentDef, FileDef, FunctionDef, FunctionKindWord, Integer, ModeWord, ParallelWord,
    ReturnsSpec, SecurityWord, Text, TriggerDef, TypeSpec, VolatilityWord, Word,
};
use crate::schema::{
    ArgMode, Argument, ColumnType, Function, FunctionId, FunctionKind, Name, ObjectId, Ownership,
    Parallel, QualifiedName, ResultColumn, Returns, Security, TypeKind, Volatility,
};
use crate::sql::BaseType;

/// Resolves the functions of all files.
pub(super) fn functions(cx: &mut Resolver<'_>, declared: &Declared<'_>) {
    for (position, (file, ownership)) in declared.files.iter().enumerate() {
        for named in &file.functions {
            for def in &named.value.0 {
                let yields = position >= declared.own_files;
                function(cx, &declared.files, &named.name, def, *ownership, yields);
            }
        }
    }
}

fn function(
    cx: &mut Resolver<'_>,
    files: &[(&FileDef, Ownership)],
    key: &Text,
    def: &FunctionDef,
    ownership: Ownership,
    yields: bool,
) {
    let name = names::declared(&key.value, names::said(def.schema.as_ref()));
    if yields && !cx.names.functions(&name).is_empty() && ownership == Ownership::Owned {
        return; // the user's own version of a function that a built-in mixin calls
    }
    if let Some(error) = names::invalid(&name.name, key.span) {
        cx.report(error);
        return;
    }
    if let Some((bare, args)) = key.value.strip_suffix(')').and_then(|key| key.split_once('(')) {
        let message = format!("the name `{}` holds arguments", key.value);
        let help = match args.trim() {
            "" => format!("call it `{bare}`"),
            args => format!("call it `{bare}`, and list `{args}` under `args`"),
        };
        cx.report(Diagnostic::new(Code::FunctionArguments, key.span, message).help(help));
        cx.names.insert_unread(names::declared(bare, names::said(def.schema.as_ref())));
        return;
    }
    super::declare::namespace(cx, &name.schema, (!yields).then_some(key.span));
    let Some(function) = read(cx, files, key, def, (ownership, &name)) else {
        cx.names.insert_unread(name);
        return;
    };
    if let Some(first) = same_signature(cx, &function) {
        if !yields {
            let place = cx.origins.of(ObjectId::Function(first));
            let what = if cx.names.functions(&name).len() > 1 { "overload" } else { "function" };
            cx.report(errors::duplicate(what, &name, key.span, place));
        }
        return;
    }
    let id = cx.schema.functions.push(function);
    cx.names.insert_function(name, id);
    if !yields {
        cx.origins.set(ObjectId::Function(id), key.span);
    }
}

/// What a definition says; none where it cannot be read, which is reported.
fn read(
    cx: &mut Resolver<'_>,
    files: &[(&FileDef, Ownership)],
    key: &Text,
    def: &FunctionDef,
    (ownership, name): (Ownership, &QualifiedName),
) -> Option<Function> {
    let language = def.language.as_ref()?;
    let written = def.body.as_ref()?;
    if written.text().trim().is_empty() {
        cx.report(
            Diagnostic::new(
                Code::FunctionBody,
                written.span,
                format!("the body of `{name}` is empty"),
            )
            .help("write what it does, or remove the function"),
        );
        return None;
    }
    let kind = match def.kind.map(|kind| kind.value) {
        Some(FunctionKindWord::Procedure) => FunctionKind::Procedure,
        Some(FunctionKindWord::Function) | None => FunctionKind::Function,
    };
    if kind == FunctionKind::Procedure {
        only_of_functions(cx, def);
    }
    let args = arguments(cx, &def.args)?;
    let returns = returns(cx, files, key, def, kind, &args)?;
    let set_returning = matches!(returns, Returns::Set(_) | Returns::Table(_));
    if let (Some(rows), false) = (def.rows, set_returning) {
        cx.report(
            Diagnostic::new(
                Code::FunctionReturns,
                rows.span,
                "`rows` is for functions that return a set",
            )
            .help("remove it"),
        );
    }
    let body = expressions::body(cx, written, &language.value);
    Some(Function {
        name: name.clone(),
        ownership,
        kind,
        args,
        returns,
        language: Name::new(language.value.to_lowercase()),
        volatility: match def.volatility.map(|word| word.value) {
            Some(VolatilityWord::Immutable) => Volatility::Immutable,
            Some(VolatilityWord::Stable) => Volatility::Stable,
            Some(VolatilityWord::Volatile) | None => Volatility::Volatile,
        },
        security: match def.security.map(|word| word.value) {
            Some(SecurityWord::Definer) => Security::Definer,
            Some(SecurityWord::Invoker) | None => Security::Invoker,
        },
        parallel: match def.parallel.map(|word| word.value) {
            Some(ParallelWord::Safe) => Parallel::Safe,
            Some(ParallelWord::Restricted) => Parallel::Restricted,
            Some(ParallelWord::Unsafe) | None => Parallel::Unsafe,
        },
        strict: flag(def.strict),
        leakproof: flag(def.leakproof),
        set: def
            .set
            .entries
            .iter()
            .map(|(key, value)| (Name::new(key.value.clone()), value.value.clone()))
            .collect(),
        cost: positive(cx, def.cost),
        rows: positive(cx, def.rows),
        body,
        comment: comment(def.comment.as_ref()),
    })
}

/// A function's identity is its name with the types of its inputs.
fn same_signature(cx: &Resolver<'_>, function: &Function) -> Option<FunctionId> {
    let mut overloads = cx.names.functions(&function.name).iter().copied();
    overloads.find(|id| {
        let known = &cx.schema.functions[*id];
        known.inputs().count() == function.inputs().count()
            && known.inputs().zip(function.inputs()).all(|(one, other)| is_same(&one.ty, &other.ty))
    })
}

/// Whether types are one for a function, which knows neither `(10)` of `varchar(10)` nor how deep an array is.
fn is_same(one: &ColumnType, other: &ColumnType) -> bool {
    one.is_array() == other.is_array()
        && match (&one.kind, &other.kind) {
            (TypeKind::Base(one), TypeKind::Base(other)) => one.base == other.base,
            (one, other) => one == other,
        }
}

/// Reports what only functions have (PostgreSQL, `CREATE PROCEDURE`).
fn only_of_functions(cx: &mut Resolver<'_>, def: &FunctionDef) {
    let said = [
        (
            "volatility",
            def.volatility
                .filter(|word| !matches!(word.value, VolatilityWord::Volatile))
                .map(|word| word.span),
        ),
        (
            "parallel",
            def.parallel
                .filter(|word| !matches!(word.value, ParallelWord::Unsafe))
                .map(|word| word.span),
        ),
        ("strict", def.strict.filter(|flag| flag.value).map(|flag| flag.span)),
        ("leakproof", def.leakproof.filter(|flag| flag.value).map(|flag| flag.span)),
        ("cost", def.cost.map(|cost| cost.span)),
    ];
    for (key, span) in said {
        let Some(span) = span else { continue };
        let message = format!("a procedure has no `{key}`");
        cx.report(Diagnostic::new(Code::ConflictingKeys, span, message).help("remove it"));
    }
}

fn positive(cx: &mut Resolver<'_>, written: Option<Integer>) -> Option<u32> {
    let written = written?;
    match u32::try_from(written.value) {
        Ok(value) if value > 0 => Some(value),
        Ok(_) | Err(_) => {
            let message = format!("`{}` is out of range", written.value);
            cx.report(
                Diagnostic::new(Code::NumberOutOfRange, written.span, message)
                    .help("use at least 1"),
            );
            None
        }
    }
}

fn arguments(cx: &mut Resolver<'_>, defs: &[ArgumentDef]) -> Option<Vec<Argument>> {
    let mut args: Vec<Argument> = Vec::with_capacity(defs.len());
    let mut whole = true;
    let mut with_default: Option<&ArgumentDef> = None;
    for def in defs {
        let mode = match def.mode.map(|mode| mode.value) {
            Some(ModeWord::Out) => ArgMode::Out,
            Some(ModeWord::InOut) => ArgMode::InOut,
            Some(ModeWord::Variadic) => ArgMode::Variadic,
            Some(ModeWord::In) | None => ArgMode::In,
        };
        if let Some(name) = &def.name {
            if let Some(error) = names::invalid(&name.value, name.span) {
                cx.report(error);
            }
            if let Some((first, rest)) = name.value.split_once(' ')
                && let Some(mode) =
                    ModeWord::WORDS.iter().find(|it| first.eq_ignore_ascii_case(it.text))
            {
                let message = format!("`{}` is a direction and a name", name.value);
                cx.report(
                    Diagnostic::new(Code::FunctionArguments, name.span, message)
                        .help(format!("write `{rest}: {{ type: …, mode: {} }}`", mode.text)),
                );
            }
            let clashes = |arg: &Argument| {
                arg.name.as_ref().is_some_and(|known| *known == name.value.as_str())
            };
            if args.iter().any(clashes) {
                let message = format!("two arguments are called `{}`", name.value);
                cx.report(
                    Diagnostic::new(Code::FunctionArguments, name.span, message)
                        .help("rename one of them"),
                );
            }
        }
        if mode != ArgMode::Out {
            match (with_default, &def.default) {
                (Some(first), None) if mode != ArgMode::Variadic => {
                    cx.report(
                        Diagnostic::new(
                            Code::FunctionArguments,
                            def.span,
                            "an argument after one with a default needs a default too",
                        )
                        .label(first.span, "has a default")
                        .help("add a `default`, or move it before the other"),
                    );
                }
                (None, Some(_)) => with_default = Some(def),
                _ => {}
            }
        }
        let Some(Written { ty, .. }) =
            def.ty.as_ref().and_then(|spec| types::resolve(cx, spec, None, Position::Function))
        else {
            whole = false;
            continue;
        };
        if mode == ArgMode::Variadic && !ty.is_array() {
            cx.report(
                Diagnostic::new(
                    Code::FunctionArguments,
                    def.span,
                    "a variadic argument is an array",
                )
                .help("add `[]` to its type"),
            );
        }
        let default = def.default.as_ref().and_then(|default| defaults::resolve(cx, default, &ty));
        args.push(Argument {
            name: def.name.as_ref().map(|name| Name::new(name.value.clone())),
            ty,
            mode,
            default,
        });
    }
    whole.then_some(args)
}

fn returns(
    cx: &mut Resolver<'_>,
    files: &[(&FileDef, Ownership)],
    key: &Text,
    def: &FunctionDef,
    kind: FunctionKind,
    args: &[Argument],
) -> Option<Returns> {
    let Some(spec) = &def.returns else {
        let has_results = args.iter().any(|arg| matches!(arg.mode, ArgMode::Out | ArgMode::InOut));
        if kind == FunctionKind::Procedure || has_results {
            return Some(Returns::Nothing);
        }
        if args.is_empty()
            && used_as_trigger(
                files,
                &names::declared(&key.value, names::said(def.schema.as_ref())),
            )
        {
            return Some(Returns::Value(super::declare::base_type(BaseType::Trigger)));
        }
        cx.report(
            Diagnostic::new(
                Code::FunctionReturns,
                key.span,
                format!("the function `{}` does not say what it returns", key.value),
            )
            .help("add `returns: …`; `void` where it gives nothing"),
        );
        return None;
    };
    let resolved = match spec {
        ReturnsSpec::Type(spec) => match set_of(cx, spec) {
            Some(element) => {
                Returns::Set(types::resolve(cx, &element, None, Position::Function)?.ty)
            }
            None => Returns::Value(types::resolve(cx, spec, None, Position::Function)?.ty),
        },
        ReturnsSpec::Set(spec) => {
            Returns::Set(types::resolve(cx, spec, None, Position::Function)?.ty)
        }
        ReturnsSpec::Table(span, columns) => {
            if columns.entries.is_empty() {
                cx.report(
                    Diagnostic::new(
                        Code::FunctionReturns,
                        *span,
                        "the table that the function returns has no columns",
                    )
                    .help("add its columns: `table: {id: uuid}`"),
                );
                return None;
            }
            let mut found = Vec::with_capacity(columns.entries.len());
            for column in columns {
                let spec = column.value.ty.as_ref()?;
                let ty =
                    types::resolve(cx, spec, column.value.array.as_deref(), Position::Function)?.ty;
                found.push(ResultColumn { name: Name::new(column.name.value.clone()), ty });
            }
            Returns::Table(found)
        }
    };
    if kind == FunctionKind::Procedure {
        let help = "remove `returns`, or make it a function";
        cx.report(
            Diagnostic::new(Code::FunctionReturns, key.span, "a procedure returns nothing")
                .help(help),
        );
        return None;
    }
    let in_sql =
        def.language.as_ref().is_some_and(|language| language.value.eq_ignore_ascii_case("sql"));
    if is_trigger(&resolved) && in_sql {
        cx.report(
            Diagnostic::new(
                Code::FunctionReturns,
                key.span,
                "a trigger function cannot be written in SQL",
            )
            .help("use `language: plpgsql`"),
        );
        return None;
    }
    if is_trigger(&resolved) && !args.is_empty() {
        cx.report(
            Diagnostic::new(
                Code::FunctionArguments,
                key.span,
                "a trigger function has no arguments",
            )
            .help("remove `args`; a trigger's `args` arrive in TG_ARGV"),
        );
    }
    if !agrees(&resolved, args) {
        let message = "what this returns is not what its `out` arguments give";
        cx.report(
            Diagnostic::new(Code::FunctionReturns, key.span, message)
                .help("remove `returns`, or the `out` arguments"),
        );
        return None;
    }
    Some(resolved)
}

/// Whether what a function returns is what its `out` arguments say, if it has any: of one its type, of several a record.
fn agrees(returns: &Returns, args: &[Argument]) -> bool {
    let mut given = args.iter().filter(|arg| matches!(arg.mode, ArgMode::Out | ArgMode::InOut));
    match (given.next(), given.next(), returns) {
        (None, ..) => true,
        (Some(only), None, Returns::Value(ty) | Returns::Set(ty)) => is_same(&only.ty, ty),
        (Some(_), Some(_), Returns::Value(ty) | Returns::Set(ty)) => {
            matches!(&ty.kind, TypeKind::Base(base) if base.base == BaseType::Record)
        }
        (Some(_), _, Returns::Table(_) | Returns::Nothing) => false,
    }
}

/// The function that a trigger names; `f()` is `f`.
pub(super) fn function_name(text: &str) -> QualifiedName {
    let text = text.trim();
    names::reference(text.strip_suffix("()").unwrap_or(text).trim_end())
}

/// Whether a function is a trigger's.
pub(super) fn is_trigger(returns: &Returns) -> bool {
    matches!(returns, Returns::Value(ColumnType { kind: TypeKind::Base(base), .. }) if base.base == BaseType::Trigger)
}

/// `setof users` without its `setof`.
fn set_of(cx: &Resolver<'_>, spec: &TypeSpec) -> Option<TypeSpec> {
    let TypeSpec::Text(text) = spec else { return None };
    let trimmed = text.text().trim_start();
    let keyword = trimmed.get(..6)?;
    let rest = trimmed.get(6..)?;
    if !keyword.eq_ignore_ascii_case("setof") && !(keyword.eq_ignore_ascii_case("setof ")) {
        return None;
    }
    let rest = rest.trim_start();
    let mut element = text.clone();
    element.scalar.text = rest.into();
    element.span = cx.part(&Text::new(text.text().clone(), text.span), rest);
    Some(TypeSpec::Text(element))
}

/// Whether any trigger of any file or table runs the function.
fn used_as_trigger(files: &[(&FileDef, Ownership)], name: &QualifiedName) -> bool {
    let runs = |trigger: &TriggerDef| {
        trigger.function.as_ref().is_some_and(|function| function_name(&function.value) == *name)
    };
    files.iter().any(|(file, _)| {
        let top = file.triggers.iter().map(|named| &named.value);
        let tables = file.tables.iter().flat_map(|table| &table.value.triggers);
        let views = file.views.iter().flat_map(|view| &view.value.triggers);
        let mixins = file.mixins.iter().flat_map(|mixin| &mixin.value.triggers);
        top.chain(tables).chain(views).chain(mixins).any(runs)
    })
}
