import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Lab, startLab } from '../../src/lab/lab.ts';
import { type CliResult, runCli, tempDir } from '../support/cli.ts';
import { KEYS, Terminal } from '../support/terminal.ts';

const { enter, down, left, escape, backspace, ctrlC, ctrlD } = KEYS;

let folder: Awaited<ReturnType<typeof tempDir>>;
let lab: Lab;
let env: Record<string, string>;
let file: string;

beforeAll(async () => {
  folder = await tempDir();
  const ports = { keystone: 0, manila: 0, kubernetes: 0 };
  lab = await startLab({ folder: join(folder.path, 'lab'), nodes: 3, faults: [], seed: 1, ports });
  env = { ...lab.env, XDG_CACHE_HOME: join(folder.path, 'cache') };
});
afterAll(async () => {
  await lab.stop();
  await folder[Symbol.asyncDispose]();
});

let serial = 0;
let cwd: string;
beforeEach(async () => {
  cwd = join(folder.path, `work-${++serial}`);
  file = join(cwd, 'manila-rwx.yaml');
  await mkdir(cwd);
});

const run = (argv: string[], more: Record<string, string> = {}) =>
  runCli(['init', ...argv], { env: { ...env, ...more }, cwd });

/** Runs it on a terminal, where `person` answers. */
async function wizard(
  person: (terminal: Terminal) => Promise<void>,
  {
    argv = [],
    more = {},
    terminal = new Terminal(),
  }: { argv?: string[]; more?: Record<string, string>; terminal?: Terminal } = {},
): Promise<CliResult> {
  const [result] = await Promise.all([
    runCli(['init', 'wizard', ...argv], { env: { ...env, ...more }, cwd, terminal }),
    person(terminal),
  ]);
  return result;
}

const written = (): Promise<string> => readFile(file, 'utf8');

/** The words of a command as a shell reads them; only the quoting that the program itself uses. */
function words(command: string): string[] {
  return [...command.matchAll(/'((?:[^']|'\\'')*)'|(\S+)/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll(`'\\''`, "'") ?? plain ?? '',
  );
}

const ANSWERS = [
  '--project',
  'tenant-a',
  '--new-share-type',
  'gold',
  '--back-end',
  'ALPHA',
  '--share-clients',
  '10.0.0.0/24',
];

/** Types through an empty cloud; every answer is the best one but the name. */
async function typeThrough(terminal: Terminal): Promise<void> {
  await terminal.answer('Which Kubernetes cluster?', enter);
  await terminal.answer('Whose shares will the volumes be?', enter);
  await terminal.answer('Name of the new share type?', 'gold');
  await terminal.answer('gold', enter);
  await terminal.answer('On which back end?', enter);
  await terminal.answer('Snapshots of its shares?', enter);
  await terminal.answer('For claims that name no class?', enter);
  await terminal.answer('Who may mount the shares?', enter);
}

