import { ExitCode } from '../../core/exit-codes.ts';
import type { Context } from '../../core/context.ts';
import { configError, usageError } from '../../core/errors.ts';
import { didYouMean } from '../../core/nearest.ts';
import type { LoadedConfig } from '../../config/types.ts';
import { DRIVER_SECRET_NAME } from '../../drivers/names.ts';
import type { KubeClient } from '../../kube/types.ts';
import type { ChangeSet } from '../../reconcile/change.ts';
import { reconcile, type Resource } from '../../reconcile/reconcile.ts';
import { type ObjectOp, performObject } from '../kube-objects.ts';
import {
  type ClassPlan,
  type ClassRules,
  type ClassWorld,
  type NameTaken,
  planClasses,
  type TypeWithoutClass,
} from './plan.ts';
import { clientProblem, isCovered, isOpenToAll, nodeAddresses } from './share-clients.ts';
import { type Clouds, observeClasses, type ObservedClasses } from './observe.ts';

export interface SyncOptions {
  /** From `--share-clients`: beats the file. */
  shareClients?: readonly string[] | undefined;
  prune: boolean;
}

/** The result of `storageclass sync`: the changes, and the share types that have no class. */
export interface StorageClassSync extends ChangeSet {
  /** Share types that have no class, each with the reason. */
  withoutClass: TypeWithoutClass[];
  /** Classes that were left alone because somebody else's class has their name. */
  notOurs: NameTaken[];
}

/** The classes as something to be kept, and what was found beside the changes. */
export interface ClassesToKeep {
  resource: Resource<ObservedClasses, ObjectOp>;
  /** Of the newest plan. */
  found: () => Pick<StorageClassSync, 'withoutClass' | 'notOurs'>;
}

/**
 * A StorageClass for each share type that can work here.
 * @returns the changes and, where somebody else's class has a name that is needed, exit code 1.
 * @throws CliError `share-clients` (exit 2) where a new class needs them and nothing says who they are;
 *   `config-invalid` for clients that Manila would refuse and for a default that has no class.
 */
export async function syncStorageClasses(
  ctx: Context,
  kube: KubeClient,
  clouds: Clouds,
  loaded: LoadedConfig,
  options: SyncOptions,
): Promise<{ data: StorageClassSync; exitCode: ExitCode }> {
  const { resource, found } = storageClasses(ctx, kube, clouds, loaded, options);
  const changes = await reconcile(ctx, resource);
  const { withoutClass, notOurs } = found();
  return {
    data: { ...changes, withoutClass, notOurs },
    exitCode: notOurs.length > 0 ? ExitCode.Found : ExitCode.Done,
  };
}

/** What `storageclass sync` and the section `storageClasses` of the file keep. Throws as {@link syncStorageClasses}. */
export function storageClasses(
  ctx: Context,
  kube: KubeClient,
  clouds: Clouds,
  loaded: LoadedConfig,
  options: SyncOptions,
): ClassesToKeep {
  const rules = classRules(ctx, loaded, options);
  let plan: ClassPlan | undefined;
  const resource: Resource<ObservedClasses, ObjectOp> = {
    title: 'StorageClasses',
    serverDryRun: true,
    observe: (signal) => observeClasses(ctx, kube, clouds, rules, signal),
    plan: (observed) => {
      plan = planClasses(observed, { ...rules, shareClients: rules.shareClients ?? observed.neutronClients });
      refuseWhatCannotBe(plan, observed, rules, loaded);
      warnAbout(ctx, plan, observed, rules, loaded);
      return plan.planned;
    },
    perform: (planned, how) => performObject(ctx, kube, planned.op, how),
  };
  return { resource, found: () => ({ withoutClass: plan?.withoutClass ?? [], notOurs: plan?.notOurs ?? [] }) };
}

