import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CliResult } from '../support/cli.ts';
import { startCloud, type TestCloud } from '../support/cloud.ts';
import { PASSWORDS } from '../support/keystone-server.ts';

let cloud: TestCloud;
const seen: CliResult[] = [];
beforeEach(async () => {
  cloud = await startCloud();
  seen.length = 0;
});
afterEach(async () => {
  // Whatever a test did with --debug and all formats: nothing of it may show a password or a token.
  const secrets = [...Object.values(PASSWORDS), ...cloud.keystone.tokens.keys(), 'wr0ng-passw0rd'];
  for (const { stdout, stderr } of seen) {
    for (const secret of secrets) expect(`${stdout}${stderr}`).not.toContain(secret);
  }
  await cloud[Symbol.asyncDispose]();
});

const cli = async (user: string, argv: string[], options?: Parameters<TestCloud['cli']>[2]): Promise<CliResult> => {
  const run = await cloud.cli(user, ['--debug', ...argv], options);
  seen.push(run);
  return run;
};
const errorOf = (stderr: string): string =>
  stderr
    .split('\n')
    .filter(
      (line) =>
        !line.startsWith('debug: ') && !/^(CliError|OpenStackError|RequestError|Error|    at |\s+at )/.test(line),
    )
    .join('\n');
const logins = (): number => cloud.keystone.calls().filter((call) => call === 'POST /v3/auth/tokens').length;

describe('auth status', () => {
  it('shows who this is and which Manila that leads to', async () => {
    const { code, stdout } = await cli('alice', ['auth', 'status']);
    expect(code).toBe(0);
    expect(stdout).toContain(`Login:      cloud "alice" of ${cloud.folder}/clouds.yaml\n`);
    expect(stdout).toContain('User:       alice (domain Default, id bbbb0000000000000000000000000002)\n');
    expect(stdout).toContain('Project:    tenant-a (domain Default, id aaaa0000000000000000000000000002)\n');
    expect(stdout).toContain('Roles:      member, reader\n');
    expect(stdout).toContain(`Manila:     ${cloud.manila.origin}/v2 (sharev2), API 2.0 to 2.73\n`);
    const json = await cli('alice', ['auth', 'status', '-o', 'json']);
    expect(json.json()).toMatchObject({
      schema: 'manila-rwx/auth-status/v1',
      user: { name: 'alice' },
      roles: ['member', 'reader'],
      manila: { type: 'sharev2', minVersion: '2.0', maxVersion: '2.73' },
    });
    expect(logins()).toBe(1);
  });

  it('without Manila in the catalog ends 3, with what there is and who this is', async () => {
    cloud.keystone.catalog.splice(0);
    cloud.keystone.catalog.push({ type: 'compute', name: 'nova', endpoints: [] });
    const { code, stdout, stderr } = await cli('alice', ['auth', 'status', '-o', 'json']);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      user: { name: 'alice' },
      error: {
        code: 'no-endpoint',
        exitCode: 3,
        message: expect.stringContaining('its services are compute') as unknown,
      },
    });
    expect(errorOf(stderr)).toMatch(/^error: the catalog has no public endpoint of shared-file-system/);
  });

  it('takes the cloud of manila-rwx.yaml where nothing else chooses', async () => {
    await writeFile(join(cloud.folder, 'manila-rwx.yaml'), 'version: 1\ncloud: { name: bob }\n');
    expect((await cli('', ['auth', 'status'])).stdout).toContain('User:       bob');
    expect((await cli('alice', ['auth', 'status'])).stdout).toContain('User:       alice');
    expect((await cli('alice', ['auth', 'status', '--os-cloud', 'admin'])).stdout).toContain('User:       admin');
  });
});

describe('auth login and logout', () => {
  it('log in afresh, and forget and revoke', async () => {
    await cli('alice', ['auth', 'login']);
    await cli('alice', ['auth', 'login']);
    expect(logins()).toBe(2);
    const out = await cli('alice', ['auth', 'logout']);
    expect(out).toMatchObject({ code: 0 });
    expect(out.stdout).toContain('the token is revoked and forgotten');
    expect(await readdir(cloud.tokens)).toEqual([]);
    expect((await cli('alice', ['auth', 'logout'])).stdout).toContain('no token is kept');
  });
});

