import type { Context } from '../../core/context.ts';
import { type CommandResult, result } from '../../core/result.ts';
import { createClaim } from '../../resources/claims.ts';
import { withCluster } from '../with-cluster.ts';

export interface PvcCreateOptions {
  size: string;
  accessMode: string;
  storageClass?: string;
  wait: boolean;
}

/** A claim in the context's namespace, or in that of `-n`. */
export async function run(ctx: Context, options: PvcCreateOptions, name: string): Promise<CommandResult<'claim'>> {
  return withCluster(ctx, async (kube) =>
    result('claim', await createClaim(ctx, kube, { ...options, name, namespace: kube.namespace })),
  );
}
