import { cleanUpRuns } from '../../checks/cleanup.ts';
import type { Context } from '../../core/context.ts';
import { ExitCode } from '../../core/exit-codes.ts';
import { type CommandResult, result } from '../../core/result.ts';
import type { KubeClient } from '../../kube/types.ts';
import { manilaIfThere } from './manila.ts';

/** `verify --cleanup-only [RUN]`. */
export async function cleanUpOnly(
  ctx: Context,
  kube: KubeClient,
  run: boolean | string,
): Promise<CommandResult<'verify-cleanup'>> {
  const { shares, close } = await manilaIfThere(ctx);
  try {
    const named = typeof run === 'string' ? run : undefined;
    const data = await cleanUpRuns(ctx, kube, typeof shares === 'string' ? undefined : shares, named);
    return result('verify-cleanup', data, data.leftovers.length > 0 ? ExitCode.LeftBehind : ExitCode.Done);
  } finally {
    close?.();
  }
}
