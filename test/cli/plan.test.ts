import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Interrupted } from '../../src/core/errors.ts';
import { type LabOpenStack, startOpenStack } from '../../src/lab/openstack/index.ts';
import { type CliOptions, type CliResult, runCli, tempDir } from '../support/cli.ts';

let lab: LabOpenStack;
let folder: Awaited<ReturnType<typeof tempDir>>;
async function start(options: Parameters<typeof startOpenStack>[0] = {}): Promise<void> {
  lab = await startOpenStack(options);
  folder = await tempDir({ 'clouds.yaml': lab.cloudsYaml() });
}
beforeEach(() => start());
afterEach(async () => {
  await lab.close();
  await folder[Symbol.asyncDispose]();
});

async function run(argv: string[], options: CliOptions = {}): Promise<CliResult> {
  const env = { OS_CLIENT_CONFIG_FILE: join(folder.path, 'clouds.yaml'), OS_CLOUD: 'admin' };
  return runCli(argv, { cwd: folder.path, home: folder.path, env, ...options });
}
const write = (text: string): Promise<void> => writeFile(join(folder.path, 'manila-rwx.yaml'), `version: 1\n${text}\n`);
const types = (): string[] => [...lab.manila.types.values()].map(({ name }) => name).sort();

const FILE = `
shareTypes:
  - { name: gold, description: Fast, extraSpecs: { share_backend_name: ALPHA, dedupe: false } }
  - { name: silver, access: [tenant-b] }
quotas:
  - { project: tenant-a, shares: 40, shareTypes: { gold: { gigabytes: 500 } }, users: { alice: { shares: 5 } } }`;

