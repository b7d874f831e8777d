import type { ConfigFile, LoadedConfig } from '../config/types.ts';
import type { Context } from '../core/context.ts';
import type { KubeClient } from '../kube/types.ts';
import type { Keystone } from '../openstack/identity-admin.ts';
import type { Manila } from '../openstack/manila.ts';
import type { KeystoneSession } from '../openstack/session.ts';
import type { AnyResource } from '../reconcile/reconcile.ts';
import type { ShareTypesResource } from '../resources/share-types.ts';

/** Flags of `plan`, `diff` and `apply`. */
export interface SectionOptions {
  adopt?: boolean;
  prune?: boolean;
  force?: boolean;
}

/** What sections are kept with. */
export interface SectionParts {
  loaded: LoadedConfig;
  session: KeystoneSession;
  manila: Manila;
  keystone: Keystone;
  options: SectionOptions;
  /** Names of the sections that are kept in this run. */
  sections: readonly string[];
  /** The share types of the file, where they are kept in the same run: later sections build on them. */
  shareTypes?: ShareTypesResource;
}

/** A part of the file that is kept by itself, by the same code as the command for it alone. */
export interface Section<Parts extends SectionParts = SectionParts & { kube: KubeClient }> {
  /** For `--only`, and in results: mostly its key in the file. */
  name: string;
  /** Keys of the file; the section is kept where one of them is there. */
  keys: readonly (keyof ConfigFile)[];
  needsCluster: boolean;
  /** Each of its entries is looked at by itself, so that those of a faulty file that are sound can be. */
  byEntry?: boolean;
  /** Sections whose changes this one builds on: it is planned again when they have made some. */
  builtOn?: readonly string[];
  /** Makes the resource. Sends nothing: what has to be read is read by its `observe`. */
  open(ctx: Context, parts: Parts): OpenSection;
}

export interface OpenSection {
  resource: AnyResource;
  /** Waits for what the changes set going, when all sections are done. */
  afterwards?: (changed: boolean) => Promise<void>;
}

/** A resource that has to look around before it knows what it keeps. */
export function preparedLater(
  title: string,
  prepare: () => Promise<AnyResource>,
  { serverDryRun }: { serverDryRun: boolean },
): AnyResource {
  let inner: AnyResource | undefined;
  const known = (): AnyResource => {
    if (!inner) throw new Error(`${title}: nothing was observed yet`);
    return inner;
  };
  return {
    title,
    serverDryRun,
    observe: async (signal, findings) => {
      inner = await prepare();
      return inner.observe(signal, findings);
    },
    plan: (observed, findings) => known().plan(observed, findings),
    perform: (planned, options) => known().perform(planned, options),
    stages: (planned) => known().stages?.(planned) ?? [planned],
  };
}
