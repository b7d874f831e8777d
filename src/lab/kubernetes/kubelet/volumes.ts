import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cluster } from '../cluster.ts';
import type { Claim, Container, PersistentVolume, Pod, SecretReference, Volume } from '../kinds.ts';
import type { ShareMount } from './environment.ts';
import { type Mounted, mountinfoLine, mountsLine } from './mounts.ts';
import type { NodeDrivers } from './programs.ts';

/** A volume that could not be made ready, in the kubelet's words. */
export class MountError extends Error {
  /** `FailedMount`, or `FailedAttachVolume` and the like. */
  readonly reason: string;

  constructor(message: string, reason = 'FailedMount') {
    super(message);
    this.reason = reason;
  }
}

interface Published {
  volume: Volume;
  driver: string;
  handle: string;
  targetPath: string;
  path: string;
  mounted: Mounted;
}

/** The volumes of one pod: shares under links in the pod's folder, and tables that say what is mounted. */
export class PodVolumes {
  readonly #cluster: Cluster;
  readonly #drivers: NodeDrivers;
  readonly #pod: Pod;
  readonly #node: string;
  readonly #folder: string;
  readonly #published = new Map<string, Published>();

  constructor(options: { cluster: Cluster; drivers: NodeDrivers; pod: Pod; node: string; folder: string }) {
    this.#cluster = options.cluster;
    this.#drivers = options.drivers;
    this.#pod = options.pod;
    this.#node = options.node;
    this.#folder = options.folder;
  }

