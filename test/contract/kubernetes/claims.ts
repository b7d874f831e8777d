import { beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type Connected, itemsOf, type Json, metaOf, notFound } from './cluster.ts';

/** Claims, their volumes, and what protects both. */
export function claimContract(cluster: () => Connected): void {
  describe('claims', () => {
    let ns = '';
    let claims = '';
    const claim = (name: string, spec: Json): Json => ({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name },
      spec: { accessModes: ['ReadWriteMany'], resources: { requests: { storage: '1Gi' } }, ...spec },
    });
    const phase = ({ body }: Answer): unknown => (body as { status?: { phase?: string } }).status?.phase;
    beforeAll(async () => {
      ns = await cluster().namespace('claims');
      claims = `${ns}/persistentvolumeclaims`;
    });

    it('are pending and protected from the first moment', async () => {
      expect(await cluster().post(claims, claim('a', { storageClassName: 'none' }))).toMatchObject({
        status: 201,
        body: {
          metadata: { finalizers: ['kubernetes.io/pvc-protection'] },
          spec: { volumeMode: 'Filesystem' },
          status: { phase: 'Pending' },
        },
      });
    });

    it('say that their class is not there', async () => {
      await cluster().post(claims, claim('classless', { storageClassName: 'none' }));
      const selector = encodeURIComponent('involvedObject.name=classless');
      const { body } = await cluster().until(
        `${ns}/events?fieldSelector=${selector}`,
        (one) => itemsOf(one).length > 0,
      );
      expect((body as { items: Json[] }).items[0]).toMatchObject({
        type: 'Warning',
        reason: 'ProvisioningFailed',
        message: 'storageclass.storage.k8s.io "none" not found',
        source: { component: 'persistentvolume-controller' },
      });
    });

    it('say which provisioner they wait for', async () => {
      const name = `${cluster().prefix}-waits`;
      const classes = '/apis/storage.k8s.io/v1/storageclasses';
      await cluster().post(classes, {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'StorageClass',
        metadata: { name },
        provisioner: 'none.example.com',
      });
      cluster().atEnd(() => cluster().delete(`${classes}/${name}`));
      await cluster().post(claims, claim('waits', { storageClassName: name }));
      const { body } = await cluster().until(`${claims}/waits`, (one) =>
        JSON.stringify(one.body).includes('storage-provisioner'),
      );
      expect((body as { metadata: Json }).metadata['annotations']).toMatchObject({
        'volume.kubernetes.io/storage-provisioner': 'none.example.com',
      });
    });

    it('are bound to a volume that is made for them, and give it up', async () => {
      const name = `${cluster().prefix}-static`;
      const volumes = '/api/v1/persistentvolumes';
      expect(await cluster().get(`${volumes}/${name}`)).toMatchObject(notFound('persistentvolumes', name));
      const made = await cluster().post(volumes, {
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: { name },
        spec: {
          accessModes: ['ReadWriteMany'],
          capacity: { storage: '1Gi' },
          storageClassName: '',
          persistentVolumeReclaimPolicy: 'Retain',
          csi: { driver: 'none.example.com', volumeHandle: 'a' },
        },
      });
      expect(made.status).toBe(201);
      cluster().atEnd(() => cluster().delete(`${volumes}/${name}`));
      await cluster().post(claims, claim('static', { storageClassName: '', volumeName: name }));
      const bound = await cluster().until(`${claims}/static`, (one) => phase(one) === 'Bound');
      expect(bound.body).toMatchObject({
        status: { accessModes: ['ReadWriteMany'], capacity: { storage: '1Gi' } },
        metadata: { annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } },
      });
      const { body } = await cluster().get(`${volumes}/${name}`);
      expect(body).toMatchObject({
        metadata: { finalizers: ['kubernetes.io/pv-protection'] },
        spec: { claimRef: { kind: 'PersistentVolumeClaim', name: 'static', uid: metaOf(bound).uid } },
        status: { phase: 'Bound' },
      });
      // Deletion answers with the claim, which waits for its protection to be taken away.
      expect(await cluster().delete(`${claims}/static`)).toMatchObject({ status: 200 });
      await cluster().until(`${claims}/static`, ({ status }) => status === 404);
      await cluster().until(`${volumes}/${name}`, (one) => phase(one) === 'Released');
    });

    it('cannot shrink, nor grow where their class does not let them', async () => {
      const path = `${claims}/a`;
      const wanted = { spec: { resources: { requests: { storage: '2Gi' } } } };
      expect(await cluster().patch(path, 'application/merge-patch+json', wanted)).toMatchObject({
        status: expect.toSatisfy((status: number) => status === 403 || status === 422) as number,
      });
      const other = { spec: { storageClassName: 'other' } };
      expect(await cluster().patch(path, 'application/merge-patch+json', other)).toMatchObject({
        status: 422,
        body: { message: expect.stringContaining('spec: Forbidden: spec is immutable after creation') as string },
      });
    });
  });
}
