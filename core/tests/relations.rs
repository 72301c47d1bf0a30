//! Relations of small schemas, as lines: `table.name kind target, back as inverse`.
#![expect(clippy::unwrap_used, reason = "tests")]

use schemagen_core::diagnostic::Diagnostics;
use schemagen_core::emit::EmitInput;
use schemagen_core::emit::shapes::{RelationKind, Relations};
use schemagen_core::schema::Schema;
use schemagen_core::{Analysis, CompileOptions, Sources, compile};

/// The relations of a schema in YAML.
fn lines(yaml: &str) -> Vec<String> {
    let mut sources = Sources::new();
    sources.add("schema.yaml", yaml);
    let compilation = compile(&sources, &CompileOptions::default(), &[]);
    assert!(!compilation.diagnostics.has_errors(), "{:?}", compilation.diagnostics);
    let Analysis { resolved, order, .. } = &*compilation.analysis;
    let input = EmitInput::new(&resolved.schema, &resolved.origins, order);
    shown(&resolved.schema, input.relations(&mut Diagnostics::new()))
}

fn shown(schema: &Schema, relations: &Relations) -> Vec<String> {
    let mut lines = Vec::new();
    for (id, table) in schema.owned_tables() {
        for it in relations.of(id) {
            let (kind, through) = match &it.kind {
                RelationKind::ManyToOne => ("many-to-one", String::new()),
                RelationKind::OneToOne => ("one-to-one", String::new()),
                RelationKind::OneFromOne => ("one-from-one", String::new()),
                RelationKind::OneToMany => ("one-to-many", String::new()),
                RelationKind::ManyToMany(through) => {
                    let table = &schema.tables.find(through.table).unwrap().name;
                    (
                        "many-to-many",
                        format!(" through {table} {:?} {:?}", through.near, through.far),
                    )
                }
            };
            let target = &schema.tables.find(it.target).unwrap().name;
            let flags = [(it.nullable, " nullable"), (it.ambiguous, " ambiguous")];
            let flags: String = flags.iter().filter(|it| it.0).map(|it| it.1).collect();
            let (near, far) = (&it.fields, &it.target_fields);
            lines.push(format!(
                "{}.{} {kind} {target}{through} {near:?}={far:?}, back as {}{flags}",
                table.name, it.name, it.inverse
            ));
        }
    }
    lines
}

#[track_caller]
fn assert_lines(yaml: &str, expected: &[&str]) {
    let found = lines(yaml);
    assert_eq!(found, expected, "\n{}", found.join("\n"));
}

#[test]
fn a_key_leads_both_ways() {
    assert_lines(
        "tables:
  users: { columns: { id: { type: uuid, primary_key: true } } }
  posts: { columns: { id: { type: uuid, primary_key: true }, author_id: { type: uuid, nullable: false, references: users } } }",
        &[
            "users.posts one-to-many posts [0]=[1], back as author",
            "posts.author many-to-one users [1]=[0], back as posts",
        ],
    );
}

#[test]
fn a_unique_key_has_one_row_at_each_end() {
    assert_lines(
        "tables:
  users: { columns: { id: { type: uuid, primary_key: true } } }
  profiles: { columns: { user_id: { type: uuid, primary_key: true, references: users } } }
  settings: { columns: { user: { type: uuid, unique: true, references: users } } }",
        &[
            "users.profile one-from-one profiles [0]=[0], back as user nullable",
            "users.setting one-from-one settings [0]=[0], back as user_user nullable",
            "profiles.user one-to-one users [0]=[0], back as profile",
            "settings.user_user one-to-one users [0]=[0], back as setting nullable",
        ],
    );
}

#[test]
fn several_keys_to_one_table_are_told_apart() {
    assert_lines(
        "tables:
  users: { columns: { id: { type: uuid, primary_key: true }, team_id: { type: uuid, references: teams } } }
  teams: { columns: { id: { type: uuid, primary_key: true }, owner: { type: uuid, references: users }, leadId: { type: uuid, references: users } } }",
        &[
            "users.team many-to-one teams [1]=[0], back as users nullable ambiguous",
            "users.teams_by_user one-to-many teams [0]=[1], back as user ambiguous",
            "users.teams_by_lead one-to-many teams [0]=[2], back as lead ambiguous",
            "teams.user many-to-one users [1]=[0], back as teams_by_user nullable ambiguous",
            "teams.lead many-to-one users [2]=[0], back as teams_by_lead nullable ambiguous",
            "teams.users one-to-many users [0]=[1], back as team ambiguous",
        ],
    );
}

#[test]
fn a_table_may_lead_to_itself() {
    assert_lines(
        "tables:
  nodes:
    columns:
      id: { type: bigint, primary_key: true }
      parent_id: { type: bigint, references: nodes }
      next_id: { type: bigint, unique: true, references: nodes }",
        &[
            "nodes.parent many-to-one nodes [1]=[0], back as children nullable ambiguous",
            "nodes.next one-to-one nodes [2]=[0], back as node_by_next nullable ambiguous",
            "nodes.children one-to-many nodes [0]=[1], back as parent ambiguous",
            "nodes.node_by_next one-from-one nodes [0]=[2], back as next nullable ambiguous",
        ],
    );
}

#[test]
fn a_table_of_pairs_stands_between() {
    assert_lines(
        "tables:
  users: { columns: { id: { type: uuid, primary_key: true } } }
  teams: { columns: { id: { type: uuid, primary_key: true } } }
  memberships: { columns: { user_id: { type: uuid, references: users }, team_id: { type: uuid, references: teams } }, primary_key: [user_id, team_id] }
  follows: { columns: { follower_id: { type: uuid, references: users }, followed_id: { type: uuid, references: users } }, primary_key: [follower_id, followed_id] }",
        &[
            "users.memberships one-to-many memberships [0]=[0], back as user",
            "users.follows_by_follower one-to-many follows [0]=[0], back as follower ambiguous",
            "users.follows_by_followed one-to-many follows [0]=[1], back as followed ambiguous",
            "users.teams many-to-many teams through memberships [0] [1] [0]=[0], back as users",
            "users.followeds many-to-many users through follows [0] [1] [0]=[0], back as followers ambiguous",
            "users.followers many-to-many users through follows [1] [0] [0]=[0], back as followeds ambiguous",
            "teams.memberships one-to-many memberships [0]=[1], back as team",
            "teams.users many-to-many users through memberships [1] [0] [0]=[0], back as teams",
            "memberships.user many-to-one users [0]=[0], back as memberships",
            "memberships.team many-to-one teams [1]=[0], back as memberships",
            "follows.follower many-to-one users [0]=[0], back as follows_by_follower ambiguous",
            "follows.followed many-to-one users [1]=[0], back as follows_by_followed ambiguous",
        ],
    );
}

#[test]
fn composite_keys_and_models_and_collisions() {
    assert_lines(
        "tables:
  projects:
    model: Work
    columns: { org: { type: integer }, id: { type: integer }, tasks: text }
    primary_key: [org, id]
  task:
    columns: { id: { type: integer, primary_key: true }, org: { type: integer }, project_id: { type: integer }, Work: text }
    constraints:
      - { type: foreign_key, columns: [org, project_id], references: { table: projects, columns: [org, id] } }
  auth_link: { columns: { id: { type: uuid, references: auth.users } } }",
        &[
            "projects.tasks_by_work_projects one-to-many task [0, 1]=[1, 2], back as work_projects",
            "task.work_projects many-to-one projects [1, 2]=[0, 1], back as tasks_by_work_projects nullable",
        ],
    );
}