describe('plan, diff and apply', () => {
  it('show, guard and make what the file says, types before their quotas, with no cluster', async () => {
    await write(FILE);
    const plan = await run(['plan']);
    expect(plan).toMatchObject({ code: 0, stderr: '' });
    expect(plan.stdout).toContain('+ create   ShareType   gold       5 fields\n');
    expect(plan.stdout).toContain('\n+ ShareType gold\n  + description: "Fast"\n');
    expect(plan.stdout).toContain('  ShareType gold: served by rwx@alpha#fake_pool_for_ALPHA\n');
    expect(plan.stdout).toContain('2 to create, 1 to change\n');
    expect(types()).toEqual([]);
    expect((await run(['diff'])).code).toBe(1);

    const done = await run(['apply', '-o', 'json']);
    expect(done.json()).toMatchObject({
      schema: 'manila-rwx/apply/v1',
      sections: ['shareTypes', 'quotas'],
      summary: { create: 2, update: 1 },
      changes: [{ section: 'shareTypes' }, { section: 'shareTypes' }, { kind: 'Quota', section: 'quotas' }],
    });
    expect(done.code).toBe(0);
    expect(types()).toEqual(['gold', 'silver']);
    const guard = await run(['diff']);
    expect(guard).toMatchObject({ code: 0, stdout: 'nothing to change: 3 unchanged\n' });
  });

  it('look only at the sections that --only names', async () => {
    await write(FILE);
    expect((await run(['plan', '--only', 'shareTypes', '-o', 'name'])).stdout).toBe(
      'sharetype/gold\nsharetype/silver\n',
    );
    expect((await run(['plan', '--only', 'quota'])).stderr).toContain(
      'there is no section "quota" (did you mean "quotas"?)',
    );
    expect((await run(['plan', '--only', 'drivers'])).stderr).toContain('--only: manila-rwx.yaml has no drivers');
  });

  it('tell everything that stands in the way at once, each with its place, and write nothing', async () => {
    await write(`
shareTypes:
  - { name: gold, extraSpecs: { share_backend_name: OMEGA } }
  - { name: silver, access: [nobody, tenant-a] }
  - { name: bronze, extraSpecs: { dedup: true } }
quotas:
  - { project: nowhere, shares: 1 }
  - { project: tenant-a, shares: 10, shareTypes: { gold: { shares: 11 }, lead: { shares: 1 } }, users: { eve: { shares: 1 } } }`);
    const { code, stderr, stdout } = await run(['apply', '-o', 'json']);
    expect(code).toBe(2);
    const places = [...stderr.matchAll(/^ {2}manila-rwx\.yaml:(\d+:\d+): (.{0,40})/gm)].map(([, place]) => place);
    expect(places).toEqual(['4:13', '5:30', '6:42', '8:16', '9:68', '9:80', '9:111']);
    expect((JSON.parse(stdout) as { error: { errors: unknown[] } }).error.errors).toHaveLength(7);
    expect(types()).toEqual([]);
  });

  it.each(['plan', 'diff', 'apply'])(
    '%s tells what is wrong with the file together with what the cloud refuses of the rest',
    async (command) => {
      await write(`
shareTypes:
  - { name: gold, extraSpecs: { share_backend_name: OMEGA } }
  - { name: Silver, acess: [tenant-a], driverHandlesShareServers: 3, access: [nobody] }
  - { name: silver, description: again }
  - { name: lead, extraSpecs: { dedup: true } }
  - { description: no name }
  - { name: iron, access: [nobody-else, tenant-a] }
quotas:
  - { project: tenant-a, shares: -2 }
  - { project: nowhere, shares: many }
  - { shares: 5 }
  - { project: tenant-b, shareTypes: { Silver: { shares: 1 }, tin: { shares: 1 } } }
quota: []`);
      const { code, stdout, stderr } = await run([command, '-o', 'json']);
      expect(code).toBe(2);
      const told = [...stderr.matchAll(/^ {2}manila-rwx\.yaml:(\d+:\d+): (.*)/gm)].map(([, at, what]) => [at, what]);
      expect(told).toEqual([
        ['4:13', expect.stringContaining('no storage pool can serve it') as string],
        ['5:21', expect.stringContaining('unknown key "acess" in shareTypes[1] (did you mean "access"?)') as string],
        ['5:67', 'shareTypes[1].driverHandlesShareServers must be true or false, not 3'],
        ['5:79', expect.stringContaining('"nobody"') as string],
        [
          '6:13',
          expect.stringContaining('share type "silver" is there twice (first at manila-rwx.yaml:5:13') as string,
        ],
        ['7:40', expect.stringContaining('dedup') as string],
        ['8:5', 'shareTypes[4] lacks "name"'],
        ['9:28', expect.stringContaining('"nobody-else"') as string],
        ['11:34', 'quotas[0].shares must be >= -1: -2'],
        ['12:16', expect.stringContaining('"nowhere"') as string],
        ['12:33', 'quotas[1].shares must be a whole number, not "many"'],
        ['12:33', 'quotas[1].shares must be "inherit", not "many"'],
        ['13:5', 'quotas[2] lacks "project"'],
        ['14:68', expect.stringContaining('share type "tin"') as string],
        ['15:1', expect.stringContaining('unknown key "quota" (did you mean "quotas"?)') as string],
      ]);
      expect((JSON.parse(stdout) as { error: { errors: unknown[] } }).error.errors).toHaveLength(told.length);
      expect(types()).toEqual([]);
    },
  );

  it('do as much for the commands that keep one section, and delete nothing for a file that is wrong', async () => {
    await write(FILE);
    await run(['apply']);
    await write('shareTypes: [{ name: gold, acess: 1 }, { nam: silver }, { name: lead, access: [nobody] }]\nquotas: 5');
    for (const argv of [['apply'], ['sharetype', 'apply']]) {
      const { code, stderr } = await run([...argv, '--prune', '--yes']);
      expect(code).toBe(2);
      expect(stderr).toContain('5 things stand in the way');
      expect(stderr).toMatch(
        /2:28: unknown key "acess".*\n.*2:40: .*lacks "name".*\n.*2:42.*"nam".*\n.*2:80: .*nobody.*\n.*3:9/,
      );
    }
    expect(types()).toEqual(['gold', 'silver']);
    await write('quotas: [{ project: nowhere, share: 5 }]');
    const quotas = await run(['quota', 'apply']);
    expect(quotas.stderr).toMatch(/2 things[^]*2:21: .*nowhere.*\n.*2:30: unknown key "share"/);
  });

  it.each([
    [
      'that cannot be reached',
      { quotas: '[{ project: nowhere, share: 5 }]' },
      /2 things[^]*unknown key.*\n.*cannot reach/,
    ],
    [
      'that the file does not name rightly',
      { cloud: '{ nam: x }', quotas: '[{ project: nowhere }]' },
      /:2:10: unknown key "nam"/,
    ],
    [
      'that the file names by a wrong key',
      { clouds: '{ name: x }' },
      /:2:1: unknown key "clouds" \(did you mean "cloud"/,
    ],
  ])('tell what is wrong with the file before a cloud %s', async (_, file, message) => {
    await write(
      Object.entries(file)
        .map(([key, value]) => `${key}: ${value}`)
        .join('\n'),
    );
    if ('quotas' in file && !('cloud' in file)) {
      await lab.close();
    }
    const { code, stderr } = await run(['plan']);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('nowhere');
  });

  it('see each kind of drift, and take it back', async () => {
    await write(FILE);
    await run(['apply']);
    const gold = lab.manila.typeByName('gold');
    const silver = lab.manila.typeByName('silver');
    if (!gold || !silver) throw new Error('not made');
    const drifts: [string, () => void][] = [
      ['extraSpecs.dedupe "<is> True" -> "False"', () => (gold.extraSpecs.dedupe = '<is> True')],
      ['extraSpecs.dedupe (none) -> "False"', () => delete gold.extraSpecs.dedupe],
      ['description "x" -> "Fast"', () => (gold.description = 'x')],
      ['access "private" -> "public"', () => (gold.isPublic = false)],
      ['access', () => silver.projects.push('f'.repeat(32))],
      ['+ create   ShareType   gold', () => lab.manila.types.delete(gold.id)],
    ];
    for (const [seen, drift] of drifts) {
      drift();
      const found = await run(['diff']);
      expect(found.stdout).toContain(seen);
      expect(found.code).toBe(1);
      expect((await run(['apply'])).code).toBe(0);
      expect((await run(['diff'])).code).toBe(0);
    }
    // What cannot be mended is drift too: somebody made it anew, in another way.
    const made = lab.manila.typeByName('gold');
    if (made) made.extraSpecs.driver_handles_share_servers = 'True';
    const found = await run(['diff']);
    expect(found.code).toBe(1);
    expect(found.stderr).toContain('it never changes in a type that exists');
  });

  it('end with 3 where the cloud cannot be asked', async () => {
    await write(FILE);
    await lab.close();
    const { code, stderr } = await run(['diff']);
    expect(code).toBe(3);
    expect(stderr).toContain('cannot reach Keystone');
    await start();
  });

  it('go back to what is inherited: by deletion where nothing else is lost, by a value otherwise', async () => {
    await write(FILE);
    await run(['apply']);
    await write(
      FILE.replace('{ gold: { gigabytes: 500 } }', '{ gold: inherit }').replace('{ shares: 5 }', '{ shares: inherit }'),
    );
    const back = await run(['apply']);
    expect(back.stdout).toContain('shareTypes.gold.gigabytes');
    const id = [...lab.keystone.projects.values()].find(({ name }) => name === 'tenant-a')?.id ?? '';
    const goldId = lab.manila.typeByName('gold')?.id;
    expect(lab.manila.quotas.limits({ projectId: id, shareTypeId: goldId })).toMatchObject({
      gigabytes: 1000,
      shares: 40,
    });
    expect(await run(['diff'])).toMatchObject({ code: 0 });
    await write('quotas: [{ project: tenant-a, shares: inherit }]');
    const whole = await run(['apply']);
    expect(whole.code).toBe(2);
    expect(whole.stderr).toContain('the limits of single users in the project go with its own');
    expect((await run(['apply', '--yes'])).code).toBe(0);
    expect(lab.manila.quotas.limits({ projectId: id })).toMatchObject({ shares: 50 });
    expect(await run(['diff'])).toMatchObject({ code: 0 });
  });

  it('prune what left the file and was made by it, and nothing else', async () => {
    await write(FILE);
    await run(['apply']);
    await write('installation: other\nshareTypes: [{ name: lead }]');
    await run(['apply']);
    await write('shareTypes: [{ name: gold }]');
    const asked = await run(['apply', '--prune']);
    expect(asked.code).toBe(2);
    expect(asked.stderr).toContain('delete ShareType silver: no longer in the file');
    expect((await run(['apply', '--prune', '--yes'])).code).toBe(0);
    expect(types()).toEqual(['gold', 'lead']);
    expect((await run(['sharetype', 'delete', 'lead', '--yes'])).code).toBe(0);
    expect((await run(['sharetype', 'delete', 'lead', '--yes'])).stderr).toContain('no share type "lead"');
  });

  it('say what was made when they are stopped; the next run makes the rest', async () => {
    const many = Array.from({ length: 30 }, (_, i) => `{ name: t${i} }`).join(', ');
    await write(`shareTypes: [${many}]`);
    const soft = new AbortController();
    const { manila } = lab;
    const set = manila.types.set.bind(manila.types);
    manila.types.set = (id, type) => {
      if (manila.types.size === 12) soft.abort(new Interrupted('SIGINT'));
      return set(id, type);
    };
    const stopped = await run(['apply', '-o', 'json'], {
      interrupts: { soft: soft.signal, hard: new AbortController().signal },
    });
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toMatch(/^error: interrupted: \d+ of 30 changes were made; \d+ more were under way/);
    const { changes, underWay } = stopped.json() as { changes: unknown[]; underWay: unknown[] };
    expect(changes.length + underWay.length).toBeGreaterThanOrEqual(types().length);
    const rest = await run(['apply', '-o', 'json']);
    expect(rest.json()).toMatchObject({ summary: { none: expect.any(Number) as number } });
    expect(types()).toHaveLength(30);
  });
});

describe('an old cloud', () => {
  it.each(['2.7', '2.24', '2.40'])('of %s gets what it can, and is told by name what it cannot', async (version) => {
    await lab.close();
    await start({ newestMicroversion: Number(version.slice(2)), defaultShareType: 'gold' });
    await write(FILE);
    const { code, stdout } = await run(['apply', '-o', 'json']);
    expect(code).toBe(1);
    const { leftOut, defaultShareType } = JSON.parse(stdout) as {
      leftOut: { path: string }[];
      defaultShareType?: string;
    };
    const paths = leftOut.map(({ path }) => path);
    expect(paths).toContain('description');
    expect(paths.includes('shareTypes.gold')).toBe(version !== '2.40');
    expect(types()).toEqual(['gold', 'silver']);
    expect(defaultShareType).toBeUndefined();
    const again = await run(['plan', '-o', 'json']);
    expect(again.json()).toMatchObject({ summary: { none: 3 }, defaultShareType: 'gold' });
  });
});
