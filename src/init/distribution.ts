import type { KubeObject } from '../kube/types.ts';

interface SomeNode extends KubeObject {
  status?: { nodeInfo?: { osImage?: string } };
}

/** What a distribution leaves in the version of its API server. */
const VERSIONS: readonly [mark: RegExp, name: string][] = [
  [/\+k3s/, 'k3s'],
  [/\+rke2/, 'RKE2'],
  [/\+k0s/, 'k0s'],
  [/-eks-/, 'EKS'],
  [/-gke\./, 'GKE'],
  [/\+vmware/, 'Tanzu'],
];

/** What a distribution leaves on its nodes. */
const LABELS: readonly [label: string, name: string][] = [
  ['microk8s.io/cluster', 'MicroK8s'],
  ['minikube.k8s.io/name', 'minikube'],
  ['gardener.cloud/role', 'Gardener'],
  ['magnum.openstack.org/role', 'Magnum'],
];

/** Whose Kubernetes it is, where that shows. */
export function distributionOf(version: string, nodes: readonly KubeObject[], openShift: boolean): string | undefined {
  if (openShift) return 'OpenShift';
  const byVersion = VERSIONS.find(([mark]) => mark.test(version))?.[1];
  if (byVersion !== undefined) return byVersion;
  const byLabel = LABELS.find(([label]) => nodes.some(({ metadata }) => metadata.labels?.[label] !== undefined))?.[1];
  if (byLabel !== undefined) return byLabel;
  const images = (nodes as readonly SomeNode[]).map(({ status }) => status?.nodeInfo?.osImage ?? '');
  return images.some((image) => image.startsWith('Talos')) ? 'Talos' : undefined;
}
