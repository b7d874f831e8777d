import { loadConfig } from '../config/load.ts';
import type { LoadedConfig } from '../config/types.ts';
import type { Context } from '../core/context.ts';
import { connectKube } from '../kube/client.ts';
import type { KubeClient } from '../kube/types.ts';

/** Runs `work` with the cluster that flags, kubeconfig or manila-rwx.yaml choose, and closes the connection after. */
export async function withCluster<T>(
  ctx: Context,
  work: (kube: KubeClient, loaded: LoadedConfig) => Promise<T>,
): Promise<T> {
  const loaded = await loadConfig(ctx);
  const kube = await connectKube(ctx, { context: loaded.config.cluster.context });
  try {
    return await work(kube, loaded);
  } finally {
    kube.close();
  }
}
