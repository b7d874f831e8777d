import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tempDir } from '../support/cli.ts';
import { BIN, describeReal, type Real } from '../support/real.ts';

const TYPES = 20;
const PROJECTS = ['tenant-a', 'tenant-b'];

const name = (i: number): string => `plan-${i}`;
/** Twenty types of four extra specs, one of them private, and quotas of two projects. */
function file({ tier = 'one', shares = 40, more = '' } = {}): string {
  const types = Array.from({ length: TYPES }, (_, i) => {
    const access = i === 0 ? ', access: [tenant-a]' : '';
    const own = i < 5 ? tier : 'one';
    return `  - { name: ${name(i)}, description: "type ${i}"${access}, extraSpecs: { share_backend_name: ALPHA, snapshot_support: true, "x:tier": ${own}, "x:number": ${i} } }`;
  });
  const quotas = PROJECTS.map((project) => `  - { project: ${project}, shares: ${shares}, gigabytes: 900 }`);
  return `version: 1\ninstallation: plan-test\nshareTypes:\n${types.join('\n')}\n${more}quotas:\n${quotas.join('\n')}\n`;
}

interface RealType {
  Name: string;
  Visibility: string;
  'Optional Extra Specs': Record<string, string>;
}

describeReal('the whole file, on a real Manila', (real: Real) => {
  let folder: Awaited<ReturnType<typeof tempDir>>;
  const run = (...argv: string[]) => real.cli(argv, { cwd: folder.path });
  const write = (text: string): Promise<void> => writeFile(join(folder.path, 'manila-rwx.yaml'), text);
  const openstack = (...args: string[]): Promise<string> => real.cloud('openstack', 'share', ...args);
  const types = async (): Promise<RealType[]> =>
    (JSON.parse(await openstack('type', 'list', '--all', '-f', 'json')) as RealType[]).filter((one) =>
      one.Name.includes('plan-'),
    );
  /** Requests that Manila answered while `work` ran, `METHOD PATH` each, by its own log. */
  const answered = async (work: () => Promise<unknown>): Promise<string[]> => {
    const log = async (): Promise<string[]> =>
      (await real.cloud('logs', 'manila-api', '-n', '100000')).split('\n').flatMap((line) => {
        const [, request] = /\] ([A-Z]+ \/v2\/(?:types|quota-sets|scheduler-stats|services)\S*) => /.exec(line) ?? [];
        return request === undefined ? [] : [request];
      });
    const before = (await log()).length;
    await work();
    return (await log()).slice(before);
  };
  const writesOf = (requests: string[]): string[] => requests.filter((line) => !line.startsWith('GET'));

  beforeAll(async () => {
    folder = await tempDir();
  });
  afterAll(async () => {
    const names = (await types()).map(({ Name }) => Name);
    if (names.length > 0) await run('sharetype', 'delete', '--yes', '--adopt', '--', ...names);
    for (const project of PROJECTS) await openstack('quota', 'delete', project);
    await folder[Symbol.asyncDispose]();
  });

  it('is made, then right: a second run writes nothing, and asks no more for more extra specs', async () => {
    await write(file());
    const first = await run('apply', '-o', 'json');
    expect(first.json()).toMatchObject({ summary: { create: TYPES, update: 2, none: 0 } });
    expect(first.code).toBe(0);
    const again = await answered(() => run('apply'));
    expect(writesOf(again)).toEqual([]);
    // One list of types, one of pools, one access list of a private type, and one quota a project.
    expect(again.filter((line) => line.includes('/types'))).toHaveLength(2);
    expect((await run('diff')).code).toBe(0);
  }, 120_000);

  it('is changed in seven places by seven writes', async () => {
    await write(file({ tier: 'two', shares: 41 }));
    const plan = await run('plan');
    expect(plan.stdout).toContain('7 to change');
    const writes = writesOf(await answered(() => run('apply')));
    expect(writes).toHaveLength(7);
    await write(file());
    await run('apply');
  }, 120_000);

  it('has each kind of drift seen, named, and mended', async () => {
    const mended = async (drift: () => Promise<unknown>, seen: string): Promise<void> => {
      await drift();
      const found = await run('diff');
      expect(found.stdout).toContain(seen);
      expect(found.code).toBe(1);
      expect((await run('apply', '--yes')).code).toBe(0);
      expect((await run('diff')).code).toBe(0);
    };
    const [a, b] = [name(1), name(2)];
    await mended(() => openstack('type', 'set', a, '--extra-specs', 'x:tier=drift'), 'x:tier "drift" -> "one"');
    await mended(() => openstack('type', 'unset', a, 'x:number'), 'extraSpecs.x:number (none) -> "1"');
    await mended(
      async () => openstack('type', 'access', 'create', name(0), (await idOf('tenant-b')).trim()),
      '+ access: ["tenant-a"]',
    );
    await mended(() => openstack('quota', 'set', 'tenant-a', '--shares', '7'), 'shares 7 -> 40');
    await mended(() => openstack('type', 'delete', b), `ShareType   ${b}`);
    await mended(() => openstack('type', 'set', a, '--public', 'false'), 'access "private" -> "public"');
  }, 240_000);

  it('cannot be compared where nothing answers (exit 3)', async () => {
    const config = await readFile(real.env.OS_CLIENT_CONFIG_FILE ?? '', 'utf8');
    const elsewhere = join(folder.path, 'nobody.yaml');
    await writeFile(elsewhere, config.replaceAll(/auth_url: .*/g, 'auth_url: http://127.0.0.1:9/v3'));
    const { code, stderr } = await real.cli(['diff'], {
      cwd: folder.path,
      env: { OS_CLIENT_CONFIG_FILE: elsewhere },
    });
    expect(stderr).toContain('cannot reach Keystone');
    expect(code).toBe(3);
  }, 60_000);

  it('is the same in the end, killed anywhere on the way', async () => {
    const ids = async (): Promise<string[]> => (await types()).map(({ Name }) => Name).sort();
    const wanted = await ids();
    await run('sharetype', 'delete', '--yes', ...wanted);
    expect(await ids()).toEqual([]);
    for (let i = 0; i < 3; i++) {
      const child = spawn(process.execPath, [BIN, 'apply', '-v'], {
        env: { HOME: folder.path, ...real.env },
        cwd: folder.path,
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let made = 0;
      child.stderr.on('data', (chunk: Buffer) => {
        made += chunk.toString().split('create ShareType').length - 1;
        if (made > 3 + i) child.kill('SIGKILL');
      });
      await new Promise((done) => child.on('close', done));
    }
    expect((await run('apply')).code).toBe(0);
    expect(await ids()).toEqual(wanted);
    expect((await run('diff')).code).toBe(0);
  }, 180_000);

  it('says what was made when it is interrupted, and the next run makes the rest', async () => {
    await run('sharetype', 'delete', '--yes', ...(await types()).map(({ Name }) => Name));
    const stopped = await real.cli(['apply', '-v'], {
      cwd: folder.path,
      started: (child) => {
        child.stderr?.on('data', (chunk: Buffer) => {
          if (chunk.toString().includes('create ShareType')) child.kill('SIGINT');
        });
      },
    });
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toMatch(/interrupted: \d+ of 2\d changes were made/);
    expect(stopped.stdout).toContain('ShareType plan-');
    expect((await run('apply')).code).toBe(0);
    expect(await types()).toHaveLength(TYPES);
  }, 120_000);

  it('keeps hostile names, or refuses them with the reason', async () => {
    const names = [
      'plan-a b',
      'plan-ünï ☂',
      'plan-a/b',
      '-plan-dash',
      '../plan-up',
      `plan-${'x'.repeat(250)}`,
      'plan-\tq"\'\\',
    ];
    const hostile = names.map(
      (one) =>
        `  - { name: ${JSON.stringify(one)}, description: ${JSON.stringify(`"quoted" 'and'\nof two lines: ${one.slice(0, 99)}`)} }`,
    );
    await write(`version: 1\nshareTypes:\n${hostile.join('\n')}\n`);
    expect((await run('apply', '-o', 'json')).json()).toMatchObject({ summary: { create: names.length } });
    expect((await run('diff')).code).toBe(0);
    const listed = (await run('sharetype', 'list', '-o', 'json')).json() as { shareTypes: { name: string }[] };
    expect(listed.shareTypes.map((one) => one.name)).toEqual(expect.arrayContaining(names));
    await write('version: 1\nshareTypes: [{ name: "plan-1 " }, { name: "PLAN-2" }, { name: "plan-😀" }]\n');
    const { code, stderr } = await run('apply');
    expect(code).toBe(2);
    expect(stderr).toContain('3 things stand in the way; nothing was changed');
    expect(stderr).toContain('"plan-1 " cannot be made beside "plan-1": Manila does not tell names apart by case,');
    expect(stderr).toContain('"PLAN-2" cannot be made beside "plan-2"');
    expect(stderr).toContain("Manila's database cannot hold the character 😀");
    await run('sharetype', 'delete', '--yes', '--', ...names);
    await write(file());
  }, 120_000);

  it('deletes what left the file with --prune, unless shares are of it', async () => {
    const [kept, gone] = [name(0), name(19)];
    await openstack('create', 'NFS', '1', '--name', 'plan-share', '--share-type', name(18), '--wait');
    try {
      await write(file().replace(/ {2}- \{ name: plan-1[89].*\n/g, ''));
      const refused = await run('apply', '--prune', '--yes');
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain(`share type "${name(18)}" is used by 1 share, so it cannot be deleted`);
      expect(await types()).toHaveLength(TYPES);
    } finally {
      await openstack('delete', 'plan-share', '--wait');
    }
    expect((await run('apply', '--prune')).code).toBe(2);
    expect((await run('apply', '--prune', '--yes', '-o', 'json')).json()).toMatchObject({ summary: { delete: 2 } });
    const left = (await types()).map(({ Name }) => Name);
    expect(left).toContain(kept);
    expect(left).not.toContain(gone);
  }, 120_000);

  async function idOf(project: string): Promise<string> {
    return real.cloud('openstack', 'project', 'show', project, '-f', 'value', '-c', 'id');
  }
});
