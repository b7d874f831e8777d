import type { LoadedConfig, ShareClients } from '../../config/types.ts';
import type { Context } from '../../core/context.ts';
import { configError, usageError } from '../../core/errors.ts';
import { didYouMean } from '../../core/nearest.ts';
import { MAX_RULES } from '../access-sync/plan.ts';
import { nodeClients, type ClassPlan, type ClassRules, type ClassWorld } from './plan.ts';
import { clientProblem } from './share-clients.ts';

/** What flags of `storageclass sync` say. */
export interface SyncOptions {
  /** From `--share-clients`: beats the file. */
  shareClients?: readonly string[] | undefined;
  prune: boolean;
  /** Take over somebody else's classes that have a name which is needed. */
  adopt?: boolean;
  /** Take the mark of the default class from somebody else's. */
  takeDefault?: boolean;
}

/**
 * The file's rules with flags applied.
 * @throws CliError `config-invalid` or a usage error (exit 2) for clients that Manila would refuse.
 */
export function classRules(ctx: Context, { config, where }: LoadedConfig, options: SyncOptions): ClassRules {
  const { storageClasses, cluster, credential, drivers, tenants } = config;
  checkClients(options.shareClients, '--share-clients');
  checkClients(storageClasses.shareClients, where(['storageClasses', 'shareClients']));
  for (const [name, { shareClients }] of Object.entries(storageClasses.overrides)) {
    checkClients(shareClients, where(['storageClasses', 'overrides', name, 'shareClients']));
  }
  const { prefix, include, exclude, overrides, userEdits, shareNetwork } = storageClasses;
  // The protocol of a type that the file itself makes is known, whoever reads the pools.
  const byFile = Object.fromEntries(config.shareTypes.map(({ name, protocol }) => [name, { protocol }]));
  return {
    ...{ prefix, include, exclude, userEdits, shareNetwork, tenants },
    overrides: Object.fromEntries(
      Object.entries({ ...byFile, ...overrides }).map(([name, own]) => [name, { ...byFile[name], ...own }]),
    ),
    default: storageClasses.default,
    protocols: drivers.protocols,
    topology: drivers.topology,
    snapshots: drivers.snapshots !== 'off',
    shareClients: options.shareClients ?? storageClasses.shareClients,
    namespace: ctx.global.namespace ?? cluster.namespace,
    forAll: tenants.length === 0 || credential.project !== undefined || credential.cloud !== undefined,
    prune: options.prune,
    adopt: options.adopt === true,
    takeDefault: options.takeDefault === true,
  };
}

function checkClients(clients: readonly string[] | ShareClients | undefined, where: string): void {
  if (clients === 'nodes') return;
  for (const client of clients ?? []) {
    const problem = clientProblem(client);
    if (problem !== undefined) {
      const remedy = 'write IPv4 addresses and CIDRs of the nodes, such as 10.0.0.0/16';
      if (where.startsWith('--')) throw usageError(`${where}: ${JSON.stringify(client)} ${problem}`, { remedy });
      throw configError('config-invalid', `${where}: share client ${JSON.stringify(client)} ${problem}`, { remedy });
    }
  }
}

/** @throws CliError (exit 2) where what the file asks for cannot be. */
export function refuseWhatCannotBe(
  plan: ClassPlan,
  world: ClassWorld,
  rules: ClassRules,
  { where }: LoadedConfig,
): void {
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
  const nodes = rules.shareClients === 'nodes' ? nodeClients(world.nodes).length : 0;
  if (nodes > MAX_RULES) {
    throw configError(
      'config-invalid',
      `${where(['storageClasses', 'shareClients'])}: the cluster has ${nodes} nodes, and single nodes are kept up to ${MAX_RULES} access rules a share`,
      { remedy: 'write the CIDRs of the nodes, such as 10.0.0.0/16' },
    );
  }
  if (plan.clientsMissing.length > 0) {
    const names = [...new Set(plan.clientsMissing.map(({ name }) => name))].join(', ');
    throw usageError(
      `it is not known which addresses may mount the shares: the cloud has no Neutron that tells the nodes' subnets (needed for share type ${names})`,
      {
        remedy:
          'give the CIDRs of the nodes: --share-clients 10.0.0.0/16, or storageClasses.shareClients in manila-rwx.yaml',
      },
    );
  }
}
