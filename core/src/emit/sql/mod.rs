//! The target `sql`: the whole schema as one script, or cut into files as migration tools read them.
//!
//! In: a schema. Out: the statements of `ddl` under the headings of their phases, in `schema.sql` or
//! in the files of a layout, all of them or those that another tool leaves. Decides nothing about SQL
//! itself.

mod beside;
mod files;
mod layout;
mod services;

use std::borrow::Cow;

use super::options::choice;
use super::output::File;
use super::{EmitInput, OptionInfo, Options, Target, TargetInfo, errors};
use rustc_hash::FxHashSet;

use crate::ddl::{self, CreateOptions, Form, Known, Statement};
use crate::diagnostic::Diagnostics;
use crate::schema::TableId;
use files::{Names, Series};

choice! {
    /// How the files of migration tools are called.
    Layout {
        /// One script.
        Single = "single",
        /// Five digits, by ranges.
        Numbered = "numbered",
        /// A timestamp, as Supabase's command line has it.
        Supabase = "supabase",
        /// A version, as Flyway has it.
        Flyway = "flyway",
        /// A number, as sqlx has it.
        Sqlx = "sqlx",
    }
}

choice! {
    /// Whose numbers the files of a numbered layout take.
    Range {
        /// From 00000: what is there before all services.
        Bootstrap = "bootstrap",
        /// From 00100.
        Node = "node",
        /// From 00200.
        Python = "python",
        /// From 00300.
        Rust = "rust",
        /// From 00400: what all services use.
        Shared = "shared",
    }
}

choice! {
    /// Who makes the tables.
    Maker {
        /// These files.
        Sql = "sql",
        /// Alembic, of the models that the target `sqlalchemy` writes.
        Alembic = "alembic",
    }
}

/// PostgreSQL's own language.
#[derive(Debug)]
pub struct Sql;

const INFO: TargetInfo = TargetInfo {
    name: "sql",
    title: "SQL",
    docs: "The whole schema as PostgreSQL's SQL. It applies in one transaction on an empty database: \
           every object stands after all that it needs.",
    options: &[
        OptionInfo::one_of::<Layout>(
            "layout",
            "How many files, and how they are called. `single` is one script. The others are folders \
             that migration tools read, with extensions, tables, functions, triggers, row-level \
             security and comments apart: `numbered` (`00001_tables.sql`), `supabase` \
             (`20000101000001_tables.sql`), `flyway` (`V2__tables.sql`), `sqlx` (`0002_tables.sql`). \
             They apply in the order of their names, to an empty database; how one that has data gets \
             from one schema to the next they do not say. A function that tables call stands with \
             them.",
        ),
        OptionInfo::one_of::<Range>(
            "range",
            "The numbers of `numbered`: `bootstrap` from 00000, and for the schema of one service, \
             whose files begin with its tables, `node` from 00100, `python` from 00200, `rust` from \
             00300, `shared` from 00400.",
        ),
        OptionInfo::numbers(
            "services",
            "The services that share the database, each with the number of its first file: `{ \"node\": \
             100, \"python\": 200, \"shared\": 400 }` gives `00100_node_tables.sql`, \
             `00200_python_tables.sql`, `00401_shared_functions.sql`. What a file of the schema declares \
             belongs to the service after which the nearest folder around it, or else the file, is called \
             (`schema/node/orders.yaml`, `schema/python.yaml`); all else stands before the services, in \
             the files from 0, with schemas, extensions, roles and sequences. What needs something of a \
             later service stands among the files of that one: a foreign key from `node` to `python` in \
             `00200_python_tables.sql`. So all files apply in the order of their names. Numbers go \
             from 100 to 9990, at least 10 apart. For the layouts of several files, in the place of \
             `range`.",
        ),
        OptionInfo::one_of::<Maker>(
            "tables",
            "Who makes the tables. With `alembic` its migrations do, from the models of the target \
             `sqlalchemy`, and the files leave out what these say: tables with their columns, \
             constraints, indexes and comments. What tables need (schemas, extensions, types, \
             functions that they call) stands in the first file, to be applied before them; functions, \
             views, triggers, policies and grants stand in those behind the number of the tables, which \
             stays free, with the defaults and indexes that models cannot say. Partitioned and unlogged \
             tables and those with collations of columns, which models cannot say either, stand in the \
             first file. What a table needs must not need a table itself. For the layouts of several \
             files.",
        ),
        OptionInfo::text(
            "timestamp",
            "The time of the first file of `supabase`, as `2023-11-14` or more exactly; the \
             others follow by a second each. Migrations that come later have a later time.",
            "2000-01-01",
        ),
        OptionInfo::flag(
            "idempotent",
            "Write statements that can be run again: what exists is left or replaced, never \
             an error. Objects that exist are not brought up to date by this.",
            false,
        ),
        OptionInfo::flag(
            "transaction",
            "Put the single script between `BEGIN` and `COMMIT`. Turn it off where the tool \
             that applies it opens a transaction itself, as those of the other layouts do.",
            true,
        ),
    ],
    default_out: "schema.sql",
};