describe('init on a terminal', () => {
  it('asks what is left, shows file and command, and the command gives the same file byte for byte', async () => {
    const typed = await wizard(async (terminal) => {
      await typeThrough(terminal);
      await terminal.answer('What now?', down, enter);
    });
    expect(typed.code, typed.stderr).toBe(0);
    expect(typed.stdout).toContain('manila-rwx.yaml written');
    const text = await written();
    expect(text).toBe(`# What manila-rwx keeps; \`manila-rwx plan\` shows what it would change.
version: 1

# Where the shares are; without it the OS_* variables say it
cloud:
  name: admin # an entry of clouds.yaml

# Where the volumes are used
cluster:
  context: lab # of the kubeconfig

# What the drivers log in with
credential:
  project: tenant-a # owns the shares

# Share types to keep; others are left alone
shareTypes:
  - name: gold
    extraSpecs:
      share_backend_name: ALPHA
    snapshots:
      create: true
      restore: true

# A StorageClass for each of these share types
storageClasses:
  include: ["*"]
  default: gold # this share type's class is the cluster's default
  shareClients: [10.0.0.0/24] # the nodes: who may mount
`);
    const [, command = ''] = /without a question:\s+(manila-rwx [^]*?)\n\n/.exec(typed.stderr) ?? [];
    await rm(file);
    const flags = await run(words(command.replaceAll(/\s+/g, ' ')).slice(2), { CI: 'true' });
    expect(flags.code, flags.stderr).toBe(0);
    expect(await written()).toBe(text);
  });

  it('asks nothing of what flags say, and stops without a trace where the user stops', async () => {
    const stopped = await wizard(
      async (terminal) => {
        await terminal.answer('Which Kubernetes cluster?', enter);
        await terminal.answer('Snapshots of its shares?', down, enter);
        await terminal.answer('For claims that name no class?', down, enter);
        await terminal.answer('What now?', 'stop');
        await terminal.answer('1 of 3', enter);
      },
      { argv: ANSWERS },
    );
    expect(stopped.code).toBe(0);
    expect(stopped.stdout).toContain('manila-rwx.yaml was not written');
    expect(stopped.stderr).not.toContain('snapshots:');
    expect(await readdir(cwd)).toEqual([]);
  });

  it('goes back from every kind of question, and offers the last answer first', async () => {
    const result = await wizard(async (terminal) => {
      await terminal.answer('Which Kubernetes cluster?', left);
      await terminal.answer('this is the first question', enter);
      await terminal.answer('Whose shares will the volumes be?', backspace);
      await terminal.answer('Which Kubernetes cluster?', enter);
      await terminal.answer('Whose shares will the volumes be?', down, enter);
      await terminal.answer('Name of the new share type?', escape);
      await terminal.see('Whose shares will the volumes be?');
      expect(terminal.fresh).toMatch(/> tenant-b/);
      terminal.press(enter);
      await terminal.answer('Name of the new share type?', 'silver', enter);
      await terminal.answer('On which back end?', left);
      await terminal.answer('enter takes silver', enter);
      await terminal.answer('On which back end?', enter);
      await terminal.answer('Snapshots of its shares?', enter);
      await terminal.answer('For claims that name no class?', enter);
      await terminal.answer('Who may mount the shares?', enter);
      await terminal.answer('What now?', left);
      await terminal.answer('Who may mount the shares?', '10.0.0.11', enter);
      await terminal.answer('What now?', down, enter);
    });
    expect(result.code, result.stderr).toBe(0);
    expect(await written()).toMatch(/project: tenant-b[^]*name: silver[^]*shareClients: \[10\.0\.0\.11\]/);
  });

  it('takes no garbage, and says what is wrong with it', async () => {
    const result = await wizard(async (terminal) => {
      await terminal.answer('Which Kubernetes cluster?', '\u0000\u001b[99~§$%');
      await terminal.answer('nothing has', enter);
      await terminal.answer('nothing here has', ctrlC);
    });
    expect(result.code).toBe(130);
    const garbage = await wizard(async (terminal) => {
      await terminal.answer('Which Kubernetes cluster?', enter);
      await terminal.answer('Whose shares will the volumes be?', enter);
      await terminal.answer('Name of the new share type?', 'a*', enter);
      await terminal.answer('must not have * in it', backspace, backspace, 'x'.repeat(256), enter);
      await terminal.answer('must be 1 to 255 printable characters', '\u0015', 'gold', enter);
      await terminal.answer('On which back end?', enter);
      await terminal.answer('Snapshots of its shares?', enter);
      await terminal.answer('For claims that name no class?', enter);
      await terminal.answer('Who may mount the shares?', '10.0.0.1/24', enter);
      await terminal.answer('bits set beyond its prefix length', '\u0015', 'fd00::/8, nonsense', enter);
      await terminal.answer('is IPv6', '\u0015', '10.0.0.0/24', enter);
      await terminal.answer('What now?', ctrlD);
    });
    expect(garbage.code).toBe(130);
    expect(await readdir(cwd)).toEqual([]);
  });

  it.each([
    ['80x24', 80, 24],
    ['200x60', 200, 60],
  ])('filters and ticks among 100 share types on a screen of %s', async (_name, columns, rows) => {
    const result = await withTypes(100, () => {
      const terminal = new Terminal(columns, rows);
      return wizard(
        async () => {
          await terminal.answer('Which Kubernetes cluster?', enter);
          await terminal.see('Which share types get a StorageClass?');
          const [, prompt = ''] = terminal.fresh.split('? Which share types');
          const lines = prompt.split('\n').map((line) => line.length);
          expect(Math.max(...lines)).toBeLessThanOrEqual(columns);
          // "all" is ticked at first.
          terminal.press(' ', 'type-04');
          await terminal.answer('10 of 102', down, down, ' ');
          await terminal.answer('[x] type-042', escape);
          await terminal.answer('102 · up/down', 'type-099');
          await terminal.answer('1 of 102', ' ');
          await terminal.answer('[x] type-099', enter);
          await terminal.answer('For claims that name no class?', down, enter);
          await terminal.answer('What now?', down, enter);
        },
        { terminal, argv: ['--project', 'tenant-a', '--share-clients', '10.0.0.0/24'], more: { NO_COLOR: '1' } },
      );
    });
    expect(result.code, result.stderr).toBe(0);
    expect(await written()).toMatch(/include: \[type-042, type-099\][^]*default: type-099/);
  });

  it('writes no colour where none is wanted', async () => {
    const terminal = new Terminal();
    await wizard(
      async () => {
        await terminal.answer('Which Kubernetes cluster?', enter);
        await terminal.answer('Whose shares will the volumes be?', ctrlC);
      },
      { terminal, more: { NO_COLOR: '1' } },
    );
    expect(terminal.raw).not.toMatch(/\u001b\[[0-9;]*m/);
  });

  it('always has a way on: another cloud, another cluster, or without', async () => {
    const clouds = join(cwd, 'two.yaml');
    const good = await readFile(lab.env.OS_CLIENT_CONFIG_FILE ?? '', 'utf8');
    await writeFile(
      clouds,
      `${good.trimEnd()}\n  gone: { auth: { auth_url: "http://127.0.0.1:9/v3", username: x, password: yyyyyyyyyyyy, project_name: p, user_domain_name: d, project_domain_name: d } }\n`,
    );
    const result = await wizard(
      async (terminal) => {
        await terminal.answer('Which OpenStack cloud?', 'gone', enter);
        await terminal.answer('Which Kubernetes cluster?', 'nobody', enter);
        await terminal.see('cannot be looked at. What now?');
        expect(terminal.fresh).toContain('127.0.0.1:9');
        terminal.press('another', enter);
        await terminal.answer('Which OpenStack cloud?', 'admin', enter);
        await terminal.answer('Whose shares will the volumes be?', enter);
        await terminal.answer('Name of the new share type?', 'gold', enter);
        await terminal.answer('On which back end?', enter);
        await terminal.answer('Snapshots of its shares?', enter);
        await terminal.answer('For claims that name no class?', enter);
        // Nothing is known of the nodes.
        await terminal.answer('CIDRs of the nodes', enter);
        await terminal.answer('type something', '10.0.0.0/24', enter);
        await terminal.answer('What now?', enter);
      },
      { more: { OS_CLIENT_CONFIG_FILE: clouds, OS_CLOUD: '' } },
    );
    expect(result.code, result.stderr).toBe(0);
    expect(result.stderr).toContain('this user may not read Nodes');
    expect(await written()).toMatch(/name: admin[^]*context: nobody/);
  });
});

describe('init without a terminal', () => {
  it('lists all that is missing at once, with the flags, and ends with 2', async () => {
    for (const [argv, more] of [
      [[], {}],
      [['--yes'], {}],
      [[], { CI: '1' }],
    ] as [string[], Record<string, string>][]) {
      const result = await run(argv, more);
      expect(result.code).toBe(2);
      expect(result.stdout).toBe('');
      expect(result.stderr).toContain(`error: what cannot be found out has to be said:
  --project: Whose shares will the volumes be? tenant-a, tenant-b, admin, service, none of these
  --new-share-type: Name of the new share type?
  --share-clients: Who may mount the shares?
  give these flags, or run it on a terminal, where it asks`);
      expect(await readdir(cwd)).toEqual([]);
    }
  });

  it('tells everything that is wrong with the flags at once, each with the nearest name', async () => {
    const result = await run([
      ...['--project', 'tenant-x', '--share-type', 'gld', '--back-end', 'ALFA', '--new-share-type', 'a*'],
      ...['--share-clients', '10.0.0.1/8', '--snapshots', 'maybe', '--credential-cloud', 'nobody', '--context', 'labb'],
    ]);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain('--context "labb" is no context');
    const more = await run([
      '--project',
      'tenant-x',
      '--share-type',
      'gld',
      '--back-end',
      'ALFA',
      '--share-clients',
      '10.0.0.1/8',
    ]);
    expect(more.stderr).toMatch(
      /4 flags are wrong:\n {2}--project "tenant-x" is no project of the cloud \(did you mean "tenant-a"\?\)[^]*--share-type "gld" has "gld", which is no share type[^]*--back-end "ALFA" is no back end[^]*--share-clients/,
    );
  });

  it('says it as JSON', async () => {
    const result = await run([...ANSWERS, '-o', 'json']);
    expect(result.json()).toMatchObject({
      schema: 'manila-rwx/init/v1',
      file: 'manila-rwx.yaml',
      outcome: 'written',
      text: await written(),
    });
  });

  it('writes nothing with --dry-run', async () => {
    const result = await run([...ANSWERS, '--dry-run']);
    expect(result.code).toBe(0);
    expect(result.stdout).toContain('name: gold');
    expect(await readdir(cwd)).toEqual([]);
  });

  it('makes one login', async () => {
    await rm(join(folder.path, 'cache'), { recursive: true, force: true });
    const before = lab.openstack.recorder.entries().length;
    await run(ANSWERS);
    const asked = lab.openstack.recorder.entries().slice(before);
    expect(asked.filter(({ method, template }) => method === 'POST' && template.includes('/auth/tokens'))).toHaveLength(
      1,
    );
  });
});

describe('init with a file that is there', () => {
  const SOURCE = `# mine
version: 1
cloud: { name: admin }   # keep me
cluster: {context: lab}
credential:
    project: tenant-b   # whose
    expiresIn: 90d
quotas:
- {project: tenant-b, shares: 7}
# the types
shareTypes:
  - name: gold # first
storageClasses: { prefix: fast-, shareClients: [ 10.0.0.0/24 ] }
`;

  it('takes it for answers, and leaves it alone where nothing differs', async () => {
    await writeFile(file, SOURCE);
    const result = await run([]);
    expect(result.code, result.stderr).toBe(0);
    expect(result.stdout).toContain('is so already');
    expect(await written()).toBe(SOURCE);
  });

  it('shows what would change, writes it only with --yes, and keeps all comments and lines that it does not touch', async () => {
    await writeFile(file, SOURCE);
    await chmod(file, 0o640);
    const asked = await run(['--project', 'tenant-a']);
    expect(asked.code).toBe(2);
    expect(asked.stderr).toContain('-     project: tenant-b   # whose');
    expect(asked.stderr).toMatch(/\+ .*project: tenant-a # whose/);
    expect(await written()).toBe(SOURCE);
    const done = await run(['--project', 'tenant-a', '--default-class', 'gold', '--yes']);
    expect(done.code, done.stderr).toBe(0);
    const text = await written();
    const kept = SOURCE.split('\n').filter((line) => !/project: tenant-b {3}|storageClasses/.test(line));
    for (const line of kept) expect(text).toContain(line);
    expect(text).toMatch(/storageClasses:.*default: gold/);
    expect((await stat(file)).mode & 0o777).toBe(0o640);
    expect(await readdir(cwd)).toEqual(['manila-rwx.yaml']);
  });

  it('asks with its answers in front', async () => {
    await writeFile(file, SOURCE);
    const result = await wizard(async (terminal) => {
      await terminal.answer('as the file has it', enter);
      await terminal.see('Whose shares');
      expect(terminal.fresh).toMatch(/> tenant-b +as the file has it/);
      terminal.press(enter);
      await terminal.answer('Which share types', enter);
      await terminal.answer('For claims that name no class?', 'no class', enter);
      await terminal.answer('as the file has it', enter);
      await terminal.answer('What now?', 'leave', enter);
    });
    expect(result.code, result.stderr).toBe(0);
    expect(await written()).toBe(SOURCE);
  });

  it('refuses one that is half written, of a newer version, or wrong, and leaves it as it is', async () => {
    for (const [text, said] of [
      ['version: 1\ncloud: { name: adm', 'manila-rwx.yaml:2:'],
      ['version: 2\nclusters: []\n', 'the file is of version 2'],
      ['version: 1\npassword: hunter2hunter2\n', 'unknown key "password"'],
    ] as const) {
      await writeFile(file, text);
      const result = await run(ANSWERS);
      expect(result.code).toBe(2);
      expect(result.stderr).toContain(said);
      expect(await written()).toBe(text);
    }
  });

  it('makes it 0600 where it looks as if it held a secret, and writes no password that it knows', async () => {
    await writeFile(file, `${SOURCE}# admin password: hunter2hunter2\n`, { mode: 0o644 });
    const warned = await run(['--project', 'tenant-a', '--yes']);
    expect(warned.stderr).toContain('only you may read it');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await rm(file);
    const password = 'Wr0ng-but-known';
    const slip = ['--skip-cloud', '--project', password, '--os-password', password, '--share-clients', '10.0.0.0/24'];
    const refused = await run(slip);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('would hold a password or token in line');
    expect(refused.stdout + refused.stderr).not.toContain(password);
    expect(await readdir(cwd)).toEqual([]);
  });
});

describe('init where things are missing', () => {
  it('ends clearly where clouds.yaml has tabs', async () => {
    await writeFile(join(cwd, 'clouds.yaml'), 'clouds:\n\tadmin:\n\t\tauth: {}\n');
    const result = await run(ANSWERS, { OS_CLIENT_CONFIG_FILE: '' });
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(/clouds\.yaml:2:1: Tabs are not allowed/);
  });

  it('says which of two clouds files counts', async () => {
    const home = join(cwd, 'home');
    await mkdir(join(home, '.config', 'openstack'), { recursive: true });
    const clouds = await readFile(lab.env.OS_CLIENT_CONFIG_FILE ?? '', 'utf8');
    await writeFile(join(cwd, 'clouds.yaml'), clouds);
    await writeFile(join(home, '.config', 'openstack', 'clouds.yaml'), clouds);
    const result = await runCli(['init', ...ANSWERS], { env: { ...env, OS_CLIENT_CONFIG_FILE: '' }, cwd, home });
    expect(result.code, result.stderr).toBe(0);
    expect(result.stderr).toMatch(/of two clouds files .*work-\d+\/clouds\.yaml counts/);
  });

  it('ends clearly where the kubeconfig names an exec plugin that is not there, and goes on without the cluster', async () => {
    const kubeconfig = join(cwd, 'kc');
    const server = lab.kubernetes.server;
    await writeFile(
      kubeconfig,
      `apiVersion: v1\nkind: Config\ncurrent-context: c\ncontexts: [{ name: c, context: { cluster: c, user: u } }]\nclusters: [{ name: c, cluster: { server: "${server}", insecure-skip-tls-verify: true } }]\nusers: [{ name: u, user: { exec: { apiVersion: client.authentication.k8s.io/v1, command: not-there-at-all, interactiveMode: Never } } }]\n`,
    );
    const result = await run(ANSWERS, { KUBECONFIG: kubeconfig });
    expect(result.code).not.toBe(0);
    expect(result.stderr).toContain('not-there-at-all');
    expect(result.stderr).toContain('--skip-cluster');
    const without = await run([...ANSWERS, '--skip-cluster'], { KUBECONFIG: kubeconfig });
    expect(without.code, without.stderr).toBe(0);
    expect(await written()).toContain('context: c');
  });

  it('ends clearly where the cloud cannot be reached', async () => {
    const faults = join(cwd, 'clouds.yaml');
    await writeFile(
      faults,
      'clouds: { far: { auth: { auth_url: "http://127.0.0.1:9/v3", username: u, password: pppppppppp, project_name: p, user_domain_name: d, project_domain_name: d } } }\n',
    );
    const result = await run(ANSWERS, { OS_CLIENT_CONFIG_FILE: faults, OS_CLOUD: '' });
    expect(result.code).toBe(3);
    expect(result.stderr).toContain('--skip-cloud');
  });

  it('ends clearly where there are no share types and this user cannot make one', async () => {
    const result = await run(['--share-clients', '10.0.0.0/24'], { OS_CLOUD: 'alice' });
    expect(result.code).toBe(3);
    expect(result.stderr).toContain('shows user "alice" no share types');
    expect(result.stderr).toContain('openstack share type create');
  });

  it('lets somebody who is no administrator of the cloud log in for itself', async () => {
    const result = await withTypes(2, () =>
      run(['--share-clients', '10.0.0.0/24', '--credential-cloud', 'alice', '--share-type', 'type-001'], {
        OS_CLOUD: 'alice',
      }),
    );
    expect(result.code, result.stderr).toBe(0);
    expect(await written()).toMatch(/credential:\n {2}cloud: alice/);
  });

  it('goes on without a kubeconfig', async () => {
    const result = await run(ANSWERS, { KUBECONFIG: '' });
    expect(result.code, result.stderr).toBe(0);
    expect(result.stderr).toContain('there is no kubeconfig');
    expect(await written()).not.toContain('context:');
  });
});

function addType(name: string): void {
  lab.openstack.manila.types.set(name, {
    id: name,
    name,
    description: null,
    isPublic: true,
    extraSpecs: { driver_handles_share_servers: 'False', share_backend_name: 'ALPHA', snapshot_support: 'True' },
    projects: [],
  });
}

/** Runs with so many share types in the cloud; they are gone afterwards. */
async function withTypes<T>(count: number, work: () => Promise<T>): Promise<T> {
  const { types } = lab.openstack.manila;
  const before = new Map(types);
  for (let i = 0; i < count; i++) addType(`type-${String(i).padStart(3, '0')}`);
  try {
    return await work();
  } finally {
    types.clear();
    for (const [id, type] of before) types.set(id, type);
  }
}
