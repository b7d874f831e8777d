import { mkdirSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { VerifyCleanup } from '../../src/checks/cleanup.ts';
import type { VerifyReport } from '../../src/checks/report.ts';
import { systemClock } from '../../src/core/clock.ts';
import { Interrupted } from '../../src/core/errors.ts';
import { type CliOptions, runCli, tempDir } from '../support/cli.ts';
import { startCloud, type TestCloud } from '../support/cloud.ts';
import { SmallCluster, type SmallClusterOptions, storageClass } from '../support/small-cluster.ts';
import { parseXml } from '../support/xml.ts';

// Each run starts some hundred processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

interface Setup extends AsyncDisposable {
  cluster: SmallCluster;
  cloud: TestCloud;
  folder: string;
  cli(argv: string[], options?: CliOptions & { noCloud?: boolean }): ReturnType<typeof runCli>;
}

type NodeOptions = Partial<SmallClusterOptions['nodes'][number]>;

/** A cluster whose nodes share a folder, and a cloud; both on loopback. */
async function setup(options: Partial<SmallClusterOptions> = {}, nodes: NodeOptions[] = [{}, {}]): Promise<Setup> {
  const cloud = await startCloud();
  const dir = await tempDir();
  for (const name of ['shared', 'private']) mkdirSync(join(dir.path, name));
  const cluster = await SmallCluster.start({
    manila: cloud.manila,
    ...options,
    nodes: nodes.map(({ volume = 'shared', ...more }, index) => {
      const path = join(dir.path, volume);
      const [mounts, mountinfo] = [`/dev/sdb ${path} ext4 rw 0 0`, `1 0 8:1 /${volume} ${path} rw`];
      return { node: `node${index + 1}`, volume: path, mounts, mountinfo, ...more };
    }),
  });
  const kubeconfig = join(dir.path, 'kubeconfig');
  await import('node:fs/promises').then(({ writeFile }) => writeFile(kubeconfig, cluster.server.kubeconfig()));
  return {
    cluster,
    cloud,
    folder: dir.path,
    cli: (argv, { noCloud, ...more } = {}) => {
      const env = { KUBECONFIG: kubeconfig, XDG_STATE_HOME: join(dir.path, 'state'), ...more.env };
      const all = ['verify', '--expect-fstype', 'ext4', ...argv];
      return noCloud
        ? runCli(all, { cwd: dir.path, ...more, env })
        : cloud.cli('alice', all, { cwd: dir.path, ...more, env });
    },
    [Symbol.asyncDispose]: async () => {
      await cluster[Symbol.asyncDispose]();
      await cloud[Symbol.asyncDispose]();
      await dir[Symbol.asyncDispose]();
    },
  };
}

const statuses = (report: VerifyReport): string => report.checks.map(({ id, status }) => `${id} ${status}`).join(', ');

async function journal({ folder }: Setup): Promise<string[]> {
  return readdir(join(folder, 'state', 'manila-rwx', 'verify')).catch(() => []);
}

describe('verify', () => {
  it('proves a shared volume, leaves nothing, and tells it in text, JSON and JUnit', async () => {
    await using test = await setup();
    const done = await test.cli(['-o', 'json', '--junit', 'out.xml']);
    const report = done.json() as unknown as VerifyReport;
    expect(done.code, done.stderr).toBe(0);
    expect(statuses(report)).toBe(
      'P0 PASS, A1 PASS, A3 PASS, A4 PASS, C1 PASS, B1 PASS, B2 PASS, B3 PASS, D6a PASS, D6b PASS',
    );
    expect(report).toMatchObject({
      verdict: 'pass',
      summary: 'node1 and node2 share a volume of StorageClass gold',
      nodes: ['node1', 'node2'],
      leftovers: [],
    });
    expect(report.notVerified).toMatchObject([{ what: 'network mount' }]);
    expect(test.cluster.left()).toEqual([]);
    expect(test.cloud.manila.shares).toEqual([]);
    expect(await journal(test)).toEqual([]);
    const suite = parseXml(readFileSync(join(test.folder, 'out.xml'), 'utf8')).children[0];
    expect(suite?.attributes).toMatchObject({ tests: '10', failures: '0', errors: '0', skipped: '0' });
    expect(done.stderr).toMatch(/^ok {2}B1 node1 and node2 read each other's files/m);
  });

  it('fails where the nodes do not share, and blames one check for it', async () => {
    await using test = await setup({}, [{}, { volume: 'private' }]);
    const done = await test.cli(['--junit', 'out.xml']);
    expect(done.code).toBe(1);
    expect(done.stdout).toMatch(/FAILED {2}B1: the nodes do not see each other's writes: node1 does not/);
    expect(done.stdout).toContain('SKIP  A4   blocked by B1');
    expect(test.cluster.left()).toEqual([]);
    expect(readFileSync(join(test.folder, 'out.xml'), 'utf8')).toContain('failures="1"');
  });

  it('fails with the mount error in words, without waiting for its time-out', async () => {
    const mountError =
      'MountVolume.SetUp failed for volume "pvc-1" : rpc error: code = Internal desc = mount failed: exit status 32\nOutput: mount.nfs: access denied by server while mounting 10.0.0.10:/x\n';
    await using test = await setup({}, [{}, { mountError }]);
    const done = await test.cli(['-o', 'json']);
    const report = done.json() as unknown as VerifyReport;
    expect(done.code).toBe(1);
    expect(report.summary).toBe(
      'A3: the volume is not mounted on node2: mount.nfs: access denied by server while mounting 10.0.0.10:/x (ready: node1)',
    );
    expect(report.checks.find(({ id }) => id === 'A3')).toMatchObject({ code: 'mount-denied' });
    expect(statuses(report)).toContain('B1 SKIP');
    expect(statuses(report)).toContain('D6b PASS');
    expect(test.cluster.left()).toEqual([]);
  });

  it('fails on a local file system unless told that it is expected', async () => {
    await using test = await setup();
    const env = { KUBECONFIG: join(test.folder, 'kubeconfig') };
    const done = await test.cloud.cli('alice', ['verify', '-o', 'json', '--check', 'A4'], { env });
    expect(done.code).toBe(1);
    expect(done.json()).toMatchObject({
      summary: expect.stringMatching(/^A4: the mount on node1 and node2 is ext4/) as unknown,
    });
    expect(test.cluster.left()).toEqual([]);
  });

  it('gives the reason of the provisioner, when it says the same again and again', async () => {
    await using test = await setup({
      provisioningError: 'rpc error: code = Internal desc = got 404 instead: {"message": "Share type not found."}',
    });
    const done = await test.cli(['-o', 'json']);
    expect(done.code).toBe(1);
    const report = done.json() as unknown as VerifyReport;
    expect(report.summary).toContain('Share type not found.');
    expect(report.checks[1]).toMatchObject({ id: 'A1', code: 'share-type' });
    expect(statuses(report)).toMatch(/A3 SKIP.*D6b SKIP$/);
    expect(test.cluster.left()).toEqual([]);
  });

  it('deletes a volume although its class retains volumes', async () => {
    await using test = await setup({ classes: [storageClass('kept', { reclaimPolicy: 'Retain' })] });
    expect((await test.cli(['--check', 'D6*'])).code).toBe(0);
    expect(test.cluster.left()).toEqual([]);
    expect(test.cloud.manila.shares).toEqual([]);
  });

  it('names what it could not remove, and the command that does, and ends 4', async () => {
    await using test = await setup({ stuckVolume: true });
    const done = await test.cli(['--timeout', '2s', '--check', 'D6a', '-o', 'json']);
    expect(done.code).toBe(4);
    const report = done.json() as unknown as VerifyReport;
    expect(report.leftovers.map(({ kind }) => kind)).toEqual(['PersistentVolume']);
    expect(report.leftovers[0]?.command).toMatch(/^kubectl delete pv pvc-/);
    expect(report.checks.at(-1)).toMatchObject({ id: 'D6a', status: 'FAIL', code: 'not-deleted' });
    expect(await journal(test)).toEqual([`${report.run}.json`]);
  });

  it('creates nothing where there are too few nodes', async () => {
    await using test = await setup({}, [{}, { taints: [{ key: 'gpu', effect: 'NoSchedule' }] }]);
    const done = await test.cli(['--junit', 'out.xml']);
    expect(done.code).toBe(1);
    expect(done.stdout).toContain('FAILED  P0: 1 pod can be placed, 2 nodes are required (node2 is tainted');
    expect(test.cluster.server.writes()).toEqual([]);
    expect(readFileSync(join(test.folder, 'out.xml'), 'utf8')).toContain('gpu:NoSchedule');
    const single = await test.cli(['--require-nodes', '1', '-o', 'json']);
    expect(single.code).toBe(0);
    expect(single.json()).toMatchObject({ summary: 'what was run passed; RWX across nodes NOT verified' });
  });

  it('does not make do with fewer nodes than were asked for', async () => {
    await using test = await setup({}, [{}, {}]);
    const done = await test.cli(['--nodes', '3']);
    expect(done.code).toBe(1);
    expect(done.stdout).toContain('FAILED  P0: 2 pods can be placed, 3 nodes are required');
    expect(test.cluster.server.writes()).toEqual([]);
  });

  it('needs no OpenStack login, but says what is not verified then', async () => {
    await using test = await setup();
    const done = await test.cli(['--check', 'D6*', '-o', 'json'], { noCloud: true, home: test.folder });
    expect(done.code).toBe(0);
    const report = done.json() as unknown as VerifyReport;
    expect(report.checks.at(-1)).toMatchObject({ id: 'D6b', status: 'SKIP', code: 'no-openstack' });
    expect(report.checks.at(-1)?.summary).toContain('no OpenStack cloud is chosen');
  });

  it('does not take a share for gone that this login never saw', async () => {
    await using test = await setup();
    // Another project's share is 404 to this user from the beginning.
    const shares: Record<string, unknown>[] = [];
    Object.defineProperty(test.cloud.manila, 'shares', { get: () => shares.slice(0, 0), set: () => undefined });
    const done = await test.cli(['--check', 'D6*', '-o', 'json']);
    expect((done.json() as unknown as VerifyReport).checks.at(-1)).toMatchObject({
      status: 'SKIP',
      summary: expect.stringContaining('does not see share') as unknown,
    });
  });

  it('ends 3 with the sentence of Keystone before it creates anything', async () => {
    await using test = await setup();
    const done = await test.cli(['--os-password', 'wrong', '--junit', 'out.xml']);
    expect(done.code).toBe(3);
    expect(done.stderr).toContain('The request you have made requires authentication');
    expect(test.cluster.server.writes()).toEqual([]);
    expect(parseXml(readFileSync(join(test.folder, 'out.xml'), 'utf8')).attributes).toMatchObject({ errors: '1' });
  });

  it('stays in a namespace that is named, and touches only what is its own', async () => {
    await using test = await setup();
    const { server } = test.cluster;
    server.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } });
    server.put({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data', namespace: 'team' },
      spec: { storageClassName: 'gold', resources: { requests: { storage: '1Gi' } } },
    });
    await vi.waitFor(() => expect(test.cluster.left()).toHaveLength(3));
    const before = test.cluster.left();
    expect((await test.cli(['-n', 'team', '--check', 'D6*'])).code).toBe(0);
    expect(test.cluster.left()).toEqual(before);
    expect((await test.cli(['-n', 'nobody'])).code).toBe(2);
  });
});

