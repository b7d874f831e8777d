import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const exec = promisify(execFile);
const FOLDER = process.env.REALSTACK ?? fileURLToPath(new URL('../../shared/realstack', import.meta.url));

/**
 * Runs `work` with a real cluster and cloud: those that are up, or new ones that are stopped after it.
 * `work` gets the environment that selects them, an empty folder, and a way to run the stack's scripts.
 */
export async function withRealStack(work) {
  const script = (file, ...args) => exec(join(FOLDER, file), args, { maxBuffer: 1 << 26 });
  const wasUp = await script('rig', 'status').then(
    () => true,
    () => false,
  );
  if (!wasUp) await script('rig', 'up', '2');
  const folder = await mkdtemp(join(tmpdir(), 'manila-rwx-bench-'));
  try {
    const { stdout } = await exec('bash', ['-c', 'eval "$("$0" env)"; env -0', join(FOLDER, 'rig')]);
    const variables = stdout
      .split('\0')
      .filter(Boolean)
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);
    return await work({ env: { ...Object.fromEntries(variables), HOME: folder }, folder, script });
  } finally {
    await rm(folder, { recursive: true, force: true });
    if (!wasUp) await script('rig', 'down');
  }
}
