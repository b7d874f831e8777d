import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MARK } from '../../src/resources/share-type-mark.ts';
import type { CliResult } from '../support/cli.ts';
import { startCloud, type TestCloud } from '../support/cloud.ts';
import { next } from '../support/json-server.ts';
import { fault } from '../support/manila-server.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await startCloud();
});
afterEach(() => cloud[Symbol.asyncDispose]());

const GOLD =
  '{ name: gold, description: Fast, snapshots: { create: true }, extraSpecs: { share_backend_name: ALPHA } }';

async function apply(types: string, argv: string[] = [], user = 'admin'): Promise<CliResult> {
  await writeFile(join(cloud.folder, 'manila-rwx.yaml'), `version: 1\nshareTypes:\n${types}\n`);
  return cloud.cli(user, ['sharetype', 'apply', ...argv]);
}
const lines = (...types: string[]): string => types.map((type) => `  - ${type}`).join('\n');

function existing(name: string, extraSpecs: Record<string, string> = {}, more: object = {}) {
  const type = {
    id: `type-${name}`,
    name,
    description: null,
    isPublic: true,
    extraSpecs: { driver_handles_share_servers: 'False', ...extraSpecs },
    projects: [],
    ...more,
  };
  cloud.manila.types.push(type);
  return type;
}

