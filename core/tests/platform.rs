//! What users build upon the platform is the same, whether its objects come before or behind theirs.

use schemagen_core::{CompileOptions, Sources, TargetRequest, compile};

const TEXT: &str = "
enums:
  kind: [file, folder]
tables:
  notes:
    columns:
      id: {type: uuid, primary_key: true}
      owner: {type: uuid, references: {table: auth.users, on_delete: cascade}}
      kind: {type: kind, default: file}
    policies:
      - {command: all, using: owner = auth.uid(), roles: [authenticated]}
policies:
  own_files: {table: storage.objects, command: select, using: owner = auth.uid()}
views:
  owners: {query: 'select u.id, u.email from auth.users u'}
";

/// What `TEXT` with `more` becomes, by target.
fn written(more: &str) -> Vec<String> {
    let mut sources = Sources::new();
    sources.add("a.yaml", format!("{TEXT}{more}"));
    let request = |target: &str| TargetRequest { target: target.into(), ..Default::default() };
    let targets = ["sql", "zod", "drizzle", "sqlalchemy"].map(request);
    let compilation = compile(&sources, &CompileOptions::default(), &targets);
    assert!(!compilation.diagnostics.has_errors(), "{:?}", compilation.diagnostics);
    compilation.files.into_iter().map(|file| file.text).collect()
}

#[test]
fn it_does_not_matter_who_comes_first() {
    let before = written("");
    // Whoever declares what is the platform's is resolved together with it.
    let behind = written("roles:\n  anon: {exists: true}\n");
    assert_eq!(before.len(), 4);
    assert_eq!(before, behind);
}
