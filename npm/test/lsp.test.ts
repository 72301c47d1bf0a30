// `schemagen lsp`, asked by the protocol's own client library.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test, type TestContext } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import {
  type ClientCapabilities,
  type CodeAction,
  CodeActionRequest,
  CompletionRequest,
  DefinitionRequest,
  type Diagnostic,
  DidCloseTextDocumentNotification,
  DidSaveTextDocumentNotification,
  DocumentFormattingRequest,
  DocumentHighlightRequest,
  DocumentSymbolRequest,
  FoldingRangeRequest,
  HoverRequest,
  type Position,
  PrepareRenameRequest,
  ReferencesRequest,
  RenameRequest,
  SemanticTokensRangeRequest,
  SemanticTokensRefreshRequest,
  SemanticTokensRequest,
  type TextEdit,
  WorkspaceSymbolRequest,
} from "vscode-languageserver-protocol/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { Client } from "./client.js";
import { CONFIG, NOTES, TestProject } from "./project.js";

const CLIENTS: Client[] = [];
after(() => {
  for (const client of CLIENTS) client.kill();
});

const USERS = `tables:
  users:
    rls: enabled
    columns:
      id: { type: uuid, primary_key: true }
      # 😀
      name: { type: text, nullable: false, check: char_length(name) > 0 }
    policies:
      - { name: own row, command: select, using: auth.uid() = id }
`;
const POSTS = `tables:
  posts:
    rls: enabled
    columns:
      id: { type: uuid, primary_key: true }
      author_id: { type: uuid, references: users.id }
    policies:
      - { name: all, command: select, using: "true" }
`;
const FOLDER = JSON.stringify({ files: "schema", outputs: ["sql"] });

async function start(t: TestContext, files: Record<string, string>, capabilities?: ClientCapabilities) {
  const project = new TestProject(files);
  const client = new Client(project.root);
  CLIENTS.push(client);
  t.after(() => {
    client.kill();
    project.remove();
  });
  const { capabilities: server } = await client.start(capabilities);
  return { project, client, server };
}

/** A project of two files, both open. */
async function blog(t: TestContext) {
  const { project, client } = await start(t, { "schemagen.config.json": FOLDER, "schema/users.yaml": USERS, "schema/posts.yaml": POSTS });
  const users = await client.open(project.path("schema/users.yaml"), USERS);
  const posts = await client.open(project.path("schema/posts.yaml"), POSTS);
  return { project, client, users, posts };
}

/** The place right behind `words`. */
function behind(text: string, words: string): Position {
  const before = text.slice(0, text.indexOf(words) + words.length);
  assert.ok(text.includes(words), `${words} in\n${text}`);
  const lines = before.split("\n");
  return { line: lines.length - 1, character: lines.at(-1)!.length };
}

function apply(text: string, edits: TextEdit[]): string {
  return TextDocument.applyEdits(TextDocument.create("file:///x", "yaml", 1, text), edits);
}

/** What a diagnostic says. */
function text(found: Diagnostic | undefined): string {
  return typeof found?.message === "string" ? found.message : (found?.message.value ?? "");
}

const LIMIT = { timeout: 180_000 };

test("it says what it can do, and ends with 0", LIMIT, async (t) => {
  const project = new TestProject();
  const client = new Client(project.root);
  CLIENTS.push(client);
  t.after(() => project.remove());
  const { capabilities, serverInfo } = await client.start();
  assert.equal(serverInfo?.name, "schemagen");
  assert.equal(capabilities.positionEncoding, "utf-16");
  assert.equal(capabilities.foldingRangeProvider, true);
  assert.equal(await client.stop(), 0);
});

test("without a goodbye it ends with 1", LIMIT, async (t) => {
  const { client } = await start(t, {});
  client.hangUp();
  assert.equal(await client.exit, 1);
});

test("garbage does not stop it, or stops it at once", LIMIT, async (t) => {
  const { client, project } = await start(t, {});
  client.garbage("Content-Length: 9\r\n\r\nnot json!");
  const uri = await client.open(project.path("a.yaml"), "tables: {");
  const found = await client.diagnostics(uri, (list) => list.length > 0);
  assert.equal(found[0]?.code, "yaml-syntax");
});

