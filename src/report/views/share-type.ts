import type { View } from '../view.ts';

/** One fact a line, extra specs indented below, as `kubectl describe` has it. */
export const shareTypeView: View<'share-type'> = {
  table(type, { chalk }) {
    const rows: [string, string | undefined][] = [
      ['Name', type.isDefault ? `${type.name} (default of the cloud)` : type.name],
      ['Id', type.id],
      ['Description', type.description || undefined],
      ['Visibility', type.isPublic ? 'public' : 'private'],
      ['Projects', type.projects && (type.projects.join(', ') || 'none: nobody can use it')],
      ['Pools', type.pools && (type.pools.join(', ') || 'none: no share of this type can be made now')],
    ];
    const specs = Object.entries(type.extraSpecs);
    const width = Math.max(...specs.map(([key]) => key.length));
    return [
      ...rows.flatMap(([name, value]) =>
        value === undefined ? [] : [`${chalk.bold(`${name}:`.padEnd(13))} ${value}`],
      ),
      chalk.bold('Extra specs:'),
      ...specs.map(([key, value]) => `  ${key.padEnd(width)}  ${value}`),
    ].join('\n');
  },
  names: ({ name }) => [name],
};
