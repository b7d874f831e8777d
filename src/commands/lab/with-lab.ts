import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Lab, type LabOptions, startLab } from '../../lab/lab.ts';

/** Runs `work` beside a lab of its own in a temporary folder, and leaves nothing of it. */
export async function withLab<T>(
  options: Omit<LabOptions, 'folder'>,
  work: (lab: Lab, folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'manila-rwx-lab-'));
  try {
    const lab = await startLab({ ...options, folder });
    try {
      return await work(lab, folder);
    } finally {
      await lab.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
