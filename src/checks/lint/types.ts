import type { KubeObject } from '../../kube/types.ts';
import type { ShareType } from '../../openstack/types.ts';

export const LINTED_KINDS = ['StorageClass', 'VolumeSnapshotClass', 'Secret'] as const;
export type LintedKind = (typeof LINTED_KINDS)[number];

/** `error`: it does not work. `warning`: it works, but not as it reads. */
export type Severity = 'error' | 'warning';

/** What a rule finds wrong. */
export interface Fault {
  severity: Severity;
  /** Where: `['parameters', 'nfs-shareClient']`. */
  path: readonly string[];
  /** Is it the key that is wrong, and not its value? */
  atKey?: boolean;
  /** One sentence, without the object's name. */
  message: string;
  /** One thing to do. */
  remedy: string;
}

/** What is known beside the object itself; what could not be looked at is undefined, and rules that need it rest. */
export interface LintWorld {
  /** Secrets that are there, as `namespace/name`: those of the file, or those of the cluster that were asked for. */
  secrets?: { known: ReadonlySet<string>; complete: boolean };
  cluster?: {
    /** Names of the CSI drivers that are registered. */
    drivers: ReadonlySet<string>;
    /** Where manila-rwx installed the driver: it may read Secrets there and nowhere else. */
    driverNamespace?: string;
  };
  cloud?: {
    types: readonly ShareType[];
    /** Names of the availability zones. */
    zones: readonly string[];
  };
}

/** One rule of the driver or of a sidecar, and how to see that it is kept. Pure. */
export interface LintRule {
  /** In kebab case; scripts may rely on it. */
  id: string;
  kinds: readonly LintedKind[];
  check(object: LintObject, world: LintWorld): Iterable<Fault>;
}

/** An object with the fields that the rules read. */
export interface LintObject extends KubeObject {
  provisioner?: string;
  driver?: string;
  parameters?: Record<string, unknown> | null;
  allowVolumeExpansion?: boolean;
  volumeBindingMode?: string;
  data?: Record<string, unknown> | null;
  stringData?: Record<string, unknown> | null;
}

export interface LintFinding {
  /** Id of the rule. */
  id: string;
  /** Does it not work (error), or not as it reads (warning)? */
  severity: Severity;
  /** Kind and name: `StorageClass gold`, `Secret manila-csi/cloud`. */
  object: string;
  /** Dotted path of the field. */
  path: string;
  /** `file:line:column`; absent for an object of the cluster. */
  place?: string;
  /** What is wrong. */
  message: string;
  /** What to do about it. */
  remedy: string;
}

export interface LintedObject {
  /** Kind and name: `StorageClass gold`. */
  object: string;
  /** `file:line:column`; absent for an object of the cluster. */
  place?: string;
  /** The worst that was found; `not-this-driver` where nothing was looked at. */
  verdict: 'ok' | 'warning' | 'error' | 'not-this-driver';
  /** Whose it is, where it is not this driver's. */
  note?: string;
}

/** Result of `storageclass lint`. */
export interface LintReport {
  /** Everything that was looked at, in its order. */
  objects: LintedObject[];
  /** What is wrong, object by object. */
  findings: LintFinding[];
  /** What could not be checked, and why, a sentence each. */
  notChecked: string[];
  /** How many findings there are. */
  summary: {
    /** It does not work. */
    errors: number;
    /** It does not work as it reads. */
    warnings: number;
  };
}