test("diagnostics of the buffer, not of the disk, with places, codes and fixes", LIMIT, async (t) => {
  const { client, users, posts } = await blog(t);
  await client.diagnostics(posts, (list) => list.length === 0);
  const at = behind(POSTS, "references: user");
  await client.type(posts, at, { line: at.line, character: at.character + 1 }, "");
  const [found] = await client.diagnostics(posts, (list) => list.length === 1);
  assert.equal(found?.code, "unknown-table");
  assert.equal(found?.source, "schemagen");
  assert.equal(found?.severity, 1);
  assert.match(text(found), /there is no table `user`[^]*help: did you mean/);
  const docs = fileURLToPath(found?.codeDescription?.href ?? "");
  assert.match(readFileSync(docs, "utf8"), /^# unknown-table/);
  const actions = await client.connection.sendRequest(CodeActionRequest.type, {
    textDocument: { uri: posts },
    range: found!.range,
    context: { diagnostics: [found!] },
  });
  const fix = actions?.find((action) => "edit" in action && action.kind === "quickfix");
  assert.ok(fix && "edit" in fix);
  assert.equal(fix.edit?.changes?.[posts]?.[0]?.newText.startsWith("users"), true);
  await client.type(posts, at, at, "s");
  await client.diagnostics(posts, (list) => list.length === 0);
  // A definition that is given twice, in two files, names the other one.
  await client.type(posts, { line: 1, character: 2 }, { line: 1, character: 7 }, "users");
  const twice = await client.diagnostics(users, (list) => list.some(({ code }) => code === "duplicate-object"));
  assert.equal(twice.find(({ code }) => code === "duplicate-object")?.relatedInformation?.[0]?.location.uri, posts);
});

test("all safe repairs at once, for who asks for them", LIMIT, async (t) => {
  const { client, project } = await start(t, {});
  const text = NOTES.replace("nullable: false", "nullable: no").replace("type: uuid, primary_key: true", "type: numeric(10,2), nullable: no, primary_key: true").replace("text", "txet");
  const uri = await client.open(project.path("a.yaml"), text);
  await client.diagnostics(uri, (list) => list.length > 2);
  const ask = (only: string[] | undefined): Promise<unknown> =>
    client.connection.sendRequest(CodeActionRequest.type, {
      textDocument: { uri },
      range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
      context: { diagnostics: [], ...(only === undefined ? {} : { only }) },
    });
  for (const only of [["source.fixAll"], ["source"], ["source.fixAll", "source.organizeImports"]]) {
    const [action, ...others] = (await ask(only)) as CodeAction[];
    assert.deepEqual(others, []);
    assert.equal(action?.kind, "source.fixAll");
    assert.equal(apply(text, action.edit?.changes?.[uri] ?? []), text.replaceAll("nullable: no", "nullable: false").replace("numeric(10,2)", '"numeric(10,2)"'));
  }
  for (const only of [undefined, ["refactor"], ["source.organizeImports"]]) assert.doesNotMatch(JSON.stringify(await ask(only)), /source/);
});

test("columns are counted as JavaScript counts them", LIMIT, async (t) => {
  const { client, project } = await start(t, {});
  const text = "tables:\n  t:\n    rls: enabled\n    comment: '😀'\n    columns: { 'é😀': txet }\n";
  const uri = await client.open(project.path("a.yaml"), text);
  const list = await client.diagnostics(uri, (found) => found.some(({ code }) => code === "unknown-type"));
  const { range } = list.find(({ code }) => code === "unknown-type")!;
  assert.deepEqual(range, { start: { line: 4, character: 22 }, end: { line: 4, character: 26 } });
});

test("completion, hover, definition and references across files", LIMIT, async (t) => {
  const { client, users, posts } = await blog(t);
  const position = behind(POSTS, "references: us");
  const textDocument = { uri: posts };
  const items = await client.connection.sendRequest(CompletionRequest.type, { textDocument, position: behind(POSTS, "references: ") });
  const list = Array.isArray(items) ? items : (items?.items ?? []);
  assert.ok(list.some(({ label }) => label.startsWith("users")), JSON.stringify(list.map(({ label }) => label)));
  const hover = await client.connection.sendRequest(HoverRequest.type, { textDocument, position });
  assert.match(JSON.stringify(hover?.contents), /users/);
  const definition = await client.connection.sendRequest(DefinitionRequest.type, { textDocument, position });
  assert.ok(definition && "uri" in definition);
  assert.equal(definition.uri, users);
  assert.equal(definition.range.start.line, 1);
  const places = await client.connection.sendRequest(ReferencesRequest.type, {
    textDocument: { uri: users },
    position: behind(USERS, "  us"),
    context: { includeDeclaration: true },
  });
  assert.deepEqual(new Set(places?.map(({ uri }) => uri)), new Set([users, posts]));
});

test("rename changes every file, and says what cannot be renamed", LIMIT, async (t) => {
  const { client, users, posts } = await blog(t);
  const textDocument = { uri: users };
  const position = behind(USERS, "  us");
  assert.ok(await client.connection.sendRequest(PrepareRenameRequest.type, { textDocument, position }));
  const edit = await client.connection.sendRequest(RenameRequest.type, { textDocument, position, newName: "people" });
  assert.match(apply(USERS, edit?.changes?.[users] ?? []), /^ {2}people:$/m);
  assert.match(apply(POSTS, edit?.changes?.[posts] ?? []), /references: people\.id/);
  const nowhere = { textDocument, position: { line: 5, character: 9 } };
  await assert.rejects(client.connection.sendRequest(PrepareRenameRequest.type, nowhere));
  await assert.rejects(client.connection.sendRequest(RenameRequest.type, { textDocument: { uri: posts }, position: behind(POSTS, "  po"), newName: "users" }), /users/);
});

test("symbols of a file and of all files", LIMIT, async (t) => {
  const { client, users } = await blog(t);
  const symbols = await client.connection.sendRequest(DocumentSymbolRequest.type, { textDocument: { uri: users } });
  assert.match(JSON.stringify(symbols), /"name":"users"[^]*"name":"name"/);
  const found = await client.connection.sendRequest(WorkspaceSymbolRequest.type, { query: "author" });
  assert.deepEqual(found?.map(({ name }) => name), ["author_id"]);
});

test("everywhere a name stands in the file is shown", LIMIT, async (t) => {
  const { client, users } = await blog(t);
  const found = await client.connection.sendRequest(DocumentHighlightRequest.type, { textDocument: { uri: users }, position: behind(USERS, "auth.uid() = i") });
  assert.deepEqual(found?.map(({ range, kind }) => [range.start.line, kind]), [[4, 3], [8, 2]]);
});

/** The words that `data` colours, each with its kind. */
function colored(text: string, data: number[], legend: string[]): string[] {
  const lines = text.split("\n");
  let [line, column] = [0, 0];
  return Array.from({ length: data.length / 5 }, (_, at) => {
    const [lineDelta, columnDelta, length, kind] = data.slice(5 * at, 5 * at + 4) as [number, number, number, number];
    column = lineDelta === 0 ? column + columnDelta : columnDelta;
    line += lineDelta;
    return `${line}: ${lines[line]!.slice(column, column + length)} ${legend[kind]}`;
  });
}

test("the words of SQL and what names stand for have colours, also while the text is broken", LIMIT, async (t) => {
  const files = { "schemagen.config.json": FOLDER, "schema/users.yaml": USERS, "schema/posts.yaml": POSTS };
  const { project, client, server } = await start(t, files, { workspace: { semanticTokens: { refreshSupport: true } } });
  const provider = server.semanticTokensProvider;
  assert.ok(provider !== undefined && "legend" in provider);
  const { tokenTypes } = provider.legend;
  const uri = await client.open(project.path("schema/users.yaml"), USERS);
  const all = async (text: string): Promise<string[]> =>
    colored(text, (await client.connection.sendRequest(SemanticTokensRequest.type, { textDocument: { uri } }))?.data ?? [], tokenTypes);
  const words = await all(USERS);
  assert.deepEqual(words, [
    "1: users class",
    ...["4: id property", "4: uuid type"],
    ...["6: name property", "6: text type", "6: char_length function", "6: name property", "6: 0 number"],
    ...["8: auth namespace", "8: uid function", "8: id property"],
  ]);
  const range = { start: { line: 5, character: 0 }, end: { line: 6, character: 99 } };
  const some = await client.connection.sendRequest(SemanticTokensRangeRequest.type, { textDocument: { uri }, range });
  assert.deepEqual(colored(USERS, some?.data ?? [], tokenTypes), words.slice(3, 8));
  const end = behind(USERS, "= id }");
  await client.type(uri, end, end, '\n      - { using: "select \'😀\' where x');
  assert.deepEqual((await all(`${USERS.trimEnd()}\n      - { using: "select '😀' where x\n`)).slice(0, 8), words.slice(0, 8));
  await client.type(uri, end, { line: 9, character: 99 }, "");
  const key = { line: 3, character: 12 };
  await client.type(uri, key, key, "\n      emai");
  const behind4 = words.map((word) => word.replace(/^[4-9]/, (line) => String(Number(line) + 1)));
  assert.deepEqual(await all(USERS.replace("columns:", "columns:\n      emai")), behind4);
  // What names stand for may lie in other files.
  let refreshed = 0;
  client.connection.onRequest(SemanticTokensRefreshRequest.type, () => {
    refreshed += 1;
  });
  await client.connection.sendNotification(DidSaveTextDocumentNotification.type, { textDocument: { uri } });
  await client.connection.sendRequest(FoldingRangeRequest.type, { textDocument: { uri } });
  assert.equal(refreshed, 1);
  const other = await client.open(project.path("docker-compose.yaml"), "services:\n  web: { image: select 1 }\n");
  assert.deepEqual(await client.connection.sendRequest(SemanticTokensRequest.type, { textDocument: { uri: other } }), { data: [] });
});

test("what can be folded, also while the text is broken, and as much as the client wants", LIMIT, async (t) => {
  const project = new TestProject();
  t.after(() => project.remove());
  const text = "# a\n# b\ntables:\n  users:\n    columns:\n      id: uuid\n    policies:\n    - name: own\n      using: |\n        # none\n        true\n";
  for (const [limit, wanted] of [[undefined, ["0-1 comment", "2-10", "3-10", "4-5", "6-10", "7-10", "8-10"]], [2, ["2-10", "3-10"]]] as const) {
    const client = new Client(project.root);
    CLIENTS.push(client);
    await client.start({ textDocument: { foldingRange: limit === undefined ? {} : { rangeLimit: limit } } });
    const uri = await client.open(project.path("a.yaml"), text);
    const folds = async (): Promise<string[] | undefined> => {
      const found = await client.connection.sendRequest(FoldingRangeRequest.type, { textDocument: { uri } });
      return found?.map(({ startLine, endLine, kind }) => [`${startLine}-${endLine}`, ...(kind === undefined ? [] : [kind])].join(" "));
    };
    assert.deepEqual(await folds(), wanted);
    await client.type(uri, { line: 5, character: 10 }, { line: 5, character: 14 }, "{ type: [");
    assert.deepEqual(await folds(), wanted);
    assert.equal(await client.stop(), 0);
  }
});

test("formatting changes only the lines that need it", LIMIT, async (t) => {
  const { client, project } = await start(t, {});
  const untidy = NOTES.replace("rls: enabled", "rls:   enabled").replace("{ name:", "{name:");
  const uri = await client.open(project.path("a.yaml"), untidy);
  const options = { tabSize: 4, insertSpaces: true };
  const edits = await client.connection.sendRequest(DocumentFormattingRequest.type, { textDocument: { uri }, options });
  assert.equal(edits?.length, 2);
  assert.equal(apply(untidy, edits ?? []), NOTES);
});

test("a configuration that breaks says so, and counts again once it is mended", LIMIT, async (t) => {
  const { client, project } = await start(t, { "schemagen.config.json": CONFIG, "schema.yaml": NOTES });
  const uri = await client.open(project.path("schema.yaml"), NOTES);
  await client.diagnostics(uri, (list) => list.length === 0);
  const config = pathToFileURL(project.path("schemagen.config.json")).href;
  const saved = { textDocument: { uri } };
  project.write("schemagen.config.json", '{ "files": "schema.yaml", "outputs": ["sql"], "severities": { "nonsense": "off" } }');
  await client.connection.sendNotification(DidSaveTextDocumentNotification.type, saved);
  const [found] = await client.diagnostics(config, (list) => list.length > 0);
  assert.match(text(found), /nonsense/);
  await client.until(() => client.messages.find((message) => message.includes("nonsense")));
  project.write("schemagen.config.json", '{ "files": "schema.yaml", "outputs": ["sql"], "targetVersion": 12 }');
  await client.connection.sendNotification(DidSaveTextDocumentNotification.type, saved);
  await client.diagnostics(config, (list) => list.length === 0);
});

test("other YAML is left alone, and a closed file counts as it is on disk", LIMIT, async (t) => {
  const { client, project, users, posts } = await blog(t);
  const other = await client.open(project.path("compose.yaml"), "services:\n  db: { image: postgres }\n");
  await client.diagnostics(other, (list) => list.length === 0);
  const at = behind(USERS, "  users");
  await client.type(users, at, at, "x");
  await client.diagnostics(posts, (list) => list.some(({ code }) => code === "unknown-table"));
  await client.connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri: users } });
  await client.diagnostics(posts, (list) => list.length === 0);
});
