import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { VerifyReport } from '../../src/checks/report.ts';
import { tempDir } from '../support/cli.ts';
import { describeReal, type RealCliOptions } from '../support/real.ts';
import { parseXml } from '../support/xml.ts';

const TYPE = 'verify-test';

/** What the administrator's file says; the access rules hold the network that the rig's nodes are in. */
const fileFor = (network: string): string => `
version: 1
cloud: { name: admin }
credential: { project: tenant-a }
shareTypes:
  - name: ${TYPE}
    extraSpecs: { share_backend_name: ALPHA }
storageClasses:
  include: [${TYPE}]
  default: ${TYPE}
  shareClients: [${network}]
`;

describeReal('verify', (real) => {
  let dir: Awaited<ReturnType<typeof tempDir>>;

  const run = (argv: string[], started?: RealCliOptions['started']) =>
    real.cli(argv, {
      cwd: dir.path,
      env: { HOME: dir.path, XDG_STATE_HOME: join(dir.path, 'state') },
      ...(started && { started }),
    });
  /** Sends the signal as soon as stderr has said so much. */
  const signalAt =
    (signal: NodeJS.Signals, moment: RegExp): RealCliOptions['started'] =>
    (child) => {
      let said = '';
      child.stderr?.on('data', (chunk: Buffer) => {
        const before = moment.test(said);
        said += chunk.toString();
        if (!before && moment.test(said)) child.kill(signal);
      });
    };
  const must = async (...argv: string[]): Promise<void> => {
    const done = await run(argv);
    expect(done.code, `manila-rwx ${argv.join(' ')}\n${done.stdout}${done.stderr}`).toBe(0);
  };
  const verify = async (...argv: string[]) => {
    const done = await run(['verify', '--expect-fstype', 'ext4', '--junit', 'out.xml', '-o', 'json', ...argv]);
    const report = done.json() as unknown as VerifyReport;
    return { ...done, report, status: (id: string) => report.checks.find((check) => check.id === id)?.status };
  };
  /** Everything of a run that is still there: in the cluster, in Manila, in the journal. */
  const left = async (): Promise<string[]> => {
    const [objects, shares, journal] = await Promise.all([
      real.kubectl('get', 'ns,pods,pvc,pv', '-A', '-o', 'name'),
      real.cloud('openstack', 'share', 'list', '--all-projects', '-f', 'value', '-c', 'ID', '-c', 'Share Type Name'),
      readdir(join(dir.path, 'state', 'manila-rwx', 'verify')).catch(() => []),
    ]);
    return [
      ...objects.split('\n').filter((line) => /verify|persistentvolume/.test(line)),
      ...shares.split('\n').filter((line) => line.includes(TYPE)),
      ...journal,
    ];
  };
  const junit = async () => parseXml(await readFile(join(dir.path, 'out.xml'), 'utf8'));

  beforeAll(async () => {
    const addresses = await real.kubectl('get', 'nodes', '-o', 'jsonpath={.items[0].status.addresses[0].address}');
    dir = await tempDir({ 'manila-rwx.yaml': fileFor(addresses.replace(/\.\d+\.\d+$/, '.0.0/16')) });
    await must('sharetype', 'apply');
    await must('install');
    await must('storageclass', 'sync', '--yes');
  });
  afterEach(async () => {
    await real.cluster('nfs', 'all', 'shared');
  });
  afterAll(async () => {
    await run(['uninstall', '--yes']);
    await real.cloud('openstack', 'share', 'type', 'delete', TYPE).catch(() => undefined);
    await dir[Symbol.asyncDispose]();
  });

  it('proves a volume that is shared, names its nodes, and leaves nothing', async () => {
    const { code, report, stderr } = await verify();
    expect(code, stderr).toBe(0);
    expect(report).toMatchObject({ verdict: 'pass', nodes: ['node1', 'node2'], leftovers: [] });
    expect(report.checks.map(({ id, status }) => `${id} ${status}`)).toEqual(
      ['P0', 'A1', 'A3', 'A4', 'C1', 'B1', 'B2', 'B3', 'D6a', 'D6b'].map((id) => `${id} PASS`),
    );
    expect(report.notVerified).toMatchObject([{ what: 'network mount' }]);
    expect(report.timings.checksMs).toBeLessThan(15_000);
    expect(await left()).toEqual([]);
    const share = report.volume?.share ?? '';
    await expect(real.cloud('openstack', 'share', 'show', share)).rejects.toThrow(/No share|could not be found/i);
    expect((await junit()).attributes).toMatchObject({ tests: '10', failures: '0', errors: '0', skipped: '0' });
  });

  it('fails on A4 where nobody said that a local file system is expected', async () => {
    const done = await run(['verify', '--check', 'A4']);
    expect(done.code).toBe(1);
    expect(done.stdout).toMatch(/FAILED {2}A4: the mount on node1 and node2 is ext4: a local file system/);
    expect(await left()).toEqual([]);
  });

  it('says that the nodes do not see each other’s writes', async () => {
    await real.cluster('nfs', 'all', 'private');
    const { code, report, status } = await verify();
    expect(code).toBe(1);
    expect(report.summary).toBe(
      "B1: the nodes do not see each other's writes: node1 does not see the file of node2, node2 does not see the file of node1",
    );
    expect(report.counts).toMatchObject({ FAIL: 1, ERROR: 0 });
    expect(status('D6b')).toBe('PASS');
    expect(await left()).toEqual([]);
    expect((await junit()).attributes).toMatchObject({ failures: '1' });
  });

  it('gives the mount error in words, in less than its time-out', async () => {
    await real.cluster('nfs', 'node2', 'deny');
    const { code, report, status } = await verify();
    expect(code).toBe(1);
    expect(report.summary).toMatch(
      /^A3: the volume is not mounted on node2: mount\.nfs: access denied by server while mounting 10\..* \(ready: node1\)$/,
    );
    expect(report.timings.podsMs).toBeLessThan(60_000);
    expect([status('B1'), status('D6a'), status('D6b')]).toEqual(['SKIP', 'PASS', 'PASS']);
    expect(await left()).toEqual([]);
  });

  it('finds a mount that hangs when its time is up', async () => {
    await real.cluster('nfs', 'node1', 'hang');
    const { code, report } = await verify('--timeout', '15s');
    expect(code).toBe(1);
    expect(report.checks.find(({ id }) => id === 'A3')).toMatchObject({
      code: 'mount-hangs',
      summary: expect.stringMatching(/not mounted on node1 within 15 s: the mount hangs/) as unknown,
    });
    expect(await left()).toEqual([]);
  });

  it('fails a volume that is read-only', async () => {
    await real.cluster('nfs', 'all', 'ro');
    const { code, report } = await verify();
    expect(code).toBe(1);
    expect(report.summary).toMatch(/^C1: .*cannot write on node1 and node2: .*Read-only file system/);
    expect(await left()).toEqual([]);
  });

  it('creates nothing where the command line cannot be met', async () => {
    const requests = await real.requestsSince(async () => {
      const few = await verify('--require-nodes', '3');
      expect(few.code).toBe(1);
      expect(few.report.summary).toBe('P0: 2 pods can be placed, 3 nodes are required');
      const noClass = await run(['verify', '--storage-class', 'nope', '--junit', 'out.xml']);
      expect(noClass.code).toBe(2);
      expect(noClass.stderr).toContain('there is no StorageClass "nope"');
      expect((await junit()).attributes).toMatchObject({ errors: '1' });
      const refused = await run(['verify', '--os-password', 'wrong']);
      expect(refused.code).toBe(3);
      expect(refused.stderr).toContain('The request you have made requires authentication');
    });
    expect(requests.filter((line) => !/^(get|list|watch) /.test(line))).toEqual([]);
  });

  it.each([
    ['while the claim is provisioned', /^\.\.\. A1 waiting/m],
    ['while the checks run', /^\.\.\. B2/m],
  ])('leaves nothing after Ctrl-C %s', async (_, moment) => {
    const argv = ['verify', '--expect-fstype', 'ext4', '--junit', 'out.xml', '-o', 'json'];
    const done = await run(argv, signalAt('SIGINT', moment));
    expect(done.code, done.stderr).toBe(130);
    expect(done.json()).toMatchObject({ verdict: 'interrupted', leftovers: [], error: { code: 'interrupted' } });
    expect(await left()).toEqual([]);
    expect((await junit()).name).toBe('testsuites');
  });

  it('mends a run that was killed', async () => {
    const killed = await run(['verify', '--expect-fstype', 'ext4'], signalAt('SIGKILL', /^\.\.\. C1/m));
    expect(killed.code).toBe(137);
    expect((await left()).length).toBeGreaterThan(4);
    const mended = await run(['verify', '--cleanup-only', '-o', 'json']);
    expect(mended.code, mended.stderr).toBe(0);
    expect(mended.json()).toMatchObject({ runs: [{ state: 'removed' }], leftovers: [] });
    expect(await left()).toEqual([]);
  });
});
