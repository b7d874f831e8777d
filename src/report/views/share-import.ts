import type { View } from '../view.ts';

/** What the share has become, and who may mount it. */
export const shareImportView: View<'share-import'> = {
  table({ name, namespace, volume, shareId, shareName, size, accessModes, accessRules, phase, dryRun }) {
    const rules = accessRules.map(
      ({ to, level, made }) =>
        `${to} ${level} (${made ? (dryRun === 'none' ? 'made now' : 'would be made') : 'was there'})`,
    );
    const rows: [string, string][] = [
      ['claim', `${namespace}/${name}${phase === undefined ? '' : ` (${phase})`}`],
      ['volume', `${volume}, ${size}, ${accessModes.join(',')}, Retain`],
      ['share', shareName === '' ? shareId : `${shareName} (${shareId})`],
      ['access', rules.join(', ')],
    ];
    const lines = rows.map(([title, text]) => `${title.padEnd(8)}${text}`);
    return [...lines, ...(dryRun === 'none' ? [] : [`dry run by the ${dryRun}: nothing was changed`])].join('\n');
  },
  names: ({ name, namespace }) => [`persistentvolumeclaim/${namespace}/${name}`],
};
