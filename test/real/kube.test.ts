import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectKube } from '../../src/kube/client.ts';
import { KubeApiError } from '../../src/kube/errors.ts';
import type { KubeClient, KubeObject } from '../../src/kube/types.ts';
import { reconcile } from '../../src/reconcile/reconcile.ts';
import { kubeObjectRemoval, kubeObjects, refOf } from '../../src/resources/kube-objects.ts';
import { systemClock } from '../../src/core/clock.ts';
import { tempDir } from '../support/cli.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { describeReal } from '../support/real.ts';

const NS = 'kube-client-test';
const BUSYBOX = 'docker.io/library/busybox:1.36';

const pod = (name: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: NS },
  spec: {
    terminationGracePeriodSeconds: 0,
    containers: [{ name: 'c', image: BUSYBOX, command: ['sh', '-c', 'echo started; sleep 3600'] }],
  },
});

describeReal('the Kubernetes client', (real) => {
  let ctx: TestContext;
  let kube: KubeClient;
  const connect = async (overrides: Parameters<typeof testContext>[0] = {}): Promise<[TestContext, KubeClient]> => {
    const made = testContext({ clock: systemClock, env: real.env, ...overrides });
    return [made, await connectKube(made)];
  };

  beforeAll(async () => {
    [ctx, kube] = await connect({ global: { yes: true } });
    await kube.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NS } });
    // Pods can be made when the namespace has its ServiceAccount.
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', name: 'default', namespace: NS };
    while (!(await kube.get(account))) await systemClock.sleep(100);
    await kube.apply(pod('p'));
    await phase('p', 'Running');
  });
  afterAll(async () => {
    await kube.delete({ apiVersion: 'v1', kind: 'Namespace', name: NS });
    while (await kube.get({ apiVersion: 'v1', kind: 'Namespace', name: NS })) await systemClock.sleep(200);
    kube.close();
  });

  async function phase(name: string, wanted: string): Promise<string[]> {
    const seen: string[] = [];
    const stop = AbortSignal.timeout(60_000);
    for await (const { type, object } of kube.watch({ apiVersion: 'v1', kind: 'Pod', namespace: NS }, stop)) {
      if (object.metadata.name !== name) continue;
      const is = (object.status as { phase?: string } | undefined)?.phase ?? '';
      seen.push(`${type} ${is}`);
      if (is === wanted) return seen;
    }
    throw new Error(`pod ${name} did not become ${wanted}: ${seen.join(', ')}`);
  }

  it('sends what it says it sends: one request a read, under its own name', async () => {
    const requests = await real.requestsSince(async () => {
      for (let i = 0; i < 50; i++) await kube.get(refOf(pod('p')));
    });
    expect(requests).toHaveLength(50);
    expect(new Set(requests).size).toBe(1);
  });

  it('reads versions, nodes and rights', async () => {
    expect(await kube.raw('/version')).toMatchObject({ major: '1' });
    const { items, resourceVersion } = await kube.list({ apiVersion: 'v1', kind: 'Node' });
    expect(items[0]).toMatchObject({ kind: 'Node', metadata: { name: 'node1' } });
    expect(Number(resourceVersion)).toBeGreaterThan(0);
    expect(await kube.can({ verb: 'create', resource: 'pods', subresource: 'exec', namespace: NS })).toBe(true);
    expect(await kube.get({ apiVersion: 'v1', kind: 'Pod', name: 'none', namespace: NS })).toBeUndefined();
    expect(await kube.list({ apiVersion: 'example.com/v1', kind: 'Widget' })).toEqual({
      items: [],
      resourceVersion: '',
    });
    // Found by discovery, not in the table.
    expect((await kube.list({ apiVersion: 'v1', kind: 'Endpoints', namespace: 'default' })).items).toHaveLength(1);
  });

  it('says what is wrong with an object, and who holds a field', async () => {
    const invalid = { ...pod('bad'), spec: { containers: [{ name: 'c' }, { name: 'C', image: 'x' }] } };
    await expect(kube.apply(invalid)).rejects.toMatchObject({
      reason: 'Invalid',
      status: 422,
      message: expect.stringMatching(/containers\[0\]\.image: Required value.*containers\[1\]\.name/) as string,
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    });
    await expect(kube.apply({ ...pod('bad'), typo: 1 })).rejects.toMatchObject({
      message: expect.stringContaining('.typo: field not declared in schema') as string,
    });
    const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm', namespace: NS }, data: { k: 'ours' } };
    await real.kubectl('-n', NS, 'create', 'configmap', 'm', '--from-literal=k=theirs');
    const conflict = await kube.apply(map).catch((error: unknown) => error);
    expect(conflict).toBeInstanceOf(KubeApiError);
    expect(conflict).toMatchObject({
      code: 'kube-conflict',
      message: `ConfigMap ${NS}/m was not changed: "kubectl-create" holds data.k`,
    });
    expect(await kube.apply(map, { force: true })).toMatchObject({ data: { k: 'ours' } });
  });

  it('deletes nothing in a dry run', async () => {
    expect(await kube.delete(refOf(pod('p')), { dryRun: true })).toBe(true);
    expect(await kube.get(refOf(pod('p')))).toMatchObject({ metadata: { name: 'p' } });
  });

  it('watches a pod come and go', async () => {
    const events: string[] = [];
    const stop = new AbortController();
    const watching = (async () => {
      for await (const { type, object } of kube.watch({ apiVersion: 'v1', kind: 'Pod', namespace: NS }, stop.signal)) {
        events.push(`${type} ${object.metadata.name}`);
        if (type === 'DELETED') stop.abort();
      }
    })();
    await kube.apply(pod('short'));
    await phase('short', 'Running');
    await kube.delete(refOf(pod('short')), { gracePeriodSeconds: 0 });
    await watching;
    expect(events[0]).toBe('ADDED p');
    expect(events).toContain('ADDED short');
    expect(events.at(-1)).toBe('DELETED short');
  });

  describe('exec', () => {
    const P = { name: 'p', namespace: NS };
    it('gives exit code and both outputs apart', async () => {
      const command = ['sh', '-c', 'echo out; echo "ü $0" >&2; exit 7', 'a b'];
      expect(await kube.exec(P, { command, timeoutMs: 20_000 })).toEqual({
        exitCode: 7,
        stdout: 'out\n',
        stderr: 'ü a b\n',
      });
    });

    it('takes 20 MB', async () => {
      const command = ['sh', '-c', 'dd if=/dev/zero bs=1M count=20 2>/dev/null | tr "\\0" x'];
      expect((await kube.exec(P, { command, timeoutMs: 60_000 })).stdout).toHaveLength(20 * 1024 * 1024);
    });

    it('holds two commands at a barrier and lets them go', async () => {
      const command = ['sh', '-c', 'echo ready; read x; echo "went $x"'];
      const sessions = await Promise.all([1, 2].map(() => kube.execSession(P, { command, timeoutMs: 20_000 })));
      expect(await Promise.all(sessions.map((one) => one.nextLine()))).toEqual(['ready', 'ready']);
      for (const one of sessions) one.write('now\n');
      expect(await Promise.all(sessions.map((one) => one.nextLine()))).toEqual(['went now', 'went now']);
      expect((await Promise.all(sessions.map((one) => one.ended))).map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    });

    it.each([
      [{ pod: { ...P, name: 'none' } }, 'kube-api', 'pods "none" not found'],
      [{ container: 'z' }, 'kube-api', 'container z is not valid for pod p'],
      [{ command: ['/nope'] }, 'exec-failed', 'no such file or directory'],
      [{ command: ['sleep', '9'], timeoutMs: 800 }, 'timed-out', 'timed out after 800 ms waiting for a command in pod'],
    ])('%j fails as %s', async (what, code, message) => {
      const { pod: where = P, ...options } = what as { pod?: typeof P; command?: string[] };
      await expect(kube.exec(where, { command: ['true'], timeoutMs: 20_000, ...options })).rejects.toMatchObject({
        code,
        message: expect.stringContaining(message) as string,
      });
    });

    it('reads the log', async () => {
      expect(await kube.logs(P, { tailLines: 1 })).toBe('started\n');
      expect(await kube.logs(P, { previous: true })).toBe('');
    });
  });

  it('logs in by a credential plugin, and names what a user may not do', async () => {
    await using dir = await tempDir({ kc: await real.cluster('kubeconfig', '--exec', 'guest', NS) });
    const [guest, client] = await connect({ global: { kubeconfig: `${dir.path}/kc` } });
    expect(client.namespace).toBe(NS);
    expect(await client.can({ verb: 'list', resource: 'secrets', namespace: NS })).toBe(false);
    const error = await client.list({ apiVersion: 'v1', kind: 'Secret', namespace: NS }).catch((one: unknown) => one);
    expect(error).toMatchObject({
      code: 'kube-forbidden',
      exitCode: 3,
      message: `secrets is forbidden: User "system:serviceaccount:${NS}:guest" cannot list resource "secrets" in API group "" in the namespace "${NS}"`,
    });
    expect(guest.secrets.clean('nothing')).toBe('nothing');
    client.close();
  });

  it('keeps objects of every kind with no write the second time, and removes them', async () => {
    const labels = { app: 'kept' };
    const named = { name: 'kept', namespace: NS };
    const rbac = 'rbac.authorization.k8s.io';
    const role = { apiGroup: rbac, kind: 'Role', name: 'kept' };
    const manifests: KubeObject[] = [
      {
        apiVersion: 'apps/v1',
        kind: 'DaemonSet',
        metadata: named,
        spec: {
          selector: { matchLabels: labels },
          updateStrategy: { rollingUpdate: { maxUnavailable: '10%' } },
          template: {
            metadata: { labels },
            spec: {
              hostNetwork: false,
              nodeSelector: { 'kubernetes.io/os': 'none' },
              tolerations: [{ operator: 'Exists' }],
              priorityClassName: '',
              containers: [
                {
                  name: 'c',
                  image: BUSYBOX,
                  env: [
                    { name: 'EMPTY', value: '' },
                    { name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
                  ],
                  ports: [{ containerPort: 80 }],
                  resources: { requests: { cpu: 0.1, memory: '1024Mi' }, limits: { memory: '1.5Gi' } },
                  livenessProbe: { httpGet: { path: '/', port: 80 } },
                  volumeMounts: [{ name: 'v', mountPath: '/v' }],
                },
              ],
              volumes: [
                { name: 'v', emptyDir: { sizeLimit: '1024Ki' } },
                { name: 't', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } },
              ],
            },
          },
        },
      },
      { apiVersion: 'v1', kind: 'Secret', metadata: named, stringData: { password: 'kept-kept' } },
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: named },
      {
        apiVersion: `${rbac}/v1`,
        kind: 'Role',
        metadata: named,
        rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }],
      },
      {
        apiVersion: `${rbac}/v1`,
        kind: 'RoleBinding',
        metadata: named,
        roleRef: role,
        subjects: [{ kind: 'ServiceAccount', ...named }],
      },
      {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: named,
        spec: { maxUnavailable: 1, selector: { matchLabels: labels } },
      },
      {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'CSIDriver',
        metadata: { name: 'kept.example.com' },
        spec: { attachRequired: false, podInfoOnMount: false, fsGroupPolicy: 'None' },
      },
      {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'StorageClass',
        metadata: { name: 'kept-example' },
        provisioner: 'kept.example.com',
        parameters: { a: '1' },
      },
    ];
    const keep = async (list = manifests, context = ctx) =>
      (await reconcile(context, kubeObjects(context, kube, 'objects', list))).summary;
    try {
      expect(await keep()).toMatchObject({ create: manifests.length });
      let again;
      const requests = await real.requestsSince(async () => {
        again = await keep();
      });
      expect(again).toEqual({ create: 0, update: 0, replace: 0, delete: 0, none: manifests.length });
      expect(requests.filter((line) => !line.startsWith('get '))).toEqual([]);

      await real.kubectl('-n', NS, 'set', 'image', 'ds/kept', 'c=busybox:9');
      await real.kubectl('-n', NS, 'set', 'env', 'ds/kept', 'MORE=x');
      const changed = structuredClone(manifests);
      const secret = changed[1];
      if (secret) secret.stringData = { token: 'other' };
      const [, , , , , , , storageClass] = changed;
      if (storageClass) storageClass.parameters = { a: '2' };
      const [tried] = await connect({ global: { yes: true, dryRun: 'server' } });
      const wanted = { create: 0, update: 2, replace: 1, delete: 0, none: manifests.length - 3 };
      expect(await keep(changed, tried)).toEqual(wanted);
      expect(await keep(changed)).toEqual(wanted);
      expect(await keep(changed)).toMatchObject({ none: manifests.length });
      const data = await real.kubectl('-n', NS, 'get', 'secret', 'kept', '-o', 'jsonpath={.data}');
      expect(Object.keys(JSON.parse(data) as object)).toEqual(['token']);
      // What somebody else added is theirs.
      const env = await real.kubectl('-n', NS, 'get', 'ds', 'kept', '-o', 'jsonpath={..env[*].name}');
      expect(env.split(' ').sort()).toEqual(['EMPTY', 'MORE', 'NODE']);
    } finally {
      const removal = kubeObjectRemoval(ctx, kube, 'objects', manifests.map(refOf));
      expect((await reconcile(ctx, removal)).summary.delete).toBe(manifests.length);
    }
  });
});
