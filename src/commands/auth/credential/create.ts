import type { Context } from '../../../core/context.ts';
import { type CommandResult, result } from '../../../core/result.ts';
import { namespaceObject } from '../../../drivers/manifests.ts';
import { reconcile } from '../../../reconcile/reconcile.ts';
import { inSequence } from '../../../reconcile/sequence.ts';
import { proveByClaim } from '../../../resources/credential-canary.ts';
import {
  chooseOwner,
  lifeOf,
  namedOwner,
  type OwnerOptions,
  tenantOwner,
} from '../../../resources/credential-choice.ts';
import { titleOf } from '../../../resources/credential-holder.ts';
import { CredentialResource } from '../../../resources/credentials.ts';
import { kubeObjects } from '../../../resources/kube-objects.ts';
import { isOurs } from '../../../resources/ownership.ts';
import { type Target, withTarget } from './target.ts';

export interface CreateOptions extends OwnerOptions {
  tenant?: string;
}

/** Makes a credential and its Secret, as `install` and `tenant apply` do, without anything else. */
export async function run(ctx: Context, options: CreateOptions): Promise<CommandResult<'change-set'>> {
  return withTarget(ctx, options, async (target) => {
    const { kube, session, loaded, namespace, clusterId, tenant } = target;
    const holder = { clusterId, tenant };
    const credential = new CredentialResource(
      ctx,
      kube,
      session,
      { ...holder, namespace, owner: namedOwner(choose(target, options), holder), ...lifeOf(loaded) },
      proveByClaim(kube, { namespace, tenant }),
    );
    const live = await kube.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace });
    const place = live === undefined || isOurs(live) ? [await namespaceObject(namespace)] : [];
    const resources = [kubeObjects(ctx, kube, 'the namespace', place), credential];
    return result('change-set', await reconcile(ctx, inSequence(titleOf({ tenant }), resources)));
  });
}

function choose({ loaded, spec }: Target, options: CreateOptions) {
  const flagged = (options.project ?? options.user ?? options.credentialCloud) !== undefined;
  return spec && !flagged ? tenantOwner(spec) : chooseOwner(loaded, options);
}
