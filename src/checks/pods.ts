import type { KubeObject } from '../kube/types.ts';
import type { RunNames } from './names.ts';

/** Small, for all architectures, and with the applets that the checks use. */
export const DEFAULT_IMAGE = 'docker.io/library/busybox:1.37.0';

/** Where the volume is in the pods; what runs the scripts elsewhere sets the variables below to its own places. */
export const MOUNT_PATH = '/share';

export interface PodOptions {
  image: string;
  /** User and group of the pod's processes; undefined leaves the choice to the cluster (OpenShift insists on it). */
  runAs: number | undefined;
  /** Seconds after which the pod ends by itself, should nobody be left to delete it. */
  lifeSeconds: number;
  /** Pod i goes to this node. */
  pinnedTo?: string | undefined;
}

/**
 * A pod that mounts the claim and waits. No two of a run share a node: the anti-affinity is required, not preferred.
 * It asks for nothing that the `restricted` Pod Security Standard forbids, and ends at once when it is told to.
 */
export function podManifest(names: RunNames, index: number, options: PodOptions): KubeObject {
  const { runAs, image } = options;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...names.meta, name: names.pod(index), namespace: names.namespace },
    spec: {
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 1,
      activeDeadlineSeconds: options.lifeSeconds,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      affinity: {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { labelSelector: { matchLabels: names.selector }, topologyKey: 'kubernetes.io/hostname' },
          ],
        },
        ...(options.pinnedTo === undefined ? {} : { nodeAffinity: onNode(options.pinnedTo) }),
      },
      securityContext: {
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
        ...(runAs === undefined ? {} : { runAsUser: runAs, runAsGroup: runAs, fsGroup: runAs }),
      },
      containers: [
        {
          name: 'check',
          image,
          // The shell waits for its child, so that the trap runs at once and the pod is gone without a grace period.
          command: ['sh', '-c', 'trap "exit 0" TERM; while :; do sleep 3600 & wait $!; done'],
          env: [
            { name: 'MANILA_RWX_MOUNT', value: MOUNT_PATH },
            { name: 'MANILA_RWX_MOUNTS', value: '/proc/mounts' },
            { name: 'MANILA_RWX_MOUNTINFO', value: '/proc/self/mountinfo' },
            { name: 'MANILA_RWX_CLOCK', value: '' },
          ],
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
          resources: { requests: { cpu: '50m', memory: '32Mi' }, limits: { cpu: '1', memory: '128Mi' } },
          volumeMounts: [{ name: 'share', mountPath: MOUNT_PATH }],
        },
      ],
      volumes: [{ name: 'share', persistentVolumeClaim: { claimName: names.claim } }],
    },
  };
}

/** By the node's name, not by its hostname label, which may differ. */
function onNode(name: string): object {
  return {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [name] }] }],
    },
  };
}

export function claimManifest(names: RunNames, options: { storageClass: string; size: string }): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { ...names.meta, name: names.claim, namespace: names.namespace },
    spec: {
      accessModes: ['ReadWriteMany'],
      volumeMode: 'Filesystem',
      storageClassName: options.storageClass,
      resources: { requests: { storage: options.size } },
    },
  };
}

export function namespaceManifest(names: RunNames): KubeObject {
  const labels = { ...names.meta.labels, 'pod-security.kubernetes.io/enforce': 'restricted' };
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { ...names.meta, labels, name: names.namespace } };
}
