import { type Installation, prepareInstallation } from '../drivers/installation.ts';
import { waitForDriver } from '../drivers/observe.ts';
import { preparedLater, type Section } from './section.ts';

const READY_TIMEOUT_MS = 300_000;

/** The CSI drivers and their credential; as `install`. */
export const driversSection: Section = {
  name: 'drivers',
  keys: ['drivers', 'credential'],
  needsCluster: true,
  open(ctx, { kube, session, loaded }) {
    let installation: Installation | undefined;
    const prepare = async () => {
      installation = await prepareInstallation(ctx, { kube, session, loaded });
      return installation.resource;
    };
    return {
      resource: preparedLater('the drivers and their credential', prepare, { serverDryRun: true }),
      afterwards: async (changed) => {
        if (!installation) return;
        const { drivers, namespace } = installation;
        const timeoutMs = ctx.global.timeoutMs ?? READY_TIMEOUT_MS;
        await waitForDriver(ctx, kube, { drivers, namespace, timeoutMs, probablyReady: !changed });
      },
    };
  },
};
