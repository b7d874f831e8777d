import type { KubeObject } from '../kube/types.ts';
import type { Workload } from './workload.ts';

/** The fields of the API's objects that the drivers' code reads. */

export interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  reason?: string;
  message?: string;
}

export interface Node extends KubeObject {
  spec: { unschedulable?: boolean };
  status: {
    conditions?: Condition[];
    nodeInfo?: { kubeletVersion: string; operatingSystem?: string };
  };
}

export interface CsiNode extends KubeObject {
  spec: { drivers?: { name: string; nodeID: string }[] | null };
}

export interface DaemonSet extends Workload {
  status?: {
    observedGeneration?: number;
    desiredNumberScheduled?: number;
    updatedNumberScheduled?: number;
    numberReady?: number;
  };
}

export interface Deployment extends Workload {
  status?: {
    observedGeneration?: number;
    replicas?: number;
    updatedReplicas?: number;
    availableReplicas?: number;
    conditions?: Condition[];
  };
}

export interface ContainerStatus {
  name: string;
  ready: boolean;
  restartCount: number;
  state?: {
    waiting?: { reason?: string; message?: string };
    terminated?: { reason?: string; message?: string; exitCode: number };
    running?: object;
  };
  lastState?: { terminated?: { reason?: string; message?: string; exitCode: number } };
}

export interface Pod extends KubeObject {
  spec: { nodeName?: string };
  status?: {
    phase?: string;
    reason?: string;
    message?: string;
    conditions?: Condition[];
    initContainerStatuses?: ContainerStatus[];
    containerStatuses?: ContainerStatus[];
  };
}

export interface Event extends KubeObject {
  type?: 'Normal' | 'Warning';
  reason?: string;
  message?: string;
  involvedObject: { kind: string; name: string; namespace?: string; uid?: string };
  eventTime?: string | null;
  lastTimestamp?: string | null;
  count?: number;
  series?: { lastObservedTime?: string };
}
