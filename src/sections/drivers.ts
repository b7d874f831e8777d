import { prepareInstallation } from '../drivers/installation.ts';
import { waitForDriver } from '../drivers/observe.ts';
import { preparedLater, type Section } from './section.ts';

const READY_TIMEOUT_MS = 300_000;

/** The CSI drivers and their credential; as `install`. */
export const driversSection: Section = {
  name: 'drivers',
  keys: ['drivers', 'credential'],
  needsCluster: true,
  open(ctx, { kube, session, loaded }) {
    const namespace = ctx.global.namespace ?? loaded.config.cluster.namespace;
    const prepare = async () => (await prepareInstallation(ctx, { kube, session, loaded })).resource;
    return {
      resource: preparedLater('the NFS driver and its credential', prepare, { serverDryRun: true }),
      afterwards: async (changed) => {
        const timeoutMs = ctx.global.timeoutMs ?? READY_TIMEOUT_MS;
        await waitForDriver(ctx, kube, { namespace, timeoutMs, probablyReady: !changed });
      },
    };
  },
};
