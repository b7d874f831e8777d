import type { View } from '../view.ts';
import { table } from '../table.ts';

/** A line as `kubectl get pvc` has it, with the share behind the volume. */
export const claimView: View<'claim'> = {
  table(claim, style) {
    const rows = table(
      [
        { title: 'namespace', value: (one) => one.namespace },
        { title: 'name', value: (one) => one.name },
        { title: 'status', value: (one) => one.phase },
        { title: 'capacity', value: (one) => one.capacity },
        { title: 'access modes', value: (one) => one.accessModes.join(',') },
        { title: 'storageclass', value: (one) => one.storageClass },
        { title: 'volume', value: (one) => one.volume },
        { title: 'share', value: (one) => one.shareId },
      ],
      [claim],
      style,
    );
    if (claim.dryRun === 'none') return rows;
    return `${rows}\n${claim.action === 'none' ? 'nothing to change' : `would ${claim.action} it`} (dry run by the ${claim.dryRun}: nothing was changed)`;
  },
  names: ({ name, namespace }) => [`persistentvolumeclaim/${namespace}/${name}`],
};
