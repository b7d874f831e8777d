import type { View } from '../view.ts';

/** The cause and its remedy first, then what it was recognised by. */
export const claimDiagnosisView: View<'claim-diagnosis'> = {
  table({ name, namespace, phase, volume, shareId, verdict, cause, evidence, pods, notLookedAt }, { chalk }) {
    const paint = verdict === 'broken' ? chalk.red : verdict === 'waiting' ? chalk.yellow : chalk.green;
    const where = [volume && `volume ${volume}`, shareId && `share ${shareId}`].filter(Boolean).join(', ');
    const use = pods.map((pod) => `${pod.name} (${pod.phase}${pod.node === undefined ? '' : ` on ${pod.node}`})`);
    return [
      `claim ${namespace}/${name}: ${phase}${where === '' ? '' : `, ${where}`}`,
      `pods: ${use.join(', ') || 'none'}`,
      '',
      ...(cause
        ? [`${paint.bold(cause.id)}: ${cause.summary}`, `    ${cause.remedy}`]
        : [paint.bold('healthy: it is bound, and nothing keeps its pods from it')]),
      ...(evidence.length > 0 ? ['', ...evidence.map(({ source, text }) => chalk.dim(`${source}: ${text}`))] : []),
      ...notLookedAt.map((text) => chalk.dim(`not looked at: ${text}`)),
    ].join('\n');
  },
  names: ({ cause }) => (cause ? [cause.id] : []),
};
