import type { LoadedConfig } from '../../config/types.ts';
import type { Context } from '../../core/context.ts';
import type { KubeClient } from '../../kube/types.ts';
import { Manila } from '../../openstack/manila.ts';
import { driverProject } from '../../resources/driver-project.ts';
import type { Clouds } from '../../resources/storage-classes/observe.ts';
import { withCloud } from '../with-cloud.ts';
import { withCluster } from '../with-cluster.ts';

/** Cluster and cloud together, as classes need them. */
export async function withClouds<T>(
  ctx: Context,
  work: (both: { kube: KubeClient; clouds: Clouds; loaded: LoadedConfig }) => Promise<T>,
): Promise<T> {
  return withCluster(ctx, (kube) =>
    withCloud(ctx, async (session, loaded) => {
      const [manila, project] = await Promise.all([
        Manila.connect(session, ctx),
        driverProject(ctx, session, loaded.config.credential),
      ]);
      return work({ kube, clouds: { session, manila, project }, loaded });
    }),
  );
}
