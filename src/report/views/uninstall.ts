import type { DriverVolume } from '../../drivers/volumes.ts';
import { table } from '../table.ts';
import type { View } from '../view.ts';
import { changeSetView } from './change-set.ts';

export const uninstallView: View<'uninstall'> = {
  table: (report, style) => {
    if (report.volumes.length > 0) {
      return table<DriverVolume>(
        [
          { title: 'volume', value: ({ name }) => name },
          { title: 'claim', value: ({ claim }) => claim },
          { title: 'phase', value: ({ phase }) => phase },
          { title: 'share', value: ({ share }) => share },
        ],
        report.volumes,
        style,
      );
    }
    return [changeSetView.table(report, style), ...report.kept.map((kept) => `stays: ${kept}`)].join('\n');
  },
  names: (report) => changeSetView.names?.(report) ?? [],
};
