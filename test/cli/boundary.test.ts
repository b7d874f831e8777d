import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Interrupted } from '../../src/core/errors.ts';
import { runCli } from '../support/cli.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const { version } = JSON.parse(readFileSync(resolve(ROOT, 'package.json'), 'utf8')) as { version: string };

describe('the command line', () => {
  it('prints its version', async () => {
    expect(await runCli(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
    const { code, json } = await runCli(['version', '-o', 'json']);
    expect(code).toBe(0);
    expect(json()).toMatchObject({ schema: 'manila-rwx/version/v1', version });
  });

  it.each([
    [['versoin'], "unknown command 'versoin'", 'Did you mean version?'],
    [['version', '--quit'], "unknown option '--quit'", 'Did you mean --quiet?'],
    [['version', '-o', 'xml'], "argument 'xml' is invalid", 'see `manila-rwx --help`'],
    [['version', '--timeout', 'soon'], '--timeout "soon" is not a duration', 'write 90s'],
    [['version', '-q', '-v'], '--quiet goes with neither', ''],
    [['version', 'surplus'], 'too many arguments', ''],
  ])('refuses %j with a sentence and a remedy', async (argv, sentence, remedy) => {
    const { code, stdout, stderr } = await runCli(argv);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^error: /);
    expect(stderr).toContain(sentence);
    expect(stderr).toContain(remedy);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('lists what to do before the flags, and nothing that does not work yet', async () => {
    const { code, stdout } = await runCli(['--help']);
    expect(code).toBe(0);
    expect(stdout.indexOf('Commands:')).toBeLessThan(stdout.indexOf('Global options:'));
    expect(stdout).toContain('Exit codes: 0 done');
    expect(stdout).not.toMatch(/^ {2}(bench|backup|sysdump|check|completion)\b/m);
  });

  it('shows the verbs of a noun that stands alone, as a usage error', async () => {
    const { code, stderr } = await runCli(['auth']);
    expect(code).toBe(2);
    expect(stderr).toContain('Usage: manila-rwx auth');
    expect(stderr).not.toContain('outputHelp');
  });

  it('prints an error as JSON on stdout too, with the same exit code', async () => {
    const argv = ['sharetype', 'list', '--os-cloud', 'nowhere'];
    const plain = await runCli(argv);
    const json = await runCli([...argv, '-o', 'json']);
    expect(json.code).toBe(plain.code);
    expect(plain).toMatchObject({ code: 2, stdout: '' });
    expect(json.json()).toMatchObject({ schema: 'manila-rwx/error/v1', error: { exitCode: 2 } });
    expect(json.stderr).toBe(plain.stderr);
  });

  it('ends with 130 or 143 when it is interrupted', async () => {
    for (const [name, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const) {
      const soft = AbortSignal.abort(new Interrupted(name));
      const { signal: hard } = new AbortController();
      const done = await runCli(['sharetype', 'list'], {
        interrupts: { soft, hard },
        env: {
          OS_AUTH_URL: 'http://127.0.0.1:9/v3',
          OS_USERNAME: 'u',
          OS_PASSWORD: 'secret',
          OS_PROJECT_NAME: 'p',
          OS_USER_DOMAIN_NAME: 'd',
          OS_PROJECT_DOMAIN_NAME: 'd',
        },
      });
      expect(done.code).toBe(code);
    }
  });
});

describe('the built program', () => {
  const bin = (args: string[]) => spawn(process.execPath, [resolve(ROOT, 'bin/manila-rwx.js'), ...args]);

  it('ends quietly when the reader of its output goes away', async () => {
    const child = bin(['--help']);
    child.stdout.destroy();
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const code = await new Promise((done) => child.on('close', done));
    expect(stderr).toBe('');
    expect([0, 141]).toContain(code);
  });
});
