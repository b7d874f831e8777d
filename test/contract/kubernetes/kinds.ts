import { beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type Connected, failure, type Json, MERGE, metaOf, notFound } from './cluster.ts';

/** Every kind that the program applies, from the first time to the last. */
export function kindContract(cluster: () => Connected): void {
  describe('kinds', () => {
    let namespace = '';
    beforeAll(async () => {
      namespace = (await cluster().namespace('kinds')).split('/').at(-1) ?? '';
    });
    const labels = { app: 'none' };
    const selector = { matchLabels: labels };
    const template = {
      metadata: { labels },
      spec: { nodeSelector: { none: 'here' }, containers: [{ name: 'c', image: 'busybox:1.36' }] },
    };
    const rules = [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }];
    const subjects = (): Json[] => [{ kind: 'ServiceAccount', name: 'none', namespace }];
    const rbac = 'rbac.authorization.k8s.io';
    const storage = 'storage.k8s.io';

    it.each([
      ['', 'v1', 'Secret', 'secrets', true, () => ({ type: 'Opaque', stringData: { a: 'b' } })],
      ['', 'v1', 'ServiceAccount', 'serviceaccounts', true, () => ({})],
      ['', 'v1', 'ResourceQuota', 'resourcequotas', true, () => ({ spec: { hard: { persistentvolumeclaims: '1' } } })],
      ['', 'v1', 'Namespace', 'namespaces', false, () => ({})],
      [
        '',
        'v1',
        'PersistentVolumeClaim',
        'persistentvolumeclaims',
        true,
        () => ({
          spec: {
            accessModes: ['ReadWriteMany'],
            storageClassName: 'none',
            resources: { requests: { storage: '1Gi' } },
          },
        }),
      ],
      ['apps', 'v1', 'Deployment', 'deployments', true, () => ({ spec: { selector, template } })],
      ['apps', 'v1', 'DaemonSet', 'daemonsets', true, () => ({ spec: { selector, template } })],
      [
        'policy',
        'v1',
        'PodDisruptionBudget',
        'poddisruptionbudgets',
        true,
        () => ({ spec: { maxUnavailable: 1, selector } }),
      ],
      [rbac, 'v1', 'Role', 'roles', true, () => ({ rules })],
      [
        rbac,
        'v1',
        'RoleBinding',
        'rolebindings',
        true,
        () => ({ roleRef: { apiGroup: rbac, kind: 'Role', name: 'none' }, subjects: subjects() }),
      ],
      [rbac, 'v1', 'ClusterRole', 'clusterroles', false, () => ({ rules })],
      [
        rbac,
        'v1',
        'ClusterRoleBinding',
        'clusterrolebindings',
        false,
        () => ({ roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'none' }, subjects: subjects() }),
      ],
      [
        storage,
        'v1',
        'CSIDriver',
        'csidrivers',
        false,
        () => ({ spec: { attachRequired: false, fsGroupPolicy: 'None' } }),
      ],
      [storage, 'v1', 'StorageClass', 'storageclasses', false, () => ({ provisioner: 'none.example.com' })],
      [
        '',
        'v1',
        'PersistentVolume',
        'persistentvolumes',
        false,
        () => ({
          spec: {
            accessModes: ['ReadWriteMany'],
            capacity: { storage: '1Gi' },
            csi: { driver: 'none.example.com', volumeHandle: 'a' },
          },
        }),
      ],
    ] as [string, string, string, string, boolean, () => Json][])(
      '%s/%s %s',
      async (group, version, kind, plural, isNamespaced, body) => {
        const name = `${cluster().prefix}-kind`;
        const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
        const path = `${root}${isNamespaced ? `/namespaces/${namespace}` : ''}/${plural}/${name}`;
        const object = {
          apiVersion: group === '' ? version : `${group}/${version}`,
          kind,
          metadata: { name },
          ...body(),
        };
        const query = '&fieldValidation=Strict&force=true';

        expect(await cluster().get(path)).toMatchObject(notFound(plural, name, group));
        const dry = await cluster().apply(path, 'test', object, `${query}&dryRun=All`);
        expect([dry.status, (await cluster().get(path)).status]).toEqual([201, 404]);

        const made = await cluster().apply(path, 'test', object, query);
        expect(made).toMatchObject({ status: 201, body: { kind, metadata: { name } } });
        const again = await cluster().apply(path, 'test', object, query);
        expect(again.status).toBe(200);
        // What the controllers write meanwhile is in the status alone.
        if (['Secret', 'ServiceAccount', 'CSIDriver', 'StorageClass', 'Role', 'ClusterRole'].includes(kind)) {
          expect(metaOf(again).resourceVersion).toBe(metaOf(made).resourceVersion);
        }

        expect((await cluster().get(path)).status).toBe(200);
        const propagationPolicy = 'Background';
        const { uid } = metaOf(made);
        expect((await cluster().delete(path, { propagationPolicy, preconditions: { uid } })).status).toBe(200);
        await cluster().until(path, ({ status }) => status === 404);
        // Who deletes what is gone already is told so, and may take it for done.
        expect(await cluster().delete(path, { propagationPolicy })).toMatchObject(notFound(plural, name, group));
      },
    );

    it('of a class keep what was changed meanwhile, and are not made twice', async () => {
      const classes = `/apis/${storage}/v1/storageclasses`;
      const name = `${cluster().prefix}-changed`;
      const object = {
        apiVersion: `${storage}/v1`,
        kind: 'StorageClass',
        metadata: { name },
        provisioner: 'none.example.com',
      };
      const made = await cluster().post(classes, object);
      expect(made.status).toBe(201);
      cluster().atEnd(() => cluster().delete(`${classes}/${name}`));
      expect(await cluster().post(classes, object)).toMatchObject(
        failure(409, 'AlreadyExists', `storageclasses.${storage} "${name}" already exists`, {
          name,
          group: storage,
          kind: 'storageclasses',
        }),
      );
      const { uid, resourceVersion } = metaOf(made);
      const change = (allowVolumeExpansion: boolean): Promise<Answer> =>
        cluster().patch(`${classes}/${name}`, MERGE, { metadata: { uid, resourceVersion }, allowVolumeExpansion });
      expect(await change(true)).toMatchObject({ status: 200, body: { allowVolumeExpansion: true } });
      expect(await change(false)).toMatchObject({ status: 409, body: { reason: 'Conflict' } });
    });
  });
}
