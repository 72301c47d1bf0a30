// The language server: what an editor asks, answered by the compiler. In: the Language Server Protocol on standard input.
// Out: its answers on standard output. Writes no file; edits are the client's to make.

import {
  type CodeAction,
  type CodeActionContext,
  CodeActionKind,
  type Connection,
  createConnection,
  DiagnosticSeverity,
  DidChangeWatchedFilesNotification,
  DocumentHighlightKind,
  type InitializeParams,
  type InitializeResult,
  LSPErrorCodes,
  MessageType,
  PositionEncodingKind,
  ResponseError,
  ShowMessageNotification,
  TextDocuments,
  TextDocumentSyncKind,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { Highlight } from "../compiler/api.js";
import { format } from "../compiler/node.js";
import { LEGEND, lineEdits, toCompletion, toDiagnostic, toFixAll, toFixes, toFolds, toPosition, toRange, toSymbol, toSymbolKind, toTokens, touches, toWorkspaceEdit } from "./protocol.js";
import { type Schema, Session } from "./session.js";

/** How long typing must pause before everything is checked. */
const PAUSE = 120;
/** How many symbols of a workspace are listed. */
const MOST_SYMBOLS = 500;

/** Serves until the client says goodbye or closes the pipe, which ends the process. */
export function serve(version: string): Promise<never> {
  // Standard output is the protocol's: a configuration that logs must not break it.
  console.log = console.info = console.debug = console.error;
  const connection = createConnection(process.stdin, process.stdout);
  const documents = new TextDocuments(TextDocument);
  const session = new Session();
  const checks = new Checks(connection, session);
  let client: InitializeParams["capabilities"] = {};

  connection.onInitialize(({ capabilities }): InitializeResult => {
    client = capabilities;
    return {
      serverInfo: { name: "schemagen", version },
      capabilities: {
        positionEncoding: PositionEncodingKind.UTF16,
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
        completionProvider: { triggerCharacters: [":", " ", ".", "{", "[", ",", '"', "'", "("] },
        hoverProvider: true,
        definitionProvider: true,
        referencesProvider: true,
        renameProvider: { prepareProvider: true },
        documentSymbolProvider: true,
        workspaceSymbolProvider: true,
        codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.RefactorRewrite, CodeActionKind.SourceFixAll] },
        documentFormattingProvider: true,
        documentHighlightProvider: true,
        foldingRangeProvider: true,
        semanticTokensProvider: { legend: LEGEND, full: true, range: true },
      },
    };
  });
  connection.onInitialized(() => {
    if (client.workspace?.didChangeWatchedFiles?.dynamicRegistration !== true) return;
    const watchers = ["**/*.{yaml,yml,json}", "**/schemagen.config.*"].map((globPattern) => ({ globPattern }));
    connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }).catch(() => {}); // Saving tells as well.
  });

  documents.onDidChangeContent(({ document }) => {
    session.put(document);
    checks.soon();
  });
  documents.onDidClose(({ document }) => {
    session.drop(document.uri);
    session.forgetDisk();
    checks.soon();
  });
  const fromDisk = (): void => {
    session.forgetDisk();
    checks.soon();
    // What words name may lie in the files that changed.
    if (client.workspace?.semanticTokens?.refreshSupport === true) connection.languages.semanticTokens.refresh();
  };
  documents.onDidSave(fromDisk);
  connection.onDidChangeWatchedFiles(fromDisk);
  connection.onShutdown(() => checks.stop());

  /** Answers a question about an open file; nothing for one that is not open. */
  const about = async <T>(uri: string, answer: (name: string, schema: Schema) => T): Promise<T | undefined> => {
    const found = await session.find(uri);
    return found && answer(found.name, found.schema);
  };

  const highlights = async (uri: string): Promise<Highlight[]> =>
    (await about(uri, (name, { workspace, options }) => workspace.highlights(name, options))) ?? [];

  connection.onCompletion(({ textDocument, position }) => {
    const snippets = client.textDocument?.completion?.completionItem?.snippetSupport === true;
    return about(textDocument.uri, (name, { workspace, options }) =>
      workspace.complete(name, toPosition(position), options).map((item, index) => toCompletion(item, index, snippets)),
    );
  });
  connection.onHover(({ textDocument, position }) =>
    about(textDocument.uri, (name, { workspace, options }) => {
      const found = workspace.hover(name, toPosition(position), options);
      return found && { contents: { kind: "markdown" as const, value: found.text }, range: toRange(found.range) };
    }),
  );
  connection.onDefinition(({ textDocument, position }) =>
    about(textDocument.uri, (name, { workspace, options }) => {
      const found = workspace.definition(name, toPosition(position), options);
      return found && { uri: session.uriOf(found.file), range: toRange(found.range) };
    }),
  );
  connection.onReferences(({ textDocument, position, context }) =>
    about(textDocument.uri, (name, { workspace, options }) =>
      workspace
        .references(name, toPosition(position), options)
        .filter(({ definition }) => context.includeDeclaration || !definition)
        .map(({ file, range }) => ({ uri: session.uriOf(file), range: toRange(range) })),
    ),
  );
  connection.onDocumentHighlight(({ textDocument, position }) =>
    about(textDocument.uri, (name, { workspace, options }) =>
      workspace
        .references(name, toPosition(position), options)
        .filter(({ file }) => file === name)
        .map(({ range, definition }) => ({
          range: toRange(range),
          kind: definition ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
        })),
    ),
  );
  connection.languages.semanticTokens.on(async ({ textDocument }) => toTokens(await highlights(textDocument.uri)));
  connection.languages.semanticTokens.onRange(async ({ textDocument, range }) => toTokens(await highlights(textDocument.uri), range));
  connection.onFoldingRanges(({ textDocument }) =>
    about(textDocument.uri, (name, { workspace }) => toFolds(workspace.folds(name), client.textDocument?.foldingRange?.rangeLimit)),
  );
  connection.onPrepareRename(({ textDocument, position }) =>
    about(textDocument.uri, (name, { workspace, options }) => {
      const found = workspace.renamable(name, toPosition(position), options);
      if (found?.range === undefined) throw refused(found?.refused ?? "there is no name here that could be changed");
      return toRange(found.range);
    }),
  );
  connection.onRenameRequest(({ textDocument, position, newName }) =>
    about(textDocument.uri, (name, { workspace, options }) => {
      const found = workspace.rename(name, toPosition(position), newName, options);
      if (found === undefined || found.refused !== undefined) throw refused(found?.refused ?? "there is no name here");
      return toWorkspaceEdit(found.edits, session.uriOf);
    }),
  );
  connection.onDocumentSymbol(({ textDocument }) =>
    about(textDocument.uri, (name, { workspace, options }) => workspace.symbols(name, options).map(toSymbol)),
  );
  connection.onWorkspaceSymbol(({ query }) =>
    session.schemas().flatMap(({ workspace, options }) =>
      workspace.findSymbols(query, MOST_SYMBOLS, options).map(({ name, kind, container, file, range }) => ({
        name,
        kind: toSymbolKind(kind),
        ...(container === undefined ? {} : { containerName: container }),
        location: { uri: session.uriOf(file), range: toRange(range) },
      })),
    ),
  );
  connection.onCodeAction(({ textDocument, range, context }) =>
    about(textDocument.uri, (name, { workspace, options }) => {
      const own = workspace.check(options).diagnostics.filter((it) => it.file === name && it.range !== undefined);
      const here = own.filter((it) => touches(toRange(it.range!), range));
      const offered = workspace.actions(name, toPosition(range.start), options).map(({ title, edits }) => ({
        title,
        kind: CodeActionKind.RefactorRewrite,
        edit: toWorkspaceEdit(edits, session.uriOf),
      }));
      const fixes = [...toFixAll(own, session.uriOf), ...here.flatMap((it) => toFixes(it, session.uriOf))];
      return [...fixes, ...offered].filter((action) => isAskedFor(action, context));
    }),
  );
  connection.onDocumentFormatting(({ textDocument }) => {
    const document = documents.get(textDocument.uri);
    if (document === undefined) return undefined;
    const before = document.getText();
    const { text } = format({ name: textDocument.uri, text: before });
    return text === undefined ? [] : lineEdits(before, text);
  });

  documents.listen(connection);
  connection.listen();
  return new Promise(() => {});
}

