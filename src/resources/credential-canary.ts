import type { KubeClient } from '../kube/types.ts';
import { secretNameOf } from './credential-holder.ts';
import type { ProveCredential } from './credential-proof.ts';

/**
 * Tries a holder's new credential by a claim: one of the tenant in its namespace, one of the drivers in a namespace of
 * its own.
 * @param options `namespace` is the drivers'; `image` has a shell, for the pod.
 */
export function proveByClaim(
  kube: KubeClient,
  options: { namespace: string; tenant?: string | undefined; image?: string | undefined },
): ProveCredential {
  return async (ctx) => {
    // Loaded only where a credential is replaced: it brings the checks of `verify` along.
    const { tryByClaim } = await import('../checks/canary.ts');
    const { namespace, tenant, image } = options;
    return tryByClaim(ctx, kube, { secret: { name: secretNameOf({ tenant }), namespace }, namespace: tenant, image });
  };
}
