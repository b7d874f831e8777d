import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Connected, type Json, MERGE, namesOf, notFound } from './cluster.ts';

const GROUP = '/apis/snapshot.storage.k8s.io/v1';
const apiVersion = 'snapshot.storage.k8s.io/v1';
const driver = 'none.example.com';

/** Snapshots, once their definitions are there: the last part, as another one shows a cluster without them. */
export function snapshotContract(cluster: () => Connected): void {
  describe('snapshots', () => {
    let namespace = '';
    beforeAll(async () => {
      namespace = (await cluster().namespace('snapshots')).split('/').at(-1) ?? '';
      const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
      for (const kind of ['volumesnapshotclasses', 'volumesnapshotcontents', 'volumesnapshots']) {
        const template = new URL(`../../../templates/snapshot-crds/${kind}.yaml`, import.meta.url);
        const made = await cluster().post(definitions, parse(await readFile(template, 'utf8')) as Json);
        expect(made.status).toBe(201);
        cluster().atEnd(() => cluster().delete(`${definitions}/${kind}.snapshot.storage.k8s.io`));
      }
      for (const kind of ['volumesnapshotclasses', 'volumesnapshotcontents', 'volumesnapshots']) {
        await cluster().until(`${GROUP}/${kind}`, ({ status }) => status === 200);
      }
    });

    it('are made of classes, listed, and deleted', async () => {
      const name = `${cluster().prefix}-class`;
      const snapshotClass = {
        apiVersion,
        kind: 'VolumeSnapshotClass',
        metadata: { name },
        driver,
        deletionPolicy: 'Delete',
      };
      expect(await cluster().post(`${GROUP}/volumesnapshotclasses`, snapshotClass)).toMatchObject({ status: 201 });
      expect(namesOf(await cluster().get(`${GROUP}/volumesnapshotclasses`))).toContain(name);
      const own = `${GROUP}/namespaces/${namespace}/volumesnapshots`;
      const made = await cluster().post(own, {
        apiVersion,
        kind: 'VolumeSnapshot',
        metadata: { name: 's' },
        spec: { source: { persistentVolumeClaimName: 'none' } },
      });
      expect(made).toMatchObject({ status: 201, body: { metadata: { name: 's', namespace } } });
      expect(namesOf(await cluster().get(`${GROUP}/volumesnapshots`))).toContain('s');
      expect(await cluster().delete(`${own}/s`)).toMatchObject({ status: 200 });
    });

    it('have contents that keep what they point to, and may be told to let it be', async () => {
      const name = `${cluster().prefix}-content`;
      const contents = `${GROUP}/volumesnapshotcontents`;
      await cluster().post(contents, {
        apiVersion,
        kind: 'VolumeSnapshotContent',
        metadata: { name },
        spec: {
          driver,
          deletionPolicy: 'Delete',
          source: { snapshotHandle: 'a' },
          volumeSnapshotRef: { namespace, name: 's' },
        },
      });
      const patch = { spec: { deletionPolicy: 'Retain' } };
      expect(await cluster().patch(`${contents}/${name}`, MERGE, patch)).toMatchObject({
        status: 200,
        body: { spec: { deletionPolicy: 'Retain', source: { snapshotHandle: 'a' } } },
      });
      expect(namesOf(await cluster().get(contents))).toContain(name);
      expect(await cluster().get(`${contents}/${name}`)).toMatchObject({ status: 200 });
      expect(await cluster().delete(`${contents}/${name}`)).toMatchObject({ status: 200 });
      expect(await cluster().get(`${contents}/${name}`)).toMatchObject(
        notFound('volumesnapshotcontents', name, 'snapshot.storage.k8s.io'),
      );
    });
  });

  it('a volume may be told to keep its share', async () => {
    const name = `${cluster().prefix}-kept`;
    const volumes = '/api/v1/persistentvolumes';
    await cluster().post(volumes, {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name },
      spec: {
        accessModes: ['ReadWriteMany'],
        capacity: { storage: '1Gi' },
        persistentVolumeReclaimPolicy: 'Delete',
        csi: { driver, volumeHandle: 'a' },
      },
    });
    cluster().atEnd(() => cluster().delete(`${volumes}/${name}`));
    const patch = { spec: { persistentVolumeReclaimPolicy: 'Retain' } };
    expect(await cluster().patch(`${volumes}/${name}`, MERGE, patch)).toMatchObject({
      status: 200,
      body: { spec: { persistentVolumeReclaimPolicy: 'Retain' } },
    });
  });
}
