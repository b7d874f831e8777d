import type { CredentialEntry } from '../../resources/credential-list.ts';
import type { View } from '../view.ts';
import { table } from '../table.ts';
import { changeSetView } from './change-set.ts';

export const credentialListView: View<'credential-list'> = {
  table: ({ credentials, namespace }, style) => {
    if (credentials.length === 0) return `there is no credential in namespace ${namespace}`;
    const rows = table<CredentialEntry>(
      [
        { title: 'for', value: ({ tenant }) => tenant ?? '(drivers)' },
        { title: 'secret', value: ({ secret }) => secret },
        { title: 'standing', value: ({ standing }) => standing },
        { title: 'ends', value: ({ credential }) => credential?.expiresAt?.slice(0, 10) },
        { title: 'days left', value: ({ daysLeft }) => daysLeft },
        { title: 'project', value: ({ credential }) => credential?.project },
        { title: 'user', value: ({ credential }) => credential?.user },
        { title: 'rules', value: ({ credential }) => credential && (credential.limited ? 'driver calls' : 'none') },
        { title: 'in file', value: ({ inFile }) => (inFile ? 'yes' : 'no') },
      ],
      credentials,
      style,
    );
    const notes = credentials.flatMap(({ secret, reason, usedBy, inFile }) => [
      ...(reason === undefined ? [] : [style.chalk.red(`- ${secret}: ${reason}`)]),
      ...(inFile || usedBy === undefined ? [] : [`- ${secret}: not in the file, and needed by ${usedBy}`]),
    ]);
    return [rows, ...notes].join('\n');
  },
  names: ({ credentials }) => credentials.map(({ secret }) => `secret/${secret}`),
};

export const credentialRotationView: View<'credential-rotation'> = {
  table: (report, style) => {
    const { after, canary, canarySkipped, refusal, manilaHonoursSeconds } = report;
    return [
      changeSetView.table(report, style),
      ...(after ? [`Secret ${report.secret} now holds ${after.id}, valid until ${after.expiresAt?.slice(0, 10)}`] : []),
      ...(canary
        ? [
            `proved by a claim of ${canary.storageClass}: bound in ${canary.boundSeconds} s, mounted on ${canary.node}, deleted in ${canary.deletedSeconds} s`,
          ]
        : []),
      ...(canarySkipped === undefined ? [] : [style.chalk.yellow(`not proved by a claim: ${canarySkipped}`)]),
      ...(refusal === undefined
        ? []
        : [
            `Keystone refuses the old one: ${refusal}`,
            `Manila may honour tokens of the old one for ${Math.round((manilaHonoursSeconds ?? 0) / 60)} minutes more (its cache of tokens)`,
          ]),
    ].join('\n');
  },
  names: (report) => changeSetView.names?.(report) ?? [],
};
