import type { KubeObject } from '../kube/types.ts';
import type { ImageSource } from './images.ts';
import { DEFAULT_NAMESPACE } from './names.ts';
import type { ProtocolDriver } from './protocols.ts';
import { readTemplate, templatesIn } from './templates.ts';
import {
  containersOf,
  isWorkload,
  moveKubeletDirectory,
  moveNamespace,
  setFlag,
  setImages,
  type Toleration,
  type Workload,
} from './workload.ts';

/** The kubelet's folder where nothing else is known, and in the templates. */
export const DEFAULT_KUBELET_DIRECTORY = '/var/lib/kubelet';

export interface DriverOptions {
  namespace: string;
  /** Written to the metadata of every share; the UID of the namespace kube-system tells clusters apart. */
  clusterId: string;
  /** Absolute, without a final slash. */
  kubeletDirectory: string;
  /** Pods of the controller. */
  replicas: number;
  /** Does the cluster have the CRDs of VolumeSnapshots? Without them the snapshotter and its rights are left out. */
  snapshots: boolean;
  /** Are there volumes that ceph-fuse mounts? Their mounts end with the pod of the node plugin, so it is not rolled. */
  fuseVolumes?: boolean;
  /** Are volumes made in the zone of the pod that uses them first? Then nodes report their zone. */
  topology?: boolean;
  /** Taints under which node plugins run; every taint unless told. */
  nodeTolerations?: readonly Toleration[];
  /** The newest versions from their own registries unless told. */
  images?: ImageSource;
}

/** The namespace of the drivers. */
export async function namespaceObject(name: string): Promise<KubeObject> {
  const [namespace] = await readTemplate('namespace.yaml');
  if (!namespace) throw new Error('templates/namespace.yaml is empty');
  return { ...namespace, metadata: { ...namespace.metadata, name } };
}

/** Everything of a driver but its namespace and its Secret: the templates with the options set. */
export async function driverObjects(driver: ProtocolDriver, options: DriverOptions): Promise<KubeObject[]> {
  const files = await templatesIn(driver.templates);
  const wanted = [
    ...files.filter((file) => options.snapshots || !file.endsWith('/snapshots-rbac.yaml')),
    ...(options.topology ? [`topology/${driver.templates}-rbac.yaml`] : []),
  ];
  const objects = (await Promise.all(wanted.map((file) => readTemplate(file)))).flat();
  for (const object of objects) {
    moveNamespace(object, DEFAULT_NAMESPACE, options.namespace);
    if (isWorkload(object)) setUp(driver, object, options);
  }
  return objects;
}

function setUp(driver: ProtocolDriver, workload: Workload, options: DriverOptions): void {
  const pod = workload.spec.template.spec;
  if (!options.snapshots) pod.containers = pod.containers.filter(({ name }) => name !== 'snapshotter');
  if (workload.metadata.name === driver.controller.name) {
    workload.spec.replicas = options.replicas;
    for (const container of containersOf(pod)) {
      if (container.name === 'manila') setFlag(container, '--cluster-id', options.clusterId);
    }
  } else {
    if (options.nodeTolerations) pod.tolerations = [...options.nodeTolerations];
    if (options.fuseVolumes) workload.spec.updateStrategy = { type: 'OnDelete' };
  }
  if (options.topology) {
    for (const { name, args } of containersOf(pod)) {
      if (name === 'manila') args?.push('--with-topology');
      if (name === 'provisioner') args?.push('--feature-gates=Topology=true');
    }
  }
  setImages(pod, options.images);
  moveKubeletDirectory(pod, DEFAULT_KUBELET_DIRECTORY, options.kubeletDirectory);
}
