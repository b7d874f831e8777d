import type { Context } from '../../core/context.ts';
import { type CommandResult, result } from '../../core/result.ts';
import { importShare } from '../../resources/share-import/import.ts';
import { withCluster } from '../with-cluster.ts';

export interface PvcImportOptions {
  accessMode: 'ReadWriteMany' | 'ReadOnlyMany';
  /** Addresses and CIDRs, separated by commas. */
  shareClients?: string;
  wait: boolean;
}

/** A share that exists becomes a volume with a claim, in the context's namespace or in that of `-n`. */
export async function run(
  ctx: Context,
  options: PvcImportOptions,
  share: string,
  name?: string,
): Promise<CommandResult<'share-import'>> {
  return withCluster(ctx, async (kube, loaded) =>
    result(
      'share-import',
      await importShare(ctx, kube, loaded, {
        share,
        name,
        namespace: kube.namespace,
        accessMode: options.accessMode,
        shareClients: options.shareClients?.split(',').map((client) => client.trim()),
        wait: options.wait,
      }),
    ),
  );
}
