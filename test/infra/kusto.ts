import { createRequire } from "node:module";

// The package is JavaScript made from C#: two scripts that put the global `Kusto` in place.
const require = createRequire(import.meta.url);
require("@kusto/language-service-next/bridge.min.js");
require("@kusto/language-service-next/Kusto.Language.Bridge.min.js");

/** What is used of it here; its own types need a global declaration of 1.7 MB. */
interface List<T> {
  readonly Count: number;
  getItem(index: number): T;
}
interface Named {
  readonly Name: string;
}
interface Code {
  GetDiagnostics(): List<{ readonly Code: string; readonly Message: string }>;
  readonly ResultType: { readonly Columns?: List<Named & { readonly Type: Named }> } | null;
  readonly Syntax: unknown;
}
interface Table {
  WithName(name: string): Table;
}
declare const Kusto: {
  readonly Language: {
    readonly KustoCode: { ParseAndAnalyze(text: string, globals: unknown): Code };
    readonly GlobalState: { readonly Default: { WithDatabase(database: unknown): unknown } };
    readonly Symbols: {
      readonly TableSymbol: { From(columns: string): Table };
      readonly DatabaseSymbol: { readonly ctor: new (name: string, tables: Table[]) => unknown };
    };
    readonly Syntax: {
      readonly SyntaxElement: { WalkNodes(root: unknown, visit: (node: SyntaxNode) => void): void };
      readonly SyntaxKind: { readonly PathExpression: number };
    };
  };
};
interface SyntaxNode {
  readonly Kind: number;
  toString(): string;
}

/**
 * Columns of Application Insights' tables in a workspace, and of the table of diagnostic logs, as Azure Monitor documents
 * them. What the latter has beyond that comes with the first line that needs it, and is asked for by `column_ifexists`.
 */
const common =
  "TenantId: string, TimeGenerated: datetime, OperationName: string, OperationId: string, ParentId: string, AppRoleName: string, AppRoleInstance: string, AppVersion: string, Properties: dynamic, Measurements: dynamic, ItemCount: int, SDKVersion: string, IKey: string, ResourceGUID: string, Type: string, _ResourceId: string";
const tables: Readonly<Record<string, string>> = {
  AppTraces: `${common}, Message: string, SeverityLevel: int`,
  AppRequests: `${common}, Id: string, Source: string, Name: string, Url: string, Success: bool, ResultCode: string, DurationMs: real, PerformanceBucket: string`,
  AzureDiagnostics:
    "TenantId: string, TimeGenerated: datetime, ResourceId: string, Category: string, ResourceGroup: string, SubscriptionId: string, ResourceProvider: string, Resource: string, ResourceType: string, OperationName: string, ResultType: string, CorrelationId: string, ResultDescription: string, ResultSignature: string, CallerIPAddress: string, DurationMs: long, Type: string, _ResourceId: string",
};

const { KustoCode, GlobalState, Symbols, Syntax } = Kusto.Language;
const workspace = GlobalState.Default.WithDatabase(
  new Symbols.DatabaseSymbol.ctor(
    "workspace",
    Object.entries(tables).map(([name, columns]) => Symbols.TableSymbol.From(`(${columns})`).WithName(name)),
  ),
);

export interface Query {
  /** What is wrong with it: syntax, unknown tables, columns and functions, and types that do not fit. */
  readonly problems: readonly string[];
  readonly columns: Readonly<Record<string, string>>;
  /** Paths into a log line, such as `summary.rotated`. */
  readonly paths: readonly string[];
}

export function analyze(text: string): Query {
  const code = KustoCode.ParseAndAnalyze(text, workspace);
  const paths = new Set<string>();
  Syntax.SyntaxElement.WalkNodes(code.Syntax, (node) => {
    if (node.Kind === Syntax.SyntaxKind.PathExpression) paths.add(node.toString().trim());
  });
  return {
    problems: items(code.GetDiagnostics()).map(({ Code, Message }) => `${Code}: ${Message}`),
    columns: Object.fromEntries(items(code.ResultType?.Columns).map(({ Name, Type }) => [Name, Type.Name])),
    paths: [...paths].map((path) => path.replace(/^line\./, "")),
  };
}

function items<T>(list: List<T> | undefined): T[] {
  return list === undefined ? [] : Array.from({ length: list.Count }, (_, index) => list.getItem(index));
}
