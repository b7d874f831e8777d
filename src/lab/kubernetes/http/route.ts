import type { IncomingMessage } from 'node:http';
import { flag } from './request.ts';

/** What a path names. */
export interface Route {
  group: string;
  version: string;
  namespace?: string;
  plural?: string;
  name?: string;
  subresource?: string;
  /** The path with its variable parts named, as OpenAPI has it. */
  template: string;
}

/** Reads `/api/v1/namespaces/a/pods/b/exec`; undefined where the path is none of a resource. */
export function parseRoute(path: string): Route | undefined {
  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);
  const isCore = parts[0] === 'api';
  if (!isCore && parts[0] !== 'apis') return undefined;
  const [group = '', version] = isCore ? ['', parts[1]] : [parts[1], parts[2]];
  if (version === undefined) return undefined;
  const rest = parts.slice(isCore ? 2 : 3);
  const root = isCore ? `/api/${version}` : `/apis/${group}/${version}`;
  const [first, namespace, plural, ...more] = rest;
  // `namespaces/a/status` is a part of the namespace itself, `namespaces/a/pods` is what is in it.
  const isInside = first === 'namespaces' && namespace !== undefined && plural !== undefined;
  if (isInside && !(isCore && ['status', 'finalize'].includes(plural) && more.length === 0)) {
    return named({ group, version, namespace, template: `${root}/namespaces/{namespace}` }, plural, more);
  }
  if (first === undefined) return { group, version, template: root };
  return named({ group, version, template: root }, first, rest.slice(1));
}

function named(route: Route, plural: string, [name, ...subresource]: string[]): Route {
  const out: Route = { ...route, plural, template: `${route.template}/${plural}` };
  if (name === undefined) return out;
  out.name = name;
  out.template += '/{name}';
  if (subresource.length > 0) {
    out.subresource = subresource.join('/');
    out.template += `/${subresource[0] ?? ''}`;
  }
  return out;
}

/** The verb that rights are asked for. */
export function verbOf(method: string, route: Route, isWatch: boolean): string {
  switch (method) {
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return route.name === undefined ? 'deletecollection' : 'delete';
    default:
      if (isWatch) return 'watch';
      return route.name === undefined ? 'list' : 'get';
  }
}

export function isApplyPatch({ headers }: IncomingMessage): boolean {
  return headers['content-type']?.includes('apply-patch') === true;
}

/**
 * What a request asks for, without a name in it: the template of its path and, behind a hash, what path and method do
 * not tell.
 */
export function templateOf(incoming: IncomingMessage, { pathname, searchParams }: URL, route?: Route): string {
  const notes: string[] = [];
  if (incoming.method === 'PATCH') {
    const [, kind = 'patch'] = /application\/([a-z-]+)-patch\b/.exec(incoming.headers['content-type'] ?? '') ?? [];
    notes.push(kind);
  }
  if (flag(searchParams, 'watch')) notes.push('watch');
  if (searchParams.has('dryRun')) notes.push('dry-run');
  const template = route?.template ?? pathname;
  return notes.length === 0 ? template : `${template}#${notes.join('+')}`;
}
