import { expect, it, describe } from 'vitest';
import { type ImageName, imageReference, REPOSITORIES } from '../../../src/drivers/images.ts';
import { driverObjects, type DriverOptions, namespaceObject } from '../../../src/drivers/manifests.ts';
import { DRIVERS } from '../../../src/drivers/protocols.ts';
import { snapshotObjects } from '../../../src/drivers/snapshots.ts';
import { readTemplate, templatesIn } from '../../../src/drivers/templates.ts';
import { containersOf, isWorkload, type PodSpec, type Workload } from '../../../src/drivers/workload.ts';
import type { KubeObject } from '../../../src/kube/types.ts';

const NFS = DRIVERS.NFS;
const AS_TEMPLATES: DriverOptions = {
  namespace: 'manila-csi',
  clusterId: '',
  kubeletDirectory: '/var/lib/kubelet',
  replicas: 2,
  snapshots: true,
};

async function templates(folder = 'manila-nfs'): Promise<KubeObject[]> {
  return (await Promise.all((await templatesIn(folder)).map((name) => readTemplate(name)))).flat();
}

function pods(objects: readonly KubeObject[]): PodSpec[] {
  return objects.filter(isWorkload).map(({ spec }: Workload) => spec.template.spec);
}

/** Every string in a value, with the path to it. */
function strings(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) => strings(inner, `${path}.${key}`));
}

describe('the manifests of the drivers', () => {
  it('are the templates themselves where nothing is set', async () => {
    expect(await driverObjects(NFS, AS_TEMPLATES)).toEqual(await templates());
    expect(await driverObjects(DRIVERS.CEPHFS, AS_TEMPLATES)).toEqual(await templates('manila-cephfs'));
  });

  it('have the versions of images.ts in the templates, so that kubectl apply of them installs the same', async () => {
    const all = [
      ...(await templates()),
      ...(await templates('manila-cephfs')),
      ...(await snapshotObjects({ namespace: 'manila-csi', replicas: 2 })),
    ];
    const used = new Set(pods(all).flatMap((pod) => containersOf(pod).map(({ image }) => image)));
    expect([...used].sort()).toEqual(
      Object.keys(REPOSITORIES)
        .map((image) => imageReference(image as ImageName))
        .sort(),
    );
  });

  it('are in the namespace that is set, with all that they say of it', async () => {
    const objects = await driverObjects(NFS, { ...AS_TEMPLATES, namespace: 'storage' });
    const stray = strings(objects).filter(([path, text]) => /namespace/i.test(path) && text !== 'storage');
    expect(stray).toEqual([]);
    const cluster = objects.filter(({ metadata }) => metadata.namespace === undefined).map(({ kind }) => kind);
    expect(new Set(cluster)).toEqual(new Set(['ClusterRole', 'ClusterRoleBinding', 'CSIDriver']));
    expect((await namespaceObject('storage')).metadata.name).toBe('storage');
  });

  it('have the kubelet folder everywhere where it is set', async () => {
    const objects = await driverObjects(NFS, { ...AS_TEMPLATES, kubeletDirectory: '/var/lib/k0s/kubelet' });
    expect(strings(objects).filter(([, text]) => text.includes('/var/lib/kubelet'))).toEqual([]);
    const moved = strings(objects).filter(([, text]) => text.includes('/var/lib/k0s/kubelet'));
    expect(moved.map(([, text]) => text).sort()).toEqual([
      '--kubelet-registration-path=/var/lib/k0s/kubelet/plugins/nfs.manila.csi.openstack.org/csi.sock',
      '/var/lib/k0s/kubelet/plugins/csi-nfsplugin',
      '/var/lib/k0s/kubelet/plugins/nfs.manila.csi.openstack.org',
      '/var/lib/k0s/kubelet/plugins_registry',
      '/var/lib/k0s/kubelet/pods',
      '/var/lib/k0s/kubelet/pods',
    ]);
  });

  it('pull every image from the registry that is set', async () => {
    const objects = await driverObjects(NFS, { ...AS_TEMPLATES, images: { registry: 'registry.example.com/mirror/' } });
    const images = pods(objects).flatMap((pod) => containersOf(pod).map(({ image }) => image));
    expect(images.filter((image) => !image.startsWith('registry.example.com/mirror/'))).toEqual([]);
    expect(images).toContain('registry.example.com/mirror/provider-os/manila-csi-plugin:v1.36.0');
  });

  it('write the cluster id to the shares, and set replicas and tolerations', async () => {
    const objects = await driverObjects(NFS, {
      ...AS_TEMPLATES,
      clusterId: 'c0ffee',
      replicas: 3,
      nodeTolerations: [{ key: 'gpu', operator: 'Exists' }],
    });
    const controller = objects.find(({ kind }) => kind === 'Deployment') as Workload;
    const node = objects.find(({ kind }) => kind === 'DaemonSet') as Workload;
    const manila = containersOf(controller.spec.template.spec).find(({ name }) => name === 'manila');
    expect(manila?.args).toContain('--cluster-id=c0ffee');
    expect(controller.spec.replicas).toBe(3);
    expect(node.spec.template.spec.tolerations).toEqual([{ key: 'gpu', operator: 'Exists' }]);
    expect(controller.spec.template.spec.tolerations).not.toEqual(node.spec.template.spec.tolerations);
  });

  it('leave the snapshotter and its rights out where the cluster has no snapshots', async () => {
    const objects = await driverObjects(NFS, { ...AS_TEMPLATES, snapshots: false });
    expect(strings(objects).filter(([, text]) => /snapshot/.test(text))).toEqual([]);
    const all = await driverObjects(NFS, AS_TEMPLATES);
    expect(all.length - objects.length).toBe(2);
  });
});

