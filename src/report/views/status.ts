import type { SnapshotStatus } from '../../drivers/reports.ts';
import type { DriverState } from '../../drivers/state.ts';
import type { View } from '../view.ts';
import { credentialLine, driverLines, podsText, versionsLine } from './driver.ts';

export const statusView: View<'status'> = {
  table: (report, style) => {
    const { healthy, drivers, snapshotController, credential, versions, storageClasses, snapshots } = report;
    const classes = storageClasses.map(
      ({ name, shareType, default: isDefault }) =>
        `${name}${isDefault ? ' (default)' : ''}${shareType === undefined ? '' : ` of share type ${shareType}`}`,
    );
    return [
      ...drivers.flatMap((driver) => driverLines(driver, style)),
      ...(snapshotController ? [`snapshot-controller: ${podsText(snapshotController)}`] : []),
      `namespace: ${report.namespace}`,
      ...(credential ? [credentialLine(credential)] : []),
      ...(Object.keys(versions).length > 0 ? [versionsLine(versions)] : []),
      `classes: ${classes.join(', ') || 'none yet (manila-rwx storageclass sync)'}`,
      `snapshots: ${snapshots ? snapshotsText(snapshots) : 'the cluster has none (manila-rwx install --snapshots install)'}`,
      ...closedNodes(drivers).map((line) => `- ${line}`),
      ...report.problems.map((problem) => style.chalk.red(`- ${problem}`)),
      healthy ? style.chalk.green('healthy') : style.chalk.bold('not healthy'),
    ].join('\n');
  },
};

function snapshotsText({ snapshotter, definitions, controller }: SnapshotStatus): string {
  const made = definitions.every(({ ours }) => ours) ? 'CRDs of manila-rwx' : 'CRDs of the cluster';
  const bound = controller ? `bound by ${controller.name}` : 'bound by nobody';
  return `${snapshotter ? 'yes' : 'no snapshotter'}, ${made}, ${bound}`;
}

/** Nodes that are down or cordoned are no fault of the driver, but worth a word. */
function closedNodes(drivers: readonly DriverState[]): string[] {
  return (drivers[0]?.nodes ?? []).flatMap(({ name, schedulable, reason }) =>
    schedulable || reason === undefined ? [] : [`${name}: ${reason}`],
  );
}
