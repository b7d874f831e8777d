import type { DriverState } from '../../drivers/state.ts';
import type { KubeObject } from '../../kube/types.ts';
import type { ExportLocation } from '../../openstack/manila/shares.ts';
import type { AccessRule, Share, UserMessage } from '../../openstack/types.ts';

export interface Claim extends KubeObject {
  spec: {
    accessModes?: string[];
    storageClassName?: string;
    volumeName?: string;
    resources?: { requests?: { storage?: string } };
  };
  status?: { phase?: string };
}

export interface StorageClass extends KubeObject {
  provisioner: string;
  parameters?: Record<string, string>;
  volumeBindingMode?: string;
}

export interface Volume extends KubeObject {
  spec: {
    csi?: { driver: string; volumeHandle: string; volumeAttributes?: Record<string, string> };
    claimRef?: { namespace: string; name: string };
  };
}

/** A pod that mounts the claim. */
export interface ClaimPod {
  name: string;
  /** Absent until it is scheduled. */
  node?: string;
  phase: string;
  ready: boolean;
  /** What its containers or its scheduling say; absent where they say nothing. */
  reason?: string;
}

export interface Said {
  /** `event ProvisioningFailed`, `event FailedMount of pod p1`, `log of manila in pod …`. */
  source: string;
  text: string;
  /** Milliseconds since the epoch. */
  at: number;
}

/** Manila's side of the volume. */
export interface ShareFacts {
  share: Share;
  /** Newest first. */
  messages: UserMessage[];
  rules: AccessRule[];
  locations: ExportLocation[];
}

/** Everything that was found about a claim; causes read it and nothing else. */
export interface Facts {
  namespace: string;
  name: string;
  claim: Claim;
  /** Undefined where there is none of the name, or the claim names none. */
  storageClass: StorageClass | undefined;
  classes: readonly StorageClass[];
  /** Names of the registered CSI drivers. */
  csiDrivers: ReadonlySet<string>;
  /** Driver of the volume, or of the class. */
  driverName: string | undefined;
  /** How the driver of manila-rwx stands; undefined where it is not installed. */
  driver: DriverState | undefined;
  driverNamespace: string;
  volume: Volume | undefined;
  pods: readonly ClaimPod[];
  /** The first pod that does not run; undefined where all run or there is none. */
  stuckPod: ClaimPod | undefined;
  /** Do the nodes' CSINodes name the driver? By node. */
  registered: ReadonlyMap<string, boolean>;
  /** Addresses of the stuck pod's node. */
  nodeAddresses: readonly string[];
  /** What went wrong about the claim, newest first: warnings, then log lines. */
  claimSaid: readonly Said[];
  /** What went wrong about the stuck pod's volume, newest first. */
  podSaid: readonly Said[];
  /** Has the provisioner said anything of the claim? */
  provisionerSpoke: boolean;
  /** Seconds since the claim was made. */
  ageSeconds: number;
  /** Undefined where there is no share, or it could not be looked up. */
  manila: ShareFacts | undefined;
  /** Was Manila asked for the share, and had none? */
  shareMissing: boolean;
}

export type Stage = 'claim' | 'provisioning' | 'mounting' | 'pod';

/** What a cause says when it is the one. */
export interface Verdict {
  /** One sentence: what is wrong. */
  summary: string;
  /** One thing to do. */
  remedy: string;
  /** Beside what everybody sees: what this cause was recognised by. */
  evidence?: readonly Said[];
}

/** One thing that can keep a claim from being used. Pure. */
export interface Cause {
  /** In kebab case, for scripts. */
  id: string;
  stage: Stage;
  find(facts: Facts): Verdict | undefined;
}

/** Result of `pvc diagnose`. */
export interface ClaimDiagnosis {
  /** Name of the claim. */
  name: string;
  /** Its namespace. */
  namespace: string;
  /** Pending, Bound or Lost. */
  phase: string;
  /** Name of its StorageClass; absent where it has none. */
  storageClass?: string;
  /** Name of its PersistentVolume; absent where it has none. */
  volume?: string;
  /** Id of its share; absent where there is none, or it is not known. */
  shareId?: string;
  /** `healthy`; `waiting` for something that is nobody's fault; `broken`. */
  verdict: 'healthy' | 'waiting' | 'broken';
  /** The one cause; absent where it is healthy. */
  cause?: {
    /** In kebab case, for scripts. */
    id: string;
    /** Where it is stuck. */
    stage: Stage;
    /** What is wrong. */
    summary: string;
    /** What to do about it. */
    remedy: string;
  };
  /** What the cause was recognised by, newest first. */
  evidence: {
    /** Who said it. */
    source: string;
    /** In its own words. */
    text: string;
  }[];
  /** Pods that use the claim. */
  pods: {
    /** Name of the pod. */
    name: string;
    /** Its node; absent until it is scheduled. */
    node?: string;
    /** Pending, Running and so on. */
    phase: string;
  }[];
  /** What could not be looked at, a sentence each. */
  notLookedAt: string[];
}
