import type { Context } from '../../core/context.ts';
import { couldNotRun, usageError } from '../../core/errors.ts';
import { type CommandResult, result } from '../../core/result.ts';
import { readClusterId } from '../../drivers/survey.ts';
import { Manila } from '../../openstack/manila.ts';
import { reconcile } from '../../reconcile/reconcile.ts';
import { accessRules } from '../../resources/access-sync/sync.ts';
import { readInstalledCredential } from '../../resources/credential-login.ts';
import { clientProblem } from '../../resources/storage-classes/share-clients.ts';
import { withCluster } from '../with-cluster.ts';

export interface AccessSyncFlags {
  /** `nodes`, or addresses and CIDRs separated by commas. */
  shareClients?: string;
}

/** Access rules of the volumes that exist follow the nodes, with the drivers' own login. */
export async function run(ctx: Context, flags: AccessSyncFlags): Promise<CommandResult<'change-set'>> {
  return withCluster(ctx, async (kube, { config }) => {
    const clients = clientsOf(flags.shareClients) ?? config.storageClasses.shareClients ?? 'nodes';
    const namespace = ctx.global.namespace ?? config.cluster.namespace;
    const installed = await readInstalledCredential(ctx, kube, namespace);
    if (!installed) {
      throw couldNotRun('no-credential', `there is no login of the drivers in namespace ${namespace}`, {
        remedy: 'run manila-rwx install first, or name the drivers’ namespace with -n',
      });
    }
    try {
      const [manila, clusterId] = await Promise.all([
        Manila.connect(installed.session, ctx),
        readClusterId(kube, ctx.signal),
      ]);
      return result('change-set', await reconcile(ctx, accessRules(ctx, kube, manila, { clients, clusterId })));
    } finally {
      installed.session.close();
    }
  });
}

function clientsOf(text: string | undefined): readonly string[] | 'nodes' | undefined {
  if (text === undefined || text === 'nodes') return text;
  const clients = text.split(',').map((client) => client.trim());
  for (const client of clients) {
    const problem = clientProblem(client);
    if (problem !== undefined) {
      throw usageError(`--share-clients: ${JSON.stringify(client)} ${problem}`, {
        remedy: 'write nodes, or IPv4 addresses and CIDRs such as 10.0.0.0/16',
      });
    }
  }
  return clients;
}
