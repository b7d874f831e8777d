import { describe, expect, it } from 'vitest';
import type { CsiNode, DaemonSet, Deployment, Event, Node, Pod } from '../../../src/drivers/cluster-objects.ts';
import { DRIVERS } from '../../../src/drivers/protocols.ts';
import { type DriverState, type DriverView, installationState, whatIsMissing } from '../../../src/drivers/state.ts';

const DRIVER = 'nfs.manila.csi.openstack.org';

function node(name: string, ready = 'True', more: Partial<Node['spec']> = {}): Node {
  const conditions = [
    { type: 'Ready', status: ready as 'True', message: ready === 'True' ? 'up' : 'kubelet is silent' },
  ];
  return { apiVersion: 'v1', kind: 'Node', metadata: { name }, spec: more, status: { conditions } };
}

function csiNode(name: string, drivers: string[] = [DRIVER]): CsiNode {
  const spec = { drivers: drivers.map((driver) => ({ name: driver, nodeID: name })) };
  return { apiVersion: 'storage.k8s.io/v1', kind: 'CSINode', metadata: { name }, spec };
}

function pod(name: string, component: string, nodeName: string, status: Pod['status'] = {}): Pod {
  const conditions = [{ type: 'Ready', status: 'True' as const }];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { 'app.kubernetes.io/component': component } },
    spec: { nodeName },
    status: { conditions, ...status },
  };
}

function daemonSet(updatedNumberScheduled: number): DaemonSet {
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'manila-csi-nfs-node', generation: 1 },
    spec: { template: { spec: { containers: [] } } },
    status: { observedGeneration: 1, updatedNumberScheduled },
  };
}

function deployment(available: number, observedGeneration = 1): Deployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'manila-csi-nfs-controller', generation: 1 },
    spec: { replicas: 2, template: { spec: { containers: [] } } },
    status: { observedGeneration, replicas: 2, updatedReplicas: 2, availableReplicas: available },
  };
}