/** The file's rules with flags applied. */
export function classRules(ctx: Context, { config, where }: LoadedConfig, options: SyncOptions): ClassRules {
  const { storageClasses, cluster } = config;
  checkClients(options.shareClients, '--share-clients');
  checkClients(storageClasses.shareClients, where(['storageClasses', 'shareClients']));
  for (const [name, { shareClients }] of Object.entries(storageClasses.overrides)) {
    checkClients(shareClients, where(['storageClasses', 'overrides', name, 'shareClients']));
  }
  return {
    ...storageClasses,
    default: storageClasses.default,
    shareClients: options.shareClients ?? storageClasses.shareClients,
    namespace: ctx.global.namespace ?? cluster.namespace,
    prune: options.prune,
  };
}

function checkClients(clients: readonly string[] | undefined, where: string): void {
  for (const client of clients ?? []) {
    const problem = clientProblem(client);
    if (problem !== undefined) {
      const remedy = 'write IPv4 addresses and CIDRs of the nodes, such as 10.0.0.0/16';
      if (where.startsWith('--')) throw usageError(`${where}: ${JSON.stringify(client)} ${problem}`, { remedy });
      throw configError('config-invalid', `${where}: share client ${JSON.stringify(client)} ${problem}`, { remedy });
    }
  }
}

function refuseWhatCannotBe(plan: ClassPlan, world: ClassWorld, rules: ClassRules, { where }: LoadedConfig): void {
  if (rules.default !== undefined) {
    const wanted = rules.default;
    const excluded = plan.withoutClass.find(({ shareType }) => shareType === wanted);
    const known = world.types.map(({ name }) => name);
    if (excluded || !known.includes(wanted)) {
      const why = excluded ? `has no class: ${excluded.reason}` : `does not exist${didYouMean(wanted, known)}`;
      throw configError(
        'config-invalid',
        `${where(['storageClasses', 'default'])}: share type ${JSON.stringify(wanted)} ${why}`,
        { remedy: 'name a share type that has a class (`manila-rwx sharetype list`), or take the key out' },
      );
    }
  }
  if (plan.clientsMissing.length > 0) {
    throw usageError(
      `it is not known which addresses may mount the shares: the cloud has no Neutron that tells the nodes' subnets (needed for share type ${plan.clientsMissing.map(({ name }) => name).join(', ')})`,
      {
        remedy:
          'give the CIDRs of the nodes: --share-clients 10.0.0.0/16, or storageClasses.shareClients in manila-rwx.yaml',
      },
    );
  }
}

function warnAbout(
  ctx: Context,
  plan: ClassPlan,
  observed: ObservedClasses,
  rules: ClassRules,
  { config, where }: LoadedConfig,
): void {
  for (const warning of plan.warnings) ctx.io.warn(warning);
  const known = observed.types.map(({ name }) => name);
  for (const name of Object.keys(config.storageClasses.overrides)) {
    if (known.includes(name)) continue;
    ctx.io.warn(
      `${where(['storageClasses', 'overrides', name])}: there is no share type ${name}${didYouMean(name, known)}`,
    );
  }
  if (observed.pools === undefined) {
    ctx.io.warn(
      `only administrators see what Manila's back ends speak: a share type whose back end has no NFS is not told from the others`,
    );
  }
  if (!observed.secretExists && plan.planned.length > 0) {
    ctx.io.warn(
      `there is no Secret ${rules.namespace}/${DRIVER_SECRET_NAME}: claims stay Pending until \`manila-rwx install\` has made it`,
    );
  }
  const addresses = nodeAddresses(observed.nodes);
  const seen = new Set<string>();
  for (const { op } of plan.planned) {
    if (op.do !== 'apply' && op.do !== 'replace') continue;
    const list = (op.object.parameters as Record<string, string> | undefined)?.['nfs-shareClient'] ?? '';
    if (list === '' || seen.has(list)) continue;
    seen.add(list);
    const clients = list.split(',');
    if (isOpenToAll(clients)) {
      ctx.io.warn(`share clients ${list}: every machine that reaches the storage can mount every volume`);
    }
    const outside = addresses.filter(({ address }) => !isCovered(address, clients));
    if (outside.length > 0) {
      const names = outside.map(({ node, address }) => `${node} (${address})`).join(', ');
      ctx.io.warn(
        `share clients ${list} leave out ${names}: volumes cannot be mounted there if the storage sees that address`,
      );
    }
  }
}
