import type { KubeObject } from '../../kube/types.ts';
import type { Said } from './types.ts';

export interface Event extends KubeObject {
  type?: string;
  reason?: string;
  message?: string;
  involvedObject?: { kind?: string; name?: string; uid?: string };
  lastTimestamp?: string | null;
  eventTime?: string | null;
  series?: { lastObservedTime?: string };
}

/** Warnings, newest first. What passes by itself is put last: it may hide what does not. */
export function warningsOf(events: readonly Event[], of: string): Said[] {
  const said = events
    .filter(({ type }) => type === 'Warning')
    .map((event) => ({
      source: `event ${event.reason ?? ''}${of}`,
      text: (event.message ?? '').replaceAll(/\s+/g, ' ').trim(),
      at: timeOf(event),
    }))
    .sort((a, b) => b.at - a.at);
  const passing = ({ text }: Said): boolean =>
    /code = (Aborted|DeadlineExceeded)|is already being processed/.test(text);
  return [...said.filter((one) => !passing(one)), ...said.filter(passing)];
}

function timeOf({ series, lastTimestamp, eventTime, metadata }: Event): number {
  return Date.parse(series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? '') || 0;
}