describe('an interrupted run', () => {
  const interrupts = () => {
    const [soft, hard] = [new AbortController(), new AbortController()];
    return { soft, hard, signals: { soft: soft.signal, hard: hard.signal } };
  };

  it('cleans up at the first Ctrl-C, wherever it comes', async () => {
    for (const moment of ['persistentvolumeclaims', 'exec']) {
      await using test = await setup();
      const { soft, signals } = interrupts();
      test.cluster.server.faults.push(({ method, path }) => {
        if (path.endsWith(moment) && (method === 'POST' || moment === 'exec')) soft.abort(new Interrupted('SIGINT'));
        return undefined;
      });
      const done = await test.cli(['-o', 'json', '--junit', 'out.xml'], { interrupts: signals });
      expect(done.code).toBe(130);
      expect(done.json()).toMatchObject({ verdict: 'interrupted', leftovers: [], error: { code: 'interrupted' } });
      expect(test.cluster.left()).toEqual([]);
      expect(test.cloud.manila.shares).toEqual([]);
      expect(await journal(test)).toEqual([]);
      expect(readFileSync(join(test.folder, 'out.xml'), 'utf8')).toContain('interrupted');
    }
  });

  it('stops cleaning up at the second, and says what is left and how it is removed', async () => {
    await using test = await setup({ stuckVolume: true });
    const { soft, hard, signals } = interrupts();
    test.cluster.server.faults.push(({ method, path }) => {
      if (path.endsWith('/exec')) soft.abort(new Interrupted('SIGINT'));
      if (method === 'DELETE' && path.includes('/namespaces/manila-rwx')) {
        setTimeout(() => hard.abort(new Interrupted('SIGINT')), 300);
      }
      return undefined;
    });
    const done = await test.cli([], { interrupts: signals });
    expect(done.code).toBe(130);
    expect(done.stderr).toMatch(/error: interrupted: left behind: .*PersistentVolume pvc-/);
    expect(done.stderr).toMatch(/manila-rwx verify --cleanup-only \w{6}$/m);
  });
});

