import { randomInt } from 'node:crypto';

/** Label with the run's id on every object of a run; clean-up goes by it. */
export const RUN_LABEL = 'manila-rwx/run';
/** Annotation: when the run is over for certain, so that anybody may remove what is left of it. ISO 8601. */
export const EXPIRES_ANNOTATION = 'manila-rwx/expires';

/** Names, labels and annotations of one run's objects; all follow from its id. */
export interface RunNames {
  run: string;
  namespace: string;
  /** Is the namespace the run's own, to be deleted with it? */
  ownNamespace: boolean;
  claim: string;
  /** Name of the i-th pod, from 0. */
  pod: (index: number) => string;
  /** What selects the run's objects. */
  selector: Record<string, string>;
  meta: { labels: Record<string, string>; annotations: Record<string, string> };
}

/** A run's objects: in a namespace of their own, or in one that exists. `expires` is in ms since the epoch. */
export function namesOf(run: string, namespace: string | undefined, expires: number): RunNames {
  const prefix = `manila-rwx-verify-${run}`;
  return {
    run,
    namespace: namespace ?? prefix,
    ownNamespace: namespace === undefined,
    claim: prefix,
    pod: (index) => `${prefix}-${index + 1}`,
    selector: { [RUN_LABEL]: run },
    meta: {
      labels: {
        'app.kubernetes.io/managed-by': 'manila-rwx',
        'app.kubernetes.io/component': 'verify',
        [RUN_LABEL]: run,
      },
      annotations: { [EXPIRES_ANNOTATION]: new Date(expires).toISOString() },
    },
  };
}

/** Without letters and digits that look alike, and no vowels that make words. */
const LETTERS = 'bcdfghjkmnpqrstvwxz23456789';

export function newRunId(): string {
  return Array.from({ length: 6 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
}

export function selectorText(selector: Record<string, string>): string {
  return Object.entries(selector)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}
