import { afterAll, beforeAll, expect, it } from 'vitest';
import { tempDir } from '../support/cli.ts';
import { describeReal } from '../support/real.ts';

const FILE = `
version: 1
cloud: { name: admin }
credential: { project: tenant-a }
shareTypes:
  - name: main-job
    extraSpecs: { share_backend_name: ALPHA }
    snapshots: { create: true, restore: true }
storageClasses:
  include: [main-job]
  default: main-job
  shareClients: [10.77.0.0/16]
`;

/** The main job of the program, from nothing, as the README tells it. Each step is the real program, run as a user. */
describeReal('the main job', (real) => {
  let dir: Awaited<ReturnType<typeof tempDir>>;
  const run = async (...argv: string[]) => {
    const done = await real.cli(argv, { cwd: dir.path, env: { HOME: dir.path } });
    expect(done.code, `manila-rwx ${argv.join(' ')}\n${done.stdout}${done.stderr}`).toBe(0);
    return done;
  };
  /** Everything that this program could leave in the cluster, as kind/namespace/name lines. */
  const objects = async (): Promise<string[]> => {
    const kinds =
      'ns,pv,pvc,sc,csidrivers,clusterroles,clusterrolebindings,roles,rolebindings,sa,secrets,configmaps,deploy,ds,sts,rs,pods,pdb,leases,jobs';
    const text = await real.kubectl(
      'get',
      kinds,
      '-A',
      '-o',
      'jsonpath={range .items[*]}{.kind}/{.metadata.namespace}/{.metadata.name}{"\\n"}{end}',
    );
    return text
      .split('\n')
      .filter((line) => line !== '')
      .sort();
  };
  const shares = async (): Promise<string[]> =>
    (await real.cloud('openstack', 'share', 'list', '--all-projects', '-f', 'value', '-c', 'ID'))
      .split('\n')
      .filter(Boolean);
  let before: { objects: string[]; shares: string[] };

  beforeAll(async () => {
    dir = await tempDir({ 'manila-rwx.yaml': FILE });
    before = { objects: await objects(), shares: await shares() };
  });
  afterAll(async () => {
    await real.cli(['uninstall', '--yes'], { cwd: dir.path, env: { HOME: dir.path } });
    await real.cloud('openstack', 'share', 'type', 'delete', 'main-job').catch(() => undefined);
    await dir[Symbol.asyncDispose]();
  });

  it('goes from nothing to a verified volume', async () => {
    await run('sharetype', 'apply');
    expect(
      await real.cloud('openstack', 'share', 'type', 'show', 'main-job', '-f', 'value', '-c', 'optional_extra_specs'),
    ).toContain('snapshot_support');
    await run('install');
    await run('storageclass', 'sync');
    const installed = await objects();
    const verify = await run('verify', '--expect-fstype', 'ext4', '-o', 'json', '--junit', 'verify.xml');
    expect(verify.stdout).toContain('node1');
    expect(verify.stdout).toContain('node2');
    expect(await objects()).toEqual(installed);
    expect(await shares()).toEqual(before.shares);
  });

  it('writes nothing the second time, and says so', async () => {
    for (const step of [['sharetype', 'apply'], ['install'], ['storageclass', 'sync']]) {
      let said = '';
      let debug = '';
      const requests = await real.requestsSince(async () => {
        const done = await run(...step, '--debug');
        said = done.stdout + done.stderr;
        debug = done.stderr;
      });
      const writes = requests.filter((line) => !/^(get|list|watch) /.test(line) && !line.includes('selfsubject'));
      expect(writes, step.join(' ')).toEqual([]);
      // What went to Manila and Keystone; a login is a POST that changes nothing.
      const sent = debug
        .split('\n')
        .filter((line) => /debug: (POST|PUT|PATCH|DELETE) /.test(line) && !line.includes('/auth/tokens'));
      expect(sent, step.join(' ')).toEqual([]);
      expect(said, step.join(' ')).toMatch(/nothing to change|unchanged/);
    }
    const again = await run('verify', '--expect-fstype', 'ext4', '-o', 'json');
    expect(again.json()).toMatchObject({ verdict: 'pass' });
    expect(await shares()).toEqual(before.shares);
  });

  it('gives the drivers a credential of a member, never the administrator', async () => {
    const secret = await real.kubectl(
      '-n',
      'manila-csi',
      'get',
      'secret',
      'manila-rwx-credential',
      '-o',
      'jsonpath={.data}',
    );
    const data = Object.fromEntries(
      Object.entries(JSON.parse(secret) as Record<string, string>).map(([key, value]) => [
        key,
        Buffer.from(value, 'base64').toString(),
      ]),
    );
    expect(Object.keys(data)).not.toContain('os-password');
    const response = await fetch(`${data['os-authURL'] ?? ''}/auth/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        auth: {
          identity: {
            methods: ['application_credential'],
            application_credential: {
              id: data['os-applicationCredentialID'],
              secret: data['os-applicationCredentialSecret'],
            },
          },
        },
      }),
    });
    expect(response.status).toBe(201);
    const { token } = (await response.json()) as {
      token: { roles: { name: string }[]; project: { name: string }; application_credential: { restricted: boolean } };
    };
    const roles = token.roles.map(({ name }) => name);
    expect(roles).toContain('member');
    expect(roles).not.toContain('admin');
    expect(token.project.name).toBe('tenant-a');
    expect(token.application_credential.restricted).toBe(true);
  });

  it('leaves nothing when it is uninstalled', async () => {
    await run('uninstall', '--yes');
    expect(await objects()).toEqual(before.objects);
  });
});
