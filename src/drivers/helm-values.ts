import type { DesiredDrivers } from './desired.ts';
import type { RenderedDocument } from './reports.ts';
import { imageReference, type ImageName, type ImageSource } from './images.ts';
import { containersOf, isWorkload, type Workload } from './workload.ts';

/**
 * Values for the charts of upstream with the same versions, protocols, folders and cluster id, for who must install by
 * Helm. The charts have their own shape: one controller pod on a node with the forwarded driver, and no budget.
 * Keys as in charts/manila-csi-plugin of cloud-provider-openstack 2.36.0 and csi-driver-nfs 4.13.4.
 */
export function helmValues({ drivers, survey, release, manifests }: DesiredDrivers): RenderedDocument[] {
  const source = sourceOf(manifests.filter(isWorkload), release);
  const kubelet = survey.kubeletDirectory.path;
  const image = (name: ImageName) => ({ image: split(imageReference(name, source)) });
  const tolerations = [{ operator: 'Exists' }];
  const manila: RenderedDocument = {
    name: 'openstack-manila-csi.values.yaml',
    comment: 'chart openstack-manila-csi',
    content: {
      shareProtocols: drivers.map(({ protocol }) => ({
        protocolSelector: protocol,
        fsGroupPolicy: 'None',
        fwdNodePluginEndpoint: {
          dir: `${kubelet}/plugins/${protocol === 'NFS' ? 'csi-nfsplugin' : 'cephfs.csi.ceph.com'}`,
          sockFile: 'csi.sock',
        },
      })),
      csimanila: {
        clusterID: survey.clusterId,
        topologyAwarenessEnabled: containersUse(manifests.filter(isWorkload), '--with-topology'),
        ...image('manila'),
      },
      nodeplugin: { registrar: image('registrar'), tolerations, priorityClassName: 'system-node-critical' },
      controllerplugin: {
        provisioner: { ...image('provisioner'), extraCreateMetadata: true },
        snapshotter: image('snapshotter'),
        resizer: image('resizer'),
        tolerations,
      },
    },
  };
  if (!drivers.some(({ protocol }) => protocol === 'NFS')) return [manila];
  const [registry = '', ...path] = split(imageReference('nfs', source)).repository.split('/');
  const below = (name: ImageName) => {
    const { repository, tag } = split(imageReference(name, source));
    return { repository: repository.slice(registry.length), tag };
  };
  const nfs: RenderedDocument = {
    name: 'csi-driver-nfs.values.yaml',
    comment: 'chart csi-driver-nfs: its node plugin alone is used',
    content: {
      image: {
        baseRepo: registry,
        nfs: { repository: `/${path.join('/')}`, tag: release.tags.nfs },
        csiProvisioner: below('provisioner'),
        csiResizer: below('resizer'),
        csiSnapshotter: below('snapshotter'),
        livenessProbe: below('livenessProbe'),
        nodeDriverRegistrar: below('registrar'),
        externalSnapshotter: below('snapshotController'),
      },
      kubeletDir: kubelet,
      controller: { replicas: 0 },
      node: { tolerations, priorityClassName: 'system-node-critical' },
      // Its CRDs are older than those of the snapshot-controller: applying them would set newer ones back.
      externalSnapshotter: { enabled: false, customResourceDefinitions: { enabled: false } },
    },
  };
  return [manila, nfs];
}

/** The registry that the manifests pull from, told by an image of theirs. */
function sourceOf(workloads: readonly Workload[], release: ImageSource['release']): ImageSource {
  const used = workloads.flatMap(({ spec }) => containersOf(spec.template.spec)).find(({ name }) => name === 'manila');
  const [registry] = used?.image.split('/provider-os/') ?? [];
  return { release, ...(registry === undefined || registry === 'registry.k8s.io' ? {} : { registry }) };
}

function split(reference: string): { repository: string; tag: string } {
  const at = reference.lastIndexOf(':');
  return { repository: reference.slice(0, at), tag: reference.slice(at + 1) };
}

function containersUse(workloads: readonly Workload[], flag: string): boolean {
  return workloads.some(({ spec }) => containersOf(spec.template.spec).some(({ args = [] }) => args.includes(flag)));
}
