// Generated from wasm/src/types.rs by `npm run build`. Do not edit.

export interface Action {
    /**
     * What it does, as a command.
     */
    title: string;
    /**
     * Edits that do not overlap.
     */
    edits: Edit[];
}

export interface CheckOptions {
    /**
     * The major version of PostgreSQL that must take the SQL. Default 15.
     */
    targetVersion?: number;
    /**
     * The PostgreSQL schemas that the API exposes. Default `["public"]`.
     */
    exposedSchemas?: string[];
    /**
     * Other severities for codes.
     */
    severities?: Record<string, Level>;
}

export interface CheckResult {
    /**
     * Whether there are no errors.
     */
    ok: boolean;
    /**
     * What there is to say.
     */
    diagnostics: Diagnostic[];
}

export interface CodeInfo {
    /**
     * Its name.
     */
    code: string;
    /**
     * Its severity unless configured.
     */
    severity: Severity;
    /**
     * What it means and what to do, as Markdown.
     */
    docs: string;
}

export interface ColumnDraft {
    /**
     * Its name.
     */
    name: string;
    /**
     * Its type, as in SQL.
     */
    type: string;
    /**
     * Whether null may not be stored.
     */
    notNull?: boolean;
    /**
     * Whether it is the primary key.
     */
    primaryKey?: boolean;
    /**
     * Whether no two rows may hold the same value.
     */
    unique?: boolean;
    /**
     * Its default: a SQL expression or a constant.
     */
    default?: string;
    /**
     * A condition on its values.
     */
    check?: string;
    /**
     * `table` or `table.column` that it refers to.
     */
    references?: string;
    /**
     * Its comment.
     */
    comment?: string;
}

export interface ColumnOfTable {
    /**
     * The table.
     */
    table: string;
    /**
     * The column.
     */
    column: ColumnDraft;
}

export interface CompileOptions extends CheckOptions {
    /**
     * What to write.
     */
    targets: TargetRequest[];
    /**
     * Whether to say which lines of the files say which object. Default: yes.
     */
    provenance?: boolean;
}

export interface CompileResult {
    /**
     * Whether there are no errors. Without it there are no files.
     */
    ok: boolean;
    /**
     * What to write.
     */
    files: OutputFile[];
    /**
     * What there is to say.
     */
    diagnostics: Diagnostic[];
}

export interface Completion {
    /**
     * What is shown, and what typed letters are compared with.
     */
    label: string;
    /**
     * What it is.
     */
    kind: 'key' | 'word' | 'table' | 'view' | 'column' | 'type' | 'label' | 'function' | 'role' | 'schema' | 'sequence' | 'mixin';
    /**
     * One line beside the label: a type, a signature. May be empty.
     */
    detail: string;
    /**
     * What it means, in Markdown. May be empty.
     */
    docs: string;
    /**
     * What to write where, as a snippet: `$0` and `${1:10}` are places to go to, `\$` is a dollar sign. Lines
     * bring the indentation that they need.
     */
    edit: Edit;
    /**
     * Mends the indentation of the line, where it is not that of its neighbours.
     */
    indent?: Edit;
}

export interface Diagnostic {
    /**
     * Which check, stable, in kebab case; `explain` says more.
     */
    code: string;
    /**
     * How bad.
     */
    severity: Severity;
    /**
     * What is wrong.
     */
    message: string;
    /**
     * The name of the source; absent where it concerns no source.
     */
    file?: string;
    /**
     * Where in the source.
     */
    range?: Range;
    /**
     * What this place is.
     */
    text?: string;
    /**
     * Other places that explain it.
     */
    labels?: Label[];
    /**
     * What to do.
     */
    help?: string;
    /**
     * Background.
     */
    notes?: string[];
    /**
     * Repairs, the most likely first.
     */
    fixes?: Fix[];
}

export interface DocumentSymbol {
    /**
     * Its name; of an unnamed index, constraint, policy or trigger, the one that it gets.
     */
    name: string;
    /**
     * What the language calls it: `table`, `column`, `policy`.
     */
    kind: string;
    /**
     * Everything that is said of it.
     */
    range: Range;
    /**
     * Its name, or where it begins.
     */
    nameRange: Range;
    /**
     * What it holds.
     */
    children: DocumentSymbol[];
}

export interface Edit {
    /**
     * The name of the source.
     */
    file: string;
    /**
     * Where in it; empty to insert.
     */
    range: Range;
    /**
     * The new text.
     */
    text: string;
}

export interface EnumDraft {
    /**
     * Its name.
     */
    name: string;
    /**
     * Its labels, in sort order.
     */
    labels: string[];
}

