import type { Context } from '../core/context.ts';
import { CliError } from '../core/errors.ts';
import { type OfferedContexts, offeredContexts } from '../kube/kubeconfig.ts';
import { type OfferedClouds, offeredClouds } from '../openstack/clouds.ts';
import { subnetsOf } from '../openstack/neutron.ts';
import { machinesOf } from '../resources/storage-classes/share-clients.ts';
import { type CloudFacts, surveyCloud } from './cloud-facts.ts';
import { type ClusterFacts, surveyCluster } from './cluster-facts.ts';
import type { Answers } from './question-table.ts';
import type { View } from './question.ts';

/** What is known of a cloud and a cluster once they were looked at. */
export type Facts = Pick<View, 'cloud' | 'cluster' | 'subnets'>;

/** The side that could not be looked at. */
export class SurveyFailed extends Error {
  readonly side: 'cloud' | 'cluster';
  readonly error: CliError;

  constructor(side: 'cloud' | 'cluster', error: CliError) {
    super(error.message, { cause: error });
    this.side = side;
    this.error = error;
  }
}

type Looked<T> = Promise<{ facts: T } | { error: unknown }>;

/**
 * The cloud and the cluster, each looked at once for each answer that chooses it, and side by side: a look begins as
 * soon as it is known at what.
 */
export class World {
  readonly clouds: OfferedClouds;
  readonly contexts: OfferedContexts | undefined;
  readonly #ctx: Context;
  readonly #looks = new Map<string, Looked<unknown>>();
  #subnets: Promise<string[] | undefined> | undefined;

  private constructor(ctx: Context, clouds: OfferedClouds, contexts: OfferedContexts | undefined) {
    this.#ctx = ctx;
    this.clouds = clouds;
    this.contexts = contexts;
  }

  /**
   * Reads clouds.yaml and the kubeconfig.
   * @throws CliError (exit 2) for a file that is there and cannot be used.
   */
  static async open(ctx: Context): Promise<World> {
    const [clouds, contexts] = await Promise.all([offeredClouds(ctx), offeredContexts(ctx).catch(ifMissing)]);
    if (!contexts) ctx.io.warn('there is no kubeconfig, so no cluster is looked at: name one with --kubeconfig FILE');
    if (clouds.path !== undefined && clouds.shadowed.length > 0) {
      const all = clouds.shadowed.length === 1 ? 'two' : String(clouds.shadowed.length + 1);
      ctx.io.warn(`of ${all} clouds files ${clouds.path} counts, and ${clouds.shadowed.join(', ')} is not read`);
    }
    return new World(ctx, clouds, contexts);
  }

  /** Begins to look at the cloud, if an answer says at which. */
  startCloud(answers: Answers): void {
    void this.#cloud(answers);
  }

  startCluster(answers: Answers): void {
    void this.#cluster(answers);
  }

  /** Looks again next time. */
  forget(side: 'cloud' | 'cluster'): void {
    for (const key of this.#looks.keys()) if (key.startsWith(`${side} `)) this.#looks.delete(key);
    this.#subnets = undefined;
  }

  /**
   * What the sides look like. @throws SurveyFailed with the first that could not be looked at.
   * @param skip sides that are left out.
   */
  async facts(answers: Answers, skip: ReadonlySet<'cloud' | 'cluster'>): Promise<Facts> {
    const [cloud, cluster] = await Promise.all([
      skip.has('cloud') ? undefined : this.#cloud(answers),
      skip.has('cluster') ? undefined : this.#cluster(answers),
    ]);
    const facts = { cloud: resultOf('cloud', cloud), cluster: resultOf('cluster', cluster) };
    this.#subnets ??= this.#fromNeutron(facts.cloud, facts.cluster);
    return { ...facts, subnets: await this.#subnets };
  }

  close(): void {
    for (const look of this.#looks.values()) {
      void look.then((found) => {
        if (!('facts' in found)) return;
        const { session, kube } = found.facts as Partial<CloudFacts & ClusterFacts>;
        session?.close();
        kube?.close();
      });
    }
  }

  #cloud(answers: Answers): Looked<CloudFacts> {
    const { cloud = '', region } = answers;
    return this.#once(`cloud ${JSON.stringify([cloud, region])}`, () =>
      surveyCloud(atCloud(this.#ctx, cloud), cloud === '' ? undefined : cloud, region),
    );
  }

  #cluster({ context }: Answers): Looked<ClusterFacts> {
    return this.#once(`cluster ${context ?? ''}`, () => surveyCluster(atContext(this.#ctx, context), context));
  }

  #once<T>(key: string, look: () => Promise<T>): Looked<T> {
    const begun = this.#looks.get(key) as Looked<T> | undefined;
    if (begun) return begun;
    const looking = look().then(
      (facts) => ({ facts }),
      (error: unknown) => ({ error }),
    );
    this.#looks.set(key, looking);
    return looking;
  }

  async #fromNeutron(cloud: CloudFacts | undefined, cluster: ClusterFacts | undefined): Promise<string[] | undefined> {
    if (!cloud?.manila || !cluster?.nodes) return undefined;
    try {
      return await subnetsOf(cloud.session, machinesOf(cluster.nodes));
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      this.#ctx.io.warn(`Neutron does not tell the network of the nodes: ${error.message}`);
      return undefined;
    }
  }
}

/** The context of a run that works at this cloud, whatever the environment chooses. */
export function atCloud(ctx: Context, cloud: string): Context {
  if (cloud === '') return ctx;
  return { ...ctx, global: { ...ctx.global, openstack: { ...ctx.global.openstack, OS_CLOUD: cloud } } };
}

/** The context of a run that works at this cluster. */
export function atContext(ctx: Context, context: string | undefined): Context {
  return context === undefined ? ctx : { ...ctx, global: { ...ctx.global, context } };
}

function resultOf<T>(side: 'cloud' | 'cluster', found: { facts: T } | { error: unknown } | undefined): T | undefined {
  if (!found) return undefined;
  if ('facts' in found) return found.facts;
  if (found.error instanceof CliError) throw new SurveyFailed(side, found.error);
  throw found.error;
}

function ifMissing(error: unknown): undefined {
  if (error instanceof CliError && error.code === 'no-kubeconfig') return undefined;
  throw error;
}
