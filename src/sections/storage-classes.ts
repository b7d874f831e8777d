import { driverProject } from '../resources/driver-project.ts';
import type { AnyResource } from '../reconcile/reconcile.ts';
import type { ShareTypesResource } from '../resources/share-types.ts';
import type { Clouds, ObservedClasses } from '../resources/storage-classes/observe.ts';
import { storageClasses } from '../resources/storage-classes/sync.ts';
import { preparedLater, type Section } from './section.ts';

/** StorageClasses that follow the share types; as `storageclass sync`. */
export const storageClassesSection: Section = {
  name: 'storageClasses',
  keys: ['storageClasses', 'tenants'],
  needsCluster: true,
  builtOn: ['shareTypes'],
  open(ctx, { kube, session, manila, loaded, options, shareTypes, sections }) {
    const prepare = async (): Promise<AnyResource> => {
      const clouds: Clouds = { session, manila, project: await driverProject(ctx, session, loaded.config.credential) };
      const { resource, found } = storageClasses(ctx, kube, clouds, loaded, { prune: options.prune === true });
      return {
        ...(resource as AnyResource),
        plan: (observed, findings) => {
          const world = observed as ObservedClasses;
          // The drivers' section makes it.
          world.secretExists ||= sections.includes('drivers');
          const planned = resource.plan(withExpected(world, shareTypes, clouds), findings);
          for (const { storageClass, owner } of found().notOurs) {
            const reason = `exists and is not managed by manila-rwx (${owner})`;
            findings.leaveOut({ kind: 'StorageClass', name: storageClass, path: 'name', reason });
          }
          return planned;
        },
      };
    };
    return { resource: preparedLater('StorageClasses', prepare, { serverDryRun: true }) };
  },
};

/** The share types as they are going to be when those of the file are done. */
function withExpected(
  observed: ObservedClasses,
  shareTypes: ShareTypesResource | undefined,
  { project }: Clouds,
): ObservedClasses {
  if (!shareTypes) return observed;
  const { expected, gone } = shareTypes.pending;
  if (expected.length + gone.size === 0) return observed;
  const coming = new Map(expected.map((one) => [one.type.id, one]));
  const types = observed.types.filter(({ id }) => !coming.has(id) && !gone.has(id));
  const visible = new Set(types.flatMap(({ id }) => (observed.visible.has(id) ? [id] : [])));
  for (const { type, projects } of expected) {
    types.push(type);
    if (type.isPublic || projects.includes(project.id)) visible.add(type.id);
  }
  return { ...observed, types, visible };
}