export interface EnumOutline {
    /**
     * Its name, qualified where it is not in `public`.
     */
    name: string;
    /**
     * Its labels, in sort order.
     */
    labels: string[];
}

export interface Fix {
    /**
     * What it does, as a command.
     */
    title: string;
    /**
     * Whether it keeps what was clearly meant.
     */
    safe: boolean;
    /**
     * Edits that do not overlap.
     */
    edits: Edit[];
}

export type Format = "rich" | "concise" | "json" | "github";

export interface FormatResult {
    /**
     * The text, formatted; absent where it cannot be read.
     */
    text?: string;
    /**
     * Why it cannot be read.
     */
    diagnostics: Diagnostic[];
}

export interface FoundSymbol {
    /**
     * Its name.
     */
    name: string;
    /**
     * What the language calls it.
     */
    kind: string;
    /**
     * What holds it: of a column, its table.
     */
    container?: string;
    /**
     * The name of the source.
     */
    file: string;
    /**
     * Its name there.
     */
    range: Range;
}

export interface Fragment {
    /**
     * Its start in the statement, in UTF-16 code units.
     */
    start: number;
    /**
     * One past its end.
     */
    end: number;
    /**
     * The source that it comes from.
     */
    file: string;
    /**
     * Where in it.
     */
    range: Range;
}

export interface Hover {
    /**
     * The thing.
     */
    range: Range;
    /**
     * What it is, in Markdown.
     */
    text: string;
}

export interface IndexDraft {
    /**
     * The table.
     */
    table: string;
    /**
     * The names of its columns.
     */
    columns: string[];
    /**
     * Its name; PostgreSQL's own unless said.
     */
    name?: string;
    /**
     * Whether no two rows may hold the same keys.
     */
    unique?: boolean;
    /**
     * The access method.
     */
    method?: string;
    /**
     * The rows that it covers.
     */
    where?: string;
}

export type Intent = ({ kind: "table" } & TableDraft) | ({ kind: "column" } & ColumnOfTable) | ({ kind: "index" } & IndexDraft) | ({ kind: "relation" } & RelationDraft) | ({ kind: "enum" } & EnumDraft) | ({ kind: "label" } & LabelDraft) | ({ kind: "policy" } & PolicyDraft) | ({ kind: "mixin" } & MixinUse);

export interface Label {
    /**
     * The name of the source.
     */
    file: string;
    /**
     * Where in it.
     */
    range: Range;
    /**
     * What this place is.
     */
    text: string;
}

export interface LabelDraft {
    /**
     * The enum type.
     */
    name: string;
    /**
     * The label.
     */
    label: string;
    /**
     * The label that it sorts before; at the end without one.
     */
    before?: string;
}

export type Level = "off" | "note" | "warning" | "error";

export interface Location {
    /**
     * The name of the source.
     */
    file: string;
    /**
     * Where in it.
     */
    range: Range;
}

export interface MixinUse {
    /**
     * The table.
     */
    table: string;
    /**
     * The mixin.
     */
    mixin: string;
}

export interface OptionInfo {
    /**
     * Its name.
     */
    name: string;
    /**
     * What it does, as Markdown.
     */
    docs: string;
    /**
     * What it takes.
     */
    kind: "flag" | "choice" | "text" | "numbers";
    /**
     * The words of a choice.
     */
    choices?: string[];
    /**
     * What it is when not given.
     */
    default: string | boolean | Record<string, number>;
}

export interface Outline {
    /**
     * The tables, in order of declaration.
     */
    tables: TableOutline[];
    /**
     * The enum types.
     */
    enums: EnumOutline[];
    /**
     * The roles.
     */
    roles: string[];
}

export interface OutputFile {
    /**
     * Where: relative to the project, `/`-separated.
     */
    path: string;
    /**
     * Its text.
     */
    text: string;
    /**
     * The target that made it.
     */
    target: string;
    /**
     * Which lines say which object, in order of lines.
     */
    provenance: Provenance[];
}

export interface PolicyDraft {
    /**
     * The table.
     */
    table: string;
    /**
     * Its name; `TABLE_COMMAND` unless said.
     */
    name?: string;
    /**
     * `select`, `insert`, `update`, `delete` or `all`.
     */
    command: string;
    /**
     * Whom it speaks about; everybody unless said.
     */
    roles?: string[];
    /**
     * The rows that the command sees.
     */
    using?: string;
    /**
     * The rows that may be written.
     */
    withCheck?: string;
}

