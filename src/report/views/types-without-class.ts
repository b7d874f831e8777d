import type { TypeWithoutClass } from '../../resources/storage-classes/plan.ts';

/** Names in one line before the rest is only counted; JSON has them all. */
const SHOWN = 8;

/** Share types with the same reason in one line, however many the cloud has. */
export function byReason(types: readonly TypeWithoutClass[]): [reason: string, names: string][] {
  const groups = new Map<string, string[]>();
  for (const { shareType, reason } of types) groups.set(reason, [...(groups.get(reason) ?? []), shareType]);
  return [...groups].map(([reason, names]) => {
    const rest = names.length - SHOWN;
    return [reason, rest > 0 ? `${names.slice(0, SHOWN).join(', ')} and ${rest} more` : names.join(', ')];
  });
}
