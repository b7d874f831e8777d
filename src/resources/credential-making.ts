import type { Context } from '../core/context.ts';
import { messageOf } from '../core/errors.ts';
import { OpenStackError } from '../openstack/errors.ts';
import type { AccessRule, ApplicationCredential } from '../openstack/identity-admin.ts';
import { MANILA_TYPES, openSessionWith } from '../openstack/session.ts';
import { credentialPrefix, secretNameOf, titleOf } from './credential-holder.ts';
import type { Login } from './credential-owner.ts';
import { driverAccessRules } from './credential-rules.ts';
import type { CredentialOptions } from './credential-state.ts';

/** An application credential as Keystone shows it once: with its secret. */
export type NewCredential = ApplicationCredential & { secret: string };

/**
 * A credential that Manila was seen to take. Where Manila is not set up to check access rules
 * (`[keystone_authtoken] service_type` is unset, or a name that the catalog has not) it refuses every call made with
 * them; then there is one without, and a warning.
 *
 * @param ctx only the second Ctrl-C should end it: no Secret holds the credential yet.
 * @throws OpenStackError `credential-refused` where Manila takes neither; nothing is left at Keystone then.
 */
export async function makeCredential(
  ctx: Context,
  login: Login,
  options: CredentialOptions,
): Promise<{ credential: NewCredential; limited: boolean }> {
  const rules = driverAccessRules(await login.session.catalog());
  if (rules.length > 0) {
    const credential = await create(ctx, login, options, rules);
    if (await works(ctx, login, credential)) return { credential, limited: true };
    await login.keystone.deleteApplicationCredential(login.identity.user.id, credential.id);
    ctx.io.warn(
      `Manila takes no application credential with access rules here ([keystone_authtoken] service_type is not set in manila.conf, or is not in the catalog): ${titleOf(options)} allows every call of a member`,
    );
  }
  const credential = await create(ctx, login, options, []);
  if (await works(ctx, login, credential)) return { credential, limited: false };
  await takeBack(ctx, login, credential);
  throw new OpenStackError({
    status: 401,
    code: 'credential-refused',
    message: 'Manila refuses the new application credential, though Keystone takes it',
    remedy: 'ask the operator of the cloud whether Manila can check tokens with Keystone',
  });
}

/** Deletes a credential that no Secret holds. If that fails too, the next run finds it by its name. */
export async function takeBack(ctx: Context, login: Login, credential: NewCredential): Promise<void> {
  await login.keystone
    .deleteApplicationCredential(login.identity.user.id, credential.id)
    .catch((error: unknown) => ctx.io.warn(`application credential ${credential.name}: ${messageOf(error)}`));
}

async function create(
  ctx: Context,
  login: Login,
  options: CredentialOptions,
  accessRules: AccessRule[],
): Promise<NewCredential> {
  const now = ctx.clock.now();
  const { clusterId, namespace, lifeMs } = options;
  const credential = await login.keystone.createApplicationCredential(login.identity.user.id, {
    name: `${credentialPrefix(options)}${new Date(now).toISOString().replaceAll(/[-:.]/g, '')}${accessRules.length > 0 ? '' : '-all'}`,
    description: `made by manila-rwx for Secret ${namespace}/${secretNameOf(options)} of Kubernetes cluster ${clusterId}`,
    roles: login.roles,
    expiresAt: now + lifeMs,
    accessRules,
  });
  ctx.secrets.add(credential.secret);
  return credential;
}

/** Does Manila take it? The first call that the driver makes for a claim is tried. */
async function works(ctx: Context, login: Login, credential: NewCredential): Promise<boolean> {
  const session = openSessionWith(ctx, login.session, {
    method: 'application-credential',
    id: credential.id,
    secret: credential.secret,
  });
  try {
    const { url } = await session.endpoint(MANILA_TYPES);
    await session.request({ method: 'GET', url: `${url.replace(/\/+$/, '')}/shares/detail`, query: { limit: 1 } });
    return true;
  } catch (error) {
    if (error instanceof OpenStackError && error.status === 401) return false;
    await takeBack(ctx, login, credential);
    throw error;
  } finally {
    session.close();
  }
}
