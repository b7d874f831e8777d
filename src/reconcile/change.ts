import type { LeftOut } from './findings.ts';

/** One field that differs. `path` is dotted, as `kubectl explain` writes it: `extraSpecs.snapshot_support`. */
export interface FieldChange {
  path: string;
  /** Absent where the field is new. */
  before?: unknown;
  /** Absent where the field goes away. */
  after?: unknown;
}

export type Action = 'create' | 'update' | 'replace' | 'delete' | 'none';

/** What becomes of one object, as it is shown, diffed and printed as JSON. */
export interface Change {
  /** The object's kind in its own system: `ShareType`, `Quota`, `StorageClass`, `DaemonSet`. */
  kind: string;
  /** With its namespace in front where it has one: `manila-csi/manila-csi-nodeplugin`. */
  name: string;
  action: Action;
  fields: FieldChange[];
  /** Something is lost that running it again does not bring back. Asks first. */
  destructive: boolean;
  /** Why, where the fields do not say it. */
  reason?: string;
  /** What is worth knowing besides, a sentence each: which back ends can serve a share type. */
  notes?: string[];
  /** The key of the file that asks for it; only in results about a whole file. */
  section?: string;
}

/** A change and what is needed to make it; `op` never leaves the resource that planned it. */
export interface Planned<Op> {
  change: Change;
  op: Op;
}

/** The result of `apply`-like commands: what was changed, or would be. */
export interface ChangeSet {
  /** `none` where the changes were made; otherwise they were only computed. */
  dryRun: 'none' | 'client' | 'server';
  changes: Change[];
  /** How many of `changes` have each action. */
  summary: Record<Action, number>;
  /** What the file wants and this cloud is too old for; the rest was done without it. */
  leftOut?: LeftOut[];
  /** Of a run that was stopped: changes that were under way, so that it is not known whether they were made. */
  underWay?: Change[];
}

/** How many changes have each action. */
export function summarize(changes: readonly Change[]): Record<Action, number> {
  const summary: Record<Action, number> = { create: 0, update: 0, replace: 0, delete: 0, none: 0 };
  for (const change of changes) summary[change.action]++;
  return summary;
}
