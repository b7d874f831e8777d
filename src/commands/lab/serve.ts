import { rename, rm, writeFile } from 'node:fs/promises';
import type { Context } from '../../core/context.ts';
import { type CommandResult, result } from '../../core/result.ts';
import { startLab } from '../../lab/lab.ts';
import { type LabFlags, labFolder, labOptions } from './options.ts';
import { type LabState, stateFile } from './state.ts';

/** What `lab up` runs in the background: a lab until SIGTERM. Its folder goes with it. */
export async function run(ctx: Context, flags: LabFlags & { dir?: string }): Promise<CommandResult<'lab-status'>> {
  const folder = labFolder(ctx, flags.dir);
  const lab = await startLab({ ...labOptions(ctx, flags), folder });
  try {
    const state: LabState = {
      pid: process.pid,
      startedAt: new Date(ctx.clock.now()).toISOString(),
      authUrl: lab.openstack.authUrl,
      manilaUrl: lab.openstack.manilaUrl,
      server: lab.kubernetes.server,
      nodes: lab.kubernetes.nodes,
      env: lab.env,
    };
    // Whoever reads it sees all of it or nothing.
    await writeFile(`${stateFile(folder)}.new`, JSON.stringify(state, null, 2), { mode: 0o600 });
    await rename(`${stateFile(folder)}.new`, stateFile(folder));
    await new Promise<void>((resolve) => ctx.signal.addEventListener('abort', () => resolve(), { once: true }));
  } finally {
    await lab.stop();
    await rm(folder, { recursive: true, force: true });
  }
  return result('lab-status', { up: false, folder });
}
