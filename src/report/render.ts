import type { OutputFormat } from '../core/context.ts';
import { type CliError, usageError } from '../core/errors.ts';
import type { CommandResult, ResultKind } from '../core/result.ts';
import type { Style } from './style.ts';
import type { View } from './view.ts';
import { VIEWS } from './views.ts';

/** The JSON form of an error: the field `error` of the document that is printed on failure too. */
export interface ErrorDocument {
  code: string;
  message: string;
  exitCode: number;
  remedy?: string;
  requestId?: string;
  /** Where several things stand in the way: each of them. */
  errors?: ErrorDocument[];
}

export function errorDocument(error: CliError): ErrorDocument {
  return {
    code: error.code,
    message: error.message,
    exitCode: error.exitCode,
    ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
    ...(error.requestId === undefined ? {} : { requestId: error.requestId }),
    ...(error.errors.length === 0 ? {} : { errors: error.errors.map(errorDocument) }),
  };
}

/** The name and version of a result's shape, the first field of its JSON. */
export function schemaName(kind: ResultKind | 'error'): string {
  return `manila-rwx/${kind}/v1`;
}

/** The whole text of a result document, with its final newline; empty where the format has nothing to say. */
export async function render(result: CommandResult, format: OutputFormat, style: Style): Promise<string> {
  if (format === 'json' || format === 'yaml') {
    return renderDocument({ schema: schemaName(result.kind), ...result.data }, format);
  }
  const view = (await VIEWS[result.kind]()) as View<ResultKind>;
  if (format === 'table') return withNewline(view.table(result.data, style));
  if (!view.names) throw usageError(`-o name: there are no names in a ${result.kind} result`);
  return withNewline(view.names(result.data).join('\n'));
}

/** The document of a command that failed: what it had until then, if anything, and the error. */
export async function renderFailure(error: CliError, format: 'json' | 'yaml'): Promise<string> {
  const partial = error.result;
  const head = partial ? { schema: schemaName(partial.kind), ...partial.data } : { schema: schemaName('error') };
  return renderDocument({ ...head, error: errorDocument(error) }, format);
}

async function renderDocument(document: object, format: 'json' | 'yaml'): Promise<string> {
  if (format === 'json') return `${JSON.stringify(document, null, 2)}\n`;
  const { stringify } = await import('yaml');
  return stringify(document, { lineWidth: 0 });
}

function withNewline(text: string): string {
  return text === '' ? '' : `${text}\n`;
}