describe('verify --cleanup-only', () => {
  it('removes what a run left, and nothing of a run that is not over', async () => {
    await using test = await setup();
    const kept = await test.cli(['--keep', '--check', 'A3', '-o', 'json']);
    expect(kept.code).toBe(0);
    const { run } = kept.json() as unknown as VerifyReport;
    expect(test.cluster.left()).toHaveLength(5);
    // The record names this process, which is alive.
    const first = await test.cli(['--cleanup-only', '-o', 'json']);
    expect((first.json() as unknown as VerifyCleanup).runs).toMatchObject([{ run, state: 'running' }]);
    expect(test.cluster.left()).toHaveLength(5);
    const named = await test.cli(['--cleanup-only', run, '-o', 'json']);
    expect(named.code).toBe(0);
    expect((named.json() as unknown as VerifyCleanup).runs).toMatchObject([{ run, state: 'removed' }]);
    expect(test.cluster.left()).toEqual([]);
    expect(test.cloud.manila.shares).toEqual([]);
    expect(await journal(test)).toEqual([]);
    expect((await test.cli(['--cleanup-only'])).stdout).toBe('nothing to clean up\n');
    expect((await test.cli(['--cleanup-only', run])).code).toBe(2);
  });

  it('finds by its labels an expired run of another machine', async () => {
    await using test = await setup();
    await test.cli(['--keep', '--check', 'A3']);
    const env = { XDG_STATE_HOME: join(test.folder, 'elsewhere') };
    const elsewhere = { env, noCloud: true, home: test.folder };
    expect((await test.cli(['--cleanup-only'], elsewhere)).stdout).toContain('not over, left alone');
    const tomorrow = { ...systemClock, now: () => Date.now() + 86_400_000 };
    expect((await test.cli(['--cleanup-only'], { ...elsewhere, clock: tomorrow })).stdout).toMatch(/ removed /);
    expect(test.cluster.left()).toEqual([]);
  });
});

