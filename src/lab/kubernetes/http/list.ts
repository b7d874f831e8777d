import type { JsonObject } from '../json.ts';
import type { KubeObject } from '../objects.ts';
import type { Resource } from '../registry/resource.ts';
import { parseInteger } from '../registry/deletion.ts';
import { ApiError, badRequest, expired } from '../status.ts';
import type { Store } from '../store/store.ts';
import { checkResourceVersion } from './watch.ts';
import type { Selection } from './select.ts';

export interface Page {
  items: KubeObject[];
  /** metav1.ListMeta. */
  metadata: JsonObject;
}

interface Token {
  /** Version of the list that is being continued. */
  rv: number;
  /** The key after which it goes on. */
  start: string;
}

/**
 * One page of a list. Pages of one list show the same moment, however much changes meanwhile.
 * @throws ApiError 400 for wrong parameters, 410 where that moment is forgotten, 504 for a version that is yet to come.
 */
export function listPage(
  store: Store,
  resource: Resource,
  namespace: string | undefined,
  selection: Selection,
  query: URLSearchParams,
): Page {
  const limit = query.has('limit') ? parseInteger(query.get('limit') ?? '') : 0;
  const token = readToken(query.get('continue') ?? '');
  const wanted = query.get('resourceVersion') ?? '';
  checkResourceVersion(wanted);
  if (Number(wanted) > store.revision) throw tooLarge(wanted, store.revision);
  const revision = token?.rv ?? (query.get('resourceVersionMatch') === 'Exact' ? Number(wanted) : store.revision);
  const entries = store.listAt(resource.bucket, namespace, revision);
  if (!entries) throw token ? continueTooOld() : expired('The resourceVersion for the provided list is too old.');
  const after = token?.start;
  const rest = entries.filter(([key, object]) => (after === undefined || key > after) && selection(object));
  const page = limit > 0 ? rest.slice(0, limit) : rest;
  const metadata: JsonObject = { resourceVersion: String(revision) };
  const last = page.at(-1);
  if (page.length < rest.length && last) {
    metadata.continue = writeToken({ rv: revision, start: last[0] });
    // With a selector the server does not know how many are left.
    if (!query.get('labelSelector') && !query.get('fieldSelector'))
      metadata.remainingItemCount = rest.length - page.length;
  }
  return { items: page.map(([, object]) => object), metadata };
}

function readToken(text: string): Token | undefined {
  if (text === '') return undefined;
  try {
    const { v, rv, start } = JSON.parse(Buffer.from(text, 'base64url').toString()) as Token & { v?: string };
    if (v === 'meta.k8s.io/v1' && Number.isInteger(rv))
      return { rv, start: start.replace(/^\//, '').replace(/\0$/, '') };
  } catch {
    // Not one of ours, told below.
  }
  throw badRequest(
    "invalid continue token: continue key is not valid: invalid character 'i' looking for beginning of value",
  );
}

function writeToken({ rv, start }: Token): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv, start: `/${start}\0` })).toString('base64url');
}

function continueTooOld(): ApiError {
  return expired(
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
  );
}

function tooLarge(wanted: string, current: number): ApiError {
  return new ApiError(504, 'Timeout', `Timeout: Too large resource version: ${wanted}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}