describe('what goes wrong is one sentence and one remedy', () => {
  it.each<[name: string, argv: string[], code: number, message: RegExp]>([
    [
      'a wrong password',
      ['--os-password', 'wr0ng-passw0rd'],
      3,
      /^error: Keystone refuses the login of user "alice": The request you have made requires authentication\. \(request id req-keystone-0001\)\n {2}the user name, its domain or the password is wrong.*\n$/,
    ],
    [
      'an unknown cloud',
      ['--os-cloud', 'alise'],
      2,
      /has no cloud "alise" \(did you mean "alice"\?\)\n {2}it has admin, alice, bob; .*\n$/,
    ],
    [
      'an unsupported login',
      ['--os-auth-type', 'v3kerberos'],
      2,
      /auth_type "v3kerberos" is not supported\n {2}use one of .*\n$/,
    ],
    [
      'a Keystone that is not there',
      ['--os-auth-url', 'http://127.0.0.1:9'],
      3,
      /^error: cannot reach Keystone at http:\/\/127\.0\.0\.1:9: connection refused\n {2}check the address.*\n$/,
    ],
    [
      'an unknown region',
      ['--os-region-name', 'regionone'],
      3,
      /^error: the catalog has no public endpoint of shared-file-system in region regionone; it has sharev2 in RegionOne \(admin, internal, public\)\n {2}choose region .*\n$/,
    ],
    ['an unknown flag', ['--os-clod', 'x'], 2, /^error: unknown option '--os-clod'\n {2}Did you mean --os-cloud\?\n$/],
    [
      'a missing CA',
      ['--os-cacert', 'nope.pem'],
      2,
      /cannot read cacert .*nope\.pem: there is no such file\n {2}correct cacert.*\n$/,
    ],
  ])('%s', async (_name, argv, code, message) => {
    const run = await cli('alice', ['auth', 'status', ...argv]);
    expect(errorOf(run.stderr)).toMatch(message);
    expect(run.code).toBe(code);
  });

  it('a broken clouds.yaml, with line and column', async () => {
    await writeFile(join(cloud.folder, 'clouds.yaml'), 'clouds:\n  alice:\n    auth: {\n');
    const run = await cli('alice', ['auth', 'status']);
    expect(run.code).toBe(2);
    expect(errorOf(run.stderr)).toMatch(/^error: \/.*clouds\.yaml:4:1: .*\n {2}mend the YAML at that place\n$/);
    expect(run.stdout).toBe('');
  });

  it('an expired token that was handed in', async () => {
    await cli('alice', ['auth', 'status']);
    const [token = ''] = cloud.keystone.tokens.keys();
    cloud.keystone.tokens.clear();
    const run = await cli('bob', ['auth', 'status', '--os-token', token]);
    expect(run.code).toBe(3);
    expect(errorOf(run.stderr)).toContain('the token has expired or was revoked');
    expect(`${run.stdout}${run.stderr}`).not.toContain(token);
  });

  it('as JSON on stdout too', async () => {
    const run = await cli('alice', ['sharetype', 'list', '-o', 'json', '--os-password', 'wr0ng-passw0rd']);
    expect(run.code).toBe(3);
    expect(run.json()).toMatchObject({
      schema: 'manila-rwx/error/v1',
      error: { code: 'openstack-unauthorized', exitCode: 3, requestId: 'req-keystone-0001' },
    });
  });
});

it('a kept token that Manila refuses is replaced without a word', async () => {
  await cli('alice', ['auth', 'status']);
  cloud.keystone.tokens.clear();
  const run = await cli('alice', ['sharetype', 'list']);
  expect(run).toMatchObject({ code: 0 });
  expect(errorOf(run.stderr)).toBe('');
  expect(logins()).toBe(2);
});
