import { diagnose } from '../../checks/diagnose/diagnose.ts';
import { readFacts } from '../../checks/diagnose/facts.ts';
import type { Context } from '../../core/context.ts';
import { CliError } from '../../core/errors.ts';
import { ExitCode } from '../../core/exit-codes.ts';
import { type CommandResult, result } from '../../core/result.ts';
import type { KubeClient } from '../../kube/types.ts';
import { Manila } from '../../openstack/manila.ts';
import { readInstalledCredential } from '../../resources/credential-login.ts';
import { withCluster } from '../with-cluster.ts';

/** Why a claim is not bound, or its pod not running: one cause and what to do. Exit 1 where there is one. */
export async function run(ctx: Context, _options: object, name: string): Promise<CommandResult<'claim-diagnosis'>> {
  return withCluster(ctx, async (kube, { config }) => {
    const driverNamespace = config.cluster.namespace;
    const { manila, close } = await driversManila(ctx, kube, driverNamespace);
    try {
      const { facts, notLookedAt } = await readFacts(ctx, kube, {
        name,
        namespace: kube.namespace,
        driverNamespace,
        manila,
      });
      const report = diagnose(facts, notLookedAt);
      return result('claim-diagnosis', report, report.verdict === 'broken' ? ExitCode.Found : ExitCode.Done);
    } finally {
      close();
    }
  });
}

/** Manila with the drivers' own login: it sees what they see. Otherwise why it cannot be asked. */
async function driversManila(
  ctx: Context,
  kube: KubeClient,
  namespace: string,
): Promise<{ manila: Manila | string; close: () => void }> {
  try {
    const installed = await readInstalledCredential(ctx, kube, namespace);
    if (!installed)
      return { manila: `there is no login of the drivers in namespace ${namespace}`, close: () => undefined };
    const close = (): void => installed.session.close();
    const manila = await Manila.connect(installed.session, ctx).catch((error: unknown) => {
      if (!(error instanceof CliError)) throw error;
      return error.message;
    });
    return { manila, close };
  } catch (error) {
    if (ctx.signal.aborted || !(error instanceof CliError) || error.code !== 'kube-forbidden') throw error;
    return { manila: error.message, close: () => undefined };
  }
}
