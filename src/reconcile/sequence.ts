import { mapLimit } from '../core/concurrency.ts';
import type { Planned } from './change.ts';
import type { AnyResource, Resource } from './reconcile.ts';

/** An op of one of several resources: performed by the one that planned it. */
interface Step {
  /** Index of the resource. */
  of: number;
  planned: Planned<unknown>;
}

/**
 * Several resources as one: all are read and planned before anything is done, shown together and confirmed once;
 * then the first is done before the second begins.
 *
 * @param check runs once before the first change is made, with everything that is to be done; it throws to stop it.
 */
export function inSequence(
  title: string,
  resources: readonly AnyResource[],
  check?: (todo: Planned<unknown>[], options: { dryRun: boolean; signal: AbortSignal }) => Promise<void>,
): Resource<unknown[], Step> {
  let todo: Planned<unknown>[] = [];
  let checked: Promise<void> | undefined;
  const resourceOf = ({ of }: Step): AnyResource => {
    const resource = resources[of];
    if (!resource) throw new Error(`there is no resource ${of}`);
    return resource;
  };
  return {
    title,
    serverDryRun: resources.every(({ serverDryRun }) => serverDryRun),
    observe: (signal, findings) => Promise.all(resources.map((resource) => resource.observe(signal, findings))),
    plan: (observed, findings) =>
      resources.flatMap((resource, of) =>
        resource.plan(observed[of], findings).map((planned) => ({ change: planned.change, op: { of, planned } })),
      ),
    stages: (steps) => {
      todo = steps.map(({ op }) => op.planned);
      return resources.flatMap((resource, of) => {
        const own = steps.filter(({ op }) => op.of === of);
        const stages = resource.stages?.(own.map(({ op }) => op.planned)) ?? [own.map(({ op }) => op.planned)];
        return stages
          .filter((stage) => stage.length > 0)
          .map((stage) => stage.map((planned) => ({ change: planned.change, op: { of, planned } })));
      });
    },
    perform: async ({ op }, options) => {
      checked ??= check?.(todo, options);
      await checked;
      await resourceOf(op).perform(op.planned, options);
    },
  };
}

/** Looks at services under way at once, however many resources there are. */
const SIDE_BY_SIDE = 8;

/**
 * Several resources as one that know nothing of each other: the first stages of all of them are done together, then
 * the second ones. What one of them cannot read is one more finding; the others have their say too.
 */
export function sideBySide(title: string, resources: readonly AnyResource[]): Resource<unknown[], Step> {
  const inner = inSequence(title, resources);
  return {
    ...inner,
    observe: async (signal, findings) =>
      mapLimit([...resources], SIDE_BY_SIDE, (resource) =>
        findings.collect(async () => ({ world: await resource.observe(signal, findings) })),
      ),
    plan: (observed, findings) =>
      resources.flatMap((resource, of) => {
        const seen = observed[of] as { world: unknown } | undefined;
        if (!seen) return [];
        return resource.plan(seen.world, findings).map((planned) => ({ change: planned.change, op: { of, planned } }));
      }),
    stages: (steps) => {
      const stages: Planned<Step>[][] = [];
      for (const [of] of resources.entries()) {
        const own = steps.filter(({ op }) => op.of === of);
        const split = own.length === 0 ? [] : (inner.stages?.(own) ?? [own]);
        split.forEach((stage, i) => (stages[i] = [...(stages[i] ?? []), ...stage]));
      }
      return stages;
    },
  };
}
