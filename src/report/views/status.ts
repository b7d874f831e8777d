import type { SnapshotStatus } from '../../drivers/reports.ts';
import type { DriverState } from '../../drivers/state.ts';
import type { View } from '../view.ts';
import { credentialLine, driverLines, versionsLine } from './driver.ts';

export const statusView: View<'status'> = {
  table: ({ healthy, driver, credential, versions, storageClasses, snapshots, problems, namespace }, style) => {
    const classes = storageClasses.map(
      ({ name, shareType, default: isDefault }) =>
        `${name}${isDefault ? ' (default)' : ''}${shareType === undefined ? '' : ` of share type ${shareType}`}`,
    );
    return [
      ...(driver ? driverLines(driver, style) : []),
      `namespace: ${namespace}`,
      ...(credential ? [credentialLine(credential)] : []),
      ...(Object.keys(versions).length > 0 ? [versionsLine(versions)] : []),
      `classes: ${classes.join(', ') || 'none yet (manila-rwx storageclass sync)'}`,
      `snapshots: ${snapshots ? snapshotsText(snapshots) : 'the cluster has none (manila-rwx install --snapshots install)'}`,
      ...closedNodes(driver).map((line) => `- ${line}`),
      ...problems.map((problem) => style.chalk.red(`- ${problem}`)),
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
function closedNodes(driver: DriverState | undefined): string[] {
  return (driver?.nodes ?? []).flatMap(({ name, schedulable, reason }) =>
    schedulable || reason === undefined ? [] : [`${name}: ${reason}`],
  );
}
