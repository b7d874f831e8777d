import { describe, expect, it } from 'vitest';
import {
  DEFINITIONS_VERSION,
  planSnapshots,
  snapshotObjects,
  type SnapshotSurvey,
} from '../../../src/drivers/snapshots.ts';

type Definition = SnapshotSurvey['definitions'][number];

const NAMES = ['volumesnapshotclasses', 'volumesnapshotcontents', 'volumesnapshots'];

function definition(name: string, labels: Record<string, string> = {}, served = true): Definition {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${name}.snapshot.storage.k8s.io`, labels },
    spec: {
      versions: [
        { name: 'v1beta1', served: true },
        { name: 'v1', served },
      ],
    },
  };
}
const ours = (version: string = DEFINITIONS_VERSION): Definition[] =>
  NAMES.map((name) =>
    definition(name, { 'app.kubernetes.io/managed-by': 'manila-rwx', 'app.kubernetes.io/version': version }),
  );
const theirs = (served = true): Definition[] => NAMES.map((name) => definition(name, {}, served));
const CONTROLLER = { name: 'kube-system/snapshot-controller', ours: false };

describe('what is installed for VolumeSnapshots', () => {
  it('is nothing where the cluster has none and nobody asked', () => {
    expect(planSnapshots('auto', { definitions: [] })).toMatchObject({ snapshotter: false, controller: false });
    expect(planSnapshots('off', { definitions: ours() })).toMatchObject({ snapshotter: false, controller: false });
  });

  it('is everything where it was asked for', () => {
    const plan = planSnapshots('install', { definitions: [] });
    expect(plan).toMatchObject({ snapshotter: true, controller: true, warnings: [] });
    expect(plan.definitions.size).toBe(3);
  });

  it.each(['auto', 'install'] as const)('uses what somebody else has installed (%s)', (mode) => {
    const plan = planSnapshots(mode, { definitions: theirs(), controller: CONTROLLER });
    expect(plan).toMatchObject({ snapshotter: true, controller: false, warnings: [] });
    expect(plan.definitions.size).toBe(0);
  });

  it('installs the controller alone where the CRDs are there', () => {
    const plan = planSnapshots('install', { definitions: theirs() });
    expect(plan).toMatchObject({ snapshotter: true, controller: true });
    expect(plan.definitions.size).toBe(0);
    expect(planSnapshots('auto', { definitions: theirs() })).toMatchObject({
      snapshotter: true,
      controller: false,
      warnings: [expect.stringContaining('nobody binds them')],
    });
  });

  it('keeps what is ours up to date, and never sets it back', () => {
    const controller = { name: 'manila-csi/manila-csi-snapshot-controller', ours: true };
    expect(planSnapshots('auto', { definitions: ours('v8.5.9'), controller }).definitions.size).toBe(3);
    expect(planSnapshots('auto', { definitions: ours(), controller })).toMatchObject({ controller: true });
    expect(planSnapshots('install', { definitions: ours('v8.10.0'), controller }).definitions.size).toBe(0);
    expect(planSnapshots('install', { definitions: ours('v9.0.0'), controller }).definitions.size).toBe(0);
  });

  it('makes whole what was begun', () => {
    const plan = planSnapshots('install', { definitions: ours().slice(1) });
    expect(plan).toMatchObject({ snapshotter: true, controller: true });
    expect(plan.definitions.size).toBe(3);
  });

  it('does not touch CRDs of somebody else that are too old', () => {
    const old = { definitions: theirs(false) };
    expect(() => planSnapshots('install', old)).toThrow(/do not serve version v1: volumesnapshotclasses/);
    expect(planSnapshots('auto', old)).toMatchObject({
      snapshotter: false,
      warnings: [expect.stringMatching(/too old/)],
    });
  });

  it('has the version of the CRDs in the CRDs', async () => {
    const objects = await snapshotObjects({
      namespace: 'storage',
      replicas: 3,
      images: { registry: 'mirror.example.com' },
    });
    const versions = objects.flatMap(({ kind, metadata }) =>
      kind === 'CustomResourceDefinition' ? [metadata.labels?.['app.kubernetes.io/version']] : [],
    );
    expect(versions).toEqual(Array(3).fill(DEFINITIONS_VERSION));
    const image = `mirror.example.com/sig-storage/snapshot-controller:${DEFINITIONS_VERSION}`;
    expect(objects.find(({ kind }) => kind === 'Deployment')).toMatchObject({
      metadata: { namespace: 'storage' },
      spec: { replicas: 3, template: { spec: { containers: [{ image }] } } },
    });
  });
});
