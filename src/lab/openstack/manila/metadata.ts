import type { LabResponse } from '../http-server.ts';
import { isRecord, pythonText } from '../python.ts';
import { ok, type ManilaCall, type ManilaRoute } from './call.ts';
import { badRequest, notFound, type ManilaFault } from './errors.ts';

/** Something with metadata: shares and snapshots. */
interface Owner {
  metadata: Record<string, string>;
}

export interface MetadataOptions {
  /** The microversion that brought these calls. */
  since: number;
  /** Does an answer show what was sent, instead of everything that is there now? */
  echo: boolean;
  find: (call: ManilaCall) => Owner;
  /** As `find`, for the calls that change something. */
  findToChange?: (call: ManilaCall) => Owner;
}

/** The calls on the metadata of one kind of object. */
export function metadataRoutes(base: string, options: MetadataOptions): ManilaRoute[] {
  const { since, find } = options;
  const change = options.findToChange ?? find;
  return [
    { method: 'GET', path: base, since, handler: (call) => ok({ metadata: find(call).metadata }) },
    { method: 'POST', path: base, since, needsBody: true, handler: (call) => merge(call, change, options.echo) },
    { method: 'PUT', path: base, since, needsBody: true, handler: (call) => replace(call, change) },
    { method: 'GET', path: `${base}/{key}`, since, handler: (call) => showItem(call, find(call)) },
    { method: 'DELETE', path: `${base}/{key}`, since, handler: (call) => removeItem(call, find(call)) },
  ];
}

/** @throws 400 for blank or too long keys and values; `malformed` for values that are no text. */
export function checkMetadata(metadata: Record<string, unknown>, malformed: ManilaFault): void {
  for (const [key, value] of Object.entries(metadata)) {
    if (key === '') throw badRequest('Metadata property key is blank.');
    if (key.length > 255) throw badRequest('Metadata property key is greater than 255 characters.');
    if (!value) throw badRequest('Metadata property value is blank.');
    if (typeof value !== 'string') throw malformed;
    if (value.length > 1023) throw badRequest('Metadata property value is greater than 1023 characters.');
  }
}

export function storedMetadata(metadata: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key, pythonText(value)]));
}

function given(call: ManilaCall): Record<string, string> {
  const metadata = isRecord(call.body) ? call.body['metadata'] : undefined;
  if (!isRecord(metadata)) throw badRequest('Malformed request body');
  checkMetadata(metadata, badRequest('Malformed request body'));
  return storedMetadata(metadata);
}

function merge(call: ManilaCall, find: (call: ManilaCall) => Owner, echo: boolean): LabResponse {
  const metadata = given(call);
  const owner = find(call);
  owner.metadata = { ...owner.metadata, ...metadata };
  return ok({ metadata: echo ? metadata : owner.metadata });
}

function replace(call: ManilaCall, find: (call: ManilaCall) => Owner): LabResponse {
  const metadata = given(call);
  find(call).metadata = metadata;
  return ok({ metadata });
}

function item(call: ManilaCall, owner: Owner): string {
  const value = owner.metadata[call.param('key')];
  if (value === undefined) throw notFound('MetadataItemNotFound: Metadata item is not found.');
  return value;
}

function showItem(call: ManilaCall, owner: Owner): LabResponse {
  return ok({ meta: { [call.param('key')]: item(call, owner) } });
}

function removeItem(call: ManilaCall, owner: Owner): LabResponse {
  item(call, owner);
  const gone = call.param('key');
  owner.metadata = Object.fromEntries(Object.entries(owner.metadata).filter(([key]) => key !== gone));
  return { status: 200, contentType: 'application/json' };
}
