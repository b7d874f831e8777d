import type { KubeObject } from '../../src/kube/types.ts';
import { KubeServer } from './kube-server.ts';
import { type LocalPod, LocalPods } from './local-pods.ts';
import type { ManilaServer } from './manila-server.ts';

export interface SmallClusterOptions {
  /** Nodes, each with the folder that its pods see as the volume, and how its pods differ from good ones. */
  nodes: (Omit<LocalPod, 'name' | 'namespace'> & { taints?: object[]; mountError?: string })[];
  manila?: ManilaServer;
  classes?: KubeObject[];
  /** Keeps a volume from being deleted with its claim. */
  stuckVolume?: boolean;
  /** Warning of the provisioner instead of a volume. */
  provisioningError?: string;
}

export const DRIVER = 'nfs.manila.csi.openstack.org';

export function storageClass(name: string, more: object = {}): KubeObject {
  return { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name }, provisioner: DRIVER, ...more };
}

/**
 * An API server with just enough behind it that a claim is bound, pods get nodes and run (as processes of this
 * machine), and deleted things go: claim, then volume, then share.
 */
export class SmallCluster implements AsyncDisposable {
  readonly server: KubeServer;
  readonly #options: SmallClusterOptions;
  readonly #pods: LocalPods;

  private constructor(server: KubeServer, options: SmallClusterOptions) {
    this.server = server;
    this.#options = options;
    this.#pods = new LocalPods(options.nodes.map((node) => ({ ...node, name: node.node, namespace: '' })));
    server.faults.push(({ path }) => (path === '/apis' ? { status: 200, body: { groups: [] } } : undefined));
    for (const { node, taints } of options.nodes) {
      const status = { conditions: [{ type: 'Ready', status: 'True' }] };
      server.put({ apiVersion: 'v1', kind: 'Node', metadata: { name: node }, spec: { taints }, status });
    }
    for (const one of options.classes ?? [storageClass('gold')]) server.put(one);
    server.store.follow(server.store.version, ({ type, object }) => {
      // As a controller: after the answer to whoever made the change.
      setImmediate(() => this.#react(type, object));
    });
    server.exec = (call) => {
      const pod = server.find({ apiVersion: 'v1', kind: 'Pod', name: call.pod, namespace: call.namespace });
      const { nodeName = '' } = (pod?.spec ?? {}) as { nodeName?: string };
      void this.#pods.execSession({ name: nodeName }, { command: call.command, timeoutMs: 0 }).then(async (session) => {
        call.onStdin((text) => session.write(text));
        call.socket.on('close', () => session.abandon());
        for (let line = await session.nextLine(); line !== undefined; line = await session.nextLine()) {
          if (call.socket.readyState === call.socket.OPEN) call.stdout(`${line}\n`);
        }
        const { exitCode, stderr } = await session.ended;
        if (call.socket.readyState !== call.socket.OPEN) return;
        call.stderr(stderr);
        call.exit(exitCode);
      });
    };
  }

  static async start(options: SmallClusterOptions): Promise<SmallCluster> {
    return new SmallCluster(await KubeServer.start(), options);
  }

  /** What runs have made and is there, as `Kind name`. */
  left(): string[] {
    return Object.values(KEYS)
      .flatMap((key) => this.server.store.all(key))
      .map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#pods[Symbol.dispose]();
    await this.server[Symbol.asyncDispose]();
  }

  #react(type: string, object: KubeObject): void {
    const { kind } = object;
    if (type === 'ADDED' && kind === 'PersistentVolumeClaim') this.#provision(object);
    if (type === 'ADDED' && kind === 'Pod') this.#startPod(object);
    if (type === 'DELETED' && kind === 'PersistentVolumeClaim') this.#reclaim(object);
    if (type === 'DELETED' && kind === 'Namespace') this.#empty(object.metadata.name);
  }

  #provision(claim: KubeObject): void {
    const { server } = this;
    const { name, namespace = '', uid = '' } = claim.metadata;
    if (this.#options.provisioningError !== undefined) {
      this.#warn(claim, 'ProvisioningFailed', this.#options.provisioningError);
      return;
    }
    const spec = claim.spec as { storageClassName: string; resources: { requests: { storage: string } } };
    const found = server.find({ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', name: spec.storageClassName });
    const share = `share-of-${uid}`;
    this.#options.manila?.shares.push(shareAs(share, `pvc-${uid}`));
    server.put({
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: `pvc-${uid}` },
      spec: {
        accessModes: ['ReadWriteMany'],
        capacity: spec.resources.requests,
        csi: { driver: DRIVER, volumeHandle: share },
        persistentVolumeReclaimPolicy: (found as { reclaimPolicy?: string } | undefined)?.reclaimPolicy ?? 'Delete',
        claimRef: { name, namespace },
      },
      status: { phase: 'Bound' },
    });
    server.put({ ...claim, spec: { ...spec, volumeName: `pvc-${uid}` }, status: { phase: 'Bound' } });
  }

  #startPod(pod: KubeObject): void {
    const taken = this.server.store.all(KEYS.Pod).map(({ spec }) => (spec as { nodeName?: string }).nodeName);
    const free = this.#options.nodes.find(({ node, taints }) => !taints && !taken.includes(node));
    if (!free) return;
    const spec = { ...(pod.spec as object), nodeName: free.node };
    const bad = free.mountError !== undefined;
    const at = new Date().toISOString();
    const conditions = ['PodScheduled', 'Ready'].map((type) => ({
      type,
      status: bad && type === 'Ready' ? 'False' : 'True',
      lastTransitionTime: at,
    }));
    const scheduled = this.server.put({ ...pod, spec, status: { phase: bad ? 'Pending' : 'Running', conditions } });
    if (bad) this.#warn(scheduled, 'FailedMount', free.mountError ?? '');
  }

  /** The same warning as often as the kubelet and the provisioner have said it after half a minute. */
  #warn({ kind, metadata }: KubeObject, reason: string, message: string): void {
    const { name, namespace = '' } = metadata;
    this.server.put({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `${name}.${reason}`, namespace },
      involvedObject: { kind, name },
      type: 'Warning',
      reason,
      message,
      count: 7,
      firstTimestamp: new Date(Date.now() - 30_000).toISOString(),
      lastTimestamp: new Date().toISOString(),
    });
  }

  #reclaim(claim: KubeObject): void {
    const name = (claim.spec as { volumeName?: string }).volumeName;
    const volume =
      name === undefined ? undefined : this.server.find({ apiVersion: 'v1', kind: 'PersistentVolume', name });
    if (!volume || this.#options.stuckVolume) return;
    const spec = volume.spec as { persistentVolumeReclaimPolicy: string; csi: { volumeHandle: string } };
    if (spec.persistentVolumeReclaimPolicy !== 'Delete') return;
    this.server.store.delete(KEYS.PersistentVolume, volume.metadata.name);
    const { manila } = this.#options;
    if (manila) manila.shares = manila.shares.filter(({ id }) => id !== spec.csi.volumeHandle);
  }

  #empty(namespace: string): void {
    for (const key of [KEYS.Pod, KEYS.PersistentVolumeClaim]) {
      for (const { metadata } of this.server.store.all(key, namespace)) {
        this.server.store.delete(key, metadata.name, { namespace });
      }
    }
  }
}

/** The store's key of a kind. */
const KEYS = {
  Namespace: 'v1 namespaces',
  Pod: 'v1 pods',
  PersistentVolumeClaim: 'v1 persistentvolumeclaims',
  PersistentVolume: 'v1 persistentvolumes',
} as const;

function shareAs(id: string, name: string): Record<string, unknown> {
  return {
    id,
    name,
    description: null,
    status: 'available',
    size: 1,
    share_proto: 'NFS',
    share_type: 'type-1',
    share_type_name: 'gold',
    project_id: 'project-1',
    metadata: {},
  };
}