export interface Position {
    /**
     * From 0.
     */
    line: number;
    /**
     * From 0, in UTF-16 code units.
     */
    column: number;
}

export interface Provenance {
    /**
     * The first line, from 0.
     */
    firstLine: number;
    /**
     * The last line, included.
     */
    lastLine: number;
    /**
     * The object, in words: `table public.users`.
     */
    object: string;
    /**
     * The source that defines it.
     */
    file?: string;
    /**
     * Where in it.
     */
    range?: Range;
}

export interface Range {
    /**
     * The first position.
     */
    start: Position;
    /**
     * One past the last position.
     */
    end: Position;
}

export interface Reference {
    /**
     * The name of the source.
     */
    file: string;
    /**
     * The name.
     */
    range: Range;
    /**
     * Whether the thing is defined here.
     */
    definition: boolean;
}

export interface RelationDraft {
    /**
     * The table that refers.
     */
    table: string;
    /**
     * The table referred to.
     */
    target: string;
    /**
     * The column that refers; named after the target unless said. One that exists gets the reference.
     */
    column?: string;
    /**
     * The column referred to; the target's `id` or primary key unless said.
     */
    targetColumn?: string;
    /**
     * Whether each row must refer to one.
     */
    notNull?: boolean;
    /**
     * Whether no two rows may refer to the same one.
     */
    unique?: boolean;
    /**
     * `cascade`, `set_null`, …
     */
    onDelete?: string;
    /**
     * Whether it gets no index.
     */
    withoutIndex?: boolean;
}

export interface Renamable {
    /**
     * The name.
     */
    range?: Range;
    /**
     * Why it cannot be changed, for people.
     */
    refused?: string;
}

export interface Renaming {
    /**
     * What to change; empty where it is refused.
     */
    edits: Edit[];
    /**
     * Why it is refused, for people.
     */
    refused?: string;
}

export interface RenderOptions {
    /**
     * Whether to colour by ANSI escapes. Default: no.
     */
    color?: boolean;
    /**
     * How many columns there are. Default 100.
     */
    width?: number;
}

export interface Revision {
    /**
     * Whether it was added.
     */
    ok: boolean;
    /**
     * The name of the file that the diagnostics speak of in a new form, and that changed if `ok`.
     */
    file?: string;
    /**
     * Its new text.
     */
    text?: string;
    /**
     * Why it was refused, or what the compiler newly says of the sources with the addition.
     */
    diagnostics: Diagnostic[];
}

export type Severity = "error" | "warning" | "note";

export interface SourceFile {
    /**
     * What diagnostics call it: usually its path.
     */
    name: string;
    /**
     * Its content. Bytes that are not UTF-8 are reported as `invalid-utf8`.
     */
    text: string | Uint8Array;
}

export interface Statement {
    /**
     * Its text, without a semicolon.
     */
    sql: string;
    /**
     * The object that it makes or changes, in words: `table public.users`.
     */
    object: string;
    /**
     * The source that defines the object.
     */
    file?: string;
    /**
     * Where in it.
     */
    range?: Range;
    /**
     * The parts that come from the sources as they stand there.
     */
    fragments: Fragment[];
}

export interface StatementsResult {
    /**
     * Whether there are no errors.
     */
    ok: boolean;
    /**
     * The whole schema, in an order that applies in one transaction.
     */
    statements: Statement[];
    /**
     * What there is to say.
     */
    diagnostics: Diagnostic[];
}

export interface TableDraft {
    /**
     * Its name.
     */
    name: string;
    /**
     * Its columns.
     */
    columns: ColumnDraft[];
    /**
     * The mixins that it uses.
     */
    uses?: string[];
    /**
     * Its comment.
     */
    comment?: string;
}

export interface TableOutline {
    /**
     * Its name, qualified where it is not in `public`.
     */
    name: string;
    /**
     * Whether the sources declare it; else it is Supabase's.
     */
    owned: boolean;
    /**
     * The names of its columns.
     */
    columns: string[];
}

export interface TargetInfo {
    /**
     * What requests call it.
     */
    name: string;
    /**
     * Its name as people write it.
     */
    title: string;
    /**
     * What it writes, as Markdown.
     */
    docs: string;
    /**
     * Where it writes unless told otherwise.
     */
    defaultOut: string;
    /**
     * What it may be told.
     */
    options: OptionInfo[];
}

export interface TargetRequest {
    /**
     * Its name: `sql`, `zod`, …
     */
    target: string;
    /**
     * A file or folder, `/`-separated, relative to the project. Default: the target's own.
     */
    out?: string;
    /**
     * The target's options.
     */
    options?: Record<string, unknown>;
}
