import type { Context } from '../../core/context.ts';
import { ExitCode } from '../../core/exit-codes.ts';
import { type CommandResult, result } from '../../core/result.ts';
import type { KubeObject } from '../../kube/types.ts';
import { type AnyResource, reconcileParts } from '../../reconcile/reconcile.ts';
import { audienceOf } from '../../resources/storage-classes/class.ts';
import { withSections } from '../../sections/open.ts';

export interface TenantApplyOptions {
  prune?: boolean;
}

/** The section `tenants` of the file, and those of its classes that are for tenants. */
export async function run(ctx: Context, { prune }: TenantApplyOptions): Promise<CommandResult<'apply'>> {
  const options = { only: 'storageClasses,tenants', prune: prune === true };
  return withSections(ctx, options, async ({ path, parts, report }) => {
    const own = parts.map((part) =>
      part.name === 'storageClasses' ? { ...part, resource: ofTenants(part.resource) } : part,
    );
    const done = await reconcileParts(ctx, path, own);
    return result('apply', report(done), done.leftOut ? ExitCode.Found : ExitCode.Done);
  });
}

/** Classes for everybody are left to `storageclass sync` and `apply`. */
function ofTenants(classes: AnyResource): AnyResource {
  return {
    ...classes,
    plan: (observed, findings) =>
      classes.plan(observed, findings).filter(({ op }) => {
        const { object, live } = op as { object?: KubeObject; live?: KubeObject };
        const one = object ?? live;
        return one !== undefined && audienceOf(one) === 'tenants';
      }),
  };
}
