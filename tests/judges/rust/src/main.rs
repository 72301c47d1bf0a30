//! Rows through the structs that schemagen writes.
//!
//! In: the folder of the server's socket, a database, and the name of the schema that it was made of. Out: a line of JSON
//! for each table and view: how many of its rows were read, inserted and updated, or what went wrong. `corpus.rs`, which
//! the judge writes, says what there is.

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
