import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CliResult } from '../support/cli.ts';
import { startCloud, type TestCloud } from '../support/cloud.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await startCloud();
  cloud.manila.types.push({
    id: 'type-gold',
    name: 'gold',
    description: null,
    isPublic: true,
    extraSpecs: { driver_handles_share_servers: 'False' },
    projects: [],
  });
});
afterEach(() => cloud[Symbol.asyncDispose]());

async function apply(quotas: string, argv: string[] = [], user = 'admin'): Promise<CliResult> {
  await writeFile(join(cloud.folder, 'manila-rwx.yaml'), `version: 1\nquotas:\n  - ${quotas}\n`);
  return cloud.cli(user, ['quota', 'apply', ...argv]);
}
/** What was written, in order: the type's name, if any, and the body. */
const puts = () =>
  cloud.manila.requests
    .filter(({ method }) => method === 'PUT')
    .map(({ query, body }) => [query.get('share_type'), (body as { quota_set: unknown }).quota_set]);

describe('quota apply', () => {
  it('raises the project before its types, lowers it after them, and sends only what differs', async () => {
    const wanted =
      '{ project: tenant-a, shares: 40, snapshots: 50, gigabytes: 2000, shareTypes: { gold: { gigabytes: 1500, shares: 50 } } }';
    const refused = await apply(wanted);
    expect(refused.stderr).toContain('shares of share type "gold" 50 is above the project\'s limit of 40');
    expect(puts()).toEqual([]);

    const { code, stdout } = await apply(wanted.replace('shares: 50 }', 'shares: 30 }'));
    expect(code).toBe(0);
    expect(puts()).toEqual([
      [null, { gigabytes: 2000 }],
      ['gold', { shares: 30, gigabytes: 1500 }],
      [null, { shares: 40 }],
    ]);
    expect(stdout.split('\n')).toEqual([
      '~ Quota tenant-a changed',
      '    shares 50 -> 40',
      '    gigabytes 1000 -> 2000',
      '    shareTypes.gold.shares 50 -> 30',
      '    shareTypes.gold.gigabytes 1000 -> 1500',
      '1 changed',
      '',
    ]);
  });

  it('the same again writes nothing and says so', async () => {
    const wanted = '{ project: tenant-a, shares: 40, perShareGigabytes: 10, shareTypes: { gold: { gigabytes: 500 } } }';
    await apply(wanted);
    cloud.manila.requests.length = 0;
    const { code, stdout } = await apply(wanted);
    expect(code).toBe(0);
    expect(stdout).toContain('nothing to change: 1 unchanged');
    expect(cloud.manila.writes()).toEqual([]);
  });

  it('lifts a limit with -1', async () => {
    expect((await apply('{ project: tenant-a, shares: -1 }')).code).toBe(0);
    expect(puts()).toEqual([[null, { shares: -1 }]]);
  });

  it('goes below what is in use with --force', async () => {
    const id = cloud.keystone.projects[1]?.id ?? '';
    cloud.manila.quotas.set(id, { shares: { limit: 50, in_use: 12, reserved: 0 } });
    expect((await apply('{ project: tenant-a, shares: 5 }', ['--force'])).code).toBe(0);
    expect(puts()).toEqual([[null, { shares: 5, force: true }]]);
  });

  it('leaves out what the cloud is too old for, by name (exit 1)', async () => {
    cloud.manila.maxVersion = '2.61';
    cloud.manila.quotas.set(cloud.keystone.projects[1]?.id ?? '', { shares: { limit: 50, in_use: 0, reserved: 0 } });
    const { code, stdout } = await apply('{ project: tenant-a, shares: 1, perShareGigabytes: 5 }');
    expect(code).toBe(1);
    expect(stdout).toContain('! Quota tenant-a: perShareGigabytes needs Manila API 2.62 (Wallaby)');
    expect(puts()).toEqual([[null, { shares: 1 }]]);
  });

  describe('refuses, with nothing written,', () => {
    const refused = async (quotas: string, argv: string[] = [], user?: string) => {
      const run = await apply(quotas, argv, user);
      expect(cloud.manila.writes()).toEqual([]);
      return run;
    };

    it('limits below what is in use, with figures', async () => {
      const id = cloud.keystone.projects[1]?.id ?? '';
      cloud.manila.quotas.set(id, {
        shares: { limit: 50, in_use: 12, reserved: 1 },
        gigabytes: { limit: 1000, in_use: 300, reserved: 0 },
      });
      const { code, stderr } = await refused('{ project: tenant-a, shares: 12, gigabytes: 299 }');
      expect(code).toBe(2);
      expect(stderr).toBe(
        'error: 2 things stand in the way; nothing was changed:\n  manila-rwx.yaml:3:34: shares 12 of project "tenant-a" is below what is in use: 12 used and 1 reserved, limit 50 (raise it in the file, or go below with --force)\n' +
          '  manila-rwx.yaml:3:49: gigabytes 299 of project "tenant-a" is below what is in use: 300 used, limit 1000 (raise it in the file, or go below with --force)\n',
      );
      expect((await apply('{ project: tenant-a, shares: 13 }')).code).toBe(0);
    });

    it('a type without limit in a project that has one', async () => {
      const { code, stderr } = await refused('{ project: tenant-a, shareTypes: { gold: { shares: -1 } } }');
      expect(code).toBe(2);
      expect(stderr).toContain('shares of share type "gold" cannot be unlimited within the project\'s limit of 50');
    });

    it('an unknown project, and an unknown type, with their places', async () => {
      expect((await refused('{ project: tenant-x, shares: 1 }')).stderr).toContain(
        'manila-rwx.yaml:3:16: Keystone knows no project "tenant-x"',
      );
      const { code, stderr } = await refused('{ project: tenant-a, shareTypes: { silver: { shares: 1 } } }');
      expect(code).toBe(2);
      expect(stderr).toContain('Manila has no share type "silver"');
    });

    it('one project under two names', async () => {
      const { code, stderr } = await refused(
        '{ project: tenant-a, shares: 1 }\n  - { project: aaaa0000000000000000000000000002, shares: 2 }',
      );
      expect(code).toBe(2);
      expect(stderr).toContain('manila-rwx.yaml:4:16: this is the same project as at manila-rwx.yaml:3:16');
    });

    it('a member', async () => {
      expect(await refused('{ project: tenant-a, shares: 1 }', [], 'alice')).toMatchObject({ code: 3 });
    });
  });
});

describe('quota show', () => {
  it('shows limits and use of the own project, or of another', async () => {
    const { stdout } = await cloud.cli('alice', ['quota', 'show']);
    expect(stdout.split('\n').slice(0, 2)).toEqual([
      'QUOTA                   LIMIT       IN USE   RESERVED',
      'shares                  50          0        0',
    ]);
    expect(stdout).toContain('per_share_gigabytes     unlimited   0        0');
    const other = await cloud.cli('admin', ['quota', 'show', 'tenant-a', '-o', 'json']);
    expect(other.json()).toMatchObject({
      schema: 'manila-rwx/quota/v1',
      project: { id: 'aaaa0000000000000000000000000002', name: 'tenant-a' },
    });
  });

  it('shows one share type', async () => {
    await apply('{ project: admin, shareTypes: { gold: { shares: 5 } } }');
    const { stdout } = await cloud.cli('admin', ['quota', 'show', '--share-type', 'gold']);
    expect(stdout).toContain('shares                50'.replace('50', '5'));
    expect(stdout).not.toContain('share_networks');
    expect(await cloud.cli('admin', ['quota', 'show', '--share-type', 'nope'])).toMatchObject({ code: 2 });
  });
});
