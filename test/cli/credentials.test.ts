import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../src/core/clock.ts';
import type { CliResult } from '../support/cli.ts';
import { startTestLab, type TestLab } from '../support/test-lab.ts';

const FILE = `
version: 1
cloud: { name: admin }
credential: { project: tenant-a, expiresIn: 180d, rotateBefore: 30d }
drivers: { snapshots: off }
shareTypes: [{ name: gold, protocol: NFS, driverHandlesShareServers: false }]
storageClasses: { shareClients: [10.0.0.0/8] }
`;
const SECRET = { apiVersion: 'v1', kind: 'Secret', name: 'manila-rwx-credential', namespace: 'manila-csi' };
const DAY_MS = 86_400_000;
/** The wait of a new password, which is for the next second, ends with this one; deadlines stay as they are. */
const hurried: Clock = {
  ...systemClock,
  sleep: (ms, signal) => systemClock.sleep(ms > 1100 ? ms : Math.min(ms, 1010 - (Date.now() % 1000)), signal),
};
/** What is made by this clock is so many days old. */
const daysAgo = (days: number): Clock => ({ ...hurried, now: () => Date.now() - days * DAY_MS });

describe('the drivers’ credential', () => {
  let at: TestLab;
  beforeAll(async () => {
    at = await startTestLab(FILE, { nodes: 1 });
    await at.run('sharetype', 'apply');
  });
  afterEach(() => at.lab.faults.clear());
  afterAll(() => at.stop());

  const cli = (...argv: string[]): Promise<CliResult> => at.cliWith({ clock: hurried }, ...argv);
  const good = async (done: Promise<CliResult>): Promise<CliResult> => {
    const result = await done;
    expect(result.code, result.stdout + result.stderr).toBe(0);
    return result;
  };
  const run = (...argv: string[]): Promise<CliResult> => good(cli(...argv));
  const longAgo = (...argv: string[]): Promise<CliResult> => good(at.cliWith({ clock: daysAgo(155) }, ...argv));
  const held = async (): Promise<Record<string, string>> => {
    const secret = await at.kube.get(SECRET);
    const data = Object.entries((secret?.data ?? {}) as Record<string, string>);
    return Object.fromEntries(data.map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]));
  };
  const idInSecret = async (): Promise<string | undefined> => (await held())['os-applicationCredentialID'];
  const atKeystone = (): string[] => [...at.lab.openstack.keystone.applicationCredentials.keys()];
  /** Every credential that there is, is in the Secret. */
  const isOnlyOne = async (): Promise<void> => expect(atKeystone()).toEqual([await idInSecret()]);

  it('is made with user, role and Secret, limited to the driver’s calls; the second time nothing is made', async () => {
    const done = await longAgo('auth', 'credential', 'create', '-o', 'json');
    expect(done.json(), done.stderr).toMatchObject({ summary: { create: 5 } });
    const [made] = at.lab.openstack.keystone.applicationCredentials.values();
    expect(made).toMatchObject({ id: await idInSecret(), roleIds: [expect.any(String)] });
    expect(made?.accessRuleIds?.length).toBeGreaterThan(5);
    const user = at.lab.openstack.keystone.users.get(made?.userId ?? '');
    for (const secret of [(await held())['os-applicationCredentialSecret'], user?.password]) {
      expect(secret).toBeTruthy();
      expect(done.stdout + done.stderr).not.toContain(secret);
    }
    const again = await longAgo('auth', 'credential', 'create', '-o', 'json');
    expect(again.json()).toMatchObject({ summary: { create: 0, update: 0, replace: 0, delete: 0 } });
  });

  it('is replaced where somebody has put another secret into it', async () => {
    const before = await idInSecret();
    await at.kube.mergePatch(SECRET, {
      data: { 'os-applicationCredentialSecret': Buffer.from('guess').toString('base64') },
    });
    const listed = await run('auth', 'credential', 'list', '-o', 'json');
    expect(listed.json()).toMatchObject({ credentials: [{ standing: 'refused' }] });
    await longAgo('auth', 'credential', 'create');
    expect(await idInSecret()).not.toBe(before);
    await isOnlyOne();
  });

  it('is due when it ends within rotateBefore: list and status say so, and apply replaces it', async () => {
    await longAgo('install');
    await run('storageclass', 'sync');
    const listed = await run('auth', 'credential', 'list', '-o', 'json');
    expect(listed.json()).toMatchObject({
      credentials: [{ standing: 'due', daysLeft: 24, credential: { limited: true } }],
    });
    const status = await cli('status');
    expect(status.stdout).toMatch(/credential ends on \S+: manila-rwx auth credential rotate replaces it/);
    const before = await idInSecret();
    const done = await run('apply', '-o', 'json');
    expect(done.json()).toMatchObject({ summary: { replace: 1, delete: 1 } });
    for (const proof of ['A1 claim bound', 'A3 mounted', 'D6a pods gone']) expect(done.stderr).toContain(proof);
    expect(at.lab.openstack.manila.shares.size).toBe(0);
    expect(JSON.stringify(done.json())).toMatch(/"reason":"it ends on \d{4}-\d\d-\d\d"/);
    expect(await idInSecret()).not.toBe(before);
    await isOnlyOne();
    const after = await run('auth', 'credential', 'list', '-o', 'json');
    expect(after.json()).toMatchObject({ credentials: [{ standing: 'valid', daysLeft: 179 }] });
  });

  it('is rotated in place, though the administrator’s login ends before the old one is revoked', async () => {
    at.lab.faults.add('keystone:DELETE:/v3/users/*/application_credentials/*=token-expiry,times=1');
    // The logins before that are those of the old credential, of its owner, and of the new one.
    at.lab.faults.add('keystone:POST:/v3/auth/tokens=401,after=3,times=1');
    const before = await idInSecret();
    const done = await run('auth', 'credential', 'rotate', '--no-canary', '-o', 'json');
    expect(at.lab.faults.happened()).toMatchObject([{ count: 1 }, { count: 1 }]);
    expect(done.json()).toMatchObject({
      before: { id: before },
      after: { id: await idInSecret() },
      refusal: `Could not find Application Credential: ${before}.`,
    });
    expect(await idInSecret()).not.toBe(before);
    await isOnlyOne();
  });

  it('stays the old one where the claim that is to prove the new one fails; what is left of it is named', async () => {
    const before = await held();
    at.lab.faults.add('manila:POST:/v2/shares=400,message=not today');
    const done = await cli('auth', 'credential', 'rotate', '--timeout', '700ms', '-o', 'json');
    expect(done.code, done.stderr).toBe(4);
    expect(done.json()).toMatchObject({ error: { code: 'canary-failed' } });
    expect(done.stderr).toMatch(/not today.*; the Secret holds the old one again/);
    const [, left = ''] = /remove it with: manila-rwx verify --cleanup-only (\w+)/.exec(done.stderr) ?? [];
    expect(done.stderr).toMatch(/warning: left behind: .*Namespace manila-rwx-verify-/);
    expect(await held()).toEqual(before);
    await isOnlyOne();
    await run('verify', '--cleanup-only', left);
  });

  it('is mended where somebody has edited the Secret, and not made anew', async () => {
    const id = await idInSecret();
    const edit = (value: string): string => Buffer.from(value).toString('base64');
    const data = { 'os-password': edit('x'), 'os-region': edit('Elsewhere') };
    await at.kube.mergePatch(SECRET, { data });
    const mended = await run('auth', 'credential', 'create', '-o', 'json');
    expect(mended.json()).toMatchObject({ summary: { update: 1, replace: 0, create: 0 } });
    expect(await held()).toMatchObject({ 'os-region': 'RegionOne', 'os-applicationCredentialID': id });
    expect(await held()).not.toHaveProperty('os-password');
  });

  it('is not made in a namespace that is being deleted', async () => {
    const name = 'going';
    await at.kube.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    const kept = { apiVersion: 'v1', kind: 'ConfigMap', name: 'kept', namespace: name };
    await at.kube.create({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'kept', namespace: name, finalizers: ['example.org/kept'] },
    });
    await at.kube.delete({ apiVersion: 'v1', kind: 'Namespace', name });
    const before = atKeystone();
    const done = await cli('auth', 'credential', 'create', '-n', name);
    await at.kube.mergePatch(kept, { metadata: { finalizers: null } });
    expect(done.code).toBe(3);
    expect(done.stderr).toContain(`namespace ${name} is being deleted; nothing was changed`);
    expect(atKeystone()).toEqual(before);
  });

  it.each([
    ['a project that is not there', ['create', '--project', 'nope'], /no project "nope"/],
    ['a tenant that is not there', ['rotate', '--tenant', 'team-x'], /there is no tenant "team-x"/],
  ])('refuses %s', async (_what, argv, said) => {
    const done = await cli('auth', 'credential', ...argv);
    expect(done.code).toBe(2);
    expect(done.stderr).toMatch(said);
  });

  it('is deleted with its user when nobody needs it, and asks first', async () => {
    const volume = {
      csi: {
        driver: 'nfs.manila.csi.openstack.org',
        volumeHandle: 's1',
        nodePublishSecretRef: { name: SECRET.name, namespace: SECRET.namespace },
      },
    };
    const pv = { apiVersion: 'v1', kind: 'PersistentVolume' };
    const spec = {
      ...volume,
      accessModes: ['ReadWriteMany'],
      capacity: { storage: '1Gi' },
      persistentVolumeReclaimPolicy: 'Retain',
    };
    await at.kube.create({ ...pv, metadata: { name: 'pv1' }, spec });
    const needed = await cli('auth', 'credential', 'delete', '--yes');
    expect(needed.code).toBe(1);
    expect(needed.stderr).toMatch(/is needed by 1 volume \(pv1\); nothing was removed/);
    await at.kube.delete({ ...pv, name: 'pv1' });
    const asked = await cli('auth', 'credential', 'delete');
    expect(asked.code).toBe(2);
    await isOnlyOne();
    await run('auth', 'credential', 'delete', '--yes');
    expect(atKeystone()).toEqual([]);
    expect(await at.kube.get(SECRET)).toBeUndefined();
    const users = [...at.lab.openstack.keystone.users.values()].map(({ name }) => name);
    expect(users.filter((name) => name.startsWith('manila-rwx-'))).toEqual([]);
  });
});
