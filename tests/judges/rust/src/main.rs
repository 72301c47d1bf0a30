//! Rows and calls through the structs and functions that schemagen writes.
//!
//! In: the folder of the server's socket, a database, and the name of the schema that it was made of. Out: a line of JSON
//! for each table and view: how many of its rows were read, inserted and updated, or what went wrong; and for each function
//! how often it was called, and what PostgreSQL refused. `corpus.rs`, which the judge writes, says what there is.

#![deny(warnings)]

mod corpus;

use sqlx::postgres::{PgConnectOptions, PgConnection, PgRow};
use sqlx::{ConnectOptions, FromRow};

/// What a table or function came to.
pub type Judged = Result<usize, Box<dyn std::error::Error + Send + Sync>>;

/// All rows, by the columns that the struct asks for.
pub async fn read<T>(connection: &mut PgConnection, table: &str, columns: &str) -> sqlx::Result<Vec<T>>
where
    T: for<'r> FromRow<'r, PgRow> + Send + Unpin,
{
    sqlx::query_as(&format!("select {columns} from {table}")).fetch_all(connection).await
}

/// Whether what is stored is what was meant.
pub fn same<T: PartialEq + std::fmt::Debug>(what: &str, stored: &T, meant: &T) -> Judged {
    if stored == meant {
        return Ok(1);
    }
    Err(format!("{what}: stored {stored:#?}, meant {meant:#?}").into())
}

/// Arguments of a caller, as the judge left them in the database.
pub async fn sample(connection: &mut PgConnection, caller: &str) -> sqlx::Result<PgRow> {
    let query = "select query from public.judge_samples where caller = $1";
    let query: String = sqlx::query_scalar(query).bind(caller).fetch_one(&mut *connection).await?;
    sqlx::query(&query).fetch_one(connection).await
}

/// Says what PostgreSQL refused of a call; what else went wrong is an error.
pub fn called(name: &str, result: sqlx::Result<()>) -> sqlx::Result<()> {
    match result {
        Err(sqlx::Error::Database(error)) => {
            let refused = error.message();
            println!("{}", serde_json::json!({ "name": name, "code": error.code(), "refused": refused }));
            Ok(())
        }
        other => other,
    }
}

/// Says what became of `name`.
pub fn say(name: &str, judged: Judged) {
    let line = match judged {
        Ok(rows) => serde_json::json!({ "name": name, "rows": rows }),
        Err(error) => serde_json::json!({ "name": name, "error": error.to_string() }),
    };
    println!("{line}");
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> sqlx::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [host, database, schema] = args.as_slice() else { panic!("host, database, schema") };
    // Triggers and foreign keys are not what is judged here.
    let options = PgConnectOptions::new()
        .host(host)
        .username("judge")
        .database(database)
        .options([("session_replication_role", "replica"), ("search_path", "public,extensions")]);
    let mut connection = options.connect().await?;
    corpus::judge(schema, &mut connection).await;
    Ok(())
}
