import { describe, expect, it } from 'vitest';
import type { CliError } from '../../../src/core/errors.ts';
import { connectKube } from '../../../src/kube/client.ts';
import type { KubeClient, KubeObject } from '../../../src/kube/types.ts';
import { reconcile } from '../../../src/reconcile/reconcile.ts';
import { kubeObjectRemoval, kubeObjects, prepared, refOf } from '../../../src/resources/kube-objects.ts';
import { tempDir } from '../../support/cli.ts';
import { fakeClock, testContext, type TestContext } from '../../support/context.ts';
import { KubeServer } from '../../support/kube-server.ts';

const OURS = { 'app.kubernetes.io/managed-by': 'manila-rwx' };
const namespace: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'x' } };
const secret: KubeObject = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 's', namespace: 'x' },
  stringData: { password: 'hunter2-hunter2' },
};
const storageClass = (parameters: object): KubeObject => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'c' },
  provisioner: 'p',
  parameters,
});
const daemonSet = (image: string): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'd', namespace: 'x' },
  spec: { selector: { matchLabels: { a: 'b' } }, template: { spec: { containers: [{ name: 'c', image }] } } },
});

type Global = Partial<TestContext['global']>;

async function withServer(
  work: (world: {
    server: KubeServer;
    keep: (objects: KubeObject[], global?: Global) => Promise<ReturnType<typeof summaryOf>>;
    remove: (objects: KubeObject[], global?: Global) => Promise<ReturnType<typeof summaryOf>>;
  }) => Promise<void>,
): Promise<void> {
  await using server = await KubeServer.start();
  await using folder = await tempDir({ kc: server.kubeconfig() });
  const open = async (global: Global): Promise<[TestContext, KubeClient]> => {
    const ctx = testContext({ clock: fakeClock(), global: { kubeconfig: `${folder.path}/kc`, ...global } });
    return [ctx, await connectKube(ctx)];
  };
  await work({
    server,
    keep: async (objects, global = { yes: true }) => {
      const [ctx, kube] = await open(global);
      return summaryOf(await reconcile(ctx, kubeObjects(ctx, kube, 'objects', objects)).finally(() => kube.close()));
    },
    remove: async (objects, global = { yes: true }) => {
      const [ctx, kube] = await open(global);
      const removal = kubeObjectRemoval(ctx, kube, 'objects', objects.map(refOf));
      return summaryOf(await reconcile(ctx, removal).finally(() => kube.close()));
    },
  });
}

const summaryOf = ({
  changes,
}: {
  changes: { action: string; kind: string; fields: object[]; reason?: string }[];
}) => ({
  changes,
  actions: changes.map(({ action, kind }) => `${action} ${kind}`),
});

async function failure(work: Promise<unknown>): Promise<CliError> {
  return work.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: unknown) => error as CliError,
  );
}