impl Target for Sql {
    fn info(&self) -> &'static TargetInfo {
        &INFO
    }

    fn emit(
        &self,
        input: &EmitInput<'_>,
        options: &Options,
        out: &str,
        sink: &mut Diagnostics,
    ) -> Vec<File> {
        let layout = options.choice("layout").unwrap_or(Layout::Single);
        let maker = options.choice("tables").unwrap_or(Maker::Sql);
        let services = options.numbers("services");
        report_crowded(&services, sink);
        let transaction = layout == Layout::Single && options.flag("transaction");
        let form = if options.flag("idempotent") { Form::Idempotent } else { Form::Plain };
        let create = CreateOptions { form, transaction };
        let late: FxHashSet<TableId> = input.order.late_tables().collect();
        let mut last: Tables = input.last_parts(&INFO, out);
        let is_kept = |id| last.form == form && !late.contains(&id) && input.is_same_table(id);
        last.said.retain(|(object, _), _| object.table().is_some_and(is_kept));
        let ranks = services::ranks(input, &services, sink);
        let statements =
            ddl::create_schema_from(input.schema, input.order, create, &ranks, &mut last.said);
        let series = match options.choice("range").filter(|_| layout == Layout::Numbered) {
            Some(range) if services.is_empty() => vec![range_series(range, maker)],
            _ => series(&services),
        };
        let names = Names { layout, series, timestamp: options.text("timestamp") };
        let shown = match maker {
            Maker::Sql => Cow::Borrowed(&statements),
            Maker::Alembic => Cow::Owned(beside::alembic(input.schema, &statements, form)),
        };
        let files = files::files(&names, &shown, out)
            .into_iter()
            .map(|(path, statements)| {
                let (text, provenance) = layout::script(&statements, transaction);
                File { path, text, target: INFO.name, provenance }
            })
            .collect();
        input.keep_parts(&INFO, out, || Tables::of(statements, form, &late));
        files
    }
}

/// What is there before all services, then theirs.
fn series<'a>(services: &[(u64, &'a str)]) -> Vec<Series<'a>> {
    let of = |(first, owner)| Series { first, owner, begins_with_tables: true };
    std::iter::once(Series::BOOTSTRAP).chain(services.iter().copied().map(of)).collect()
}

/// The files of a range. What tables need is in their file, unless others make them.
const fn range_series(range: Range, maker: Maker) -> Series<'static> {
    let (first, owner) = match range {
        Range::Bootstrap => return Series::BOOTSTRAP,
        Range::Node => (100, "node"),
        Range::Python => (200, "python"),
        Range::Rust => (300, "rust"),
        Range::Shared => (400, "shared"),
    };
    Series { first, owner, begins_with_tables: matches!(maker, Maker::Sql) }
}

/// Reports services whose numbers are, or may be, those of the files of others.
fn report_crowded(services: &[(u64, &str)], sink: &mut Diagnostics) {
    let mut free = 100;
    for (first, name) in services {
        if !(free..=9990).contains(first) {
            sink.push(errors::crowded_service(name, *first));
        }
        free = first.saturating_add(10);
    }
}

/// What the script before said of tables and their parts.
#[derive(Default)]
struct Tables {
    form: Form,
    said: Known,
}

impl Tables {
    /// Those of `statements`, except the `late` ones, of which something is added later.
    fn of(statements: Vec<Statement>, form: Form, late: &FxHashSet<TableId>) -> Self {
        let mut said = Known::default();
        said.reserve(statements.len());
        for statement in statements {
            if statement.object.table().is_some_and(|id| !late.contains(&id)) {
                // Ids of expressions are others in the next schema, and a script has no use for them.
                let statement = Statement { fragments: Vec::new(), ..statement };
                // Mostly it is the only one.
                let said = said.entry((statement.object, statement.phase));
                said.or_insert_with(|| Vec::with_capacity(1)).push(statement);
            }
        }
        Self { form, said }
    }
}
