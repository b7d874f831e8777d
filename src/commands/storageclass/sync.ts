import type { Context } from '../../core/context.ts';
import { type CommandResult, result } from '../../core/result.ts';
import { syncStorageClasses } from '../../resources/storage-classes/sync.ts';
import { withClouds } from './with-clouds.ts';

export interface StorageClassSyncOptions {
  /** Addresses and CIDRs, separated by commas. */
  shareClients?: string;
  prune?: boolean;
  adopt?: boolean;
  takeDefault?: boolean;
}

/** A StorageClass for each share type that can work here. Exit 1 where somebody else's class has a name it needs. */
export async function run(
  ctx: Context,
  options: StorageClassSyncOptions,
): Promise<CommandResult<'storage-class-sync'>> {
  return withClouds(ctx, async ({ kube, clouds, loaded }) => {
    const { data, exitCode } = await syncStorageClasses(ctx, kube, clouds, loaded, {
      shareClients: options.shareClients?.split(',').map((client) => client.trim()),
      prune: options.prune === true,
      adopt: options.adopt === true,
      takeDefault: options.takeDefault === true,
    });
    return result('storage-class-sync', data, exitCode);
  });
}