  get mountsFile(): string {
    return join(this.#folder, 'mounts');
  }

  get mountinfoFile(): string {
    return join(this.#folder, 'mountinfo');
  }

  /** Folder that the pod's processes start in. */
  get root(): string {
    return join(this.#folder, 'root');
  }

  /**
   * Makes all volumes ready that are not yet.
   * @throws MountError for the first that cannot be.
   */
  async mount(signal: AbortSignal): Promise<void> {
    await mkdir(this.root, { recursive: true, mode: 0o755 });
    for (const volume of this.#pod.spec.volumes ?? []) {
      if (volume.persistentVolumeClaim) await this.#mountClaim(volume, signal);
      else this.#checkReference(volume);
    }
    const all = [...this.#published.values()];
    await writeFile(this.mountsFile, all.map(({ mounted, path }) => mountsLine(mounted, path)).join(''));
    await writeFile(
      this.mountinfoFile,
      all.map(({ mounted, path }, index) => mountinfoLine(mounted, path, index)).join(''),
    );
  }

  /** The shares that a container sees. */
  sharesOf(container: Container): ShareMount[] {
    return (container.volumeMounts ?? []).flatMap(({ name, mountPath }) => {
      const found = this.#published.get(name);
      return found ? [{ mountPath, path: found.path, mounted: found.mounted }] : [];
    });
  }

  async unmount(): Promise<void> {
    for (const { driver, handle, targetPath } of this.#published.values()) {
      await this.#drivers.unpublish(this.#node, driver, handle, targetPath).catch(() => undefined);
    }
    this.#published.clear();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #mountClaim(volume: Volume, signal: AbortSignal): Promise<void> {
    if (this.#published.has(volume.name)) return;
    const { namespace = '', uid = '' } = this.#pod.metadata;
    const claimName = volume.persistentVolumeClaim?.claimName ?? '';
    const claim = this.#cluster.get('PersistentVolumeClaim', namespace, claimName);
    const source = claim && this.#volumeOf(claim);
    if (!source?.spec.csi) {
      throw new MountError(
        `Unable to attach or mount volumes: unmounted volumes=[${volume.name}], unattached volumes=[], failed to process volumes=[${volume.name}]: error processing PVC ${namespace}/${claimName}: PVC is not bound`,
      );
    }
    const { csi, mountOptions = [] } = source.spec;
    const pv = source.metadata.name;
    const targetPath = `/var/lib/kubelet/pods/${uid}/volumes/kubernetes.io~csi/${pv}/mount`;
    const readOnly = csi.readOnly === true || volume.persistentVolumeClaim?.readOnly === true;
    try {
      const mounted = await this.#drivers.publish(this.#node, csi.driver, {
        volumeName: pv,
        volumeHandle: csi.volumeHandle,
        targetPath,
        readOnly,
        mountOptions,
        volumeContext: csi.volumeAttributes ?? {},
        secrets: this.#secret(csi.nodePublishSecretRef),
        signal,
      });
      const path = join(this.#folder, 'volumes', volume.name);
      await mkdir(join(this.#folder, 'volumes'), { recursive: true, mode: 0o755 });
      await rm(path, { force: true });
      await symlink(mounted.folder, path);
      this.#published.set(volume.name, {
        volume,
        driver: csi.driver,
        handle: csi.volumeHandle,
        targetPath,
        path,
        mounted,
      });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new MountError(`MountVolume.SetUp failed for volume ${JSON.stringify(pv)} : ${why}`);
    }
  }

  #volumeOf({ spec, status }: Claim): PersistentVolume | undefined {
    return status.phase === 'Bound'
      ? this.#cluster.get('PersistentVolume', undefined, spec.volumeName ?? '')
      : undefined;
  }

  #secret(reference: SecretReference | undefined): Record<string, string> {
    if (!reference) return {};
    const { name, namespace } = reference;
    const found = this.#cluster.get('Secret', namespace, name);
    if (!found) {
      const why = `secrets ${JSON.stringify(name)} not found`;
      throw new Error(
        `fetching NodePublishSecretRef ${namespace}/${name} failed: kubernetes.io/csi: failed to find the secret ${name} in the namespace ${namespace} with error: ${why}`,
      );
    }
    const entries = Object.entries(found.data ?? {}).map(([key, text]) => [
      key,
      Buffer.from(text, 'base64').toString(),
    ]);
    return Object.fromEntries(entries) as Record<string, string>;
  }

  #checkReference({ name, secret, configMap }: Volume): void {
    const { namespace } = this.#pod.metadata;
    const missing = (
      kind: 'Secret' | 'ConfigMap',
      wanted: string | undefined,
      optional: boolean | undefined,
    ): boolean => wanted !== undefined && optional !== true && this.#cluster.get(kind, namespace, wanted) === undefined;
    if (missing('Secret', secret?.secretName, secret?.optional)) {
      throw new MountError(
        `MountVolume.SetUp failed for volume ${JSON.stringify(name)} : secret ${JSON.stringify(secret?.secretName)} not found`,
      );
    }
    if (missing('ConfigMap', configMap?.name, configMap?.optional)) {
      throw new MountError(
        `MountVolume.SetUp failed for volume ${JSON.stringify(name)} : configmap ${JSON.stringify(configMap?.name)} not found`,
      );
    }
  }
}

/**
 * What a path in a container stands for, as text that is the same for all containers that see the same file: a path
 * of the node for a hostPath, a path below the pod's volume otherwise.
 */
export function placeOf(pod: Pod, container: Container, node: string, path: string): string | undefined {
  const mounts = [...(container.volumeMounts ?? [])].sort((a, b) => b.mountPath.length - a.mountPath.length);
  const clean = (text: string): string => (text.endsWith('/') ? text.slice(0, -1) : text);
  const mount = mounts.find(({ mountPath }) => path === mountPath || path.startsWith(`${clean(mountPath)}/`));
  if (!mount) return undefined;
  const rest = path.slice(clean(mount.mountPath).length);
  const below = mount.subPath === undefined ? rest : `/${mount.subPath}${rest}`;
  const volume = pod.spec.volumes?.find(({ name }) => name === mount.name);
  if (volume?.hostPath) return `node ${node}:${clean(volume.hostPath.path)}${below}`;
  return volume ? `pod ${pod.metadata.uid ?? ''} volume ${volume.name}:${below}` : undefined;
}
