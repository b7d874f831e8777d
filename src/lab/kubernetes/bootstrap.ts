import { release, type as osType } from 'node:os';
import type { Cluster } from './cluster.ts';
import { timestamp } from './objects.ts';
import { isObject } from './json.ts';

export interface BootstrapOptions {
  /** How many nodes. */
  nodes: number;
  /** Port of the API server. */
  port: number;
  /** The cluster's authority. */
  caPem: string;
}

const NAMESPACES = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

/** Makes what a new cluster has: namespaces, priority classes, roles, the API server's Service, and nodes. */
export function bootstrap(cluster: Cluster, { nodes, port }: BootstrapOptions): string[] {
  for (const name of NAMESPACES) cluster.create('Namespace', { metadata: { name } }, 'kube-apiserver');
  for (const [name, value] of [
    ['system-cluster-critical', 2_000_000_000],
    ['system-node-critical', 2_000_001_000],
  ] as const) {
    cluster.create('PriorityClass', { metadata: { name }, value }, 'kube-apiserver');
  }
  makeRoles(cluster);
  makeApiService(cluster, port);
  const version = cluster.registry.catalog.schemas.file.version;
  const kubelet = isObject(version) && typeof version.gitVersion === 'string' ? version.gitVersion : '';
  return Array.from({ length: nodes }, (_, index) => makeNode(cluster, index + 1, kubelet));
}

function makeRoles(cluster: Cluster): void {
  const admin = [
    { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
    { nonResourceURLs: ['*'], verbs: ['*'] },
  ];
  const discovery = [
    {
      nonResourceURLs: [
        '/api',
        '/api/*',
        '/apis',
        '/apis/*',
        '/healthz',
        '/livez',
        '/openapi',
        '/openapi/*',
        '/readyz',
        '/version',
      ],
      verbs: ['get'],
    },
  ];
  const reviews = [
    { apiGroups: ['authorization.k8s.io'], resources: ['selfsubjectaccessreviews'], verbs: ['create'] },
    { apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'], verbs: ['create'] },
  ];
  const everybody = { kind: 'Group', name: 'system:authenticated' };
  for (const [name, rules, subject] of [
    ['cluster-admin', admin, { kind: 'Group', name: 'system:masters' }],
    ['system:discovery', discovery, everybody],
    ['system:basic-user', reviews, everybody],
  ] as const) {
    const metadata = { name, labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' } };
    cluster.create('ClusterRole', { metadata, rules }, 'kube-apiserver');
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name };
    cluster.create('ClusterRoleBinding', { metadata, roleRef, subjects: [subject] }, 'kube-apiserver');
  }
}

function makeApiService(cluster: Cluster, port: number): void {
  const metadata = {
    name: 'kubernetes',
    namespace: 'default',
    labels: { component: 'apiserver', provider: 'kubernetes' },
  };
  const ports = [{ name: 'https', port: 443, protocol: 'TCP', targetPort: port }];
  cluster.create('Service', { metadata, spec: { type: 'ClusterIP', clusterIP: '10.96.0.1', ports } }, 'kube-apiserver');
  const subsets = [{ addresses: [{ ip: '127.0.0.1' }], ports: [{ name: 'https', port, protocol: 'TCP' }] }];
  cluster.create('Endpoints', { metadata, subsets }, 'kube-apiserver');
}

/** The Nova server that a node is said to be; the driver's node id. */
export function instanceId(index: number): string {
  return `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
}

function makeNode(cluster: Cluster, index: number, kubeletVersion: string): string {
  const name = `worker-${index}`;
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  const labels = {
    'beta.kubernetes.io/arch': architecture,
    'beta.kubernetes.io/os': 'linux',
    'kubernetes.io/arch': architecture,
    'kubernetes.io/hostname': name,
    // What runs the containers may be a Mac; to the cluster every node is a Linux machine.
    'kubernetes.io/os': 'linux',
    'topology.kubernetes.io/zone': 'nova',
  };
  const size = { cpu: '4', memory: '8Gi', 'ephemeral-storage': '50Gi', pods: '110' };
  const now = timestamp();
  const condition = (type: string, status: string, reason: string, message: string) => ({
    type,
    status,
    reason,
    message,
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  });
  const node = cluster.create(
    'Node',
    {
      metadata: { name, labels, annotations: { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' } },
      spec: {
        providerID: `openstack:///${instanceId(index)}`,
        podCIDR: `10.244.${index}.0/24`,
        podCIDRs: [`10.244.${index}.0/24`],
      },
      status: {
        capacity: size,
        allocatable: size,
        addresses: [
          { type: 'InternalIP', address: `10.0.0.${10 + index}` },
          { type: 'Hostname', address: name },
        ],
        conditions: [
          condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
          condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
          condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
          condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'),
        ],
        daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
        nodeInfo: {
          machineID: instanceId(index).replaceAll('-', ''),
          systemUUID: instanceId(index),
          bootID: instanceId(index),
          kernelVersion: release(),
          osImage: `manila-rwx lab (${osType()})`,
          containerRuntimeVersion: 'lab://1.0.0',
          kubeletVersion,
          kubeProxyVersion: '',
          operatingSystem: 'linux',
          architecture,
        },
      },
    },
    'kubelet',
  );
  // The taint of a new node goes when the node says that it is ready.
  cluster.edit('Node', node, 'kube-controller-manager', (copy) => {
    delete copy.spec.taints;
  });
  const ownerReferences = [{ apiVersion: 'v1', kind: 'Node', name, uid: node.metadata.uid ?? '' }];
  cluster.create('CSINode', { metadata: { name, ownerReferences }, spec: { drivers: null } }, 'kubelet');
  const spec = { holderIdentity: name, leaseDurationSeconds: 40, renewTime: now.replace('Z', '.000000Z') };
  cluster.create('Lease', { metadata: { name, namespace: 'kube-node-lease', ownerReferences }, spec }, 'kubelet');
  return name;
}
