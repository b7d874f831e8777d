import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CliResult, tempDir } from '../support/cli.ts';
import { describeReal } from '../support/real.ts';

const FILE = `
version: 1
cloud: { name: admin }
credential: { project: tenant-a }
drivers: { snapshots: off }
storageClasses: { shareClients: [10.0.0.0/8], include: [rwx-rotation] }
`;
const TYPE = 'rwx-rotation';

describeReal('credentials', (real) => {
  let dir: Awaited<ReturnType<typeof tempDir>>;
  const run = (...argv: string[]): Promise<CliResult> =>
    real.cli(argv, { cwd: dir.path, env: { HOME: dir.path, OS_CLOUD: 'admin' } });
  const good = async (...argv: string[]): Promise<CliResult> => {
    const done = await run(...argv);
    expect(done.code, `manila-rwx ${argv.join(' ')}\n${done.stdout}${done.stderr}`).toBe(0);
    return done;
  };
  const idInSecret = async (): Promise<string> => {
    const path = 'jsonpath={.data.os-applicationCredentialID}';
    const text = await real.kubectl('-n', 'manila-csi', 'get', 'secret', 'manila-rwx-credential', '-o', path);
    return Buffer.from(text, 'base64').toString();
  };

  beforeAll(async () => {
    dir = await tempDir({ 'manila-rwx.yaml': FILE });
    await real.cloud(
      'openstack',
      'share',
      'type',
      'create',
      TYPE,
      'false',
      '--extra-specs',
      'share_backend_name=ALPHA',
    );
    await good('install');
    await good('storageclass', 'sync');
  });
  afterAll(async () => {
    await run('uninstall', '--yes');
    await real.cloud('openstack', 'share', 'type', 'delete', TYPE);
    await dir[Symbol.asyncDispose]();
  });

  it('are rotated in place: a claim is made with the new one, and Keystone refuses the old one', async () => {
    const before = await idInSecret();
    const done = await good('auth', 'credential', 'rotate', '-o', 'json');
    const after = await idInSecret();
    expect(after).not.toBe(before);
    expect(done.json()).toMatchObject({
      before: { id: before },
      after: { id: after, limited: true },
      canary: { storageClass: `csi-manila-${TYPE}` },
      refusal: `Could not find Application Credential: ${before}.`,
    });
    const listed = await good('auth', 'credential', 'list', '-o', 'json');
    expect(listed.json()).toMatchObject({ credentials: [{ standing: 'valid', daysLeft: 179 }] });
    expect((await good('install', '--no-wait', '-o', 'json')).json()).toMatchObject({
      summary: { create: 0, replace: 0, delete: 0 },
    });
  });

  it('are whole again after a rotation that was killed', async () => {
    const killed = await real.cli(['auth', 'credential', 'rotate'], {
      cwd: dir.path,
      env: { HOME: dir.path, OS_CLOUD: 'admin' },
      started: (child) => child.stderr?.once('data', () => child.kill('SIGKILL')),
    });
    expect(killed.code).toBe(137);
    const done = await good('auth', 'credential', 'rotate', '--no-canary', '-o', 'json');
    // The one of before and the one of the killed run.
    expect(done.json()).toMatchObject({ summary: { replace: 1, delete: 2 } });
    await good('verify', '--cleanup-only');
  });

  it('lose what somebody has put into the Secret', async () => {
    const patch = JSON.stringify({ stringData: { 'os-password': 'x' } });
    await real.kubectl('-n', 'manila-csi', 'patch', 'secret', 'manila-rwx-credential', '-p', patch);
    const mended = await good('auth', 'credential', 'create', '-o', 'json');
    expect(mended.json()).toMatchObject({ summary: { update: 1, replace: 0 } });
    const secret = await real.kubectl('-n', 'manila-csi', 'get', 'secret', 'manila-rwx-credential', '-o', 'json');
    expect(secret).not.toContain('os-password');
  });
});
