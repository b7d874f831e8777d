import { CONTAINERS, imageReference, type ImageSource } from './images.ts';
import type { KubeObject } from '../kube/types.ts';

/** The parts of a pod that this program reads or sets. */
export interface PodSpec {
  containers: Container[];
  initContainers?: Container[];
  tolerations?: Toleration[];
  volumes?: Volume[];
  [field: string]: unknown;
}

export interface Container {
  name: string;
  image: string;
  args?: string[];
  volumeMounts?: { name: string; mountPath: string; [field: string]: unknown }[];
  [field: string]: unknown;
}

export interface Volume {
  name: string;
  hostPath?: { path: string; type?: string };
  [field: string]: unknown;
}

export interface Toleration {
  key?: string;
  operator?: 'Exists' | 'Equal';
  value?: string;
  effect?: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
  tolerationSeconds?: number;
}

/** A Deployment or a DaemonSet. */
export interface Workload extends KubeObject {
  spec: { replicas?: number; template: { spec: PodSpec; [field: string]: unknown }; [field: string]: unknown };
}

export function isWorkload(object: KubeObject): object is Workload {
  return object.apiVersion === 'apps/v1' && (object.kind === 'Deployment' || object.kind === 'DaemonSet');
}

/** All containers of a pod, in the order in which kubelet starts them. */
export function containersOf(pod: PodSpec): Container[] {
  return [...(pod.initContainers ?? []), ...pod.containers];
}

/** Versions of what runs in workloads, by the name of the program: the tag of its image. */
export function versionsOf(workloads: readonly Workload[]): Record<string, string> {
  const containers = workloads.flatMap(({ spec }) => containersOf(spec.template.spec));
  return Object.fromEntries(containers.map(({ name, image }) => [CONTAINERS[name] ?? name, tagOf(image)]));
}

/** `v1.36.0`, or the digest of an image that is named by nothing else. */
function tagOf(image: string): string {
  const [name = '', digest] = image.split('@');
  return /:([^/:]+)$/.exec(name)?.[1] ?? digest ?? 'latest';
}

/** Gives each container of a template the image that is installed. */
export function setImages(pod: PodSpec, source?: ImageSource): void {
  for (const container of containersOf(pod)) {
    const image = CONTAINERS[container.name];
    if (image === undefined) throw new Error(`container ${container.name} of the templates has no image`);
    container.image = imageReference(image, source);
  }
}

/** Sets `--name=value` in a container that has the flag already. */
export function setFlag(container: Container, flag: string, value: string): void {
  const at = container.args?.findIndex((arg) => arg.startsWith(`${flag}=`)) ?? -1;
  if (!container.args || at < 0) throw new Error(`container ${container.name} has no flag ${flag}`);
  container.args[at] = `${flag}=${value}`;
}

/**
 * Moves a workload from one kubelet folder to another: volumes of the host, where they are mounted (the kubelet gives
 * its drivers paths as it sees them itself), and paths in flags.
 */
export function moveKubeletDirectory(pod: PodSpec, from: string, to: string): void {
  const moved = (path: string): string =>
    path === from || path.startsWith(`${from}/`) ? to + path.slice(from.length) : path;
  for (const volume of pod.volumes ?? []) if (volume.hostPath) volume.hostPath.path = moved(volume.hostPath.path);
  for (const container of containersOf(pod)) {
    for (const mount of container.volumeMounts ?? []) mount.mountPath = moved(mount.mountPath);
    container.args = container.args?.map((arg) => {
      const equals = arg.indexOf('=');
      return equals < 0 ? arg : arg.slice(0, equals + 1) + moved(arg.slice(equals + 1));
    }) as string[];
  }
}

/** Puts an object and what it says about itself and its accounts into another namespace. */
export function moveNamespace(object: KubeObject, from: string, to: string): void {
  if (object.metadata.namespace === from) object.metadata.namespace = to;
  const subjects = (object as { subjects?: { namespace?: string }[] }).subjects ?? [];
  for (const subject of subjects) if (subject.namespace === from) subject.namespace = to;
}