describe('sharetype apply', () => {
  it('makes what is missing with one request a type, and nothing the second time', async () => {
    const first = await apply(lines(GOLD, '{ name: silver }'), ['-o', 'json']);
    expect(first.stderr).toBe('');
    expect(first.code).toBe(0);
    expect(first.json()).toMatchObject({ schema: 'manila-rwx/change-set/v1', summary: { create: 2, none: 0 } });
    expect(cloud.manila.writes()).toEqual(['POST /v2/types', 'POST /v2/types']);
    expect(cloud.manila.types.find(({ name }) => name === 'gold')).toMatchObject({
      description: 'Fast',
      isPublic: true,
      extraSpecs: {
        driver_handles_share_servers: 'False',
        snapshot_support: 'True',
        share_backend_name: 'ALPHA',
        [MARK]: 'true',
      },
    });
    // A type that does not mention snapshots must not get them: Manila adds them below 2.24.
    expect(cloud.manila.types.find(({ name }) => name === 'silver')?.extraSpecs).toEqual({
      driver_handles_share_servers: 'False',
      [MARK]: 'true',
    });

    cloud.manila.requests.length = 0;
    const second = await apply(lines(GOLD, '{ name: silver }'));
    expect(second).toMatchObject({ code: 0, stderr: '' });
    expect(second.stdout).toContain('nothing to change: 2 unchanged');
    expect(cloud.manila.writes()).toEqual([]);
    expect(cloud.manila.requests).toHaveLength(3);
  });

  it('asks no more for more types and more extra specs', async () => {
    const many = Array.from(
      { length: 40 },
      (_, i) => `{ name: t${i}, extraSpecs: { dedupe: false, compression: false } }`,
    );
    expect((await apply(lines(...many))).code).toBe(0);
    cloud.manila.requests.length = 0;
    await apply(lines(...many));
    expect(cloud.manila.calls().sort()).toEqual(['GET /v2/', 'GET /v2/scheduler-stats/pools/detail', 'GET /v2/types']);
  });

  it('with --dry-run shows and writes nothing', async () => {
    const { code, stdout } = await apply(lines(GOLD), ['--dry-run']);
    expect(code).toBe(0);
    expect(stdout).toContain('extraSpecs.share_backend_name (none) -> "ALPHA"');
    expect(cloud.manila.writes()).toEqual([]);
  });

  it('changes only what the file names', async () => {
    const gold = existing(
      'gold',
      { [MARK]: 'true', share_backend_name: 'BETA', 'netapp:dedup': 'true' },
      { description: 'old' },
    );
    const { code, stdout } = await apply(lines(GOLD));
    expect(code).toBe(0);
    expect(stdout).toContain('description "old" -> "Fast"');
    expect(stdout).toContain('extraSpecs.share_backend_name "BETA" -> "ALPHA"');
    expect(gold).toMatchObject({
      description: 'Fast',
      extraSpecs: { 'netapp:dedup': 'true', share_backend_name: 'ALPHA' },
    });
    expect(cloud.manila.writes()).toEqual(['POST /v2/types/type-gold/extra_specs', 'PUT /v2/types/type-gold']);
  });

  it('takes other spellings of a boolean for the same', async () => {
    existing('gold', { dedupe: '<is> False', snapshot_support: '1' });
    const { stdout } = await apply(lines('{ name: gold, snapshots: { create: true }, extraSpecs: { dedupe: false } }'));
    expect(stdout).toContain('nothing to change');
    expect(cloud.manila.writes()).toEqual([]);
  });

  it('deletes none that the file does not name', async () => {
    existing('other', { [MARK]: 'true' });
    await apply(lines(GOLD));
    expect(cloud.manila.types.map(({ name }) => name)).toEqual(['other', 'gold']);
  });

  it('opens a private type to the projects of the file, by name and id, and closes it to others', async () => {
    const [, a, b] = cloud.keystone.projects.map(({ id }) => id);
    await apply(lines(`{ name: gold, access: [tenant-a, ${b} ] }`));
    const [gold] = cloud.manila.types;
    expect(gold).toMatchObject({ isPublic: false, projects: [a, b] });
    const changed = await apply(lines('{ name: gold, access: [tenant-b] }'));
    expect(changed.stdout).toContain('access ');
    expect(gold?.projects).toEqual([b]);
    await apply(lines('{ name: gold }'));
    expect(gold?.isPublic).toBe(true);
    const closed = await apply(lines('{ name: gold, access: [tenant-a] }'));
    expect(closed.stdout).toContain('access "public" -> ["tenant-a"]');
    expect(gold).toMatchObject({ isPublic: false });
    expect(gold?.projects).toContain(a);
    cloud.manila.requests.length = 0;
  });

  it('takes away what the file had set and no longer names, what it says null of, and nothing else', async () => {
    await apply(lines('{ name: gold, extraSpecs: { dedupe: false, "netapp:dedup": true, "x:y": 1 } }'));
    const [gold] = cloud.manila.types;
    Object.assign(gold?.extraSpecs ?? {}, { 'by:hand': '1', 'by:other': '2' });
    cloud.manila.requests.length = 0;
    const { stdout } = await apply(lines('{ name: gold, extraSpecs: { dedupe: false, "by:other": null } }'));
    expect(stdout).toContain('extraSpecs.netapp:dedup "True" -> (none)');
    expect(gold?.extraSpecs).toMatchObject({ dedupe: 'False', 'by:hand': '1' });
    expect(Object.keys(gold?.extraSpecs ?? {}).filter((key) => /^(netapp|x|by:other)/.test(key))).toEqual([]);
    expect(cloud.manila.writes()).toHaveLength(3);
    await apply(lines('{ name: gold, extraSpecs: { dedupe: false, "by:other": null } }'));
    expect(cloud.manila.writes()).toHaveLength(3);
  });

  it('does on an old cloud what it can, and names what it cannot (exit 1)', async () => {
    cloud.manila.maxVersion = '2.40';
    const wanted = lines('{ name: gold, description: Fast, extraSpecs: { "provisioning:max_share_size": 5 } }');
    const { code, stdout } = await apply(wanted);
    expect(code).toBe(1);
    expect(stdout).toContain('! ShareType gold: description needs Manila API 2.41 (Queens), and http://');
    expect(stdout).toContain(
      '! ShareType gold: extraSpecs.provisioning:max_share_size needs Manila API 2.61 (Wallaby)',
    );
    expect(cloud.manila.types[0]?.extraSpecs).toEqual({ driver_handles_share_servers: 'False', [MARK]: 'true' });
    cloud.manila.requests.length = 0;
    expect((await apply(wanted, ['-o', 'json'])).json()).toMatchObject({
      summary: { none: 1 },
      leftOut: [{ kind: 'ShareType', name: 'gold', path: 'description' }, {}],
    });
    expect(cloud.manila.writes()).toEqual([]);
    cloud.manila.maxVersion = '2.49';
    const { stdout: changed } = await apply(lines('{ name: gold, description: New, access: [tenant-a] }'));
    expect(changed).toContain('! ShareType gold: description needs Manila API 2.50 (Train)');
    expect(changed).toContain('! ShareType gold: access needs Manila API 2.50 (Train)');
    expect(cloud.manila.writes()).toEqual([]);
  });

  describe('refuses, with nothing written,', () => {
    const refused = async (types: string, argv: string[] = [], user?: string) => {
      const run = await apply(types, argv, user);
      expect(cloud.manila.writes()).toEqual([]);
      expect(run.stdout).toBe('');
      return run;
    };

    it('to change driver_handles_share_servers', async () => {
      existing('gold', { [MARK]: 'true' });
      const { code, stderr } = await refused(lines('{ name: gold, driverHandlesShareServers: true }'));
      expect(code).toBe(2);
      expect(stderr).toBe(
        'error: manila-rwx.yaml:3:13: share type "gold" has driver_handles_share_servers False, the file says True, and it never changes in a type that exists\n' +
          '  choose another name in the file, or delete the type first: manila-rwx sharetype delete\n',
      );
    });

    it('a name that differs only by case', async () => {
      existing('GOLD');
      const { code, stderr } = await refused(lines(GOLD));
      expect(code).toBe(2);
      expect(stderr).toContain(
        'share type "gold" cannot be made beside "GOLD": Manila does not tell names apart by case',
      );
    });

    it('a type that somebody else made, unless --adopt is given', async () => {
      const gold = existing('gold', { dedupe: 'True' });
      const wanted = lines('{ name: gold, extraSpecs: { dedupe: false } }');
      const { code, stderr } = await refused(wanted);
      expect(code).toBe(2);
      expect(stderr).toContain(
        'the file would change extraSpecs.dedupe "True" -> "False", extraSpecs.manila-rwx:managed (none) -> "true"\n  take it over with --adopt',
      );
      expect((await apply(wanted, ['--adopt'])).code).toBe(0);
      expect(gold.extraSpecs).toMatchObject({ dedupe: 'False', [MARK]: 'true' });
    });

    it('all conflicts of a file together', async () => {
      existing('gold', { [MARK]: 'true' });
      existing('SILVER');
      const { code, stderr } = await refused(
        lines('{ name: gold, driverHandlesShareServers: true }', '{ name: silver }'),
      );
      expect(code).toBe(2);
      expect(stderr).toContain('2 things stand in the way; nothing was changed');
    });

    it('a capability that no pool has heard of', async () => {
      const { code, stderr } = await refused(lines('{ name: gold, extraSpecs: { shar_backend_name: ALPHA } }'));
      expect(code).toBe(2);
      expect(stderr).toContain(
        'manila-rwx.yaml:3:52: share type "gold": no storage pool of this cloud has a capability "shar_backend_name" (did you mean "share_backend_name"?)',
      );
    });

    it('a project that Keystone does not know, and says where it stands', async () => {
      const { code, stderr } = await refused(lines('{ name: gold, access: [tenant-a, nobody] }'));
      expect(code).toBe(2);
      expect(stderr).toContain('manila-rwx.yaml:3:38: Keystone knows no project "nobody"');
    });

    it('a member', async () => {
      const { code, stderr } = await refused(lines(GOLD), [], 'alice');
      expect(code).toBe(3);
      expect(stderr).toContain('this user is no administrator of Manila');
    });

    it('a type that no pool can serve, unless --force is given', async () => {
      const wanted = lines('{ name: gold, extraSpecs: { share_backend_name: OMEGA } }');
      const { code, stderr } = await refused(wanted);
      expect(code).toBe(2);
      expect(stderr).toContain(
        'manila-rwx.yaml:3:13: share type "gold": no storage pool can serve it now: rwx@alpha#pool_ALPHA has share_backend_name "ALPHA", not "OMEGA"; rwx@beta#pool_BETA has driver_handles_share_servers true, not "False"',
      );
      const forced = await apply(wanted, ['--force']);
      expect(forced.code).toBe(0);
      expect(forced.stderr).toContain('warning: manila-rwx.yaml:3:13: share type "gold": no storage pool');
      expect(cloud.manila.types).toHaveLength(1);
    });

    it('--dry-run=server', async () => {
      const { code } = await refused(lines(GOLD), ['--dry-run=server']);
      expect(code).toBe(2);
    });
  });

  describe('warns, and goes on,', () => {
    it('where no pool can serve a type that stays as it is', async () => {
      existing('gold', { [MARK]: 'true', share_backend_name: 'OMEGA' });
      const { code, stderr } = await apply(lines('{ name: gold, extraSpecs: { share_backend_name: OMEGA } }'));
      expect(code).toBe(0);
      expect(stderr).toContain('warning: manila-rwx.yaml:3:13: share type "gold": no storage pool can serve it now');
    });

    it('where a zone does not exist, or no pool reports', async () => {
      const zones = await apply(lines('{ name: gold, extraSpecs: { availability_zones: "nova,mars" } }'), ['--force']);
      expect(zones.stderr).toContain('there is no availability zone mars (there are nova)');
      cloud.manila.pools = [];
      expect((await apply(lines(GOLD))).stderr).toContain('Manila reports no storage pools');
    });
  });

  describe('that meets another one', () => {
    it('is content with a type that became the same meanwhile', async () => {
      cloud.manila.faults.push(
        next(
          1,
          ({ method, path }) => {
            if (method !== 'POST' || path !== '/v2/types') return false;
            existing(
              'gold',
              { [MARK]: 'true', snapshot_support: 'True', share_backend_name: 'ALPHA' },
              { description: 'Fast' },
            );
            return true;
          },
          fault('conflictingRequest', 409, 'Share Type %(id)s already exists.'),
        ),
      );
      expect((await apply(lines(GOLD))).code).toBe(0);
    });

    it('says what is different otherwise, and what was made before', async () => {
      cloud.manila.faults.push(({ method, body }) => {
        if (method !== 'POST' || (body as { share_type?: { name: string } }).share_type?.name !== 'gold')
          return undefined;
        existing('gold', { [MARK]: 'true', share_backend_name: 'BETA' });
        return fault('conflictingRequest', 409, 'Share Type %(id)s already exists.');
      });
      const { code, stderr } = await apply(lines(GOLD));
      expect(code).toBe(3);
      expect(stderr).toContain('was made by somebody else in this moment');
      expect(stderr).toContain('extraSpecs.share_backend_name "BETA" -> "ALPHA"');
      expect(stderr).not.toContain('%(');
    });
  });

  it('that is stopped between a type and its projects is finished by the next run', async () => {
    const wanted = lines('{ name: gold, access: [tenant-a] }');
    cloud.manila.faults.push(next(1, ({ path }) => path.endsWith('/action'), { status: 500 }));
    expect((await apply(wanted)).code).toBe(3);
    expect(cloud.manila.types[0]?.projects).toEqual([]);
    expect((await apply(wanted)).code).toBe(0);
    expect(cloud.manila.types[0]?.projects).toHaveLength(1);
  });

  it('needs a file', async () => {
    const { code, stderr } = await cloud.cli('admin', ['sharetype', 'apply']);
    expect(code).toBe(2);
    expect(stderr).toContain('there is no manila-rwx.yaml in this folder');
  });
});

