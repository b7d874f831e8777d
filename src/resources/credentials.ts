import type { Context } from '../core/context.ts';
import { messageOf } from '../core/errors.ts';
import { DRIVER_SECRET_NAME } from '../drivers/names.ts';
import type { KubeClient } from '../kube/types.ts';
import { OpenStackError } from '../openstack/errors.ts';
import { type ApplicationCredential, Keystone } from '../openstack/identity-admin.ts';
import { type KeystoneSession, MANILA_TYPES, openSessionWith } from '../openstack/session.ts';
import type { Change, Planned } from '../reconcile/change.ts';
import type { Resource } from '../reconcile/reconcile.ts';
import { createServiceUser, type Login, loginAsServiceUser, randomPassword } from './credential-owner.ts';
import { type CredentialOp, planCredential } from './credential-plan.ts';
import { driverAccessRules } from './credential-rules.ts';
import { type CredentialFacts, credentialSecret } from './credential-secret.ts';
import {
  type CredentialOptions,
  credentialPrefix,
  type CredentialState,
  type OldCredential,
  readCredentialState,
} from './credential-state.ts';
import { prepared } from './kube-objects.ts';

/** The drivers' credential, as results show it. */
export interface CredentialReport {
  /** Name of the project whose shares the volumes are. */
  project: string;
  /** Name of the user that the credential belongs to. */
  user: string;
  /** Id of the application credential. */
  id: string;
  /** When it ends, ISO 8601; absent where it never does. */
  expiresAt?: string;
  /** Is it limited to the calls that the driver makes? */
  limited: boolean;
}

/** What may be shown of a credential. */
export function reportOf(facts: CredentialFacts): CredentialReport {
  return {
    project: facts.projectName,
    user: facts.userName,
    id: facts.credentialId,
    ...(facts.expiresAt === undefined ? {} : { expiresAt: new Date(facts.expiresAt).toISOString() }),
    limited: facts.limited,
  };
}

type Observed = CredentialState;

/** Order of doing; what is revoked goes last, when the Secret holds what comes after it. */
const ORDER: readonly CredentialOp['do'][] = ['user', 'role', 'make', 'secret', 'revoke', 'remove-user'];

/** A token of the same second as a new password is revoked with the old ones: Keystone compares whole seconds. */
const AFTER_PASSWORD_MS = 1100;

/**
 * The drivers' credential and its Secret. The drivers never run as the administrator: a service user of the project
 * (or the user of a clouds.yaml entry) makes an application credential for itself, since nobody can make one for
 * another, limited to the calls that the driver makes. The service user's password is random, is set anew each time
 * a credential is made, and is kept nowhere.
 */
export class DriverCredential implements Resource<Observed, CredentialOp> {
  readonly title = 'the drivers’ credential';
  readonly #ctx: Context;
  /** For the moment in which a credential exists that no Secret holds: only the second Ctrl-C ends that. */
  readonly #urgent: Context;
  readonly #kube: KubeClient;
  readonly #admin: KeystoneSession;
  readonly #options: CredentialOptions;
  #state: CredentialState | undefined;
  #userId: string | undefined;
  #password: string | undefined;
  #facts: CredentialFacts | undefined;

  constructor(ctx: Context, kube: KubeClient, admin: KeystoneSession, options: CredentialOptions) {
    this.#ctx = ctx;
    this.#urgent = { ...ctx, signal: ctx.hardSignal };
    this.#kube = kube;
    this.#admin = admin;
    this.#options = options;
  }

  /** What the Secret holds now; undefined where it holds nothing yet. */
  get report(): CredentialReport | undefined {
    return this.#facts && reportOf(this.#facts);
  }

  async observe(): Promise<Observed> {
    this.#state = await readCredentialState(this.#ctx, this.#kube, this.#admin, this.#options);
    this.#facts = this.#state.kept?.facts;
    return this.#state;
  }

  plan(state: Observed): Planned<CredentialOp>[] {
    return planCredential(state, this.#options);
  }

  stages(planned: Planned<CredentialOp>[]): Planned<CredentialOp>[][] {
    return ORDER.map((step) => planned.filter(({ op }) => op.do === step)).filter((stage) => stage.length > 0);
  }

  async perform({ op, change }: Planned<CredentialOp>): Promise<void> {
    switch (op.do) {
      case 'nothing':
        return;
      case 'user':
        return this.#makeUser();
      case 'role':
        return this.#grantRole();
      case 'make':
        return this.#makeCredential();
      case 'secret':
        await this.#kube.apply(op.object, { force: true, signal: this.#ctx.signal });
        return;
      case 'revoke':
        return this.#revoke(op.credential, change);
      case 'remove-user':
        return new Keystone(this.#admin).deleteUser(op.user.id);
    }
  }

  async #makeUser(): Promise<void> {
    const { serviceUser } = this.#known();
    if (!serviceUser) return;
    this.#password = randomPassword(this.#ctx);
    const user = await createServiceUser(
      new Keystone(this.#admin),
      serviceUser,
      this.#options.clusterId,
      this.#password,
    );
    this.#userId = user.id;
  }

  async #grantRole(): Promise<void> {
    const { serviceUser } = this.#known();
    const userId = this.#userId ?? serviceUser?.user?.id;
    if (!serviceUser || userId === undefined) return;
    await new Keystone(this.#admin).grantRole(userId, serviceUser.project.id, serviceUser.role.id);
  }

  async #makeCredential(): Promise<void> {
    const login = await this.#login();
    try {
      const { credential, limited } = await this.#makeProbed(login);
      try {
        await this.#writeSecret(login, credential, limited);
      } catch (error) {
        await this.#forget(login, credential);
        throw error;
      }
    } finally {
      login.session.close();
    }
  }

  /** As the user who is to own the credential. */
  async #login(): Promise<Login> {
    const { login, serviceUser } = this.#known();
    if (login) return login;
    const userId = this.#userId ?? serviceUser?.user?.id;
    if (!serviceUser || userId === undefined) throw new Error('nobody to make the credential');
    if (this.#password === undefined) {
      this.#password = randomPassword(this.#ctx);
      await new Keystone(this.#admin).setUserPassword(userId, this.#password);
      await this.#ctx.clock.sleep(AFTER_PASSWORD_MS, this.#ctx.signal);
    }
    return loginAsServiceUser(this.#urgent, this.#admin, {
      userId,
      projectId: serviceUser.project.id,
      password: this.#password,
    });
  }

