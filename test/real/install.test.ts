import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type CliResult, tempDir } from '../support/cli.ts';
import { describeReal, type Real } from '../support/real.ts';

const FILE = `
version: 1
cloud: { name: admin }
credential: { project: tenant-a }
`;

/** Everything that an installation could leave in the cluster, as kind/namespace/name lines. */
async function objects(real: Real): Promise<string[]> {
  const kinds =
    'ns,pv,pvc,sc,csidrivers,clusterroles,clusterrolebindings,roles,rolebindings,sa,secrets,configmaps,deploy,ds,rs,pods,pdb,leases';
  const path = '{range .items[*]}{.kind}/{.metadata.namespace}/{.metadata.name}{"\\n"}{end}';
  const text = await real.kubectl('get', kinds, '-A', '-o', `jsonpath=${path}`);
  return text.split('\n').filter(Boolean).sort();
}

describeReal('install', (real) => {
  let dir: Awaited<ReturnType<typeof tempDir>>;
  let before: string[];
  const run = (...argv: string[]): Promise<CliResult> =>
    real.cli(argv, { cwd: dir.path, env: { HOME: dir.path, OS_CLOUD: 'admin' } });
  const good = async (...argv: string[]): Promise<CliResult> => {
    const done = await run(...argv);
    expect(done.code, `manila-rwx ${argv.join(' ')}\n${done.stdout}${done.stderr}`).toBe(0);
    return done;
  };

  /** A token of the administrator, to look at Keystone past the program. */
  const adminToken = async (): Promise<{ keystone: string; headers: Record<string, string> }> => {
    const id = (await real.cloud('openstack', 'token', 'issue', '-f', 'value', '-c', 'id')).trim();
    const clouds = parse(await readFile(real.env.OS_CLIENT_CONFIG_FILE ?? '', 'utf8')) as {
      clouds: { admin: { auth: { auth_url: string } } };
    };
    return {
      keystone: clouds.clouds.admin.auth.auth_url,
      headers: { 'x-auth-token': id, 'content-type': 'application/json' },
    };
  };
  const credentials = async (): Promise<{ id: string; name: string; access_rules?: object[] }[]> => {
    const { keystone, headers } = await adminToken();
    const answer = await fetch(`${keystone}/users/${await annotation('user-id')}/application_credentials`, { headers });
    const body = (await answer.json()) as { application_credentials: { id: string; name: string }[] };
    return body.application_credentials;
  };
  const annotation = async (name: string): Promise<string> =>
    real.kubectl(
      ...['-n', 'manila-csi', 'get', 'secret', 'manila-rwx-credential'],
      ...['-o', `jsonpath={.metadata.annotations.manila-rwx/${name}}`],
    );
  /** Users that were made for this cluster. */
  const serviceUsers = async (): Promise<string[]> => {
    const id = await real.kubectl('get', 'namespace', 'kube-system', '-o', 'jsonpath={.metadata.uid}');
    const names = await real.cloud('openstack', 'user', 'list', '-f', 'value', '-c', 'Name');
    return names.split('\n').filter((name) => name === `manila-rwx-${id.slice(0, 8)}`);
  };

  beforeAll(async () => {
    dir = await tempDir({ 'manila-rwx.yaml': FILE });
    await real.kubectl('delete', 'pv', 'rwx-test-volume', '--ignore-not-found');
    await run('uninstall', '--yes');
    before = await objects(real);
  });
  afterAll(async () => {
    await run('uninstall', '--yes');
    await dir[Symbol.asyncDispose]();
  });

  describe('before anything is made', () => {
    it('takes the templates as they are, with kubectl', async () => {
      const root = join(import.meta.dirname, '../../templates');
      const made = await real.kubectl('apply', '--dry-run=server', '-f', join(root, 'namespace.yaml'));
      expect(made).toContain('created (server dry run)');
      // Objects of a namespace that is not there cannot be tried; in another one they can.
      await real.kubectl('create', 'namespace', 'rwx-templates');
      try {
        const rendered = await real.kubectl('create', '--dry-run=client', '-o', 'json', '-f', join(root, 'manila-nfs'));
        const moved = await mkdtemp(join(tmpdir(), 'manila-rwx-templates-'));
        const text = rendered.replaceAll('"namespace": "manila-csi"', '"namespace": "rwx-templates"');
        await writeFile(join(moved, 'all.json'), text);
        const tried = await real.kubectl('apply', '--dry-run=server', '-f', join(moved, 'all.json'));
        expect(tried.split('\n').filter(Boolean)).toHaveLength(12);
      } finally {
        await real.kubectl('delete', 'namespace', 'rwx-templates');
      }
    });

    it('shows with --dry-run what it would make, and makes nothing', async () => {
      const shown = await good('install', '--dry-run', '-o', 'json');
      expect(shown.json()).toMatchObject({ dryRun: 'client', summary: { create: 15 }, namespace: 'manila-csi' });
      expect(await objects(real)).toEqual(before);
    });

    it.each([
      ['a project that does not exist', ['--project', 'nope'], 2, /no project "nope"/],
      ['an administrator', ['--credential-cloud', 'admin'], 2, /user "admin" has role admin/],
      ['a cloud that does not exist', ['--credential-cloud', 'nope'], 2, /no cloud "nope"/],
    ])('refuses %s', async (_what, flags, code, said) => {
      const done = await run('install', ...flags);
      expect(done.code, done.stderr).toBe(code);
      expect(done.stderr).toMatch(said);
      expect(await objects(real)).toEqual(before);
      expect(await serviceUsers()).toEqual([]);
    });

    it('makes nothing, neither here nor at Keystone, for a user without rights', async () => {
      await real.kubectl('create', 'namespace', 'rwx-no-rights');
      try {
        const kubeconfig = join(dir.path, 'nobody');
        await writeFile(kubeconfig, await real.cluster('kubeconfig', 'nobody', 'rwx-no-rights'));
        const blind = await run('install', '--kubeconfig', kubeconfig);
        expect(blind.code).toBe(3);
        expect(blind.stderr).toMatch(/nobody" cannot get resource "namespaces"/);
        await grantReading(real);
        const reader = await run('install', '--kubeconfig', kubeconfig);
        expect(reader.code).toBe(3);
        expect(reader.stderr).toMatch(/may not .*create and patch .*daemonsets\.apps.* in namespace manila-csi/);
        expect(await serviceUsers()).toEqual([]);
      } finally {
        await real.kubectl('delete', 'clusterrole,clusterrolebinding', '-l', 'rwx-test=rights');
        await real.kubectl('delete', 'namespace', 'rwx-no-rights');
      }
      expect(await objects(real)).toEqual(before);
    });

    it('refuses a namespace that admits no privileged pods, and names the remedy', async () => {
      await real.kubectl('create', 'namespace', 'rwx-restricted');
      try {
        await real.kubectl('label', 'namespace', 'rwx-restricted', 'pod-security.kubernetes.io/enforce=restricted');
        const done = await run('install', '-n', 'rwx-restricted');
        expect(done.code).toBe(3);
        expect(done.stderr).toMatch(/admits pods of the security level "restricted" only/);
        expect(done.stderr).toMatch(/kubectl label namespace rwx-restricted/);
      } finally {
        await real.kubectl('delete', 'namespace', 'rwx-restricted');
      }
    });

    it('refuses to stand beside a driver of somebody else', async () => {
      const foreign = join(dir.path, 'foreign.yaml');
      const metadata = '{ name: nfs.manila.csi.openstack.org, labels: { app.kubernetes.io/managed-by: Helm } }';
      await writeFile(foreign, `apiVersion: storage.k8s.io/v1\nkind: CSIDriver\nmetadata: ${metadata}\nspec: {}\n`);
      await real.kubectl('create', '-f', foreign);
      try {
        const done = await run('install');
        expect(done.code).toBe(3);
        expect(done.stderr).toMatch(/CSIDriver nfs\.manila\.csi\.openstack\.org \(kept by Helm\)/);
      } finally {
        await real.kubectl('delete', '-f', foreign);
      }
    });
  });

  describe('from nothing', () => {
    it('ends when every node has registered the driver', async () => {
      const done = await good('install', '-o', 'json');
      expect(done.json()).toMatchObject({
        schema: 'manila-rwx/install/v1',
        summary: { create: 15 },
        versions: { manila: 'v1.36.0', nfs: 'v4.13.4' },
        credential: { project: 'tenant-a', limited: true },
        drivers: [{ ready: true, controller: { wanted: 2, available: 2 } }],
      });
      const drivers = await real.kubectl('get', 'csinodes', '-o', 'jsonpath={.items[*].spec.drivers[*].name}');
      expect(drivers.split(' ')).toEqual(['nfs.manila.csi.openstack.org', 'nfs.manila.csi.openstack.org']);
      expect((await run('status')).code).toBe(0);
    });

    it('writes nothing the second time, and makes no second credential', async () => {
      const made = await credentials();
      let said = '';
      const requests = await real.requestsSince(async () => {
        said = (await good('install')).stdout;
      });
      expect(requests.filter((line) => !/^(get|list|watch) /.test(line))).toEqual([]);
      expect(said).toMatch(/nothing to change/);
      expect(await credentials()).toEqual(made);
      expect(made).toHaveLength(1);
      expect(made[0]?.access_rules?.length).toBeGreaterThan(5);
    });

    it('lets the sidecars read Secrets of their own namespace only', async () => {
      const account = 'system:serviceaccount:manila-csi:manila-csi-nfs-controller';
      const may = async (...what: string[]): Promise<string> =>
        (
          await real
            .kubectl('auth', 'can-i', ...what, `--as=${account}`)
            .catch((error: unknown) => (error as { stdout: string }).stdout)
        ).trim();
      expect(await may('get', 'secrets', '-n', 'manila-csi')).toBe('yes');
      expect(await may('get', 'secrets', '-n', 'kube-system')).toBe('no');
      expect(await may('list', 'secrets', '-n', 'manila-csi')).toBe('no');
      expect(await may('create', 'pods', '-n', 'manila-csi')).toBe('no');
    });

    it('mends what somebody has changed or deleted', async () => {
      await real.kubectl('-n', 'manila-csi', 'delete', 'poddisruptionbudget', 'manila-csi-nfs-controller');
      await real.kubectl('-n', 'manila-csi', 'scale', 'deployment', 'manila-csi-nfs-controller', '--replicas=1');
      const done = await good('install', '-o', 'json');
      expect(done.json()).toMatchObject({ summary: { create: 1, update: 1, delete: 0 }, drivers: [{ ready: true }] });
    });

    it('makes a new credential where the old one is refused or lost', async () => {
      const [old] = await credentials();
      const { keystone, headers } = await adminToken();
      const user = await annotation('user-id');
      await fetch(`${keystone}/users/${user}/application_credentials/${old?.id}`, { method: 'DELETE', headers });
      const status = await run('status');
      expect(status.code).toBe(1);
      expect(status.stdout).toMatch(/Could not find Application Credential/);
      const replaced = await good('install', '--no-wait', '-o', 'json');
      expect(replaced.json()).toMatchObject({ summary: { replace: 1, update: 1 } });
      expect((await run('status')).code).toBe(0);
      // Somebody has lost the Secret: there is a new credential, and not one more than that.
      await real.kubectl('-n', 'manila-csi', 'delete', 'secret', 'manila-rwx-credential');
      await good('install', '--no-wait');
      expect(await credentials()).toHaveLength(1);
    });

    it('revokes the credential of a run that was killed between Keystone and the cluster', async () => {
      const [kept] = await credentials();
      const { keystone, headers } = await adminToken();
      const user = await annotation('user-id');
      const project = await annotation('project-id');
      const post = (path: string, token: string, body: object, method = 'POST'): Promise<Response> =>
        fetch(`${keystone}${path}`, {
          method,
          headers: { ...headers, 'x-auth-token': token },
          body: JSON.stringify(body),
        });
      await post(`/users/${user}`, headers['x-auth-token'] ?? '', { user: { password: 'of-the-test' } }, 'PATCH');
      // Keystone refuses a token of the same second as the password.
      await new Promise((done) => setTimeout(done, 1500));
      const password = { user: { id: user, password: 'of-the-test' } };
      const login = await post('/auth/tokens', '', {
        auth: { identity: { methods: ['password'], password }, scope: { project: { id: project } } },
      });
      const stray = { name: `${kept?.name.replace(/driver-.*/, 'driver-')}stray` };
      const made = await post(`/users/${user}/application_credentials`, login.headers.get('x-subject-token') ?? '', {
        application_credential: stray,
      });
      expect(made.status).toBe(201);
      const mended = await good('install', '-o', 'json');
      expect(mended.json()).toMatchObject({ summary: { create: 0, update: 0, delete: 1 } });
      expect((await credentials()).map(({ id }) => id)).toEqual([kept?.id]);
    });

    it('says which node lacks the driver and why, when time runs out', async () => {
      await real.kubectl('label', 'nodes', 'node2', 'rwx-test=here');
      const patch = (selector: object): Promise<string> =>
        real.kubectl(
          ...['-n', 'manila-csi', 'patch', 'daemonset', 'manila-csi-nfs-node', '--type=merge', '-p'],
          JSON.stringify({ spec: { template: { spec: { nodeSelector: selector } } } }),
        );
      await patch({ 'rwx-test': 'here' });
      try {
        // A field that we do not keep is left to whoever set it: the driver is then missing on the other node.
        const done = await run('status', '--wait', '--timeout', '15s');
        expect(done.code, done.stdout).toBe(4);
        expect(done.stderr).toMatch(/timed out after 15 s .*node1: no pod of the node plugin/);
        expect(done.stderr).toMatch(/kubectl -n manila-csi describe pods/);
      } finally {
        await patch({ 'rwx-test': null });
        await real.kubectl('label', 'nodes', 'node2', 'rwx-test-');
      }
      await good('status', '--wait');
    });
  });

  describe('uninstall', () => {
    it('refuses while a volume exists, and lists it', async () => {
      const volume = join(dir.path, 'pv.yaml');
      await writeFile(volume, PV);
      await real.kubectl('create', '-f', volume);
      try {
        const installed = await objects(real);
        const done = await run('uninstall', '--yes', '-o', 'json');
        expect(done.code).toBe(1);
        expect(done.json()).toMatchObject({
          volumes: [{ name: 'rwx-test-volume', share: 'share-1' }],
          error: { code: 'in-use' },
        });
        expect(await objects(real)).toEqual(installed);
      } finally {
        await real.kubectl('delete', '-f', volume);
      }
    });

    it('asks first where nobody has said yes', async () => {
      const done = await run('uninstall');
      expect(done.code).toBe(2);
      expect(done.stderr).toMatch(/delete DaemonSet manila-csi\/manila-csi-nfs-node/);
    });

    it('leaves nothing in the cluster and nothing at Keystone', async () => {
      await good('uninstall', '--yes');
      expect(await objects(real)).toEqual(before);
      expect(await serviceUsers()).toEqual([]);
      const drivers = await real.kubectl('get', 'csinodes', '-o', 'jsonpath={.items[*].spec.drivers[*].name}');
      expect(drivers).toBe('');
      expect((await good('uninstall', '--yes')).stdout).toMatch(/nothing to do/);
    });

    it('leaves a namespace that others have put things into', async () => {
      await real.kubectl('create', 'namespace', 'rwx-shared');
      try {
        await good('install', '-n', 'rwx-shared', '--no-wait', '--credential-cloud', 'alice');
        await real.kubectl('-n', 'rwx-shared', 'create', 'configmap', 'precious');
        const done = await good('uninstall', '-n', 'rwx-shared', '--yes');
        expect(done.stdout).toMatch(/stays: namespace rwx-shared: it was not made by manila-rwx/);
        const left = (await objects(real)).filter((line) => line.includes('rwx-shared'));
        expect(left.filter((line) => !/kube-root-ca|\/default$/.test(line))).toEqual([
          'ConfigMap/rwx-shared/precious',
          'Namespace//rwx-shared',
        ]);
        const own = await real.cloud(
          'openstack',
          '--os-cloud',
          'alice',
          'application',
          'credential',
          'list',
          '-f',
          'value',
        );
        expect(own).not.toContain('manila-rwx-');
      } finally {
        await real.kubectl('delete', 'namespace', 'rwx-shared');
      }
    });
  });
});

const PV = `
apiVersion: v1
kind: PersistentVolume
metadata: { name: rwx-test-volume }
spec:
  capacity: { storage: 1Gi }
  accessModes: [ReadWriteMany]
  persistentVolumeReclaimPolicy: Retain
  storageClassName: ""
  csi: { driver: nfs.manila.csi.openstack.org, volumeHandle: share-1 }
`;

/** Lets the user see everything that an installation looks at, and change none of it. */
async function grantReading(real: Real): Promise<void> {
  const resources =
    'namespaces,nodes,daemonsets.apps,deployments.apps,csidrivers.storage.k8s.io,secrets,serviceaccounts';
  const more = 'clusterroles,clusterrolebindings,roles,rolebindings,poddisruptionbudgets.policy';
  await real.kubectl('create', 'clusterrole', 'rwx-reader', '--verb=get,list', `--resource=${resources},${more}`);
  await real.kubectl(
    ...['create', 'clusterrolebinding', 'rwx-reader', '--clusterrole=rwx-reader'],
    '--serviceaccount=rwx-no-rights:nobody',
  );
  await real.kubectl('label', 'clusterrole,clusterrolebinding', 'rwx-reader', 'rwx-test=rights');
}
