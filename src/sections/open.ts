import { readConfig } from '../config/load.ts';
import type { ReadConfig } from '../config/types.ts';
import type { Context } from '../core/context.ts';
import { connectKube } from '../kube/client.ts';
import type { KubeClient } from '../kube/types.ts';
import { Keystone } from '../openstack/identity-admin.ts';
import { Manila } from '../openstack/manila.ts';
import { openSession } from '../openstack/session.ts';
import type { ChangeSet } from '../reconcile/change.ts';
import { refuseFile } from '../reconcile/faulty-file.ts';
import { type Part, planParts } from '../reconcile/reconcile.ts';
import { sectionsOf, soundSections } from './registry.ts';
import type { FileChanges } from './report.ts';
import type { OpenSection, Section, SectionOptions, SectionParts } from './section.ts';

/** The file's sections, ready to be kept. */
export interface OpenFile {
  /** Name of the file, as errors show it. */
  path: string;
  parts: (Part & OpenSection)[];
  report: (changes: ChangeSet) => FileChanges;
}

export interface FileOptions extends SectionOptions {
  /** Names of sections with commas between them. */
  only?: string;
}

/**
 * Runs `work` with what the file speaks of: the cloud, and the cluster where one of the sections needs it.
 * @param load gives a file that is not written yet.
 * @throws CliError (exit 2) where the file is wrong, with what its sound parts ask for in vain; (exit 3) where cloud or
 *   cluster cannot be reached.
 */
export async function withSections<T>(
  ctx: Context,
  options: FileOptions,
  work: (file: OpenFile) => Promise<T>,
  load: (ctx: Context) => Promise<ReadConfig> = readConfig,
): Promise<T> {
  const loaded = await load(ctx);
  const sections = sectionsOf(loaded, options.only);
  if (!loaded.invalid) return openSections(ctx, { loaded, sections, options }, work);
  const sound = soundSections(loaded, sections);
  if (sound.length === 0) throw loaded.invalid;
  // What is missing from the sound part may be in a faulty one.
  const only = { loaded, sections: sound, options: { ...options, prune: false } };
  return refuseFile(loaded.invalid, () => openSections(ctx, only, ({ parts }) => planParts(ctx, parts)));
}

async function openSections<T>(
  ctx: Context,
  { loaded, sections, options }: { loaded: ReadConfig; sections: readonly Section[]; options: SectionOptions },
  work: (file: OpenFile) => Promise<T>,
): Promise<T> {
  const { name, region } = loaded.config.cloud;
  const session = await openSession(ctx, { cloud: name, region });
  let kube: KubeClient | undefined;
  try {
    const needsCluster = sections.some((section) => section.needsCluster);
    const [manila, cluster] = await Promise.all([
      Manila.connect(session, ctx),
      needsCluster ? connectKube(ctx, { context: loaded.config.cluster.context }) : undefined,
    ]);
    kube = cluster;
    const names = sections.map((section) => section.name);
    const parts: SectionParts = { loaded, session, manila, keystone: new Keystone(session), options, sections: names };
    const open = sections.map((section) => ({
      name: section.name,
      ...(section.builtOn && { builtOn: section.builtOn }),
      // Sections that need a cluster are the only ones that look at it.
      ...section.open(ctx, Object.assign(parts, { kube: cluster as KubeClient })),
    }));
    return await work({ path: loaded.path, parts: open, report: (changes) => reportOf(changes, open, parts) });
  } finally {
    session.close();
    kube?.close();
  }
}

function reportOf(changes: ChangeSet, open: readonly Part[], { shareTypes }: SectionParts): FileChanges {
  const defaultShareType = shareTypes?.defaultType;
  return {
    ...changes,
    sections: open.map(({ name }) => name),
    ...(defaultShareType === undefined ? {} : { defaultShareType }),
  };
}
