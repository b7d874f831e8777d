import type { JsonObject } from '../json.ts';
import { type KubeObject, asJson, asObject } from '../objects.ts';

/** Names of an Event's fields in core/v1, where it is kept, and in events.k8s.io/v1. */
const NAMES: readonly (readonly [core: string, events: string])[] = [
  ['message', 'note'],
  ['involvedObject', 'regarding'],
  ['reportingComponent', 'reportingController'],
  ['source', 'deprecatedSource'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
  ['count', 'deprecatedCount'],
];

function renamed(object: JsonObject, from: 0 | 1, to: 0 | 1, apiVersion: string): JsonObject {
  const names = new Map(NAMES.map((pair) => [pair[from], pair[to]]));
  const entries = Object.entries(object).map(([key, value]) => [names.get(key) ?? key, value] as const);
  return { ...Object.fromEntries(entries), apiVersion };
}

/** A kept event as events.k8s.io/v1 has it. */
export function toEventsGroup(object: KubeObject): KubeObject {
  return asObject(renamed(asJson(object), 0, 1, 'events.k8s.io/v1'));
}

/** A document of events.k8s.io/v1 as it is kept. */
export function fromEventsGroup(input: JsonObject): JsonObject {
  return renamed(input, 1, 0, 'v1');
}
