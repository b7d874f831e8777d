import { COMPONENT_LABEL } from '../../drivers/names.ts';
import { DRIVERS } from '../../drivers/protocols.ts';
import type { KubeClient, KubeObject } from '../../kube/types.ts';
import type { Said } from './types.ts';

const TAIL_LINES = 500;
/** As many lines of each log as tell something. */
const KEPT = 2;

interface Pod extends KubeObject {
  spec?: { nodeName?: string };
}

export interface LogLine extends Said {
  stage: 'provisioning' | 'mounting';
}

/**
 * Lines of errors in the driver's logs that name the volume, newest first: of the controller while a share is made, of
 * the node's plugin while it is mounted. They are there when the events, which last an hour, are gone.
 */
export async function driverLog(
  kube: KubeClient,
  pods: readonly KubeObject[],
  node: string | undefined,
  terms: readonly string[],
  signal: AbortSignal,
): Promise<LogLine[]> {
  const of = (part: 'controller' | 'node'): Pod[] => {
    const components = Object.values(DRIVERS).map((driver) => driver[part].component);
    return (pods as readonly Pod[]).filter(({ metadata }) =>
      components.includes(metadata.labels?.[COMPONENT_LABEL] ?? ''),
    );
  };
  const plugins = of('node').filter(({ spec }) => spec?.nodeName === node && node !== undefined);
  const wanted = [
    ...of('controller').flatMap((pod) => logsOf(pod, ['provisioner', 'manila'], 'provisioning')),
    ...plugins.flatMap((pod) => logsOf(pod, ['manila', 'nfs'], 'mounting')),
  ];
  const found = await Promise.all(
    wanted.map(async ({ pod, container, stage }) => {
      const { name, namespace = '' } = pod.metadata;
      // Evidence that cannot be had is none: who may see claims may not see the drivers' logs.
      const text = await kube.logs({ name, namespace }, { container, tailLines: TAIL_LINES, signal }).catch(() => '');
      return errorLines(text, terms).map((line) => ({
        source: `log of ${container} in pod ${name}`,
        text: line,
        at: 0,
        stage,
      }));
    }),
  );
  return found.flat();
}

function logsOf(pod: Pod, containers: readonly string[], stage: LogLine['stage']) {
  return containers.map((container) => ({ pod, container, stage }));
}

/** klog's lines of errors and warnings that name one of these, newest first. */
function errorLines(text: string, terms: readonly string[]): string[] {
  return text
    .split('\n')
    .filter((line) => /^[EWF]\d{4} /.test(line) && terms.some((term) => line.includes(term)))
    .map((line) => line.replace(/^[EWF]\d{4} \S+\s+\d+ /, '').trim())
    .reverse()
    .slice(0, KEPT);
}