/** Checks everything once typing pauses, and tells the client what changed since it was last told. */
class Checks {
  private readonly connection: Connection;
  private readonly session: Session;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private told = new Map<string, string>();
  private readonly shown = new Set<string>();

  constructor(connection: Connection, session: Session) {
    this.connection = connection;
    this.session = session;
  }

  soon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.running = this.running.then(() => this.check()).catch((error) => this.connection.console.error(String(error)));
    }, PAUSE);
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private async check(): Promise<void> {
    const said = await this.session.check();
    const problems = new Set<string>();
    const told = new Map<string, string>();
    for (const [uri, answer] of said) {
      const diagnostics = "problem" in answer ? [problemAt(answer.problem)] : answer.diagnostics.map((found) => toDiagnostic(found, this.session.uriOf));
      if ("problem" in answer) problems.add(answer.problem);
      told.set(uri, JSON.stringify(diagnostics));
      if (this.told.get(uri) !== told.get(uri)) await this.connection.sendDiagnostics({ uri, diagnostics });
    }
    for (const uri of this.told.keys()) {
      if (!told.has(uri)) await this.connection.sendDiagnostics({ uri, diagnostics: [] });
    }
    this.told = told;
    for (const problem of problems) {
      if (this.shown.has(problem)) continue;
      await this.connection.sendNotification(ShowMessageNotification.type, { type: MessageType.Error, message: `schemagen: ${problem}` });
    }
    this.shown.clear();
    for (const problem of problems) this.shown.add(problem);
  }
}

/** What is wrong with a configuration, at its first line. */
function problemAt(message: string) {
  const start = { line: 0, character: 0 };
  return { range: { start, end: start }, severity: DiagnosticSeverity.Error, source: "schemagen", message };
}

function refused(reason: string): ResponseError<void> {
  return new ResponseError(LSPErrorCodes.RequestFailed, reason);
}

/** Whether a client asks for actions of this kind. Those for a whole file are for who names them: on save, or in a menu of their own. */
function isAskedFor({ kind = "" }: CodeAction, { only }: CodeActionContext): boolean {
  if (only === undefined) return !kind.startsWith(CodeActionKind.Source);
  return only.some((wanted) => kind === wanted || kind.startsWith(`${wanted}.`));
}
