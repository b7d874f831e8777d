import type { Context } from '../core/context.ts';
import { CliError } from '../core/errors.ts';
import { ExitCode } from '../core/exit-codes.ts';
import type { KubeClient, KubeObject } from '../kube/types.ts';
import { Keystone } from '../openstack/identity-admin.ts';
import type { KeystoneSession } from '../openstack/session.ts';
import type { Change, Planned } from '../reconcile/change.ts';
import type { Resource } from '../reconcile/reconcile.ts';
import { createServiceUser, type Login, loginAsServiceUser, randomPassword } from './credential-owner.ts';
import { titleOf } from './credential-holder.ts';
import { makeCredential, type NewCredential, takeBack } from './credential-making.ts';
import { type CredentialOp, planCredential, strayKeys } from './credential-plan.ts';
import { type CredentialProof, isRefusal, keystoneRefuses, type ProveCredential } from './credential-proof.ts';
import { type CredentialFacts, credentialSecret } from './credential-secret.ts';
import {
  type CredentialOptions,
  type CredentialState,
  type OldCredential,
  readCredentialState,
} from './credential-state.ts';
import { prepared, refOf } from './kube-objects.ts';

/** A credential of the drivers or of a tenant, as results show it. */
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
 * A holder's credential and its Secret. The drivers never run as the administrator: a service user of the project
 * (or the user of a clouds.yaml entry) makes an application credential for itself, since nobody can make one for
 * another, limited to the calls that the driver makes. The service user's password is random, is set anew each time
 * a credential is made, and is kept nowhere.
 *
 * An old credential is revoked when the new one was seen to work: by a call to Manila, and, where `prove` is given and
 * there were volumes by the old one, by a claim. A new one that does not work is taken back.
 */
export class CredentialResource implements Resource<Observed, CredentialOp> {
  readonly title: string;
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
  readonly #prove: ProveCredential | undefined;
  #proof: CredentialProof | undefined;
  #refusal: string | undefined;

  constructor(
    ctx: Context,
    kube: KubeClient,
    admin: KeystoneSession,
    options: CredentialOptions,
    prove?: ProveCredential,
  ) {
    this.title = titleOf(options);
    this.#prove = prove;
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

  /** What the Secret held before; undefined where nothing was replaced. */
  get former(): CredentialReport | undefined {
    return this.#state?.former && reportOf(this.#state.former.facts);
  }

  /** How the new credential was tried; undefined where there is none, or nothing to try it with. */
  get proof(): CredentialProof | undefined {
    return this.#proof;
  }

  /** With which words Keystone refuses the credential that was replaced; undefined where it was not asked. */
  get refusal(): string | undefined {
    return this.#refusal;
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

  /** Keystone cannot try a change: in a dry run of the server, what is its part is only shown. */
  readonly serverDryRun = true;

  async perform({ op, change }: Planned<CredentialOp>, { dryRun }: { dryRun: boolean }): Promise<void> {
    if (dryRun) return;
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
        return this.#applySecret(op.object, op.stray, this.#ctx.signal);
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
    const user = await createServiceUser(new Keystone(this.#admin), serviceUser, this.#options, this.#password);
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
      const { credential, limited } = await makeCredential(this.#urgent, login, this.#options);
      try {
        await this.#writeSecret(login, credential, limited);
      } catch (error) {
        await takeBack(this.#ctx, login, credential);
        throw error;
      }
      await this.#proveNew(login, credential);
    } finally {
      login.session.close();
    }
  }

  /** The Secret's content is read at every call of the driver, so what is made now is made with the new credential. */
  async #proveNew(login: Login, credential: NewCredential): Promise<void> {
    const { former } = this.#known();
    if (!this.#prove || !former) return;
    this.#proof = await this.#prove(this.#ctx);
    if ('skipped' in this.#proof) {
      this.#ctx.io.note(`${this.title}: the new one was not tried by a claim: ${this.#proof.skipped}`);
    }
    if (!('failed' in this.#proof)) return;
    if (former.works) {
      await this.#putSecret(former.secret, former.facts);
      await takeBack(this.#ctx, login, credential);
    }
    const { failed, remedy, leftBehind } = this.#proof;
    throw new CliError({
      code: 'canary-failed',
      exitCode: leftBehind ? ExitCode.LeftBehind : ExitCode.Found,
      message: `${this.title}: a claim that was to prove the new one failed: ${failed}; ${former.works ? 'the Secret holds the old one again' : 'the new one stays, as Keystone refuses the old one'}`,
      remedy,
    });
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

  async #writeSecret(login: Login, credential: NewCredential, limited: boolean): Promise<void> {
    const { user, project } = login.identity;
    const { owner } = this.#options;
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
    await this.#putSecret(credential.secret, facts);
  }

  async #putSecret(secret: string, facts: CredentialFacts): Promise<void> {
    const { connection, secret: live } = this.#known();
    const object = prepared(credentialSecret(this.#options, connection, secret, facts));
    await this.#applySecret(object, strayKeys(object, live), this.#ctx.hardSignal);
    this.#facts = facts;
  }

  async #applySecret(object: KubeObject, stray: readonly string[], signal: AbortSignal): Promise<void> {
    await this.#kube.apply(object, { force: true, signal });
    if (stray.length === 0) return;
    const data = Object.fromEntries(stray.map((key) => [key, null]));
    await this.#kube.mergePatch(refOf(object), { data }, { signal });
  }

  /** Deletes a credential at Keystone and, where its secret is known, sees that it is refused from then on. */
  async #revoke(old: OldCredential, change: Change): Promise<void> {
    const { id } = old;
    const { former } = this.#known();
    try {
      await this.#deleteAtKeystone(old);
      if (former?.works && former.facts.credentialId === id) {
        this.#refusal = await keystoneRefuses(this.#ctx, this.#admin, { id, secret: former.secret });
      }
    } catch (error) {
      // The drivers have their new one, so this is not a failure of what was asked for.
      if (!isRefusal(error, 403)) throw error;
      this.#ctx.io.warn(`application credential ${change.name} (${id}) stays until it ends: ${error.message}`);
      change.action = 'none';
      change.reason = 'could not be revoked; it stays until it ends';
    }
  }

  /**
   * By its owner, where that is who logged in, else by the administrator. An administrator's token that has ended in
   * the meantime does not matter while the owner's new password is known.
   */
  async #deleteAtKeystone({ userId, id }: OldCredential): Promise<void> {
    const { login } = this.#known();
    const keystone = login?.identity.user.id === userId ? login.keystone : new Keystone(this.#admin);
    try {
      await keystone.deleteApplicationCredential(userId, id);
    } catch (error) {
      if (!isRefusal(error, 401) || this.#password === undefined || login) throw error;
      const owner = await this.#login();
      try {
        if (owner.identity.user.id !== userId) throw error;
        await owner.keystone.deleteApplicationCredential(userId, id);
      } finally {
        owner.session.close();
      }
    }
  }

  #known(): CredentialState {
    if (!this.#state) throw new Error('nothing was observed yet');
    return this.#state;
  }
}
