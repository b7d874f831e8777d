import type { LoadedConfig } from '../../config/types.ts';
import type { Context } from '../../core/context.ts';
import { didYouMean } from '../../core/nearest.ts';
import { DRIVER_SECRET_NAME } from '../../drivers/names.ts';
import { isDefault, type StorageClass } from './class.ts';
import type { ObservedClasses } from './observe.ts';
import type { ClassPlan, ClassRules } from './plan.ts';
import { isCovered, isOpenToAll, nodeAddresses } from './share-clients.ts';

/** Says what works, but not as well as it should. */
export function warnAbout(
  ctx: Context,
  plan: ClassPlan,
  observed: ObservedClasses,
  rules: ClassRules,
  loaded: LoadedConfig,
): void {
  for (const warning of plan.warnings) ctx.io.warn(warning);
  for (const note of plan.notes) ctx.io.note(note);
  warnOfOverrides(ctx, observed, loaded);
  const defaults = observed.classes.filter(isDefault).map(({ metadata }) => metadata.name);
  if (defaults.length > 1 && rules.default === undefined) {
    ctx.io.warn(
      `several StorageClasses are marked as the default: ${defaults.join(', ')}; claims that name none get the newest`,
    );
  }
  if (observed.pools === undefined && rules.forAll) {
    ctx.io.warn(
      `only administrators see what Manila's back ends speak: a share type whose back end has no ${rules.protocols.join(' and no ')} is not told from the others`,
    );
  }
  if (!observed.secretExists && rules.forAll && plan.planned.length > 0) {
    ctx.io.warn(
      `there is no Secret ${rules.namespace}/${DRIVER_SECRET_NAME}: claims stay Pending until \`manila-rwx install\` has made it`,
    );
  }
  warnOfClients(ctx, plan, observed);
}

function warnOfOverrides(ctx: Context, { types }: ObservedClasses, { config, where }: LoadedConfig): void {
  const known = types.map(({ name }) => name);
  for (const name of Object.keys(config.storageClasses.overrides)) {
    if (known.includes(name)) continue;
    const hint = didYouMean(name, known);
    ctx.io.warn(`${where(['storageClasses', 'overrides', name])}: there is no share type ${name}${hint}`);
  }
}

function warnOfClients(ctx: Context, plan: ClassPlan, { nodes }: ObservedClasses): void {
  const addresses = nodeAddresses(nodes);
  const seen = new Set<string>();
  for (const { op } of plan.planned) {
    if (op.do !== 'create' && op.do !== 'replace') continue;
    const list = (op.object as StorageClass).parameters?.['nfs-shareClient'] ?? '';
    if (list === '' || seen.has(list)) continue;
    seen.add(list);
    const clients = list.split(',');
    if (isOpenToAll(clients)) {
      ctx.io.warn(`share clients ${list}: every machine that reaches the storage can mount every volume`);
    }
    const outside = addresses.filter(({ address }) => !isCovered(address, clients));
    if (outside.length > 0) {
      const names = outside.map(({ node, address }) => `${node} (${address})`).join(', ');
      ctx.io.warn(
        `share clients ${list} leave out ${names}: volumes cannot be mounted there if the storage sees that address`,
      );
    }
  }
}