describe('the pods of the NFS driver', () => {
  it('need the host only on nodes, and privilege only to mount', async () => {
    const objects = await templates();
    const controller = (objects.find(({ kind }) => kind === 'Deployment') as Workload).spec.template.spec;
    expect(controller.hostNetwork).toBeUndefined();
    expect(controller.volumes?.filter(({ hostPath }) => hostPath)).toEqual([]);
    for (const container of containersOf(controller)) {
      expect(container.securityContext, container.name).toMatchObject({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
    const node = (objects.find(({ kind }) => kind === 'DaemonSet') as Workload).spec.template.spec;
    const privileged = containersOf(node).filter(
      ({ securityContext }) => (securityContext as { privileged?: boolean }).privileged,
    );
    expect(privileged.map(({ name }) => name)).toEqual(['nfs']);
  });

  it('start the NFS driver, and see it answer, before the driver that ends without it', async () => {
    const node = ((await templates()).find(({ kind }) => kind === 'DaemonSet') as Workload).spec.template.spec;
    const order = containersOf(node).map(({ name }) => name);
    expect(order.indexOf('nfs')).toBeLessThan(order.indexOf('manila'));
    const nfs = node.initContainers?.find(({ name }) => name === 'nfs');
    expect(nfs).toMatchObject({ restartPolicy: 'Always', startupProbe: { httpGet: { path: '/healthz' } } });
    // A sidecar's probe is asked while the later ones wait: who answers it must have been started before.
    expect(order.indexOf('nfs-liveness-probe')).toBeLessThan(order.indexOf('nfs'));
  });

  it('have requests, a memory limit and a pull policy in every container', async () => {
    for (const container of pods(await templates()).flatMap(containersOf)) {
      expect(container, container.name).toMatchObject({
        imagePullPolicy: 'IfNotPresent',
        terminationMessagePolicy: 'FallbackToLogsOnError',
        resources: {
          requests: { cpu: expect.any(String) as string },
          limits: { memory: expect.any(String) as string },
        },
      });
    }
  });

  it('do not roll the node plugin whose pod holds mounts of ceph-fuse', async () => {
    const strategy = async (fuseVolumes: boolean): Promise<unknown> => {
      const objects = await driverObjects(DRIVERS.CEPHFS, { ...AS_TEMPLATES, fuseVolumes });
      return (objects.find(({ kind }) => kind === 'DaemonSet') as Workload).spec.updateStrategy;
    };
    expect(await strategy(false)).toMatchObject({ type: 'RollingUpdate' });
    expect(await strategy(true)).toEqual({ type: 'OnDelete' });
  });

  it('of NFS and CephFS use different ports of the node and sockets of their own', async () => {
    const ports = (folder: string): Promise<string[]> =>
      templates(folder).then((objects) => {
        const plugin = pods(objects.filter(({ kind }) => kind === 'DaemonSet'));
        return plugin.flatMap((pod) =>
          containersOf(pod).flatMap(({ args = [] }) => args.filter((arg) => /127\.0\.0\.1:/.test(arg))),
        );
      });
    const [nfs, cephfs] = [await ports('manila-nfs'), await ports('manila-cephfs')];
    expect(nfs).toHaveLength(3);
    expect(new Set([...nfs, ...cephfs]).size).toBe(6);
  });
});
