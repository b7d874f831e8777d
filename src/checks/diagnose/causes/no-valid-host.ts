import { core, parameterOf, sentenceCause } from '../said.ts';
import type { Cause } from '../types.ts';

const remedy =
  'compare the extra specs of the type with the pools: manila-rwx sharetype show, openstack share pool list --detail';

export const noValidHost = sentenceCause({
  id: 'no-valid-host',
  stage: 'provisioning',
  pattern: /No storage could be allocated|No valid host|Capabilities filter|Capacity filter|AvailabilityZone filter/i,
  summary: (facts, said) => `no back end can serve share type ${parameterOf(facts, 'type') ?? ''}: ${core(said)}`,
  remedy: () => remedy,
});

/** The driver has taken the share back, or said something else since; Manila's own message is still there. */
export const shareInError: Cause = {
  id: 'share-in-error',
  stage: 'provisioning',
  find: ({ manila, claim }) => {
    if (!manila || claim.status?.phase === 'Bound' || !manila.share.status.startsWith('error')) return undefined;
    const [message] = manila.messages;
    return {
      summary: `share ${manila.share.id} is in status ${manila.share.status}: ${message?.message ?? 'Manila gives no reason'}`,
      remedy: message
        ? remedy
        : `delete it, so that the driver makes a new one: openstack share delete ${manila.share.id}`,
      evidence: message ? [{ source: 'message of Manila', text: message.message, at: 0 }] : [],
    };
  },
};