function warning(kind: string, name: string, reason: string, message: string, at: string, count = 1): Event {
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${name}.${at}` },
    type: 'Warning',
    reason,
    message,
    count,
    involvedObject: { kind, name },
    lastTimestamp: `2026-01-01T00:00:${at}Z`,
  };
}

function view(more: Partial<DriverView> = {}): DriverView {
  return {
    nodes: [node('node1'), node('node2')],
    csiNodes: [csiNode('node1'), csiNode('node2')],
    pods: [pod('n1', 'nfs-node', 'node1'), pod('n2', 'nfs-node', 'node2')],
    daemonSets: [daemonSet(2)],
    deployments: [deployment(2)],
    events: [],
    ...more,
  };
}

function nfsState(objects: DriverView): DriverState {
  const [state] = installationState([DRIVERS.NFS], objects).drivers;
  if (!state) throw new Error('no state of the NFS driver');
  return state;
}

const NOT_READY = [{ type: 'Ready', status: 'False' as const }];

describe('the state of the driver', () => {
  it('is ready when every node has registered it and the controller is available', () => {
    const state = nfsState(view());
    expect(state.ready).toBe(true);
    expect(state.nodes).toEqual([
      { name: 'node1', registered: true, schedulable: true, podReady: true, pod: 'n1' },
      { name: 'node2', registered: true, schedulable: true, podReady: true, pod: 'n2' },
    ]);
  });

  it('is not ready while a node lacks the driver, or has another one', () => {
    const state = nfsState(view({ csiNodes: [csiNode('node1'), csiNode('node2', ['cinder.csi.openstack.org'])] }));
    expect(state.ready).toBe(false);
    expect(state.nodes[1]).toMatchObject({
      registered: false,
      reason: expect.stringMatching(/not registered/) as string,
    });
    expect(whatIsMissing({ drivers: [state], ready: false })).toMatch(
      /^1 of 2 nodes registered, 2 of 2 controller pods available; node2: /,
    );
  });

  it('does not wait for nodes that are down or cordoned, but tells of them', () => {
    const nodes = [node('node1'), node('node2', 'Unknown'), node('node3', 'True', { unschedulable: true })];
    const state = nfsState(view({ nodes, csiNodes: [csiNode('node1')], daemonSets: [daemonSet(1)] }));
    expect(state.ready).toBe(true);
    expect(state.nodes.map(({ reason }) => reason)).toEqual([
      undefined,
      'the node is not ready: kubelet is silent',
      'the node is cordoned',
    ]);
  });

  it('is not ready while pods are of an older version, though they run', () => {
    expect(nfsState(view({ daemonSets: [daemonSet(1)] })).ready).toBe(false);
    const old = nfsState(view({ deployments: [deployment(2, 0)] }));
    expect(old.ready).toBe(false);
    expect(old.controller.available).toBe(0);
  });

  it('ignores Windows nodes', () => {
    const windows = { ...node('win'), metadata: { name: 'win', labels: { 'kubernetes.io/os': 'windows' } } };
    expect(nfsState(view({ nodes: [...view().nodes, windows] })).nodes).toHaveLength(2);
  });

  it('says why a container does not run, with the end of a long chain of causes', () => {
    const message = `failed to pull image: ${'x'.repeat(400)}: dial tcp: lookup registry.k8s.io: no such host`;
    const waiting = {
      name: 'nfs',
      ready: false,
      restartCount: 0,
      state: { waiting: { reason: 'ErrImagePull', message } },
    };
    const pods = [
      pod('n1', 'nfs-node', 'node1'),
      pod('n2', 'nfs-node', 'node2', { conditions: NOT_READY, initContainerStatuses: [waiting] }),
    ];
    const reason = nfsState(view({ pods })).nodes[1]?.reason ?? '';
    expect(reason).toMatch(/^pod n2: container nfs: ErrImagePull: failed to pull image/);
    expect(reason).toMatch(/no such host$/);
    expect(reason.length).toBeLessThan(320);
  });

  it('says how a container that crashes ended, by the last line of its log', () => {
    const crashed = {
      name: 'manila',
      ready: false,
      restartCount: 4,
      state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s' } },
      lastState: { terminated: { exitCode: 255, reason: 'Error', message: 'I0 starting\nF0 probe failed: refused\n' } },
    };
    const pods = [
      pod('n1', 'nfs-node', 'node1'),
      pod('n2', 'nfs-node', 'node2', { conditions: NOT_READY, containerStatuses: [crashed] }),
    ];
    expect(nfsState(view({ pods })).nodes[1]?.reason).toBe(
      'pod n2: container manila: CrashLoopBackOff, it ended with exit code 255: F0 probe failed: refused',
    );
  });

  it('says the newest warning of a pod that has not started, and none that every pod gets', () => {
    const pods = [pod('n1', 'nfs-node', 'node1'), pod('n2', 'nfs-node', 'node2', { conditions: NOT_READY })];
    const events = [
      warning('Pod', 'n2', 'FailedMount', 'plugins_registry is not a directory', '10'),
      warning('Pod', 'n2', 'FailedScheduling', 'older', '05'),
      warning('Pod', 'n2', 'MissingClusterDNS', 'no DNS', '20'),
      warning('Pod', 'n2', 'Unhealthy', 'Startup probe failed', '21', 3),
      warning('Pod', 'n1', 'FailedMount', 'of another pod', '22'),
    ];
    expect(nfsState(view({ pods, events })).nodes[1]?.reason).toBe(
      'pod n2: FailedMount: plugins_registry is not a directory',
    );
    const probes = [...events, warning('Pod', 'n2', 'Unhealthy', 'Startup probe failed', '30', 40)];
    expect(nfsState(view({ pods, events: probes })).nodes[1]?.reason).toMatch(/Unhealthy: Startup probe failed/);
  });

  it('says why the DaemonSet makes no pods', () => {
    const events = [
      warning('DaemonSet', 'manila-csi-nfs-node', 'FailedCreate', 'violates PodSecurity "restricted"', '10'),
    ];
    const state = nfsState(view({ pods: [], events, csiNodes: [] }));
    expect(state.nodes[0]?.reason).toBe('FailedCreate: violates PodSecurity "restricted"');
  });

  it('does not count pods that are being deleted', () => {
    const leaving = pod('n2', 'nfs-node', 'node2');
    leaving.metadata.deletionTimestamp = '2026-01-01T00:00:00Z';
    const state = nfsState(view({ pods: [pod('n1', 'nfs-node', 'node1'), leaving] }));
    expect(state.nodes[1]).toMatchObject({ podReady: false });
    expect(state.ready).toBe(false);
  });
});
