import { execFile, spawn } from 'node:child_process';
import { access, readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BIN } from '../support/bin.ts';
import { tempDir } from '../support/cli.ts';
import { recordEnv } from '../support/lab-record.ts';

const exec = promisify(execFile);

interface Done {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the built program with an environment of its own. */
async function bin(argv: string[], env: Record<string, string>, cwd: string): Promise<Done> {
  try {
    const { stdout, stderr } = await exec(process.execPath, [BIN, ...argv], { env, cwd, maxBuffer: 1 << 26 });
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as Done;
    return { code, stdout, stderr };
  }
}

/** Processes whose command line has this text. */
async function processesWith(text: string): Promise<string[]> {
  const { stdout } = await exec('ps', ['-eo', 'pid=,args=']);
  return stdout.split('\n').filter((line) => line.includes(text) && !line.includes('ps -eo'));
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}

describe('a lab', () => {
  let dir: Awaited<ReturnType<typeof tempDir>>;
  let env: Record<string, string>;
  const run = (argv: string[], more: Record<string, string> = {}) => bin(argv, { ...env, ...more }, dir.path);
  const up = async (...argv: string[]) => {
    const done = await run(['lab', 'up', '-o', 'json', ...argv]);
    expect(done.code, done.stderr).toBe(0);
    return (JSON.parse(done.stdout) as { lab: { pid: number; authUrl: string; server: string } }).lab;
  };

  beforeAll(async () => {
    dir = await tempDir();
    env = { PATH: process.env.PATH ?? '', HOME: dir.path, TMPDIR: dir.path, ...recordEnv() };
  });
  afterAll(async () => {
    await run(['lab', 'down']);
    await run(['lab', 'down', '--dir', 'second']);
    await dir[Symbol.asyncDispose]();
  });

  it('stays up beside another one, and goes without a trace', async () => {
    const first = await up();
    const second = await up('--dir', 'second', '--nodes', '2');
    expect(second.authUrl).not.toBe(first.authUrl);
    expect((await run(['lab', 'status'])).code).toBe(0);
    const again = await run(['lab', 'up']);
    expect(again.code).toBe(2);
    expect(again.stderr).toContain(
      `a lab is up in ${dir.path}/.local/state/manila-rwx/lab already (process ${first.pid})`,
    );

    const { stdout } = await run(['lab', 'env']);
    const variables = Object.fromEntries(
      [...stdout.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
    );
    const types = await run(['sharetype', 'list'], variables);
    expect(types).toMatchObject({ code: 0, stdout: 'no share types\n' });

    expect((await run(['lab', 'down'])).code).toBe(0);
    expect((await run(['lab', 'status'])).code).toBe(3);
    expect(await answers(first.authUrl)).toBe(false);
    expect(await answers(second.authUrl)).toBe(true);
    expect((await run(['lab', 'down', '--dir', 'second'])).code).toBe(0);
    expect(await answers(second.authUrl)).toBe(false);
    expect(await processesWith(dir.path)).toEqual([]);
    await expect(access(resolve(dir.path, 'second'))).rejects.toThrow('ENOENT');
  });

  it('that is killed leaves no process and no port, and the next one starts', async () => {
    const killed = await up();
    process.kill(killed.pid, 'SIGKILL');
    await expect.poll(() => answers(killed.authUrl)).toBe(false);
    expect((await run(['lab', 'status'])).code).toBe(3);
    await up();
    expect((await run(['lab', 'down'])).code).toBe(0);
    expect(await processesWith(dir.path)).toEqual([]);
  });

  it('runs a command in its environment and ends as that does', async () => {
    const done = await run(['lab', 'run', '--', 'sh', '-c', 'echo "$OS_CLOUD"; test -r "$KUBECONFIG"; exit 7']);
    expect(done).toMatchObject({ code: 7, stdout: 'admin\n' });
    expect((await run(['lab', 'run', '--', 'no-such-program'])).stderr).toContain('there is no such program');
  });

  it('makes faults on purpose, the same each time', async () => {
    const argv = [
      'lab',
      'run',
      '--fault',
      'manila:GET:/v2/types=403,times=1',
      '--',
      process.execPath,
      BIN,
      'sharetype',
      'list',
    ];
    const done = await run(argv);
    expect(done.code, done.stderr).toBe(3);
    expect((await run(argv)).stderr.replaceAll(/req-[\w-]+/g, '')).toBe(done.stderr.replaceAll(/req-[\w-]+/g, ''));
  });

  it('says what is wrong with a fault, a port or a number, and starts nothing', async () => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as { port: number };
    const taken = await run(['lab', 'up', '--keystone-port', String(port)]);
    server.close();
    expect(taken.code).toBe(3);
    expect(taken.stderr).toContain(`port ${port} of 127.0.0.1 is in use by another program`);
    const fault = await run(['lab', 'up', '--fault', 'nonsense']);
    expect(fault.code).toBe(2);
    expect(fault.stderr).toContain('fault "nonsense" is not WHERE=WHAT');
    expect((await run(['lab', 'run', '--nodes', '99', '--', 'true'])).code).toBe(2);
    expect((await run(['lab', 'status'])).code).toBe(3);
  });

  it('is stopped by Ctrl-C with what runs in it', async () => {
    const child = spawn(process.execPath, [BIN, 'lab', 'run', '--', 'sh', '-c', 'echo up; exec sleep 60'], {
      env,
      cwd: dir.path,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = new Promise((done) => child.on('close', done));
    await new Promise((done) => child.stdout.once('data', done));
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect((await readdir(dir.path)).filter((name) => name.startsWith('manila-rwx-lab-'))).toEqual([]);
  });

  it('shows the main job, from init to a volume that three nodes share', async () => {
    const done = await run(['lab', 'demo', '-o', 'json']);
    expect(done.code, done.stderr).toBe(0);
    expect(done.stderr).toContain('worker-1, worker-2 and worker-3 share a volume of StorageClass csi-manila-gold');
    expect(JSON.parse(done.stdout)).toMatchObject({
      schema: 'manila-rwx/lab-demo/v1',
      steps: [
        { command: expect.stringMatching(/^manila-rwx init --project tenant-a /) as string, exitCode: 0 },
        { command: 'manila-rwx sharetype apply', exitCode: 0 },
        { command: 'manila-rwx install', exitCode: 0 },
        { command: 'manila-rwx storageclass sync', exitCode: 0 },
        { command: 'manila-rwx pvc create shared-data --size 2Gi', exitCode: 0 },
        { command: 'manila-rwx verify --nodes all', exitCode: 0 },
        { command: 'manila-rwx status', exitCode: 0 },
      ],
    });
    expect(await processesWith(dir.path)).toEqual([]);
  }, 120_000);

  it('with a node that does not share makes verify fail', async () => {
    const done = await run(['lab', 'demo', '--fault', 'node:worker-2=not-shared']);
    expect(done.code, done.stderr).toBe(1);
    expect(done.stderr).toContain("the nodes do not see each other's writes");
  }, 120_000);
});
