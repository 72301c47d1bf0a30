// A language client over standard input and output, made of the protocol's own client library.

import { type ChildProcess, spawn } from "node:child_process";
import { pathToFileURL } from "node:url";
import {
  type ClientCapabilities,
  createProtocolConnection,
  type Diagnostic,
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  type InitializeResult,
  type Position,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  RegistrationRequest,
  ShowMessageNotification,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver-protocol/node";
import { BIN } from "./project.js";

/** How long anything may take before the test fails. */
const DEADLINE = 60_000;

/** A client of a running `schemagen lsp`. */
export class Client {
  readonly connection: ProtocolConnection;
  readonly messages: string[] = [];
  private readonly child: ChildProcess;
  private readonly published = new Map<string, Diagnostic[]>();
  private readonly waiting = new Set<() => void>();
  private readonly versions = new Map<string, number>();
  readonly exit: Promise<number | null>;

  constructor(cwd: string, bin = BIN) {
    this.child = spawn(process.execPath, [bin, "lsp", "--stdio"], { cwd, stdio: ["pipe", "pipe", "inherit"] });
    this.exit = new Promise((resolve) => this.child.on("close", resolve));
    this.connection = createProtocolConnection(
      new StreamMessageReader(this.child.stdout!),
      new StreamMessageWriter(this.child.stdin!),
    );
    this.connection.onNotification(PublishDiagnosticsNotification.type, ({ uri, diagnostics }) => {
      this.published.set(uri, diagnostics);
      this.wake();
    });
    this.connection.onNotification(ShowMessageNotification.type, ({ message }) => {
      this.messages.push(message);
      this.wake();
    });
    this.connection.onRequest(RegistrationRequest.type, () => {});
    this.connection.listen();
  }

  /** Says hello. */
  async start(capabilities: ClientCapabilities = {}): Promise<InitializeResult> {
    const params = { processId: process.pid, rootUri: null, capabilities, workspaceFolders: null };
    const result = await this.connection.sendRequest(InitializeRequest.type, params);
    await this.connection.sendNotification(InitializedNotification.type, {});
    return result;
  }

  /** Opens a file with `text` in its buffer. Gives its URI. */
  async open(path: string, text: string): Promise<string> {
    const uri = pathToFileURL(path).href;
    this.versions.set(uri, 1);
    await this.connection.sendNotification(DidOpenTextDocumentNotification.type, {
      textDocument: { uri, languageId: "yaml", version: 1, text },
    });
    return uri;
  }

  /** Replaces a part of an open file. */
  async type(uri: string, start: Position, end: Position, text: string): Promise<void> {
    const version = (this.versions.get(uri) ?? 1) + 1;
    this.versions.set(uri, version);
    await this.connection.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { uri, version },
      contentChanges: [{ range: { start, end }, text }],
    });
  }

  /** The diagnostics of `uri`, once they are as `wanted`. */
  diagnostics(uri: string, wanted: (diagnostics: Diagnostic[]) => boolean): Promise<Diagnostic[]> {
    return this.until(
      () => {
        const found = this.published.get(uri);
        return found !== undefined && wanted(found) ? found : undefined;
      },
      () => JSON.stringify(this.published.get(uri), null, 2),
    );
  }

  /** What `find` gives, once it gives anything. */
  until<T>(find: () => T | undefined, state: () => string | undefined = () => undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        this.waiting.delete(look);
        reject(new Error(`nothing of the kind came in time; there is ${state()}`));
      }, DEADLINE);
      const look = (): void => {
        const found = find();
        if (found === undefined) return;
        clearTimeout(late);
        this.waiting.delete(look);
        resolve(found);
      };
      this.waiting.add(look);
      look();
    });
  }

  /** Says goodbye; gives the exit code. */
  async stop(): Promise<number | null> {
    await this.connection.sendRequest(ShutdownRequest.type);
    await this.connection.sendNotification(ExitNotification.type);
    return this.exit;
  }

  /** Ends the process, whatever state it is in. */
  kill(): void {
    this.connection.dispose();
    this.child.kill("SIGKILL");
  }

  /** Writes bytes that are no message. */
  garbage(bytes: string): void {
    this.child.stdin!.write(bytes);
  }

  /** Goes away without a word. */
  hangUp(): void {
    this.child.stdin!.end();
  }

  private wake(): void {
    for (const look of [...this.waiting]) look();
  }
}
