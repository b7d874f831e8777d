import type { View } from '../view.ts';
import { changeSetView } from './change-set.ts';
import { driverLines, podsText, reasonLines, versionsLine } from './driver.ts';

export const upgradeView: View<'upgrade'> = {
  table: (report, style) => {
    const { drivers = [], snapshotController, heldBack, seconds } = report;
    return [
      changeSetView.table(report, style),
      ...drivers.flatMap((driver) => ['', ...driverLines(driver, style), ...reasonLines(driver, style)]),
      ...(snapshotController ? [`snapshot-controller: ${podsText(snapshotController)}`] : []),
      versionsLine(report.to),
      ...heldBack.map(({ node, pods }) =>
        style.chalk.red(
          `- ${node} keeps the old version, as its restart would end mounts of ${pods.join(', ')}: kubectl drain ${node} --ignore-daemonsets, then run it again`,
        ),
      ),
      ...(drivers.length > 0 && seconds !== undefined
        ? [style.chalk.green(`every node has driver version ${report.release} after ${seconds} s`)]
        : []),
    ].join('\n');
  },
  names: (report) => changeSetView.names?.(report) ?? [],
};
