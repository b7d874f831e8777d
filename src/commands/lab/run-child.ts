import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Context } from '../../core/context.ts';
import { couldNotRun, errnoOf, messageOf } from '../../core/errors.ts';

/**
 * Runs a command with this process's own streams and more variables. Ctrl-C reaches it from the terminal; SIGTERM is
 * handed on, so that it can clean up before the lab ends.
 * @returns its exit code; 128 + the signal's number where one ended it.
 */
export async function runChild(ctx: Context, command: readonly string[], env: Record<string, string>): Promise<number> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { stdio: 'inherit', cwd: ctx.cwd, env: { ...ctx.env, ...env } });
  const stop = (): void => void child.kill('SIGTERM');
  const kill = (): void => void child.kill('SIGKILL');
  ctx.signal.addEventListener('abort', stop, { once: true });
  ctx.hardSignal.addEventListener('abort', kill, { once: true });
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
    });
  } catch (error) {
    const why = errnoOf(error) === 'ENOENT' ? 'there is no such program' : messageOf(error);
    throw couldNotRun('lab-command', `cannot run ${program}: ${why}`, { cause: error });
  } finally {
    ctx.signal.removeEventListener('abort', stop);
    ctx.hardSignal.removeEventListener('abort', kill);
  }
}
