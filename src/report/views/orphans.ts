import type { Foreign, Orphan } from '../../resources/orphans/report.ts';
import { table } from '../table.ts';
import type { View } from '../view.ts';

/** What was found, why and what to do; then what may be another cluster's, and what was not looked at. */
export const orphansView: View<'orphans'> = {
  table: ({ orphans, maybeOthers, notLookedAt, projects }, style) => {
    const { chalk } = style;
    const rows = table<Orphan>(
      [
        { title: 'kind', value: ({ kind }) => kind },
        { title: 'name', value: ({ name, id }) => (name === '' ? id : name) },
        { title: 'finding', value: ({ finding }) => finding },
        { title: 'status', value: ({ status }) => status },
        { title: 'GiB', value: ({ sizeGiB }) => sizeGiB },
        { title: 'made', value: ({ createdAt }) => createdAt?.slice(0, 16) },
        { title: 'of', value: ({ of }) => of },
        { title: '--delete', value: ({ deletable }) => (deletable ? 'yes' : 'no') },
      ],
      orphans,
      style,
    );
    const others = maybeOthers.map(
      ({ kind, name, id, reason }: Foreign) => `  ${kind} ${name === '' ? id : name} (${id}): ${reason}`,
    );
    const deletable = orphans.filter((one) => one.deletable).length;
    return [
      ...(orphans.length === 0 ? [`nothing lost its other half in project ${projects.join(', ')}`] : [rows]),
      ...orphans.flatMap(({ name, id, reason, remedy }) =>
        remedy === undefined ? [] : [`- ${name === '' ? id : name}: ${reason}`, `    ${remedy}`],
      ),
      ...(others.length > 0 ? ['maybe another cluster’s, and left alone:', ...others] : []),
      ...notLookedAt.map((what) => chalk.yellow(`! not looked at: ${what}`)),
      ...(deletable > 0
        ? [`${deletable} can be deleted: manila-rwx orphans --delete; to keep a share: manila-rwx pvc import ID`]
        : []),
    ].join('\n');
  },
  names: ({ orphans }) => orphans.map(({ kind, name, id }) => `${kind.toLowerCase()}/${name === '' ? id : name}`),
};
