import type { Context } from '../../core/context.ts';
import { usageError } from '../../core/errors.ts';
import { type CommandResult, result } from '../../core/result.ts';
import { syncStorageClasses } from '../../resources/storage-classes/sync.ts';
import type { WatchOptions } from './watch.ts';
import { withClouds } from './with-clouds.ts';

export interface StorageClassSyncOptions extends WatchOptions {
  /** Addresses and CIDRs, separated by commas. */
  shareClients?: string;
  prune?: boolean;
  adopt?: boolean;
  takeDefault?: boolean;
  watch?: boolean;
}

/** A StorageClass for each share type that can work here. Exit 1 where somebody else's class has a name it needs. */
export async function run(ctx: Context, flags: StorageClassSyncOptions): Promise<CommandResult<'storage-class-sync'>> {
  const options = {
    shareClients: flags.shareClients?.split(',').map((client) => client.trim()),
    prune: flags.prune === true,
    adopt: flags.adopt === true,
    takeDefault: flags.takeDefault === true,
  };
  if (flags.watch) {
    if (ctx.global.dryRun !== 'none') throw usageError('--watch makes changes as they come, so --dry-run has no place');
    return (await import('./watch.ts')).watch(ctx, flags, options);
  }
  const lost = (['interval', 'lease', 'metricsAddress'] as const).find((name) => flags[name] !== undefined);
  if (lost) throw usageError(`--${lost.replace('A', '-a')} goes with --watch only`);
  return withClouds(ctx, async ({ kube, clouds, loaded }) => {
    const { data, exitCode } = await syncStorageClasses(ctx, kube, clouds, loaded, options);
    return result('storage-class-sync', data, exitCode);
  });
}
