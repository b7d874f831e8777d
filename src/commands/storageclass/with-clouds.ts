import type { LoadedConfig } from '../../config/types.ts';
import type { Context } from '../../core/context.ts';
import type { KubeClient } from '../../kube/types.ts';
import { Manila } from '../../openstack/manila.ts';
import { openSession } from '../../openstack/session.ts';
import { driverProject } from '../../resources/driver-project.ts';
import type { Clouds } from '../../resources/storage-classes/observe.ts';
import { withCluster } from '../with-cluster.ts';

/** Cluster and cloud together, as classes need them. */
export async function withClouds<T>(
  ctx: Context,
  work: (both: { kube: KubeClient; clouds: Clouds; loaded: LoadedConfig }) => Promise<T>,
): Promise<T> {
  return withCluster(ctx, async (kube, loaded) => {
    const { cloud, credential } = loaded.config;
    const session = await openSession(ctx, { cloud: cloud.name, region: cloud.region });
    try {
      const [manila, project] = await Promise.all([
        Manila.connect(session, ctx),
        driverProject(ctx, session, credential),
      ]);
      return await work({ kube, clouds: { session, manila, project }, loaded });
    } finally {
      session.close();
    }
  });
}