describe('the command line of verify', () => {
  it.each([
    [['--check', 'X1'], /--check "X1" is not a check/],
    [['--size', 'big'], /--size "big" is not a size/],
    [['--run-as', '0'], /--run-as "0" is not a whole number from 1 on/],
    [['--require-nodes', 'two'], /--require-nodes "two"/],
    [['--nods', '2'], /unknown option '--nods'/],
    [['--dry-run'], /verify knows no --dry-run/],
  ])('%j is refused', async (argv, message) => {
    const done = await runCli(['verify', ...argv]);
    expect(done.code).toBe(2);
    expect(done.stderr).toMatch(message);
  });

  it('refuses a report that cannot be written before the run, not after it', async () => {
    const done = await runCli(['verify', '--junit', '/nonexistent/out.xml']);
    expect(done.code).toBe(2);
    expect(done.stderr).toContain('/nonexistent/out.xml');
  });

  it('lists its images', async () => {
    expect((await runCli(['verify', '--list-images', '-o', 'name'])).stdout).toMatch(
      /^docker\.io\/library\/busybox:\S+\n$/,
    );
    const own = await runCli(['verify', '--list-images', '--image', 'registry.test/bb:1', '-o', 'name']);
    expect(own.stdout).toBe('registry.test/bb:1\n');
  });
});
