import type { Context } from '../../../core/context.ts';
import { couldNotRun } from '../../../core/errors.ts';
import { type CommandResult, result } from '../../../core/result.ts';
import { reconcile } from '../../../reconcile/reconcile.ts';
import { proveByClaim } from '../../../resources/credential-canary.ts';
import { chooseOwner, lifeOf, namedOwner, presentOwner, tenantOwner } from '../../../resources/credential-choice.ts';
import { secretNameOf, titleOf } from '../../../resources/credential-holder.ts';
import { type CredentialRotation, MANILA_CACHE_SECONDS } from '../../../resources/credential-rotation.ts';
import { readCredentialSecret } from '../../../resources/credential-secret.ts';
import type { CredentialOwner } from '../../../resources/credential-state.ts';
import { CredentialResource } from '../../../resources/credentials.ts';
import { type Target, withTarget } from './target.ts';

export interface RotateOptions {
  tenant?: string;
  /** False with `--no-canary`. */
  canary: boolean;
  image?: string;
}

/** Replaces what a Secret holds: same user, same project, same name of the Secret, so volumes notice nothing. */
export async function run(ctx: Context, options: RotateOptions): Promise<CommandResult<'credential-rotation'>> {
  return withTarget(ctx, options, async (target) => {
    const { kube, session, loaded, namespace, clusterId, tenant } = target;
    const credential = new CredentialResource(
      ctx,
      kube,
      session,
      { clusterId, tenant, namespace, owner: ownerOf(target), ...lifeOf(loaded), renew: true },
      options.canary ? proveByClaim(kube, { namespace, tenant, image: options.image }) : undefined,
    );
    const changes = await reconcile(ctx, credential);
    const { report: after, former: before, proof, refusal } = credential;
    const rotation: CredentialRotation = {
      ...changes,
      secret: `${namespace}/${secretNameOf({ tenant })}`,
      ...(before && { before }),
      ...(after && ctx.global.dryRun === 'none' && { after }),
      ...(proof && 'canary' in proof && { canary: proof.canary }),
      ...(proof && 'skipped' in proof && { canarySkipped: proof.skipped }),
      ...(refusal !== undefined && { refusal, manilaHonoursSeconds: MANILA_CACHE_SECONDS }),
    };
    return result('credential-rotation', rotation);
  });
}

/** Whose it is stays: another owner is a matter of `apply`, which shows what becomes of the volumes. */
function ownerOf({ secret, namespace, loaded, spec, clusterId, tenant }: Target): CredentialOwner {
  if (!secret) {
    throw couldNotRun('no-credential', `there is no Secret ${namespace}/${secretNameOf({ tenant })} to rotate`, {
      remedy: `make ${titleOf({ tenant })}: manila-rwx auth credential create${tenant === undefined ? '' : ` --tenant ${tenant}`}`,
    });
  }
  const held = readCredentialSecret(secret);
  const present = held && presentOwner(held.facts);
  return present ?? namedOwner(spec ? tenantOwner(spec) : chooseOwner(loaded), { clusterId, tenant });
}
