import { formatDuration } from '../../core/duration.ts';
import { table } from '../table.ts';
import type { View } from '../view.ts';

export const labStatusView: View<'lab-status'> = {
  table({ up, folder, lab }) {
    if (!up || !lab) return `no lab is up in ${folder}`;
    return [
      `the lab is up in ${folder} (process ${lab.pid}, since ${lab.startedAt})`,
      `Keystone    ${lab.authUrl}`,
      `Manila      ${lab.manilaUrl}`,
      `Kubernetes  ${lab.server}`,
      `nodes       ${lab.nodes.join(', ')}`,
      '',
      'select it with: eval "$(manila-rwx lab env)"',
    ].join('\n');
  },
};

export const labEnvironmentView: View<'lab-environment'> = {
  table: ({ variables }) =>
    Object.entries(variables)
      .map(([name, value]) => `export ${name}=${shellQuote(value)}`)
      .join('\n'),
  names: ({ variables }) => Object.keys(variables),
};

/** The command has said what it had to say. */
export const labRunView: View<'lab-run'> = { table: () => '' };

export const labDemoView: View<'lab-demo'> = {
  table({ steps, ms, requests }, style) {
    const rows = table(
      [
        { title: 'command', value: (step: (typeof steps)[number]) => step.command },
        { title: 'exit code', value: (step) => step.exitCode },
        { title: 'time', value: (step) => formatDuration(step.ms) },
      ],
      steps,
      style,
    );
    const asked = `${requests.keystone} requests to Keystone, ${requests.manila} to Manila, ${requests.kubernetes} to Kubernetes`;
    return `${rows}\n\n${formatDuration(ms)} in all; ${asked}; nothing of it is left`;
  },
};

function shellQuote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
