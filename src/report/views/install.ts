import type { View } from '../view.ts';
import { changeSetView } from './change-set.ts';
import { credentialLine, driverLines, podsText, reasonLines, versionsLine } from './driver.ts';

export const installView: View<'install'> = {
  table: (report, style) => {
    const { drivers = [], snapshotController, credential, versions, readySeconds, kubeletDirectory: kubelet } = report;
    const ready = readySeconds === undefined ? '' : ` after ${readySeconds} s`;
    return [
      changeSetView.table(report, style),
      ...drivers.flatMap((driver) => ['', ...driverLines(driver, style), ...reasonLines(driver, style)]),
      ...(snapshotController ? [`snapshot-controller: ${podsText(snapshotController)}`] : []),
      ...(credential ? [credentialLine(credential)] : []),
      versionsLine(versions),
      ...(kubelet.because === 'the default' ? [] : [`kubelet: ${kubelet.path} (${kubelet.because})`]),
      ...(readySeconds !== undefined && drivers.every(({ ready: is }) => is)
        ? [style.chalk.green(`ready${ready}; next: manila-rwx storageclass sync`)]
        : []),
    ].join('\n');
  },
  names: (report) => changeSetView.names?.(report) ?? [],
};
