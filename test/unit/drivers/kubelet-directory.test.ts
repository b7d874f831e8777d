import { describe, expect, it } from 'vitest';
import type { DaemonSet, Node } from '../../../src/drivers/cluster-objects.ts';
import { findKubeletDirectory } from '../../../src/drivers/kubelet-directory.ts';

function node(name: string, kubeletVersion = 'v1.35.4', labels: Record<string, string> = {}): Node {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels },
    spec: {},
    status: { nodeInfo: { kubeletVersion } },
  };
}

function csiDriver(name: string, registry: string, numberReady = 1, labels: Record<string, string> = {}): DaemonSet {
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name, namespace: 'kube-system', labels },
    spec: { template: { spec: { containers: [], volumes: [{ name: 'r', hostPath: { path: registry } }] } } },
    status: { numberReady },
  };
}

describe('the folder of the kubelet', () => {
  it('is the default where nothing says otherwise', () => {
    expect(findKubeletDirectory([node('a')], []).path).toBe('/var/lib/kubelet');
  });

  it('is where other CSI drivers that work have it', () => {
    const found = findKubeletDirectory([node('a')], [csiDriver('cinder', '/data/kubelet/plugins_registry/')]);
    expect(found).toEqual({ path: '/data/kubelet', because: 'as DaemonSet kube-system/cinder has it' });
  });

  it('is not learnt from drivers that do not run, nor from ours', () => {
    const broken = csiDriver('broken', '/wrong/plugins_registry', 0);
    const ours = csiDriver('ours', '/old/plugins_registry', 2, { 'app.kubernetes.io/name': 'manila-csi' });
    expect(findKubeletDirectory([node('a')], [broken, ours]).path).toBe('/var/lib/kubelet');
  });

  it.each([
    [node('a', 'v1.34.1+k0s'), '/var/lib/k0s/kubelet'],
    [node('a', 'v1.34.1', { 'microk8s.io/cluster': 'true' }), '/var/snap/microk8s/common/var/lib/kubelet'],
  ])('is known of distributions', (one, path) => {
    expect(findKubeletDirectory([one], []).path).toBe(path);
  });

  it('is what the file says, whatever there is', () => {
    const found = findKubeletDirectory([node('a', 'v1.34.1+k0s')], [], '/mine/');
    expect(found).toEqual({ path: '/mine', because: 'cluster.kubeletDirectory' });
  });

  it('is asked for where nodes differ', () => {
    expect(() => findKubeletDirectory([node('a', 'v1.34.1+k0s'), node('b')], [])).toThrow(
      /not the same everywhere: .*a runs k0s.*b/,
    );
  });
});