describe('sharetype list and show', () => {
  beforeEach(() => {
    existing('silver', { share_backend_name: 'ALPHA', snapshot_support: '<is> True' }, { description: 'two\nlines' });
    existing('gold', {}, { isPublic: false, projects: ['aaaa0000000000000000000000000002'] });
  });

  it('show tables, names, JSON and YAML', async () => {
    expect((await cloud.cli('admin', ['sharetype', 'list'])).stdout.split('\n')).toEqual([
      'NAME     VISIBILITY   SHARE SERVERS   SNAPSHOTS   BACK END   DESCRIPTION   ID',
      'gold     private      none            no          -          -             type-gold',
      'silver   public       none            yes         ALPHA      two lines     type-silver',
      '',
    ]);
    expect((await cloud.cli('admin', ['sharetype', 'list', '-o', 'name'])).stdout).toBe('gold\nsilver\n');
    const json = (await cloud.cli('admin', ['sharetype', 'list', '-o', 'json'])).json();
    expect(json).toMatchObject({
      schema: 'manila-rwx/share-type-list/v1',
      shareTypes: [
        { name: 'gold', isPublic: false },
        { name: 'silver', snapshots: true, description: 'two\nlines' },
      ],
    });
    expect((await cloud.cli('admin', ['sharetype', 'list', '-o', 'yaml'])).stdout).toContain('name: silver');
  });

  it('show one type with projects and pools', async () => {
    const { stdout } = await cloud.cli('admin', ['sharetype', 'show', 'gold']);
    expect(stdout).toContain('Projects:     aaaa0000000000000000000000000002');
    expect(stdout).toContain('Pools:        rwx@alpha#pool_ALPHA, rwx@beta#pool_BETA');
    expect(stdout).toContain('  driver_handles_share_servers  False');
    expect((await cloud.cli('admin', ['sharetype', 'show', 'type-gold', '-o', 'json'])).json()).toMatchObject({
      name: 'gold',
      projects: ['aaaa0000000000000000000000000002'],
    });
  });

  it('show a member what it may see', async () => {
    const { code, stdout } = await cloud.cli('alice', ['sharetype', 'show', 'silver']);
    expect(code).toBe(0);
    expect(stdout).not.toMatch(/Pools|Projects/);
  });

  it('guess a name that was written wrong', async () => {
    const { code, stderr } = await cloud.cli('admin', ['sharetype', 'show', 'silber']);
    expect(code).toBe(2);
    expect(stderr).toContain('(did you mean "silver"?)');
  });
});