  /**
   * A credential that Manila was seen to take. Where Manila is not set up to check access rules
   * (`[keystone_authtoken] service_type` is unset, or a name that the catalog has not) it refuses every call made with
   * them; then there is one without.
   */
  async #makeProbed(login: Login): Promise<{ credential: Secretive; limited: boolean }> {
    const rules = driverAccessRules(await login.session.catalog());
    if (rules.length > 0) {
      const credential = await this.#create(login, rules);
      if (await this.#works(login, credential)) return { credential, limited: true };
      await login.keystone.deleteApplicationCredential(login.identity.user.id, credential.id);
      this.#ctx.io.warn(
        'Manila takes no application credential with access rules here ([keystone_authtoken] service_type is not set in manila.conf, or is not in the catalog): the drivers’ credential allows every call of a member',
      );
    }
    const credential = await this.#create(login, []);
    if (await this.#works(login, credential)) return { credential, limited: false };
    throw new OpenStackError({
      status: 401,
      code: 'credential-refused',
      message: 'Manila refuses the new application credential, though Keystone takes it',
      remedy: 'ask the operator of the cloud whether Manila can check tokens with Keystone',
    });
  }

  async #create(login: Login, accessRules: ReturnType<typeof driverAccessRules>): Promise<Secretive> {
    const now = this.#ctx.clock.now();
    const { clusterId, namespace, lifeMs } = this.#options;
    const credential = await login.keystone.createApplicationCredential(login.identity.user.id, {
      name: `${credentialPrefix(clusterId)}${new Date(now).toISOString().replaceAll(/[-:.]/g, '')}${accessRules.length > 0 ? '' : '-all'}`,
      description: `made by manila-rwx for Secret ${namespace}/${DRIVER_SECRET_NAME} of Kubernetes cluster ${clusterId}`,
      roles: login.roles,
      expiresAt: now + lifeMs,
      accessRules,
    });
    this.#ctx.secrets.add(credential.secret);
    return credential;
  }

  /** Does Manila take it? The first call that the driver makes for a claim is tried. */
  async #works(login: Login, credential: Secretive): Promise<boolean> {
    const session = openSessionWith(this.#urgent, login.session, {
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
      await this.#forget(login, credential);
      throw error;
    } finally {
      session.close();
    }
  }

  async #writeSecret(login: Login, credential: Secretive, limited: boolean): Promise<void> {
    const { user, project } = login.identity;
    const { owner, namespace } = this.#options;
    const facts: CredentialFacts = {
      credentialId: credential.id,
      credentialName: credential.name,
      userId: user.id,
      userName: user.name,
      projectId: project.id,
      projectName: project.name,
      expiresAt: credential.expiresAt,
      limited,
      cloud: owner.kind === 'cloud' ? owner.cloud : undefined,
    };
    const object = credentialSecret(namespace, this.#known().connection, credential.secret, facts);
    await this.#kube.apply(prepared(object), { force: true, signal: this.#ctx.hardSignal });
    this.#facts = facts;
  }

  /** By its owner, where that is who logged in, else by the administrator. */
  async #revoke({ userId, id }: OldCredential, change: Change): Promise<void> {
    const { login } = this.#known();
    const keystone = login?.identity.user.id === userId ? login.keystone : new Keystone(this.#admin);
    try {
      await keystone.deleteApplicationCredential(userId, id);
    } catch (error) {
      // The drivers have their new one, so this is not a failure of what was asked for.
      if (!(error instanceof OpenStackError) || error.status !== 403) throw error;
      this.#ctx.io.warn(`application credential ${change.name} (${id}) stays until it ends: ${error.message}`);
      change.action = 'none';
      change.reason = 'could not be revoked; it stays until it ends';
    }
  }

  /** Takes a credential back that no Secret holds. If that fails too, the next run finds it by its name. */
  async #forget(login: Login, credential: Secretive): Promise<void> {
    await login.keystone
      .deleteApplicationCredential(login.identity.user.id, credential.id)
      .catch((error: unknown) => this.#ctx.io.warn(`application credential ${credential.name}: ${messageOf(error)}`));
  }

  #known(): CredentialState {
    if (!this.#state) throw new Error('nothing was observed yet');
    return this.#state;
  }
}

type Secretive = ApplicationCredential & { secret: string };
