//! What comes with the compiler compiles: Supabase's side of the database, as a schema of its own.

use schemagen_core::resolve::{Platform, SUPABASE};
use schemagen_core::source::Sources;
use schemagen_core::{CompileOptions, platform_statements, statements};

#[test]
fn the_platform_has_no_errors() {
    let mut sources = Sources::new();
    sources.add("supabase.yaml", SUPABASE);
    let mut options = CompileOptions::default();
    options.resolve.platform = Platform::None;
    let (_, _, findings) = statements(&sources, &options);
    let said: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(said, Vec::<&str>::new());
}

#[test]
fn the_platform_creates_its_schemas() {
    let texts: Vec<String> =
        platform_statements().into_iter().map(|statement| statement.text).collect();
    for schema in ["auth", "extensions", "graphql_public", "realtime", "storage", "vault"] {
        let create = format!("CREATE SCHEMA IF NOT EXISTS {schema}");
        assert!(texts.contains(&create), "{create}");
    }
}
