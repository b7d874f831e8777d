import { ExitCode } from '../../core/exit-codes.ts';
import type { Context } from '../../core/context.ts';
import type { LoadedConfig } from '../../config/types.ts';
import type { KubeClient } from '../../kube/types.ts';
import type { ChangeSet } from '../../reconcile/change.ts';
import { reconcile, type Resource } from '../../reconcile/reconcile.ts';
import { type ClassOp, performClass } from './class-change.ts';
import { type Clouds, observeClasses, type ObservedClasses, type Reading } from './observe.ts';
import { type ClassPlan, type ClassRules, type NameTaken, planClasses, type TypeWithoutClass } from './plan.ts';
import { classRules, refuseWhatCannotBe, type SyncOptions } from './rules.ts';
import { warnAbout } from './warnings.ts';

export type { SyncOptions } from './rules.ts';

/** The result of `storageclass sync`: the changes, and the share types that have no class. */
export interface StorageClassSync extends ChangeSet {
  /** Share types that have no class, each with the reason. */
  withoutClass: TypeWithoutClass[];
  /** Classes that were left alone because somebody else's class has their name. */
  notOurs: NameTaken[];
}

/** The classes as something to be kept, and what was found beside the changes. */
export interface ClassesToKeep {
  resource: Resource<ObservedClasses, ClassOp>;
  /** Of the newest plan. */
  found: () => Pick<StorageClassSync, 'withoutClass' | 'notOurs'>;
}

/** Creations under way at once. The API server takes more of them in the same time than of the eight that Manila gets. */
const CONCURRENCY = 24;

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
  const resource: Resource<ObservedClasses, ClassOp> = {
    title: 'StorageClasses',
    serverDryRun: true,
    concurrency: CONCURRENCY,
    observe: (signal) => observeClasses(ctx, kube, clouds, readingOf(rules), signal),
    plan: (observed) => {
      plan = planObserved(observed, rules);
      refuseWhatCannotBe(plan, observed, rules, loaded);
      warnAbout(ctx, plan, observed, rules, loaded);
      if (rules.shareClients === 'nodes') {
        ctx.io.warn(
          'shareClients: nodes is kept right by `storageclass sync --watch` only: without it volumes cannot be mounted on nodes that come later',
        );
      }
      return plan.planned;
    },
    perform: async (planned, how) => {
      await performClass(kube, planned, how);
    },
  };
  return { resource, found: () => ({ withoutClass: plan?.withoutClass ?? [], notOurs: plan?.notOurs ?? [] }) };
}

/** What these rules need to have read. */
export function readingOf(rules: ClassRules): Reading {
  const { namespace, tenants, prune, shareClients } = rules;
  return { namespace, tenants, prune, knowsClients: shareClients !== undefined };
}

/** The plan, with the subnets of the nodes as clients where nothing else says them. */
export function planObserved(observed: ObservedClasses, rules: ClassRules): ClassPlan {
  return planClasses(observed, { ...rules, shareClients: rules.shareClients ?? observed.neutronClients });
}
