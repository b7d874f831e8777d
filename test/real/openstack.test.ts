import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Keystone } from '../../src/openstack/identity-admin.ts';
import { Manila } from '../../src/openstack/manila.ts';
import { type KeystoneSession, openSession, openSessionWith } from '../../src/openstack/session.ts';
import type { Share } from '../../src/openstack/types.ts';
import { type CliResult, tempDir } from '../support/cli.ts';
import { testContext } from '../support/context.ts';
import { describeReal } from '../support/real.ts';

const SENTENCE = 'The request you have made requires authentication.';

/** Keystone and Manila as they are: logins, share types and quotas, by the built program. */
describeReal('OpenStack', (real) => {
  let dir: Awaited<ReturnType<typeof tempDir>>;
  const resetQuotas = () => real.cloud('openstack', 'share', 'quota', 'delete', 'tenant-b');
  beforeAll(async () => {
    dir = await tempDir();
    await resetQuotas();
  });
  afterAll(async () => {
    await resetQuotas();
    for (const name of ['os-gold', 'os-private', 'os-by-hand', 'os-nowhere']) {
      await real.cloud('openstack', 'share', 'type', 'delete', name).catch(() => undefined);
    }
    await dir[Symbol.asyncDispose]();
  });

  const run = async (argv: string[], env: Record<string, string> = {}): Promise<CliResult> => {
    const done = await real.cli(argv, { cwd: dir.path, env: { HOME: dir.path, ...env } });
    // The clouds' password is an ordinary word that stands in texts too, so tokens are what is looked for.
    expect(`${done.stdout}${done.stderr}`).not.toMatch(/gAAAA[\w=-]{20}/);
    return done;
  };
  const file = (text: string): Promise<void> =>
    writeFile(join(dir.path, 'manila-rwx.yaml'), `version: 1\ncloud: { name: admin }\n${text}`);
  const tokens = (): string => join(dir.path, '.cache/manila-rwx/tokens');
  const context = (cloud: string) =>
    testContext({ cwd: dir.path, home: dir.path, env: { ...real.env, OS_CLOUD: cloud } });
  /** Requests of Manila's own log that change something, by `work` or anybody else meanwhile. */
  const writesAtManila = async (work: () => Promise<unknown>): Promise<string[]> => {
    const log = join(dirname(real.env.OS_CLIENT_CONFIG_FILE ?? ''), 'log/manila-api.log');
    const before = (await readFile(log, 'utf8')).length;
    await work();
    const added = (await readFile(log, 'utf8')).slice(before);
    return [...added.matchAll(/\] ((?:POST|PUT|PATCH|DELETE) \S+) => generated/g)].map(([, call]) => call ?? '');
  };

  describe('logins', () => {
    it('by password, once, and then by the token that was kept', async () => {
      const first = await run(['auth', 'status', '--debug']);
      expect(first.code, first.stderr).toBe(0);
      expect(first.stdout).toMatch(/User: +admin/);
      expect(first.stdout).toMatch(/Roles: +admin, member, reader/);
      expect(first.stdout).toMatch(/Manila: +http:.*\(sharev2\), API 2\.0 to 2\.73/);
      expect(first.stderr).toMatch(/POST http:.*\/auth\/tokens 201 \d+ ms req-/);
      const [kept = ''] = await readdir(tokens());
      expect((await stat(join(tokens(), kept))).mode & 0o777).toBe(0o600);
      const second = await run(['auth', 'status', '--debug']);
      expect(second.code).toBe(0);
      expect(second.stderr).not.toContain('/auth/tokens');
    });

    it('by a token that was handed in', async () => {
      const token = (await real.cloud('openstack', 'token', 'issue', '-f', 'value', '-c', 'id')).trim();
      const done = await run(['auth', 'status', '-o', 'json'], { OS_CLOUD: 'alice', OS_TOKEN: 'ignored' });
      expect(done.json()).toMatchObject({ user: { name: 'alice' }, project: { name: 'tenant-a' } });
      const { authUrl } = done.json() as { authUrl: string };
      const env = { OS_CLOUD: '', OS_AUTH_URL: authUrl, OS_AUTH_TYPE: 'token', OS_TOKEN: token };
      expect((await run(['auth', 'status', '-o', 'json'], env)).json()).toMatchObject({ user: { name: 'admin' } });
    });

    it('by an application credential, until it is deleted', async () => {
      const session = await openSession(context('alice'));
      const { user } = await session.identity();
      const keystone = new Keystone(session);
      const { id, secret } = await keystone.createApplicationCredential(user.id, {
        name: `os-test-${Date.now()}`,
        roles: ['member'],
        expiresAt: Date.now() + 3_600_000,
      });
      const env = {
        OS_CLOUD: '',
        OS_AUTH_URL: session.authUrl,
        OS_AUTH_TYPE: 'v3applicationcredential',
        OS_APPLICATION_CREDENTIAL_ID: id,
        OS_APPLICATION_CREDENTIAL_SECRET: secret,
      };
      const status = await run(['auth', 'status', '-o', 'json'], env);
      expect(status.json()).toMatchObject({
        project: { name: 'tenant-a' },
        applicationCredential: { id, restricted: true },
      });
      expect(`${status.stdout}${status.stderr}`).not.toContain(secret);
      expect((await run(['sharetype', 'list'], env)).code).toBe(0);
      expect(await keystone.deleteApplicationCredential(user.id, id)).toBe(true);
      const gone = await run(['auth', 'login'], env);
      expect(gone.code).toBe(3);
      expect(gone.stderr).toContain(`Could not find Application Credential: ${id}`);
      session.close();
    });

    it('as a user that was just made, who then makes a credential for itself', async () => {
      const session = await openSession(context('admin'));
      const admin = new Keystone(session);
      const project = await admin.findProject('tenant-b');
      expect(await admin.findProject(project.id)).toEqual(project);
      const role = await admin.findRole('member');
      const name = `os-test-${Date.now()}`;
      expect(await admin.findUser(name, project.domainId)).toBeUndefined();
      const user = await admin.createUser({ name, domainId: project.domainId, password: 'first-passw0rd' });
      try {
        expect(await admin.hasRole(user.id, project.id, role.id)).toBe(false);
        await admin.grantRole(user.id, project.id, role.id);
        expect(await admin.hasRole(user.id, project.id, role.id)).toBe(true);
        await admin.setUserPassword(user.id, 'second-passw0rd');
        // Keystone revokes to the second: a token of the same second would be refused.
        await new Promise((done) => setTimeout(done, 1100));
        await expect(admin.createApplicationCredential(user.id, { name })).rejects.toMatchObject({ status: 403 });
        const own = openSessionWith(context('admin'), session, {
          method: 'password',
          user: { id: user.id },
          password: 'second-passw0rd',
          scope: { project: { id: project.id } },
        });
        const made = await new Keystone(own).createApplicationCredential(user.id, { name, accessRules: [] });
        expect(made.accessRules).toEqual([]);
        expect((await new Keystone(own).listApplicationCredentials(user.id)).map(({ id }) => id)).toEqual([made.id]);
        own.close();
      } finally {
        await admin.deleteUser(user.id);
        session.close();
      }
    });

    it('with a wrong password end 3 with Keystone’s sentence', async () => {
      const done = await run(['auth', 'status', '--os-password', 'wr0ng-passw0rd']);
      expect(done.code).toBe(3);
      expect(done.stdout).toBe('');
      expect(done.stderr).toContain(`error: Keystone refuses the login of user "admin": ${SENTENCE} (request id req-`);
      expect(done.stderr).not.toContain('wr0ng-passw0rd');
    });

    it('without a role on the project say that the password is right', async () => {
      const done = await run(['sharetype', 'list', '--os-cloud', 'alice', '--os-project-name', 'tenant-b']);
      expect(done.code).toBe(3);
      expect(done.stderr).toContain('the password is right, but the user has no role on project "tenant-b"');
      expect(done.stderr).toContain('it has roles on "tenant-a"');
    });

    it('with a kept token that is worth nothing log in afresh, without a word', async () => {
      await run(['auth', 'login']);
      for (const name of await readdir(tokens())) {
        const path = join(tokens(), name);
        const kept = JSON.parse(await readFile(path, 'utf8')) as { id: string };
        await writeFile(path, JSON.stringify({ ...kept, id: `${kept.id.slice(0, -8)}AAAAAAAA` }));
        await chmod(path, 0o600);
      }
      const done = await run(['sharetype', 'list', '--debug']);
      expect(done.code).toBe(0);
      expect(done.stderr).toMatch(/GET http:\S+\/v2\/ 401 /);
      expect(done.stderr).toMatch(/POST http:\S+\/auth\/tokens 201 /);
      expect(done.stderr).not.toContain('warning');
    });

    it('are ended by logout', async () => {
      await run(['auth', 'login']);
      expect((await run(['auth', 'logout'])).stdout).toContain('the token is revoked and forgotten');
      expect((await run(['auth', 'logout'])).stdout).toContain('no token is kept');
    });

    it('at what is no Keystone say so', async () => {
      const { manila } = (await run(['auth', 'status', '-o', 'json'])).json() as { manila: { url: string } };
      const done = await run(['auth', 'status', '--os-auth-url', new URL(manila.url).origin]);
      expect(done.code).toBe(3);
      expect(done.stderr).toContain(`there is no Keystone v3 at ${new URL(manila.url).origin}/v3`);
    });
  });

  describe('share types', () => {
    const TYPES = `shareTypes:
  - name: os-gold
    description: Fast
    snapshots: { create: true, restore: true }
    extraSpecs: { share_backend_name: ALPHA, dedupe: false, "provisioning:max_share_size": 100 }
  - { name: os-private, access: [tenant-a, tenant-b] }
`;

    it('are made as the file says, and the second run writes nothing', async () => {
      await file(TYPES);
      const made = await run(['sharetype', 'apply', '-o', 'json']);
      expect(made.code, made.stderr).toBe(0);
      expect(made.json()).toMatchObject({ summary: { create: 2 } });
      const shown = await run(['sharetype', 'show', 'os-gold', '-o', 'json']);
      expect(shown.json()).toMatchObject({
        description: 'Fast',
        isPublic: true,
        extraSpecs: {
          driver_handles_share_servers: 'False',
          snapshot_support: 'True',
          create_share_from_snapshot_support: 'True',
          share_backend_name: 'ALPHA',
          dedupe: 'False',
          'provisioning:max_share_size': '100',
        },
        pools: ['rwx@alpha#fake_pool_for_ALPHA'],
      });
      const restricted = (await run(['sharetype', 'show', 'os-private', '-o', 'json'])).json();
      expect(restricted).toMatchObject({ isPublic: false });
      expect(restricted.projects).toHaveLength(2);
      expect(restricted.extraSpecs).not.toHaveProperty('snapshot_support');
      expect((await run(['sharetype', 'list', '-o', 'name', '--os-cloud', 'bob'])).stdout).toContain('os-private');

      let again: CliResult | undefined;
      const writes = await writesAtManila(async () => {
        again = await run(['sharetype', 'apply', '--debug']);
      });
      expect(again?.code).toBe(0);
      expect(again?.stdout).toContain('nothing to change: 2 unchanged');
      expect(again?.stderr).not.toMatch(/debug: (POST|PUT|PATCH|DELETE) /);
      expect(writes.filter((call) => call.includes('/types'))).toEqual([]);
    });

    it('are changed as the file changes', async () => {
      await file(
        TYPES.replace('Fast', 'Faster').replace('dedupe: false', 'compression: false').replace(', tenant-b]', ']'),
      );
      const writes = await writesAtManila(async () => {
        const changed = await run(['sharetype', 'apply']);
        expect(changed.stdout).toContain('description "Fast" -> "Faster"');
        expect(changed.stdout).toContain('extraSpecs.compression (none) -> "False"');
        expect(changed.stdout).toContain('extraSpecs.dedupe "False" -> (none)');
        expect(changed.stdout).toContain('2 changed');
      });
      // The description, the specs that are set, the one that left the file, the project that may no longer.
      expect(writes.filter((call) => call.includes('/types'))).toHaveLength(4);
      expect((await run(['sharetype', 'list', '-o', 'name', '--os-cloud', 'bob'])).stdout).not.toContain('os-private');
      expect((await run(['sharetype', 'apply'])).stdout).toContain('nothing to change');
    });

    it('of somebody else are taken over only with --adopt', async () => {
      const create = ['openstack', 'share', 'type', 'create', 'os-by-hand', 'false', '--snapshot-support', 'true'];
      await real.cloud(...create);
      await file('shareTypes: [{ name: os-by-hand, snapshots: { create: true } }]');
      expect((await run(['sharetype', 'apply'])).stdout).toContain('nothing to change');
      await file('shareTypes: [{ name: os-by-hand, description: ours, snapshots: { create: true } }]');
      const refused = await run(['sharetype', 'apply']);
      expect(refused.code).toBe(2);
      expect(refused.stderr).toContain('was not made by manila-rwx');
      expect((await run(['sharetype', 'apply', '--adopt'])).code).toBe(0);
      expect((await run(['sharetype', 'apply'])).stdout).toContain('nothing to change');
    });

    it.each([
      [
        'share servers',
        '{ name: os-gold, driverHandlesShareServers: true }',
        2,
        'it never changes in a type that exists',
      ],
      ['the case of a name', '{ name: OS-Gold }', 2, 'Manila does not tell names apart by case'],
      ['a capability', '{ name: os-new, extraSpecs: { dedup: true } }', 2, '(did you mean "dedupe"?)'],
      ['a project', '{ name: os-new, access: [tenant-c] }', 2, 'Keystone knows no project "tenant-c"'],
    ])('that cannot be are refused with nothing written: %s', async (_name, type, code, message) => {
      await file(`shareTypes: [${type}]`);
      const writes = await writesAtManila(async () => {
        const done = await run(['sharetype', 'apply']);
        expect(done.stderr).toContain(message);
        expect(done.code).toBe(code);
      });
      expect(writes.filter((call) => call.includes('/types'))).toEqual([]);
    });

    it('that no pool can serve are told before they are made', async () => {
      await file('shareTypes: [{ name: os-new, extraSpecs: { share_backend_name: OMEGA } }]');
      const done = await run(['sharetype', 'apply', '--dry-run']);
      expect(done.code).toBe(2);
      expect(done.stderr).toContain('share type "os-new": no storage pool can serve it now');
    });

    it('are no member’s to change', async () => {
      await file(TYPES);
      const done = await run(['sharetype', 'apply', '--os-cloud', 'alice']);
      expect(done.code, done.stderr).toBe(3);
      expect(done.stderr).toContain('this user is no administrator of Manila');
    });
  });

  describe('shares', () => {
    let session: KeystoneSession;
    let manila: Manila;
    beforeAll(async () => {
      session = await openSession(context('alice'));
      manila = await Manila.connect(session, context('alice'));
    });
    afterAll(() => session.close());

    const settled = async (id: string): Promise<Share> => {
      for (;;) {
        const share = await manila.getShare(id);
        if (share && share.status !== 'creating') return share;
        await new Promise((done) => setTimeout(done, 200));
      }
    };
    const gone = async (id: string): Promise<void> => {
      expect(await manila.deleteShare(id)).toBe(true);
      while (await manila.getShare(id)) await new Promise((done) => setTimeout(done, 200));
    };

    it('are made, listed page by page, and gone', async () => {
      const name = `os-test-${Date.now()}`;
      const make = () =>
        manila.createShare({ name, size: 1, protocol: 'NFS', shareType: 'os-gold', metadata: { a: 'b' } });
      const ids = (await Promise.all([make(), make(), make()])).map(({ id }) => id).sort();
      const [first = ''] = ids;
      expect(await settled(first)).toMatchObject({
        status: 'available',
        size: 1,
        protocol: 'NFS',
        shareTypeName: 'os-gold',
        metadata: { a: 'b' },
        availabilityZone: 'nova',
      });
      expect((await manila.listShares({ name })).map(({ id }) => id)).toEqual(ids);
      expect((await manila.listShares({ nameContains: name.slice(3) })).map(({ id }) => id)).toEqual(ids);
      expect(await manila.exportLocations(first)).toEqual([
        { path: expect.stringContaining('10.0.0.10:/path/to/fake/share/') as unknown, preferred: true },
        { path: expect.stringContaining('10.0.0.20:/path/to/fake/share/') as unknown, preferred: false },
      ]);
      expect(await manila.listAccessRules(first)).toEqual([]);
      expect(await manila.limits()).toHaveProperty('totalSharesUsed');
      expect(await manila.availabilityZones()).toEqual(['nova']);
      await Promise.all(ids.map(settled));
      await Promise.all(ids.map(gone));
      expect(await manila.deleteShare(first)).toBe(false);
    });

    it('that no pool takes end in error, with a message that says why', async () => {
      await file('shareTypes: [{ name: os-nowhere, extraSpecs: { share_backend_name: OMEGA } }]');
      expect((await run(['sharetype', 'apply', '--force'])).code).toBe(0);
      const { id } = await manila.createShare({ name: 'os-test', size: 1, protocol: 'NFS', shareType: 'os-nowhere' });
      expect((await settled(id)).status).toBe('error');
      expect(await manila.messages({ resourceId: id })).toMatchObject([
        { detailId: '008', message: expect.stringContaining('Capabilities filter') as unknown },
      ]);
      await gone(id);
    });

    it('above a quota are refused once, in Manila’s words', async () => {
      const wanted = { name: 'os-test', size: 100_000, protocol: 'NFS', shareType: 'os-private' };
      await expect(manila.createShare(wanted)).rejects.toMatchObject({
        status: 413,
        message: expect.stringContaining('ShareSizeExceedsAvailableQuota') as unknown,
      });
    });
  });

  describe('quotas', () => {
    it('are set in an order that Manila takes, and the second run writes nothing', async () => {
      await file(`quotas:
  - { project: tenant-b, shares: 40, gigabytes: 2000, perShareGigabytes: 50, shareTypes: { os-gold: { gigabytes: 1500 } } }
`);
      const set = await run(['quota', 'apply']);
      expect(set.code, set.stderr).toBe(0);
      expect(set.stdout).toContain('shareTypes.os-gold.gigabytes 1000 -> 1500');
      const shown = (await run(['quota', 'show', 'tenant-b', '-o', 'json'])).json();
      expect(shown.quotas).toContainEqual({ key: 'gigabytes', limit: 2000, inUse: 0, reserved: 0 });
      const ofType = await run(['quota', 'show', '--share-type', 'os-gold', '--os-cloud', 'bob']);
      expect(ofType.stdout).toMatch(/gigabytes +1500/);

      const writes = await writesAtManila(async () => {
        const again = await run(['quota', 'apply', '--debug']);
        expect(again.stdout).toContain('nothing to change: 1 unchanged');
        expect(again.stderr).not.toMatch(/debug: (POST|PUT|PATCH|DELETE) /);
      });
      expect(writes.filter((call) => call.includes('/quota-sets'))).toEqual([]);

      await file('quotas: [{ project: tenant-b, gigabytes: 900, shareTypes: { os-gold: { gigabytes: 500 } } }]');
      const lowered = await run(['quota', 'apply']);
      expect(lowered.code, lowered.stderr).toBe(0);
    });

    it('above the project’s are refused with figures and nothing written', async () => {
      await file('quotas: [{ project: tenant-b, shares: 10, shareTypes: { os-gold: { gigabytes: 5000 } } }]');
      const writes = await writesAtManila(async () => {
        const done = await run(['quota', 'apply']);
        expect(done.code).toBe(2);
        expect(done.stderr).toContain("5000 is above the project's limit of 900");
      });
      expect(writes.filter((call) => call.includes('/quota-sets'))).toEqual([]);
    });

    it('that the cloud is too old for are named', async () => {
      const session = await openSession(context('admin'));
      const manila = await Manila.connect(session, context('admin'));
      await expect(manila.setQuota('0'.repeat(32), { backups: 1 })).rejects.toMatchObject({
        code: 'microversion',
        message: expect.stringContaining('the quota of backups needs Manila API 2.80 (2023.2)') as unknown,
      });
      session.close();
    });
  });
});