describe('objects that are kept', () => {
  it('are made in the order in which they need each other, and then never written again', () =>
    withServer(async ({ server, keep }) => {
      const all = [daemonSet('i:1'), storageClass({}), secret, namespace];
      await keep(all);
      expect(server.writes()).toEqual([
        'PATCH /api/v1/namespaces/x',
        'PATCH /api/v1/namespaces/x/secrets/s',
        'PATCH /apis/storage.k8s.io/v1/storageclasses/c',
        'PATCH /apis/apps/v1/namespaces/x/daemonsets/d',
      ]);
      const again = await keep(all);
      expect(again.actions).toEqual(['none DaemonSet', 'none StorageClass', 'none Secret', 'none Namespace']);
      expect(server.writes()).toHaveLength(4);
    }));

  it('carry the label by which they are known', () =>
    withServer(async ({ server, keep }) => {
      await keep([storageClass({})]);
      expect(server.find(refOf(storageClass({})))?.metadata.labels).toEqual(OURS);
    }));

  it('are read by one list where there are many', () =>
    withServer(async ({ server, keep }) => {
      const many = Array.from({ length: 12 }, (_, i) => ({
        ...storageClass({}),
        metadata: { name: `c${i}` },
      }));
      await keep(many);
      await keep(many);
      expect(server.calls().filter((call) => call.startsWith('GET '))).toEqual(
        Array(2).fill('GET /apis/storage.k8s.io/v1/storageclasses'),
      );
    }));

  it('take back what somebody else changed, by name of the field', () =>
    withServer(async ({ server, keep }) => {
      await keep([daemonSet('i:1')]);
      const live = server.find(refOf(daemonSet('')));
      server.put({ ...daemonSet('i:evil'), metadata: { ...live?.metadata, name: 'd' } }, 'kubectl-edit');
      const { changes } = await keep([daemonSet('i:1')]);
      expect(changes[0]).toMatchObject({
        action: 'update',
        fields: [{ path: 'spec.template.spec.containers[name=c].image', before: 'i:evil', after: 'i:1' }],
      });
      expect(server.find(refOf(daemonSet('')))).toMatchObject(daemonSet('i:1'));
    }));

  it('never show a Secret', () =>
    withServer(async ({ keep }) => {
      await keep([secret]);
      const { changes } = await keep([{ ...secret, stringData: { password: 'other-other-other' } }]);
      expect(changes[0]?.fields).toEqual([{ path: 'data.password', before: '[redacted]', after: '[redacted]' }]);
    }));

  it('are replaced where a field cannot be changed, after asking, and keep what users added', () =>
    withServer(async ({ server, keep }) => {
      await keep([storageClass({ a: '1' })]);
      const live = server.find(refOf(storageClass({})));
      server.store.mergePatch(
        'storage.k8s.io/v1 storageclasses',
        'c',
        undefined,
        {
          metadata: { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
          mountOptions: ['hard'],
        },
        false,
      );
      const wanted = [storageClass({ a: '2' })];
      const refused = await failure(keep(wanted, {}));
      expect(refused).toMatchObject({ code: 'not-confirmed', exitCode: 2 });
      expect(refused.message).toContain('replace StorageClass c: parameters.a "1" -> "2"');
      const { changes } = await keep(wanted);
      expect(changes[0]).toMatchObject({ action: 'replace', destructive: true });
      const now = server.find(refOf(storageClass({})));
      expect(now?.metadata.uid).not.toBe(live?.metadata.uid);
      expect(now).toMatchObject({
        parameters: { a: '2' },
        mountOptions: ['hard'],
        metadata: { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
      });
      expect((await keep(wanted)).actions).toEqual(['none StorageClass']);
    }));

  it('are only tried with --dry-run=server, also what would be deleted or replaced', () =>
    withServer(async ({ server, keep, remove }) => {
      await keep([storageClass({ a: '1' }), secret]);
      const before = server.store.version;
      const { actions } = await keep([storageClass({ a: '2' }), { ...secret, stringData: { password: 'x' } }], {
        dryRun: 'server',
      });
      expect(actions).toEqual(['replace StorageClass', 'update Secret']);
      expect((await remove([storageClass({}), secret], { dryRun: 'server' })).actions).toHaveLength(2);
      expect(server.store.version).toBe(before);
      expect(server.find(refOf(storageClass({})))).toMatchObject({ parameters: { a: '1' } });
    }));

  it('are not touched with --dry-run', () =>
    withServer(async ({ server, keep }) => {
      expect((await keep([namespace, secret], { dryRun: 'client' })).actions).toEqual([
        'create Namespace',
        'create Secret',
      ]);
      expect(server.writes()).toEqual([]);
    }));

  it('do not take over an object that was made anew by somebody else in between', () =>
    withServer(async ({ server, keep }) => {
      await keep([secret]);
      server.faults.push(({ method }) => {
        if (method !== 'PATCH') return undefined;
        server.store.delete('v1 secrets', 's', { namespace: 'x' });
        server.put({ ...secret, metadata: { ...secret.metadata, uid: 'another' } });
        server.faults.pop();
        return undefined;
      });
      const error = await failure(keep([{ ...secret, stringData: { password: 'x' } }]));
      expect(error).toMatchObject({ exitCode: 3, code: 'kube-api' });
      expect(error.message).toContain('uid mismatch');
    }));
});

describe('objects that are not ours', () => {
  it('are refused all at once, with who keeps them, before anything is written', () =>
    withServer(async ({ server, keep }) => {
      const labels = { 'app.kubernetes.io/managed-by': 'Helm' };
      const annotations = { 'meta.helm.sh/release-name': 'csi' };
      server.put({ ...storageClass({}), metadata: { name: 'c', labels, annotations } });
      server.put(daemonSet('i:1'), 'flux');
      const error = await failure(keep([namespace, storageClass({}), daemonSet('i:1')]));
      expect(error).toMatchObject({ code: 'not-ours', exitCode: 3 });
      expect(error.message).toBe(
        'StorageClass c (managed by Helm, release csi), DaemonSet x/d (made by flux) exist and are not managed by manila-rwx; nothing was changed',
      );
      expect(server.writes()).toEqual([]);
    }));

  it('may be a namespace that has what is needed', () =>
    withServer(async ({ server, keep }) => {
      const needed = { 'pod-security.kubernetes.io/enforce': 'privileged' };
      const wanted = { ...namespace, metadata: { name: 'x', labels: needed } };
      server.put({ ...namespace, metadata: { name: 'x', labels: { team: 'storage' } } });
      const error = await failure(keep([wanted]));
      expect(error.code).toBe('not-ours');
      expect(error.remedy).toContain('kubectl label namespace x app.kubernetes.io/managed-by=manila-rwx');
      server.put({ ...namespace, metadata: { name: 'x', labels: { team: 'storage', ...needed } } });
      expect((await keep([wanted])).changes[0]).toMatchObject({ action: 'none', reason: /./ });
      expect(server.writes()).toEqual([]);
    }));

  it('are kept when ours are removed, in the reverse order', () =>
    withServer(async ({ server, keep, remove }) => {
      await keep([namespace, secret, daemonSet('i:1')]);
      server.put(storageClass({}), 'flux');
      const { actions } = await remove([namespace, storageClass({}), secret, daemonSet('')]);
      expect(actions).toEqual(['delete Namespace', 'none StorageClass', 'delete Secret', 'delete DaemonSet']);
      expect(server.writes().slice(3)).toEqual([
        'DELETE /apis/apps/v1/namespaces/x/daemonsets/d',
        'DELETE /api/v1/namespaces/x/secrets/s',
        'DELETE /api/v1/namespaces/x',
      ]);
      expect((await remove([namespace, secret])).actions).toEqual([]);
    }));
});

describe('prepared', () => {
  it('drops status and turns stringData into data, which can be compared', () => {
    const object = prepared({ ...secret, data: { other: 'eA==' }, status: {} });
    expect(object).toEqual({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's', namespace: 'x', labels: OURS },
      data: { other: 'eA==', password: Buffer.from('hunter2-hunter2').toString('base64') },
    });
  });
});
