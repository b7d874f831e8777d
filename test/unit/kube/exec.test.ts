import { describe, expect, it } from 'vitest';
import { connectKube } from '../../../src/kube/client.ts';
import type { KubeClient } from '../../../src/kube/types.ts';
import { tempDir } from '../../support/cli.ts';
import { testContext } from '../../support/context.ts';
import { KubeServer, statusAnswer } from '../../support/kube-server.ts';

const POD = { name: 'p', namespace: 'x' };

async function withPod(
  exec: KubeServer['exec'],
  work: (kube: KubeClient, server: KubeServer) => Promise<void>,
): Promise<void> {
  await using server = await KubeServer.start();
  await using folder = await tempDir({ kc: server.kubeconfig() });
  server.exec = exec;
  const kube = await connectKube(testContext({ global: { kubeconfig: `${folder.path}/kc` } }));
  try {
    await work(kube, server);
  } finally {
    kube.close();
  }
}

describe('exec', () => {
  it('returns exit code, stdout and stderr, and sends words as they are', () => {
    let command: string[] = [];
    return withPod(
      (call) => {
        ({ command } = call);
        call.stdout('out');
        call.stderr('err');
        call.exit(7);
      },
      async (kube, server) => {
        const words = ['sh', '-c', 'echo "a & b" + ü\n'];
        expect(await kube.exec(POD, { command: words, container: 'c', timeoutMs: 5000 })).toEqual({
          exitCode: 7,
          stdout: 'out',
          stderr: 'err',
        });
        expect(command).toEqual(words);
        expect(server.requests[0]?.query.get('stdin')).toBe('false');
        expect(server.requests[0]?.headers).toMatchObject({ authorization: 'Bearer test-token' });
      },
    );
  });

  it.each([[['v5.channel.k8s.io', 'v4.channel.k8s.io']], [['v4.channel.k8s.io']]])('speaks %j', (offered) => {
    let spoken = '';
    return withPod(
      (call) => {
        spoken = call.protocol;
        call.exit(0);
      },
      async (kube, server) => {
        server.execProtocols = offered;
        expect((await kube.exec(POD, { command: ['true'], timeoutMs: 5000 })).exitCode).toBe(0);
        expect(spoken).toBe(offered[0]);
      },
    );
  });

  it('takes many megabytes', () =>
    withPod(
      (call) => {
        for (let i = 0; i < 256; i++) call.stdout('x'.repeat(65_536));
        call.exit(0);
      },
      async (kube) => {
        const { stdout } = await kube.exec(POD, { command: ['cat'], timeoutMs: 20_000 });
        expect(stdout).toHaveLength(16 * 1024 * 1024);
      },
    ));

  it('says that the exit code is not known when the connection closes without one', () =>
    withPod(
      (call) => {
        call.stdout('half');
        call.socket.close(1000);
      },
      async (kube) => {
        await expect(kube.exec(POD, { command: ['true'], timeoutMs: 5000 })).rejects.toMatchObject({
          code: 'exec-cut',
          exitCode: 3,
          message: expect.stringContaining('its exit code is not known') as string,
        });
      },
    ));

  it('fails at its deadline with the command and its last words', () =>
    withPod(
      (call) => call.stderr('waiting for a lock\n'),
      async (kube) => {
        await expect(kube.exec(POD, { command: ['flock', '/m'], timeoutMs: 300 })).rejects.toMatchObject({
          code: 'timed-out',
          exitCode: 4,
          message: expect.stringMatching(/pod x\/p \(flock \/m\): waiting for a lock$/) as string,
        });
      },
    ));

  it('ends with the reason of an aborted signal', () =>
    withPod(
      () => undefined,
      async (kube) => {
        const stop = new AbortController();
        const running = kube.exec(POD, { command: ['sleep'], timeoutMs: 5000, signal: stop.signal });
        const reason = new Error('Ctrl-C');
        setTimeout(() => stop.abort(reason), 50);
        await expect(running).rejects.toBe(reason);
      },
    ));

  it('gives the server’s sentence where the command could not be started', () =>
    withPod(
      (call) => {
        const status = { status: 'Failure', reason: 'InternalError', message: 'exec: "nope": not found in $PATH' };
        call.socket.send(Buffer.concat([Buffer.of(3), Buffer.from(JSON.stringify(status))]));
      },
      async (kube) => {
        await expect(kube.exec(POD, { command: ['nope'], timeoutMs: 5000 })).rejects.toMatchObject({
          code: 'exec-failed',
          message: 'cannot run a command in pod x/p: exec: "nope": not found in $PATH',
        });
      },
    ));

  it('gives the server’s sentence where there is no such pod', () =>
    withPod(
      () => undefined,
      async (kube, server) => {
        server.faults.push(() => statusAnswer(404, 'NotFound', 'pods "p" not found'));
        await expect(kube.exec(POD, { command: ['true'], timeoutMs: 5000 })).rejects.toMatchObject({
          code: 'kube-api',
          status: 404,
          message: 'pods "p" not found',
        });
      },
    ));
});

describe('execSession', () => {
  it('hands out lines as they are whole, also where they come in pieces', () =>
    withPod(
      (call) => {
        const text = Buffer.from('eins\nzwölf\nlast');
        for (const byte of text) call.stdout(Buffer.of(byte));
        call.exit(0);
      },
      async (kube) => {
        const session = await kube.execSession(POD, { command: ['x'], timeoutMs: 5000 });
        expect([await session.nextLine(), await session.nextLine(), await session.nextLine()]).toEqual([
          'eins',
          'zwölf',
          'last',
        ]);
        expect(await session.nextLine()).toBeUndefined();
        expect(await session.ended).toEqual({ exitCode: 0, stdout: 'eins\nzwölf\nlast', stderr: '' });
      },
    ));

  it('holds a command at a barrier until it is told to go on', () =>
    withPod(
      (call) => {
        call.stdout('ready\n');
        call.onStdin((text) => {
          call.stdout(`went ${text}`);
          call.exit(0);
        });
      },
      async (kube) => {
        const session = await kube.execSession(POD, { command: ['x'], timeoutMs: 5000 });
        expect(await session.nextLine()).toBe('ready');
        session.write('now\n');
        expect(await session.nextLine()).toBe('went now');
        expect((await session.ended).exitCode).toBe(0);
      },
    ));

  it('fails those who wait for a line when the connection is cut', () =>
    withPod(
      (call) => setTimeout(() => call.socket.terminate(), 50),
      async (kube) => {
        const session = await kube.execSession(POD, { command: ['x'], timeoutMs: 5000 });
        await expect(session.nextLine()).rejects.toMatchObject({ code: 'exec-cut' });
        await expect(session.nextLine()).rejects.toMatchObject({ code: 'exec-cut' });
        await expect(session.ended).rejects.toMatchObject({ code: 'exec-cut' });
      },
    ));

  it('can be abandoned', () =>
    withPod(
      () => undefined,
      async (kube) => {
        const session = await kube.execSession(POD, { command: ['x'], timeoutMs: 5000 });
        session.abandon();
        await expect(session.ended).rejects.toMatchObject({ code: 'exec-abandoned' });
      },
    ));
});
